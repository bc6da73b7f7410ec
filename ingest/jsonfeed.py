"""JSON Feed 1.0 and 1.1 (jsonfeed.org/version/1.1)."""

from __future__ import annotations

import json
from typing import Any

from core.articles import Entry
from core.errors import FormatError
from ingest.canonical import canonical
from ingest.moments import iso_moment
from ingest.plain import article_lines, entities, fold, plain


def json_entries(body: bytes, *, url: str) -> tuple[Entry, ...]:
    """The items of a JSON feed, in its order; raises FormatError for other JSON, or none."""
    try:
        feed = json.loads(body.decode("utf-8-sig", "replace"))
    except (ValueError, RecursionError) as error:
        raise FormatError("broken JSON", url=url, sample=body) from error
    items = feed.get("items") if isinstance(feed, dict) else None
    if not isinstance(items, list):
        raise FormatError("JSON, but no JSON Feed", url=url, field="items", sample=body)
    return tuple(_entry(item, url) for item in items if isinstance(item, dict))


def _entry(item: dict[str, Any], url: str) -> Entry:
    text = article_lines(plain(_text(item.get("content_html"))) or _text(item.get("content_text")))
    link = _text(item.get("url")) or _text(item.get("external_url"))
    return Entry(
        guid=fold(_text(item.get("id"))),
        link=canonical(link, url) if link else "",
        title=fold(entities(_text(item.get("title")))),
        text=text or article_lines(plain(_text(item.get("summary")))),
        author=_author(item),
        published=iso_moment(_text(item.get("date_published"))) or iso_moment(_text(item.get("date_modified"))),
    )


def _author(item: dict[str, Any]) -> str:
    authors = item.get("authors")
    first = authors[0] if isinstance(authors, list) and authors else item.get("author")
    return fold(_text(first.get("name"))) if isinstance(first, dict) else ""


def _text(value: object) -> str:
    if isinstance(value, bool):
        return ""
    return str(value) if isinstance(value, str | int | float) else ""

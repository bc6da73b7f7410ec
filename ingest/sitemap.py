"""Google-News sitemaps: what some publishers (Bloomberg among them) offer instead of a feed.

developers.google.com/search/docs/crawling-indexing/sitemaps/news-sitemap, read in autumn 2026.
"""

from __future__ import annotations

import re
from contextlib import suppress
from xml.parsers import expat

from core.articles import Entry
from core.errors import FormatError
from ingest.canonical import canonical
from ingest.moments import iso_moment
from ingest.plain import entities, fold

NEWS = "http://www.google.com/schemas/sitemap-news/0.9 "
_URLSET = re.compile(rb"^(?:\xef\xbb\xbf)?\s*(?:<\?.*?\?>\s*|<!--.*?-->\s*)*<(?:\w+:)?urlset\b", re.DOTALL)


def is_sitemap(body: bytes) -> bool:
    """Whether the document is a sitemap, by its first element."""
    return _URLSET.match(body[:4000]) is not None


def sitemap_entries(body: bytes, *, url: str) -> tuple[Entry, ...]:
    """The news of a sitemap, in its order; of one that is cut off, what came before the cut.

    Raises FormatError for a sitemap without news and for one that declares entities.
    """
    if b"<!DOCTYPE" in body or b"<!ENTITY" in body:
        raise FormatError("a sitemap with a doctype", url=url, sample=body)
    urls = _Urls()
    with suppress(expat.ExpatError, ValueError, LookupError):  # what came before the fault is there
        urls.parser.Parse(body.lstrip(), True)
    entries = tuple(_entry(found, url) for found in urls.found if f"{NEWS}news" in found)
    if not entries:
        raise FormatError("a sitemap without news", url=url, sample=body)
    return entries


class _Urls:
    """Collects, for each <url>, the text of every element in it by its name; the first of a name holds."""

    def __init__(self) -> None:
        self.found: list[dict[str, str]] = []
        self.open: dict[str, str] | None = None
        self.pieces: list[str] = []
        self.parser = expat.ParserCreate(namespace_separator=" ")
        self.parser.buffer_text = True
        self.parser.StartElementHandler, self.parser.EndElementHandler = self.start, self.end
        self.parser.CharacterDataHandler = self.data

    def start(self, name: str, attributes: dict[str, str]) -> None:
        if name.rpartition(" ")[2] == "url":
            self.open = {}
        self.pieces = []

    def data(self, text: str) -> None:
        self.pieces.append(text)

    def end(self, name: str) -> None:
        local = name.rpartition(" ")[2]
        if self.open is None:
            return
        if local == "url":
            self.found.append(self.open)
            self.open = None
        else:
            self.open.setdefault(name if name.startswith(NEWS) else local, "".join(self.pieces).strip())
        self.pieces = []


def _entry(found: dict[str, str], url: str) -> Entry:
    return Entry(
        guid="",
        link=canonical(found["loc"], url) if found.get("loc") else "",
        title=fold(entities(found.get(f"{NEWS}title", ""))),
        published=iso_moment(found.get(f"{NEWS}publication_date", "")),
    )

"""Google-News sitemaps: what some publishers (Bloomberg among them) offer instead of a feed.

developers.google.com/search/docs/crawling-indexing/sitemaps/news-sitemap, read in autumn 2026.
"""

from __future__ import annotations

import re
from xml.etree import ElementTree as ET

from core.articles import Entry
from core.errors import FormatError
from ingest.canonical import canonical
from ingest.moments import iso_moment
from ingest.plain import entities, fold

NEWS = "{http://www.google.com/schemas/sitemap-news/0.9}"
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
    parser = ET.XMLPullParser(["end"])  # noqa: S314 -- without a doctype there are no entities to expand
    entries: list[Entry] = []
    try:
        parser.feed(body)
        parser.close()
    except ET.ParseError:
        pass
    try:
        for _, element in parser.read_events():
            if isinstance(element, ET.Element) and element.tag.rpartition("}")[2] == "url":
                if (news := element.find(f"{NEWS}news")) is not None:
                    entries.append(_entry(element, news, url))
                element.clear()
    except ET.ParseError:  # the fault comes again where the events reach it
        pass
    if not entries:
        raise FormatError("a sitemap without news", url=url, sample=body)
    return tuple(entries)


def _entry(element: ET.Element, news: ET.Element, url: str) -> Entry:
    link = next((child.text or "" for child in element if child.tag.rpartition("}")[2] == "loc"), "")
    return Entry(
        guid="",
        link=canonical(link, url) if link.strip() else "",
        title=fold(entities(news.findtext(f"{NEWS}title", ""))),
        published=iso_moment(news.findtext(f"{NEWS}publication_date", "").strip()),
    )

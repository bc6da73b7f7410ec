"""Finding the feed of a site: the address itself, what its page links to, the usual places, its sitemap of news."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from html.parser import HTMLParser
from urllib.parse import urljoin

from core.errors import FetchError, FormatError
from ingest.feeds import ACCEPT, FEED_BYTES
from ingest.parse import Parsed, read
from ingest.robots import BYTES
from ingest.web import Answer, Web

TYPES = frozenset(
    ("application/rss+xml", "application/atom+xml", "application/feed+json", "application/rdf+xml", "text/xml")
)
USUAL = ("/feed/", "/rss", "/rss.xml", "/feed.xml", "/atom.xml", "/index.xml", "/feed.json", "/news-sitemap.xml")
LINKED = 5  # feeds of one page that are tried; the first is the site's own, those behind are its sections'
_SITEMAP = re.compile(rb"^\s*sitemap:\s*(\S*news\S*)", re.IGNORECASE | re.MULTILINE)


@dataclass(frozen=True, slots=True, kw_only=True)
class FoundFeed:
    """A feed and what it carries. `url` is where it is to be asked for."""

    url: str
    parsed: Parsed


async def discover(web: Web, url: str) -> FoundFeed:
    """The feed at `url`, or else the first working one of those that the page there links to, of the usual places,
    or of the sitemaps of news that robots.txt names.

    Raises FetchError if `url` itself gives nothing, FormatError if no feed is found.
    """
    answer = await web.get(url, headers={"Accept": ACCEPT}, cap=FEED_BYTES)
    try:
        return await _feed(answer)
    except FormatError:
        linked = list(_linked(answer))[:LINKED]
    usual = (urljoin(answer.url, path) for path in USUAL)
    tried = list(dict.fromkeys((*linked, *usual)))
    found = await _first(web, tried)
    if found is None:
        news = await _sitemaps(web, answer.url)
        found, tried = await _first(web, news), tried + news
    if found is None:
        raise FormatError(f"no feed there, and none at {len(tried)} other addresses of the site", url=url)
    return found


async def _first(web: Web, candidates: Iterable[str]) -> FoundFeed | None:
    for candidate in candidates:
        try:
            return await _feed(await web.get(candidate, headers={"Accept": ACCEPT}, cap=FEED_BYTES))
        except (FetchError, FormatError):
            continue
    return None


async def _feed(answer: Answer) -> FoundFeed:
    parsed = await asyncio.to_thread(read, answer.body, url=answer.url, headers=answer.headers)
    return FoundFeed(url=answer.moved or answer.url, parsed=parsed)


async def _sitemaps(web: Web, url: str) -> list[str]:
    try:
        rules = await web.get(urljoin(url, "/robots.txt"), cap=BYTES)
    except FetchError:
        return []
    stated = (address.decode("utf-8", "replace") for address in _SITEMAP.findall(rules.body))
    return [address for address in stated if address.startswith(("http://", "https://"))][:LINKED]


def _linked(answer: Answer) -> Iterator[str]:
    links = _Links()
    with suppress(AssertionError):  # html.parser's own, on declarations that are none
        links.feed(answer.body.decode("utf-8", "replace"))
    for href in links.found:
        with suppress(ValueError):  # not an address at all
            yield urljoin(urljoin(answer.url, links.base), href)


class _Links(HTMLParser):
    """The feeds that <link rel="alternate"> of a page names, and its <base>."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []
        self.base = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if tag == "base" and not self.base:
            self.base = given.get("href", "")
        kind = given.get("type", "").partition(";")[0].strip().lower()
        if (
            tag == "link"
            and "alternate" in given.get("rel", "").lower().split()
            and kind in TYPES
            and given.get("href")
        ):
            self.found.append(given["href"])

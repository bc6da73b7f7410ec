"""The entries of a feed made into articles."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from core.articles import Article, Entry, Feed, article_id
from core.clock import stamp
from core.languages import language_of
from ingest import plan
from ingest.parse import Parsed, read, read_fast
from ingest.quality import graded

TITLE = 120  # characters of the text that stand in for a missing title


@dataclass(frozen=True, slots=True, kw_only=True)
class Carried:
    """What an answer carried: the feed as parsed, and its entries as articles."""

    parsed: Parsed
    articles: tuple[Article, ...]


def carried(body: bytes, *, url: str, headers: Mapping[str, str], feed: Feed, now: datetime) -> Carried:
    """Parse an answer of `feed` and make its articles, first seen at `now`; raises FormatError for no feed."""
    parsed = read(body, url=url, headers=headers)
    return Carried(parsed=parsed, articles=tuple(to_articles(feed, parsed.entries, now=now)))


def carried_fast(body: bytes, *, url: str, headers: Mapping[str, str], feed: Feed, now: datetime) -> Carried | None:
    """`carried` for a clean feed, in a time that its size bounds; None for any other."""
    parsed = read_fast(body, url=url, headers=headers)
    if parsed is None:
        return None
    return Carried(parsed=parsed, articles=tuple(to_articles(feed, parsed.entries, now=now)))


def to_articles(feed: Feed, entries: Iterable[Entry], *, now: datetime) -> list[Article]:
    """The entries as articles first seen at `now`, each identity once, in the feed's order.

    Identity is the guid, else the link, else title and date; a guid that entries with different
    links share identifies nothing, and the link stands in. An entry without any words is dropped.
    """
    held = [e for e in entries if e.title or e.text]
    shared = _shared_guids(held)
    articles: dict[str, Article] = {}
    for entry in held:
        article = _article(feed, entry, _identity(entry, shared), now)
        articles.setdefault(article.id, article)
    return list(articles.values())


def _shared_guids(entries: Iterable[Entry]) -> frozenset[str]:
    links: dict[str, set[str]] = {}
    for entry in entries:
        links.setdefault(entry.guid, set()).add(entry.link)
    return frozenset(guid for guid, targets in links.items() if len(targets) > 1)


def _identity(entry: Entry, shared: frozenset[str]) -> str:
    if entry.guid and entry.guid not in shared:
        return entry.guid
    if entry.link:
        return entry.link
    when = stamp(entry.published) if entry.published else ""
    return f"{entry.title or entry.text[:TITLE]}\n{when}"


def _article(feed: Feed, entry: Entry, identity: str, now: datetime) -> Article:
    title = entry.title or entry.text[:TITLE].replace("\n", " ")
    said = "" if entry.text == title else entry.text
    tongue = language_of(title, said)
    text, kind = graded(title, said, tongue=tongue)
    return Article(
        id=article_id(feed.source, identity),
        source=feed.source,
        owner=feed.owner,
        feed=feed.url,
        guid=entry.guid,
        url=entry.link,
        title=title,
        text=text,
        text_kind="feed" if text else "headline",
        quality=kind,
        language=tongue if text == said else language_of(title, text),
        author=entry.author,
        published=entry.published,
        first_seen=now,
        marks=plan.marks(entry.published, now),
    )

"""Feeds: polled, parsed into entries, and made into articles."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Literal

from core.articles import Article, Entry, Feed, article_id
from core.clock import stamp
from core.errors import FetchError, FormatError
from ingest import plan
from ingest.client import Web
from ingest.parse import Parsed, parse
from ingest.quality import graded, language
from ingest.workers import Reader, at_home

__all__ = ["Polled", "parse", "poll", "settled", "to_articles"]

FEED_BYTES = 5_000_000  # the largest of 746 collected feeds has 1.6 MB; 2 MB of tag soup parse in 3.5 s
ACCEPT = "application/rss+xml, application/atom+xml, application/feed+json;q=0.9, application/xml;q=0.9, */*;q=0.1"
TITLE = 120  # characters of the text that stand in for a missing title


@dataclass(frozen=True, slots=True, kw_only=True)
class Polled:
    """One visit to a feed: its new state, what it carried, and how it went.

    `feed` is to be saved in the transaction that stores the entries: its hash and validators say
    that they are held. `before` is the feed as it was. `reason` is "" unless it failed, or was read
    and there is something to say; `bytes` counts the decompressed body. `headers` (lower-case names)
    and `fresh_for` are what `settled` needs.
    """

    feed: Feed
    entries: tuple[Entry, ...]
    status: Literal["ok", "unchanged", "failed"]
    reason: str
    bytes: int
    before: Feed
    headers: Mapping[str, str] = field(default_factory=dict)
    fresh_for: timedelta | None = None


async def poll(web: Web, feed: Feed, *, now: datetime, reader: Reader = at_home) -> Polled:
    """Fetch and parse one feed. Whatever the outside world does comes back as a status, never raised."""
    size = 0
    sent = {"Accept": ACCEPT, **plan.conditional_headers(feed, now=now)}
    try:
        answer = await web.get(plan.address(feed), headers=sent, cap=FEED_BYTES)
        size = len(answer.body)
        seen = hashlib.sha256(answer.body).hexdigest() if answer.status != 304 else None
        changed = seen is not None and seen != feed.body_hash
        parsed = await reader(answer.body, url=answer.url, headers=answer.headers) if changed else Parsed(entries=())
    except (FetchError, FormatError) as error:
        state = plan.after_failure(feed, error, now=now)
        return Polled(feed=state, entries=(), status="failed", reason=state.problem, bytes=size, before=feed)
    state = plan.after_success(feed, answer.headers, seen, now=now, moved=answer.moved)
    return Polled(
        feed=state,
        entries=parsed.entries,
        status="ok" if changed else "unchanged",
        reason=f"has moved for good to {state.moved_to}" if state.moves >= plan.MOVES else "",
        bytes=size,
        before=feed,
        headers=answer.headers,
        fresh_for=parsed.fresh_for,
    )


def settled(polled: Polled, *, known: int, new: int, now: datetime) -> Polled:
    """The visit once it is known how many of its entries were `known` before and how many are `new`.

    The feed's interval learns from that, and a feed from which entries were missed says so. A visit
    that failed stays as it is; one that found nothing changed found everything known.
    """
    if polled.status == "failed":
        return polled
    missed = plan.misses(polled.before, known=known, new=new)
    state = plan.paced(
        polled.feed,
        polled.headers,
        known=known if polled.status == "ok" else 1,
        new=new,
        now=now,
        fresh_for=polled.fresh_for,
        span=plan.span_of((e.published for e in polled.entries), now=now),
        missed=missed,
    )
    reasons = [reason for reason in (plan.MISSED if missed else "", polled.reason) if reason]
    return replace(polled, feed=state, reason="; ".join(reasons))


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
    text, kind = graded(title, "" if entry.text == title else entry.text)
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
        language=language(title, text),
        author=entry.author,
        published=entry.published,
        first_seen=now,
        marks=plan.marks(entry.published, now),
    )

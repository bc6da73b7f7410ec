"""Feeds: polled, parsed into entries, and made into articles."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Literal

from core.articles import Article, Entry, Feed
from core.errors import FetchError, FormatError
from ingest import plan
from ingest.articles import Carried, to_articles
from ingest.parse import Parsed, parse
from ingest.web import Web
from ingest.workers import Reader, at_home

__all__ = ["Polled", "parse", "poll", "settled", "to_articles"]

FEED_BYTES = 5_000_000  # the largest of 746 collected feeds has 1.6 MB; 2 MB of tag soup parse in 3.5 s
NOTHING = Carried(parsed=Parsed(entries=()), articles=())
ACCEPT = "application/rss+xml, application/atom+xml, application/feed+json;q=0.9, application/xml;q=0.9, */*;q=0.1"


@dataclass(frozen=True, slots=True, kw_only=True)
class Polled:
    """One visit to a feed: its new state, what it carried, and how it went.

    `articles` are the entries as articles. `feed` is to be saved in the transaction that stores the entries: its hash and validators say
    that they are held. `before` is the feed as it was. `reason` is "" unless it failed, or was read
    and there is something to say; `bytes` counts the decompressed body. `headers` (lower-case names)
    and `fresh_for` are what `settled` needs.
    """

    feed: Feed
    entries: tuple[Entry, ...]
    articles: tuple[Article, ...] = ()
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
        got = NOTHING
        if changed:
            got = await reader(answer.body, url=answer.url, headers=answer.headers, feed=feed, now=now)
    except (FetchError, FormatError) as error:
        state = plan.after_failure(feed, error, now=now)
        return Polled(feed=state, entries=(), status="failed", reason=state.problem, bytes=size, before=feed)
    state = plan.after_success(feed, answer.headers, seen, now=now, moved=answer.moved)
    return Polled(
        feed=state,
        entries=got.parsed.entries,
        articles=got.articles,
        status="ok" if changed else "unchanged",
        reason=f"has moved for good to {state.moved_to}" if state.moves >= plan.MOVES else "",
        bytes=size,
        before=feed,
        headers=answer.headers,
        fresh_for=got.parsed.fresh_for,
    )


def settled(polled: Polled, *, known: int, new: int, now: datetime) -> Polled:
    """The visit once it is known how many of its entries were `known` before and how many are `new`.

    The feed's interval learns from that, and a feed from which entries were missed says so. A visit
    that failed stays as it is; one that found nothing changed found everything known.
    """
    if polled.status == "failed":
        return polled
    missed = plan.misses(polled.before, known=known, new=new)
    if polled.before.body_hash is None:  # on a first visit everything is new, and says nothing
        known = new = 0
    elif polled.status == "unchanged":
        known = 1
    state = plan.paced(
        polled.feed,
        polled.headers,
        known=known,
        new=new,
        now=now,
        fresh_for=polled.fresh_for,
        span=plan.span_of((e.published for e in polled.entries), now=now),
        missed=missed,
    )
    reasons = [reason for reason in (plan.MISSED if missed else "", polled.reason) if reason]
    return replace(polled, feed=state, reason="; ".join(reasons))

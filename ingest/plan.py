"""Decides which feeds are due and what an answer teaches about a feed. Pure: it touches nothing."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from email.utils import parsedate_to_datetime

from core.articles import Feed, Mark
from core.errors import FetchError, FormatError

STALE = timedelta(days=3)  # older than this when first seen: an archive's item, not today's press
FUTURE = timedelta(hours=1)  # clocks of servers differ by minutes, a wrong summer time by an hour
FASTEST, SLOWEST = 15, 12 * 60  # minutes; no feed of ours gains by more, none may miss a day by less
FASTER, SLOWER = 1 / 3, 2 / 3  # share of entries already known; Media Cloud's rule, years in use
STEP = 1.5  # how much one poll may change an interval
HINT = timedelta(hours=6)  # content networks ask for days; a press monitor cannot wait so long
WAIT = timedelta(days=1)  # no failing feed is left alone for longer, so none is ever given up
FORBIDDEN = timedelta(hours=4)  # a 403 is a decision about us, and is not changed by asking again at once
GONE = timedelta(days=1)  # a 410 is meant for good, but has been seen to be taken back
GONE_WAIT = timedelta(days=30)
# Credits of a failure (Media Cloud, rss-fetcher): what comes and goes by itself counts less.
HALF = frozenset({404, 408, 425, 429}) | frozenset(range(500, 600))
CREDIT_WORDS = {"dns try again": 0.25, "unasked 304": 0.5}
DISTRUSTED = ""  # in place of an etag: this feed answered the same one for different bodies


def due(feeds: Iterable[Feed], *, now: datetime) -> list[Feed]:
    """The feeds to poll at `now`: those never polled first, then the longest overdue."""
    waiting = [f for f in feeds if f.due is None or f.due <= now]
    return sorted(waiting, key=lambda f: (f.due is not None, f.due or now, f.url))


def conditional_headers(feed: Feed) -> dict[str, str]:
    """The validators to send, byte for byte as the server gave them; none to a feed caught lying."""
    headers = {}
    if feed.etag:
        headers["If-None-Match"] = feed.etag
    if feed.modified:
        headers["If-Modified-Since"] = feed.modified
    return headers


def after_success(
    feed: Feed, answer_headers: Mapping[str, str], body_hash: str | None, *, known: int = 0, new: int = 0, now: datetime
) -> Feed:
    """The feed's state after an answer. `body_hash` is None for a 304.

    `known` and `new` count the entries that were held already and those that were not; with both
    0 (nothing to learn from, or not yet asked) the interval stays. See `paced`.
    """
    etag, modified = _validators(feed, answer_headers, body_hash)
    healthy = replace(
        feed,
        etag=etag,
        modified=modified,
        body_hash=body_hash or feed.body_hash,
        failures=0.0,
        last_ok=now,
        problem="",
    )
    return paced(healthy, answer_headers, known=known, new=new, now=now)


def paced(feed: Feed, answer_headers: Mapping[str, str], *, known: int, new: int, now: datetime) -> Feed:
    """The feed with the interval that its entries suggest, due when the interval and the server say.

    Over two thirds known: slower by half; under one third: faster; between 15 minutes and 12 hours
    (a longer configured interval stays). The server's freshness, `Cache-Control: max-age` before
    `Expires`, can only delay, and by 6 hours at most.
    """
    interval = float(feed.interval)
    if known + new:
        share = known / (known + new)
        if share > SLOWER:
            interval = max(interval, min(interval * STEP, SLOWEST))
        elif share < FASTER:
            interval = min(interval, max(interval / STEP, FASTEST))
    wait = max(timedelta(minutes=round(interval)), min(_fresh_for(answer_headers), HINT))
    return replace(feed, interval=round(interval), due=now + wait)


def after_failure(feed: Feed, error: FetchError | FormatError, *, now: datetime) -> Feed:
    """The feed's state after a failure: credits counted, due later by a linear back-off.

    The wait is the interval times one more than the credits, or four hours a credit for a 403,
    or what `Retry-After` asks, but never over a day; a 410 waits a day a credit, up to thirty.
    Validators and hash stay, so nothing is lost when the feed returns.
    """
    status = error.status if isinstance(error, FetchError) else None
    credit = CREDIT_WORDS.get(error.reason, 0.5 if status in HALF else 1.0)
    failures = feed.failures + credit
    if status == 410:
        wait = min(GONE * failures, GONE_WAIT)
    elif status == 403:
        wait = min(FORBIDDEN * failures, WAIT)
    else:
        asked = timedelta(seconds=min((isinstance(error, FetchError) and error.retry_after) or 0.0, 86_400.0))
        wait = min(max(timedelta(minutes=feed.interval) * (1 + failures), asked), WAIT)
    return replace(feed, failures=failures, problem=error.reason, due=now + wait)


def marks(published: datetime | None, first_seen: datetime) -> frozenset[Mark]:
    """Why an item's date cannot be trusted; empty if it can."""
    if published is None:
        return frozenset({"undated"})
    if published > first_seen + FUTURE:
        return frozenset({"future"})
    if first_seen - published > STALE:
        return frozenset({"stale"})
    return frozenset()


def _validators(feed: Feed, headers: Mapping[str, str], body_hash: str | None) -> tuple[str | None, str | None]:
    if feed.etag == DISTRUSTED:
        return DISTRUSTED, DISTRUSTED
    etag, modified = _storable(headers.get("etag")), _storable(headers.get("last-modified"))
    if body_hash is None:  # a 304 need not repeat them (RFC 9110, 15.4.5)
        return etag or feed.etag, modified or feed.modified
    lied = etag is not None and etag == feed.etag and feed.body_hash not in (None, body_hash)
    return (DISTRUSTED, DISTRUSTED) if lied else (etag, modified)


def _storable(value: str | None) -> str | None:
    """None for bytes that are not UTF-8: they could not be sent back as they came."""
    try:
        return value if value and value.encode() else None
    except UnicodeEncodeError:
        return None


def _fresh_for(headers: Mapping[str, str]) -> timedelta:
    control = headers.get("cache-control", "").lower()
    stated = re.search(r"\bmax-age\s*=\s*\"?(\d{1,9})", control)
    if "no-cache" in control or "no-store" in control:
        return timedelta(0)
    if stated:
        return timedelta(seconds=int(stated[1]))
    try:
        gap = parsedate_to_datetime(headers.get("expires", "")) - parsedate_to_datetime(headers.get("date", ""))
    except (TypeError, ValueError):
        return timedelta(0)
    return max(gap, timedelta(0))

"""Decides which feeds are due and what an answer teaches about a feed. Pure: it touches nothing.

When is a feed asked again? Its interval says it, learnt from what its entries teach, and whoever asks
us to wait can delay that, within bounds. Of the voices in this table the first that says anything is
heard, and the others are not:

| rank | voice | where | what it says | at most |
| --- | --- | --- | --- | --- |
| 1 | `Retry-After` | a failure | not before so many seconds, or that date by the server's own `Date` | a day |
| 2 | `Cache-Control` | a success | `no-cache`, `no-store`: nothing to wait for; `max-age`: that long | 6 hours |
| 3 | `Expires` | a success | until then, by the server's own `Date` | 6 hours |
| 4 | `<ttl>` | the feed | so many minutes | 6 hours |
| 5 | `sy:updatePeriod` over `sy:updateFrequency` | the feed | that long | 6 hours |

Nobody can hasten a poll. Of a feed from which entries were missed only 2 and 3 are heard, and for an
hour at most. The interval grows by half when over two thirds of the entries were known, shrinks by a
third when under a third was, and to four ninths when entries were missed. It is never longer than a
third of the time that the feed's entries span, because what drops off its end between two polls is
lost. It stays between 15 minutes and 12 hours, or as short or long as the owner configured it.
"""

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
SPAN = 3  # polls within the time that a feed's entries span: two may fail before an entry is lost
DATED = 5  # entries with a date that it takes to speak of a span
HINT = timedelta(hours=6)  # content networks ask for days; a press monitor cannot wait so long
HINT_MISSED = timedelta(hours=1)
MISSED = "only new entries: some were probably missed"
TRUST = timedelta(days=1)  # how long a 304 is believed before the body is asked for again
MOVES = 3  # permanent redirects to one address before it is asked directly; one can be a slip
WAIT = timedelta(days=1)  # no failing feed is left alone for longer, so none is ever given up
FORBIDDEN = timedelta(hours=4)  # a 403 is a decision about us, and is not changed by asking again at once
GONE = 3  # 410s in a row, a day apart, that retire a feed; a single one has been seen to be taken back
GONE_WAIT = timedelta(days=30)  # a retired feed is asked as rarely as that, but asked, and stays named
RETIRED = "retired by its publisher (http 410)"
# Credits of a failure (Media Cloud, rss-fetcher): what comes and goes by itself counts less.
HALF = frozenset({404, 408, 425, 429}) | frozenset(range(500, 600))
CREDIT_WORDS = {"dns try again": 0.25, "unasked 304": 0.5}
DISTRUSTED = ""  # in place of an etag: this feed answered the same one for different bodies


def due(feeds: Iterable[Feed], *, now: datetime) -> list[Feed]:
    """The feeds to poll at `now`: those never polled first, then the longest overdue."""
    waiting = [f for f in feeds if f.due is None or f.due <= now]
    return sorted(waiting, key=lambda f: (f.due is not None, f.due or now, f.url))


def address(feed: Feed) -> str:
    """Where to ask: its own address, or the one to which it permanently redirected three times in a row."""
    return feed.moved_to if feed.moves >= MOVES else feed.url


def conditional_headers(feed: Feed, *, now: datetime | None = None) -> dict[str, str]:
    """The validators to send, byte for byte as the server gave them.

    None to a feed caught lying, and none once a day (with `now`): a server that answers 304 for
    ever would never be caught.
    """
    if now is not None and feed.read_at is not None and now - feed.read_at >= TRUST:
        return {}
    headers = {}
    if feed.etag:
        headers["If-None-Match"] = feed.etag
    if feed.modified:
        headers["If-Modified-Since"] = feed.modified
    return headers


def after_success(
    feed: Feed,
    answer_headers: Mapping[str, str],
    body_hash: str | None,
    *,
    known: int = 0,
    new: int = 0,
    now: datetime,
    moved: str = "",
) -> Feed:
    """The feed's state after an answer. `body_hash` is None for a 304; `moved` is where permanent redirects lead.

    `known` and `new` count the entries that were held already and those that were not; with both
    0 (nothing to learn from, or not yet asked) the interval stays. See `paced`.
    """
    etag, modified = _validators(feed, answer_headers, body_hash)
    moved_to, moves = _moved(feed, moved)
    healthy = replace(
        feed,
        etag=etag,
        modified=modified,
        body_hash=body_hash or feed.body_hash,
        failures=0.0,
        last_ok=now,
        problem="",
        read_at=feed.read_at if body_hash is None else now,
        moved_to=moved_to,
        moves=moves,
        gone=0,
    )
    return paced(healthy, answer_headers, known=known, new=new, now=now)


def paced(
    feed: Feed,
    answer_headers: Mapping[str, str],
    *,
    known: int,
    new: int,
    now: datetime,
    fresh_for: timedelta | None = None,
    span: timedelta | None = None,
    missed: bool = False,
) -> Feed:
    """The feed with the interval that its entries suggest, due when the interval and the first voice say.

    The top of this file says how. `fresh_for` is what the feed says of itself, `span` the time that
    its entries span (`span_of`), `missed` whether some were (`misses`).
    """
    interval = float(feed.interval)
    if missed:
        interval = min(interval, max(interval / STEP**2, FASTEST))
    elif known + new:
        share = known / (known + new)
        if share > SLOWER:
            interval = max(interval, min(interval * STEP, SLOWEST))
        elif share < FASTER:
            interval = min(interval, max(interval / STEP, FASTEST))
    if span is not None:
        interval = min(interval, max(span.total_seconds() / 60 / SPAN, FASTEST))
    asked = _fresh_by_headers(answer_headers)
    if missed:
        wait = min(asked or timedelta(0), HINT_MISSED)
    else:
        wait = min((fresh_for or timedelta(0)) if asked is None else asked, HINT)
    return replace(feed, interval=round(interval), due=now + max(timedelta(minutes=round(interval)), wait))


def misses(before: Feed, *, known: int, new: int) -> bool:
    """Whether a poll brought only new entries, from a feed that was read before: others came and went unseen.

    A single entry says nothing: there are feeds that carry no more.
    """
    return known == 0 and new > 1 and before.body_hash is not None


def span_of(published: Iterable[datetime | None], *, now: datetime) -> timedelta | None:
    """The time from the oldest to the newest entry, of at least five that are dated and not of the future."""
    dated = [moment for moment in published if moment is not None and moment <= now + FUTURE]
    return max(dated) - min(dated) if len(dated) >= DATED else None


def after_failure(feed: Feed, error: FetchError | FormatError, *, now: datetime) -> Feed:
    """The feed's state after a failure: credits counted, due later by a linear back-off.

    The wait is the interval times one more than the credits, or four hours a credit for a 403,
    or what `Retry-After` asks, but never over a day; a 410 waits a day, and thirty from the third in
    a row on. An address learnt from redirects is forgotten. Validators and hash stay, so nothing is
    lost when the feed returns.
    """
    status = error.status if isinstance(error, FetchError) else None
    credit = CREDIT_WORDS.get(error.reason, 0.5 if status in HALF else 1.0)
    failures = feed.failures + credit
    gone = feed.gone + 1 if status == 410 else 0
    if status == 410:
        wait = GONE_WAIT if gone >= GONE else WAIT
    elif status == 403:
        wait = min(FORBIDDEN * failures, WAIT)
    else:
        asked = timedelta(seconds=min((isinstance(error, FetchError) and error.retry_after) or 0.0, 86_400.0))
        wait = min(max(timedelta(minutes=feed.interval) * (1 + failures), asked), WAIT)
    followed = feed.moves >= MOVES
    return replace(
        feed,
        failures=failures,
        problem=RETIRED if gone >= GONE else error.reason,
        due=now + wait,
        gone=gone,
        moved_to="" if followed else feed.moved_to,
        moves=0 if followed else feed.moves,
    )


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


def _moved(feed: Feed, moved: str) -> tuple[str, int]:
    if feed.moves >= MOVES and not moved:  # asked at its new address, and found there
        return feed.moved_to, feed.moves
    if not moved or (feed.url.startswith("https:") and not moved.startswith("https:")):
        return "", 0  # what was encrypted is not learnt to be asked for in the clear
    return moved, feed.moves + 1 if moved == feed.moved_to else 1


def _fresh_by_headers(headers: Mapping[str, str]) -> timedelta | None:
    """How long the answer stays fresh by its headers; None where they say nothing that can be read."""
    control = headers.get("cache-control", "").lower()
    if "no-cache" in control or "no-store" in control:
        return timedelta(0)
    if stated := re.search(r"\bmax-age\s*=\s*\"?(\d{1,9})", control):
        return timedelta(seconds=int(stated[1]))
    try:
        gap = parsedate_to_datetime(headers.get("expires", "")) - parsedate_to_datetime(headers.get("date", ""))
    except (TypeError, ValueError):
        return None
    return max(gap, timedelta(0))

"""Feeds as they are configured and as polling has taught us, and every look at an address."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

from core.articles import Feed
from core.clock import from_stamp, stamp
from core.settings import FeedSettings
from store.database import Database, saving

_LOAD = (
    "SELECT url, source, owner, kind, interval, due, etag, modified, body_hash, failures, last_ok, problem,"
    " read_at, moved_to, moves, gone FROM feeds WHERE active = 1 ORDER BY url"
)


def sync(db: Database, feeds: Iterable[FeedSettings], *, at: datetime) -> None:
    """Bring the feeds in line with the config, from `at` on.

    New ones are added; what is configured is updated; one that is gone is retired, not deleted,
    and keeps what was learnt for its return. The learnt interval holds until `every` is changed.
    """
    configured = list(feeds)
    with saving(db):
        for feed in configured:
            every = max(1, round(feed.every.total_seconds() / 60))
            db.execute(
                """
                INSERT INTO feeds (url, source, owner, kind, active, every, interval)
                VALUES (:url, :source, :owner, :kind, 1, :every, :every)
                ON CONFLICT (url) DO UPDATE SET
                    source = excluded.source, owner = excluded.owner, kind = excluded.kind, active = 1,
                    interval = iif(every = excluded.every, interval, excluded.every), every = excluded.every
                """,
                {"url": feed.url, "source": feed.source, "owner": feed.owner, "kind": feed.kind, "every": every},
            )
        db.execute(
            "UPDATE feeds SET active = 0 WHERE url NOT IN (SELECT value FROM json_each(?))",
            [json.dumps([feed.url for feed in configured])],
        )
        db.execute(
            """
            INSERT INTO feed_versions (feed, at, source, owner, kind, active)
            SELECT f.url, :at, f.source, f.owner, f.kind, f.active
            FROM feeds AS f LEFT JOIN feed_versions AS v
                ON v.feed = f.url AND v.at = (SELECT max(at) FROM feed_versions WHERE feed = f.url)
            WHERE (v.source, v.owner, v.kind, v.active) IS NOT (f.source, f.owner, f.kind, f.active)
            ON CONFLICT (feed, at) DO UPDATE SET
                source = excluded.source, owner = excluded.owner, kind = excluded.kind, active = excluded.active
            """,
            {"at": stamp(at)},
        )


def load(db: Database) -> list[Feed]:
    """The feeds to watch, by address, with what is known of each."""
    return [_feed(*row) for row in db.execute(_LOAD).fetchall()]


def save(db: Database, feed: Feed) -> None:
    """Keep what the last poll taught about a feed; what the config says of it stays."""
    with saving(db):
        db.execute(
            """
            UPDATE feeds SET interval = :interval, due = :due, etag = :etag, modified = :modified,
                body_hash = :body_hash, failures = :failures, last_ok = :last_ok, problem = :problem,
                read_at = :read_at, moved_to = :moved_to, moves = :moves, gone = :gone
            WHERE url = :url
            """,
            {
                "url": feed.url,
                "interval": feed.interval,
                "due": stamp(feed.due) if feed.due else None,
                "etag": feed.etag,
                "modified": feed.modified,
                "body_hash": feed.body_hash,
                "failures": feed.failures,
                "last_ok": stamp(feed.last_ok) if feed.last_ok else None,
                "problem": feed.problem,
                "read_at": stamp(feed.read_at) if feed.read_at else None,
                "moved_to": feed.moved_to,
                "moves": feed.moves,
                "gone": feed.gone,
            },
        )


def record_fetch(
    db: Database,
    *,
    url: str,
    kind: Literal["feed", "page", "series"],
    status: str,
    reason: str,
    entries: int,
    new: int,
    bytes: int,  # noqa: A002 -- the column's name, and keyword-only
    at: datetime,
    run: int | None,
    source: str = "",
    due: datetime | None = None,
) -> None:
    """Record one look at an address; `status` is "failed" or says what was got.

    `source` names the series source (its health is shown under that name); `due` is when the next
    look is planned, so that a source read once a week is not called stale on the third day. The
    same address at the same instant is the same look, and the last word on it stands.
    """
    with saving(db):
        db.execute(
            """
            INSERT INTO fetches (kind, watched, url, at, status, reason, entries, new, bytes, due, run)
            VALUES (:kind, :watched, :url, :at, :status, :reason, :entries, :new, :bytes, :due, :run)
            ON CONFLICT (kind, watched, url, at) DO UPDATE SET
                status = excluded.status, reason = excluded.reason, entries = excluded.entries,
                new = excluded.new, bytes = excluded.bytes, due = excluded.due, run = excluded.run
            """,
            {
                "kind": kind,
                "watched": source or url,
                "url": url,
                "at": stamp(at),
                "status": status,
                "reason": reason,
                "entries": entries,
                "new": new,
                "bytes": bytes,
                "due": stamp(due) if due else None,
                "run": run,
            },
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Look:
    """One look at a feed, as `record_fetch` kept it."""

    at: datetime
    status: str
    reason: str
    entries: int
    new: int
    bytes: int


def looks(db: Database, url: str, *, limit: int) -> list[Look]:
    """The last looks at a feed, the newest first."""
    rows = db.execute(
        "SELECT at, status, reason, entries, new, bytes FROM fetches"
        " WHERE kind = 'feed' AND watched = ? ORDER BY at DESC LIMIT ?",
        [url, limit],
    ).fetchall()
    return [
        Look(at=from_stamp(at), status=status, reason=reason, entries=entries, new=new, bytes=size)
        for at, status, reason, entries, new, size in rows
    ]


def _feed(*row: Any) -> Feed:
    url, source, owner, kind, interval, due, etag, modified, body_hash, failures, last_ok, problem, *address = row
    read_at, moved_to, moves, gone = address
    return Feed(
        url=url,
        source=source,
        owner=owner,
        kind=kind,
        interval=interval,
        due=_instant(due),
        etag=etag,
        modified=modified,
        body_hash=body_hash,
        failures=failures,
        last_ok=_instant(last_ok),
        problem=problem,
        read_at=_instant(read_at),
        moved_to=moved_to,
        moves=moves,
        gone=gone,
    )


def _instant(text: str | None) -> datetime | None:
    return from_stamp(text) if text else None

"""The spine: what happened, in order, and how far each stage has come.

A stage's rows, the events they cause and its cursor are stored in one transaction of the caller.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from core.clock import from_stamp, stamp
from store.database import Database, saving


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """Something that a later stage may have to act on. `subject` is an id, of an article say."""

    id: int
    kind: str
    subject: str
    at: datetime


def append(db: Database, kind: str, subjects: Iterable[str], *, at: datetime) -> None:
    """Add one event for each different subject, in the order given.

    Unlike a save this is not idempotent, and must not be: a subject that changes twice in a pass
    has to be seen twice. The caller's transaction makes sure that it happens once.
    """
    with saving(db):
        db.conn.executemany(
            "INSERT INTO events (kind, subject, at) VALUES (?, ?, ?)",
            [(kind, subject, stamp(at)) for subject in dict.fromkeys(subjects)],
        )


def pending(db: Database, stage: str, kinds: Collection[str], *, limit: int) -> list[Event]:
    """The oldest events of these kinds that the stage has not passed, at most `limit`, by id."""
    cursor = _cursor(db, stage)
    rows = [
        row
        for kind in sorted(set(kinds))  # one seek for each kind: events of other kinds are never read
        for row in db.execute(
            "SELECT id, kind, subject, at FROM events WHERE kind = ? AND id > ? ORDER BY id LIMIT ?",
            [kind, cursor, limit],
        ).fetchall()
    ]
    return [Event(id=i, kind=kind, subject=subject, at=from_stamp(at)) for i, kind, subject, at in sorted(rows)[:limit]]


def last_at(db: Database, kind: str, subject: str | None = None, *, before: datetime | None = None) -> datetime | None:
    """When an event of this kind (and subject, if given) last happened (before then, if given), or None."""
    row = db.execute(
        "SELECT at FROM events WHERE kind = ? AND (? IS NULL OR subject = ?) AND at < ? ORDER BY id DESC LIMIT 1",
        [kind, subject, subject, stamp(before) if before else "9999"],
    ).fetchone()
    return from_stamp(row[0]) if row else None


def advance(db: Database, stage: str, event_id: int) -> None:
    """Say that the stage has dealt with everything up to this event. A cursor never goes back."""
    with saving(db):
        db.execute(
            "INSERT INTO cursors (stage, event) VALUES (?, ?)"
            " ON CONFLICT (stage) DO UPDATE SET event = max(event, excluded.event)",
            [stage, event_id],
        )


def rewind(db: Database, stage: str, kinds: Collection[str], *, since: datetime) -> None:
    """Send the stage back to before the first event of these kinds since then, if it has passed it."""
    with saving(db):
        db.execute(
            "UPDATE cursors SET event = min(event, coalesce((SELECT min(id) - 1 FROM events"
            " WHERE kind IN (SELECT value FROM json_each(?)) AND at >= ?), event)) WHERE stage = ?",
            [json.dumps(sorted(kinds)), stamp(since), stage],
        )


def backlog(db: Database, stages: Mapping[str, Collection[str]]) -> dict[str, int]:
    """How many events each stage has before it, by the kinds that it listens to."""
    return {
        stage: sum(
            db.execute("SELECT count(*) FROM events WHERE kind = ? AND id > ?", [kind, _cursor(db, stage)]).fetchone()[
                0
            ]
            for kind in set(kinds)
        )
        for stage, kinds in stages.items()
    }


def _cursor(db: Database, stage: str) -> int:
    row = db.execute("SELECT event FROM cursors WHERE stage = ?", [stage]).fetchone()
    return int(row[0]) if row else 0

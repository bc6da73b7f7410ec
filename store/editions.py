"""What each edition was made with, from when on; and who wants no more of it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from core.clock import from_stamp, stamp
from core.editions import Terms
from store.database import Database, saving

_IN_FORCE = "SELECT terms FROM editions WHERE edition = ? AND first_seen <= ? ORDER BY first_seen DESC LIMIT 1"


@dataclass(frozen=True, slots=True, kw_only=True)
class Unsubscribed:
    """An address that wants no more of an edition, since `at`."""

    recipient: str
    edition: str
    at: datetime


def save(db: Database, editions: Iterable[Terms], *, at: datetime) -> None:
    """Keep what is in force from `at` on; terms that have not changed add nothing."""
    with saving(db):
        for terms in editions:
            if in_force(db, terms.edition, as_of=at) != terms:
                db.execute(
                    "INSERT OR REPLACE INTO editions (edition, first_seen, terms) VALUES (?, ?, ?)",
                    [terms.edition, stamp(at), terms.as_json()],
                )


def in_force(db: Database, edition: str, *, as_of: datetime) -> Terms | None:
    """The terms of an edition as they stood at `as_of`; None before the first pass that knew it."""
    row = db.execute(_IN_FORCE, [edition, stamp(as_of)]).fetchone()
    return Terms.from_json(row[0]) if row else None


def newest(db: Database, edition: str) -> Terms | None:
    """The last terms of an edition, also of one that is no more."""
    row = db.execute(
        "SELECT terms FROM editions WHERE edition = ? ORDER BY first_seen DESC LIMIT 1", [edition]
    ).fetchone()
    return Terms.from_json(row[0]) if row else None


def unsubscribe(db: Database, *, recipient: str, edition: str, at: datetime) -> None:
    """Nothing of this edition goes to this address any more, and what waits for it is dropped. Twice is once."""
    reason = "unsubscribed"
    with saving(db):
        db.execute(
            "INSERT INTO unsubscribed (recipient, edition, at) VALUES (?, ?, ?) ON CONFLICT DO NOTHING",
            [recipient.lower(), edition, stamp(at)],
        )
        db.execute(
            "UPDATE deliveries SET next_try = NULL, reason = ?"
            " WHERE lower(recipient) = ? AND edition = ? AND next_try IS NOT NULL",
            [reason, recipient.lower(), edition],
        )


def unsubscribed(db: Database) -> list[Unsubscribed]:
    """Who wants no more of what, oldest first. Addresses are in small letters."""
    rows = db.execute("SELECT recipient, edition, at FROM unsubscribed ORDER BY at, recipient, edition").fetchall()
    return [Unsubscribed(recipient=recipient, edition=edition, at=from_stamp(at)) for recipient, edition, at in rows]


def subscribed(db: Database, recipients: Iterable[str], *, edition: str) -> list[str]:
    """Those of `recipients` who have not unsubscribed from this edition."""
    gone = {u.recipient for u in unsubscribed(db) if u.edition == edition}
    return [r for r in recipients if r.lower() not in gone]

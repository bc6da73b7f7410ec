"""Messages on their way: queued with the briefing, ticked off when the server has taken them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime

from core.clock import from_stamp, stamp
from core.deliveries import Delivery
from store.database import Database, saving


def queue(
    db: Database, *, briefing: str, recipients: Iterable[str], message_ids: Mapping[str, str], at: datetime
) -> None:
    """Queue a briefing for each recipient, once: who has it queued or sent already is passed over.

    `message_ids` gives each recipient's Message-ID, which stays the same on every try.
    """
    with saving(db):
        db.conn.executemany(
            "INSERT INTO deliveries (briefing, recipient, message_id, queued, next_try) VALUES (?, ?, ?, ?, ?)"
            " ON CONFLICT (briefing, recipient) DO NOTHING",
            [(briefing, recipient, message_ids[recipient], stamp(at), stamp(at)) for recipient in recipients],
        )


def due(db: Database, *, now: datetime) -> list[Delivery]:
    """What is to be tried by `now`: neither sent nor given up, the longest waiting first."""
    return [delivery for delivery in unsent(db) if delivery.next_try is not None and delivery.next_try <= now]


def unsent(db: Database) -> list[Delivery]:
    """Everything that no server has taken: what waits for a try, the soonest first, then what was given up."""
    rows = db.execute(
        "SELECT id, briefing, recipient, message_id, attempts, next_try, reason FROM deliveries"
        " WHERE sent IS NULL ORDER BY next_try IS NULL, next_try, queued, briefing, recipient"
    ).fetchall()
    return [
        Delivery(
            id=number,
            briefing=briefing,
            recipient=recipient,
            message_id=message_id,
            attempts=attempts,
            next_try=from_stamp(next_try) if next_try else None,
            reason=reason,
        )
        for number, briefing, recipient, message_id, attempts, next_try, reason in rows
    ]


def sent(db: Database, id: int, *, at: datetime) -> None:  # noqa: A002 -- the column's name
    """The server has taken the message. Saying so again changes nothing."""
    with saving(db):
        db.execute(
            "UPDATE deliveries SET sent = ?, tried = ?, next_try = NULL, reason = '', attempts = attempts + 1"
            " WHERE id = ? AND sent IS NULL",
            [stamp(at), stamp(at), id],
        )


def failed(db: Database, id: int, *, reason: str, next_try: datetime | None, at: datetime) -> None:  # noqa: A002 -- as above
    """A try failed at `at`; the next is due at `next_try`, None gives the message up.

    Reporting the same try again changes nothing; a message that was sent stays sent.
    """
    with saving(db):
        db.execute(
            "UPDATE deliveries SET attempts = attempts + 1, tried = ?, next_try = ?, reason = ?"
            " WHERE id = ? AND sent IS NULL AND tried IS NOT ?",
            [stamp(at), stamp(next_try) if next_try else None, reason, id, stamp(at)],
        )

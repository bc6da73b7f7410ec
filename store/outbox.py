"""Messages on their way: queued with what they carry, claimed by one process, ticked off when taken."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from core.clock import from_stamp, stamp
from core.deliveries import Delivery
from core.editions import DAILY
from store.database import Database, saving
from store.editions import subscribed

_ALL = (
    "SELECT id, briefing, edition, recipient, message_id, thread, form, attempts, next_try, sent, reason"
    " FROM deliveries"
)


def queue(
    db: Database,
    *,
    briefing: str,
    recipients: Iterable[str],
    message_ids: Mapping[str, str],
    at: datetime,
    edition: str = DAILY,
    form: str = "html",
) -> int:
    """Queue a briefing for each recipient, once; gives how many were queued.

    Who has it queued or sent already, or has unsubscribed from the edition, is passed over.
    `message_ids` gives each recipient's Message-ID, which stays the same on every try.
    """
    with saving(db):
        before = db.conn.total_changes
        for recipient in subscribed(db, recipients, edition=edition):
            db.execute(
                "INSERT INTO deliveries (briefing, edition, recipient, message_id, thread, form, queued, next_try)"
                " VALUES (?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (briefing, recipient) DO NOTHING",
                [
                    briefing,
                    edition,
                    recipient,
                    message_ids[recipient],
                    " ".join(_thread(db, edition, recipient)),
                    form,
                    stamp(at),
                    stamp(at),
                ],
            )
        return db.conn.total_changes - before


def due(db: Database, *, now: datetime) -> list[Delivery]:
    """What is to be tried by `now`, the longest waiting first."""
    rows = db.execute(
        f"{_ALL} WHERE next_try <= ? ORDER BY next_try, queued, briefing, recipient", [stamp(now)]
    ).fetchall()
    return [_delivery(row) for row in rows]


def unsent(db: Database) -> list[Delivery]:
    """Everything that no server has taken: what waits for a try, the soonest first, then what was given up."""
    rows = db.execute(
        f"{_ALL} WHERE sent IS NULL OR next_try IS NOT NULL"
        " ORDER BY next_try IS NULL, next_try, queued, briefing, recipient"
    ).fetchall()
    return [_delivery(row) for row in rows]


def of(db: Database, briefing: str) -> list[Delivery]:
    """Every message that carries this briefing, by recipient."""
    return [
        _delivery(row) for row in db.execute(f"{_ALL} WHERE briefing = ? ORDER BY recipient", [briefing]).fetchall()
    ]


def audience(db: Database) -> list[tuple[str, str]]:
    """Every recipient and edition that a message was ever queued for."""
    return db.execute("SELECT DISTINCT recipient, edition FROM deliveries ORDER BY recipient, edition").fetchall()


def claim(db: Database, delivery: Delivery, *, until: datetime, at: datetime) -> bool:
    """Take a due message for this process; False where another one has it.

    Until `until` nobody else is given it. If this process dies on the way, the message is due again then.
    """
    with saving(db):
        taken = db.execute(
            "UPDATE deliveries SET attempts = attempts + 1, tried = ?, next_try = ?"
            " WHERE id = ? AND attempts = ? AND next_try = ?",
            [stamp(at), stamp(until), delivery.id, delivery.attempts, stamp(delivery.next_try or at)],
        )
        return bool(taken.rowcount == 1)


def sent(db: Database, id: int, *, at: datetime) -> None:  # noqa: A002 -- the column's name
    """The server has taken the message. Saying so again changes nothing."""
    with saving(db):
        db.execute(
            "UPDATE deliveries SET sent = ?, next_try = NULL, reason = ''"
            " WHERE id = ? AND (next_try IS NOT NULL OR sent IS NULL)",
            [stamp(at), id],
        )


def failed(db: Database, id: int, *, reason: str, next_try: datetime | None) -> None:  # noqa: A002 -- as above
    """A try failed; the next is due at `next_try`, None gives the message up. What was sent stays sent."""
    with saving(db):
        db.execute(
            "UPDATE deliveries SET next_try = ?, reason = ? WHERE id = ? AND next_try IS NOT NULL",
            [stamp(next_try) if next_try else None, reason, id],
        )


def again(db: Database, ids: Iterable[int], *, at: datetime) -> None:
    """Queue messages once more, sent or given up: same Message-ID, new tries. Until then they stay sent."""
    with saving(db):
        db.conn.executemany(
            "UPDATE deliveries SET attempts = 0, next_try = ?, reason = '' WHERE id = ?", [(stamp(at), i) for i in ids]
        )


def _thread(db: Database, edition: str, recipient: str) -> list[str]:
    """The first and the last message of an edition that this recipient was to get before."""
    of_it = "FROM deliveries WHERE edition = ? AND recipient = ? ORDER BY id"
    ends = [
        row[0]
        for order in ("ASC", "DESC")
        for row in db.execute(f"SELECT message_id {of_it} {order} LIMIT 1", [edition, recipient]).fetchall()
    ]
    return list(dict.fromkeys(ends))


def _delivery(row: tuple[Any, ...]) -> Delivery:
    number, briefing, edition, recipient, message_id, thread, form, attempts, next_try, sent_at, reason = row
    return Delivery(
        id=number,
        briefing=briefing,
        edition=edition,
        recipient=recipient,
        message_id=message_id,
        thread=tuple(thread.split()),
        form=form,
        attempts=attempts,
        next_try=from_stamp(next_try) if next_try else None,
        sent=from_stamp(sent_at) if sent_at else None,
        reason=reason,
    )

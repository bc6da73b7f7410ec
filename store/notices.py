"""Short mails between briefings, as they were written."""

from __future__ import annotations

import json

from core.clock import from_stamp, stamp
from core.deliveries import Notice
from store.database import Database, saving


def save(db: Database, notice: Notice) -> None:
    """Store a notice; one that was written stays as it was written."""
    with saving(db):
        db.execute(
            "INSERT INTO notices (id, edition, at, subject, alerts, html, text) VALUES (?, ?, ?, ?, ?, ?, ?)"
            " ON CONFLICT (id) DO NOTHING",
            [
                notice.id,
                notice.edition,
                stamp(notice.at),
                notice.subject,
                json.dumps(notice.alerts, ensure_ascii=False),
                notice.html,
                notice.text,
            ],
        )


def load(db: Database, id: str) -> Notice | None:  # noqa: A002 -- the column's name
    """The notice with this id, or None."""
    row = db.execute("SELECT id, edition, at, subject, alerts, html, text FROM notices WHERE id = ?", [id]).fetchone()
    if row is None:
        return None
    name, edition, at, subject, alerts, html, text = row
    return Notice(
        id=name,
        edition=edition,
        at=from_stamp(at),
        subject=subject,
        alerts=tuple(json.loads(alerts)),
        html=html,
        text=text,
    )

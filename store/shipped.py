"""Rows of the program's own data files, kept so that a briefing's figure from one has a stored row to point at."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from core.clock import stamp
from core.shipped import Shipped
from store.database import Database, saving


def save(db: Database, rows: Iterable[Shipped], *, at: datetime) -> None:
    """Keep the rows, first seen `at`; what is kept already adds nothing, and an edited row is one more."""
    with saving(db):
        db.conn.executemany(
            "INSERT OR IGNORE INTO shipped (series, time, value, file, hash, says, first_seen) VALUES (?, ?, ?, ?, ?, ?, ?)",
            [
                (o.series, stamp(o.time), o.value, row.file, row.hash, row.says, stamp(at))
                for row in rows
                for o in (row.observation,)
            ],
        )

"""Which configurations were ever backtested, and how much of their press was imported."""

from __future__ import annotations

from datetime import datetime

from core.clock import stamp
from store.database import Database, saving


def record(  # what makes one configuration differ from another, and when it was first tried
    db: Database, *, narrative: str, contract: str, first: datetime, last: datetime, version: str, at: datetime
) -> None:
    """Note that a configuration was tried; trying the same again adds nothing."""
    with saving(db):
        db.execute(
            "INSERT INTO backtests (narrative, contract, first, last, version, at) VALUES (?, ?, ?, ?, ?, ?)"
            " ON CONFLICT (narrative, contract, first, last, version) DO NOTHING",
            [narrative, contract, stamp(first), stamp(last), version, stamp(at)],
        )


def tried(db: Database, narrative: str) -> int:
    """How many configurations of a narrative were ever tried on this database."""
    return int(db.execute("SELECT count(*) FROM backtests WHERE narrative = ?", [narrative]).fetchone()[0])


def carried(db: Database, narrative: str, *, since: datetime, until: datetime) -> tuple[int, int]:
    """How many articles first seen after `since` and by `until` ever carried a narrative, and how many were imported."""
    row = db.execute(
        "SELECT count(*), coalesce(sum(imported), 0) FROM articles WHERE id IN (SELECT article FROM tags"
        " WHERE narrative = ? AND carries = 1 AND seen > ? AND seen <= ?)",
        [narrative, stamp(since), stamp(until)],
    ).fetchone()
    return int(row[0]), int(row[1])

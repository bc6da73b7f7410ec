"""How far an import of history has come in a file, so that one that was ended half-way goes on from there."""

from __future__ import annotations

from datetime import datetime

from core.clock import stamp
from store.database import Database, saving


def position(db: Database, file: str) -> int:
    """Where to go on in the file of that name; 0 for one that was never begun, or was finished."""
    row = db.execute("SELECT position FROM imports WHERE file = ?", [file]).fetchone()
    return int(row[0]) if row else 0


def reached(db: Database, file: str, at_position: int, *, at: datetime) -> None:
    """All before this position is stored: to be said in the transaction that stores it."""
    with saving(db):
        db.execute(
            "INSERT INTO imports (file, position, at) VALUES (?, ?, ?)"
            " ON CONFLICT (file) DO UPDATE SET position = excluded.position, at = excluded.at",
            [file, at_position, stamp(at)],
        )


def finished(db: Database, file: str) -> None:
    """The file was read to its end: the next import of it begins anew."""
    with saving(db):
        db.execute("DELETE FROM imports WHERE file = ?", [file])

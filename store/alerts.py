"""Alerts as they were given, and the walk-backs that may lead to one."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from core.alerts import Alert, WalkBack
from core.clock import from_stamp, stamp
from store.database import Database, saving
from store.known import cut

_WALKED_BACK = """
    SELECT c.article, c.version, a.source, v.title, c.marks
    FROM changes AS c
    JOIN articles AS a ON a.id = c.article
    JOIN article_versions AS v ON v.article = c.article AND v.version = c.before
    JOIN tags AS t ON t.id = TAG_IN_FORCE(c.article, :narrative)
    WHERE c.walks_back = 1 AND c.first_seen > :since AND KNOWN(c.first_seen) AND (
        t.carries = 1 OR EXISTS (
            SELECT 1 FROM tags AS old
            WHERE old.article = c.article AND old.narrative = :narrative AND old.version = c.before AND old.carries = 1
        )
    )
    ORDER BY c.first_seen, c.article, c.version
"""


def save(db: Database, alerts: Iterable[Alert]) -> None:
    """Store alerts; one that was given stays as it was given."""
    with saving(db):
        db.conn.executemany(
            "INSERT INTO alerts (id, narrative, kind, subject, at, contract, sentence, a_year, null_history)"
            " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (id) DO NOTHING",
            [
                (a.id, a.narrative, a.kind, a.subject, stamp(a.at), a.contract, a.sentence, a.a_year, a.null_history)
                for a in alerts
            ],
        )


def given(db: Database, narrative: str, *, as_of: datetime, since: datetime | None = None) -> list[Alert]:
    """The alerts on a narrative given after `since` and by `as_of`, oldest first."""
    rows = db.execute(
        "SELECT id, narrative, kind, subject, at, contract, sentence, a_year, null_history FROM alerts"
        " WHERE narrative = ? AND at <= ? AND at > ? ORDER BY at, id",
        [narrative, stamp(as_of), stamp(since) if since else ""],
    ).fetchall()
    return [
        Alert(
            id=name,
            narrative=of,
            kind=kind,
            subject=subject,
            at=from_stamp(at),
            contract=contract,
            sentence=sentence,
            a_year=a_year,
            null_history=null_history,
        )
        for name, of, kind, subject, at, contract, sentence, a_year, null_history in rows
    ]


def walked_back(db: Database, narrative: str, *, since: datetime, as_of: datetime) -> list[WalkBack]:
    """Articles that carried the narrative before or after a version that takes something back, seen in that time.

    The title is that of the version before.
    """
    asked = {"narrative": narrative, "since": stamp(since), "as_of": stamp(as_of)}
    return [
        WalkBack(article=article, version=version, source=source, title=title, marks=marks)
        for article, version, source, title, marks in db.execute(cut(_WALKED_BACK), asked).fetchall()
    ]


def press_since(db: Database, *, as_of: datetime) -> datetime | None:
    """When the first story that counts was first seen, None before that."""
    row = db.execute(
        cut("SELECT min(first_seen) FROM stories WHERE counts = 1 AND KNOWN(first_seen)"), {"as_of": stamp(as_of)}
    ).fetchone()
    return from_stamp(row[0]) if row and row[0] else None


def read_since(db: Database, *, as_of: datetime) -> datetime | None:
    """When the first article that was not imported was first seen, None before that."""
    row = db.execute(
        cut("SELECT min(first_seen) FROM articles WHERE imported = 0 AND KNOWN(first_seen)"), {"as_of": stamp(as_of)}
    ).fetchone()
    return from_stamp(row[0]) if row and row[0] else None

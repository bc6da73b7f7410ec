"""Briefings as they were written, in every form."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from core.clock import from_stamp, stamp
from store.database import Database, saving

FORMS = ("html", "text", "markdown", "json")


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredBriefing:
    """A briefing as it was saved. `contracts` maps each narrative to its contract's hash."""

    id: str
    as_of: datetime
    edition: str
    at: datetime
    subject: str
    contracts: dict[str, Any]
    renders: dict[str, str]


def save(
    db: Database,
    *,
    id: str,  # noqa: A002 -- the column's name, and keyword-only
    as_of: datetime,
    edition: str,
    contracts: Mapping[str, Any],
    subject: str,
    renders: Mapping[str, str],
    at: datetime,
) -> None:
    """Store a briefing in the forms that `renders` has (html, text, markdown, json).

    One with the same id is replaced, unless it has been queued for anybody: then it stays as it
    went out. `edition` names the scheduled briefing that it is, "" for one made on demand.
    """
    unknown = sorted(set(renders) - set(FORMS))
    if unknown:
        raise ValueError(f"no such form: {', '.join(unknown)}")
    with saving(db):
        if db.execute("SELECT 1 FROM deliveries WHERE briefing = ?", [id]).fetchone() and load(db, id):
            return
        db.execute(
            "INSERT OR REPLACE INTO briefings (id, as_of, edition, at, subject, contracts, html, text, markdown, json)"
            " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            [
                id,
                stamp(as_of),
                edition,
                stamp(at),
                subject,
                json.dumps(contracts, sort_keys=True, ensure_ascii=False),
                *(renders.get(form) for form in FORMS),
            ],
        )


def load(db: Database, id: str) -> StoredBriefing | None:  # noqa: A002 -- the column's name
    """The briefing with this id, or None."""
    return _one(db, "SELECT * FROM briefings WHERE id = ?", [id])


def latest(db: Database) -> StoredBriefing | None:
    """The briefing for the newest instant, or None."""
    return _one(db, "SELECT * FROM briefings ORDER BY as_of DESC, at DESC, id LIMIT 1", [])


def edition_exists(db: Database, edition: str) -> bool:
    """Whether the scheduled briefing of that name has been written."""
    return db.execute("SELECT 1 FROM briefings WHERE edition = ?", [edition]).fetchone() is not None


def _one(db: Database, sql: str, parameters: list[str]) -> StoredBriefing | None:
    for row in db.query(sql, parameters):
        return StoredBriefing(
            id=row["id"],
            as_of=from_stamp(row["as_of"]),
            edition=row["edition"],
            at=from_stamp(row["at"]),
            subject=row["subject"],
            contracts=json.loads(row["contracts"]),
            renders={form: row[form] for form in FORMS if row[form] is not None},
        )
    return None

"""Briefings as they were written, in every form."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from core.clock import from_stamp, stamp
from core.editions import edition_of
from store.database import Database, saving

FORMS = ("html", "text", "markdown", "json", "page")


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredBriefing:
    """A briefing as it was saved. `contracts` maps each narrative to its contract's hash.

    `held_back` says why it was mailed to nobody, "" where it was not held back.
    """

    id: str
    as_of: datetime
    edition: str
    at: datetime
    subject: str
    contracts: dict[str, Any]
    renders: dict[str, str]
    held_back: str = ""


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
    held_back: str = "",
    pictures: Mapping[str, bytes] | None = None,
) -> None:
    """Store a briefing in the forms that `renders` has (html, text, markdown, json, page), and its pictures.

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
            "INSERT OR REPLACE INTO briefings"
            " (id, as_of, edition, at, subject, contracts, held_back, html, text, markdown, json, page)"
            " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            [
                id,
                stamp(as_of),
                edition,
                stamp(at),
                subject,
                json.dumps(contracts, sort_keys=True, ensure_ascii=False),
                held_back,
                *(renders.get(form) for form in FORMS),
            ],
        )
        db.execute("DELETE FROM pictures WHERE briefing = ?", [id])
        db.conn.executemany(
            "INSERT INTO pictures (briefing, name, png) VALUES (?, ?, ?)",
            [(id, name, png) for name, png in sorted((pictures or {}).items())],
        )


def pictures_of(db: Database, briefing: str) -> dict[str, bytes]:
    """The pictures that a briefing's mail shows, as PNG by name."""
    rows = db.execute("SELECT name, png FROM pictures WHERE briefing = ? ORDER BY name", [briefing])
    return {name: bytes(png) for name, png in rows.fetchall()}


def load(db: Database, id: str) -> StoredBriefing | None:  # noqa: A002 -- the column's name
    """The briefing with this id, or None."""
    return _one(db, "SELECT * FROM briefings WHERE id = ?", [id])


def latest(db: Database) -> StoredBriefing | None:
    """The briefing for the newest instant, or None."""
    return _one(db, "SELECT * FROM briefings ORDER BY as_of DESC, at DESC, id LIMIT 1", [])


def edition_exists(db: Database, edition: str) -> bool:
    """Whether the scheduled briefing of that name has been written."""
    return db.execute("SELECT 1 FROM briefings WHERE edition = ?", [edition]).fetchone() is not None


def before(db: Database, edition: str, *, at: datetime) -> datetime | None:
    """The instant of the last briefing that an edition had before `at`, mailed or held back."""
    held = (
        from_stamp(as_of)
        for name, as_of in db.execute(
            "SELECT id, as_of FROM briefings WHERE edition <> '' AND as_of < ? ORDER BY as_of DESC", [stamp(at)]
        ).fetchall()
        if edition_of(name) == edition
    )
    return next(held, None)


def since(db: Database, moment: datetime) -> list[StoredBriefing]:
    """The briefings made for an instant after `moment`, the newest first."""
    sql = "SELECT * FROM briefings WHERE as_of > ? ORDER BY as_of DESC, id"
    return [_stored(row) for row in db.query(sql, [stamp(moment)])]


def newest(db: Database, limit: int) -> list[StoredBriefing]:
    """The briefings for the newest instants, the newest first, in text alone: all forms of a month are 20 MB."""
    sql = (
        "SELECT id, as_of, edition, at, subject, contracts, held_back, text FROM briefings"
        " ORDER BY as_of DESC, id LIMIT ?"
    )
    return [_stored(row) for row in db.query(sql, [limit])]


def held_back(db: Database, *, since: datetime) -> list[tuple[str, str]]:
    """The briefings since then that were mailed to nobody, and why, the newest first."""
    return db.execute(
        "SELECT id, held_back FROM briefings WHERE held_back <> '' AND as_of > ? ORDER BY as_of DESC, id",
        [stamp(since)],
    ).fetchall()


def _one(db: Database, sql: str, parameters: list[str]) -> StoredBriefing | None:
    return next((_stored(row) for row in db.query(sql, parameters)), None)


def _stored(row: Mapping[str, Any]) -> StoredBriefing:
    return StoredBriefing(
        id=row["id"],
        as_of=from_stamp(row["as_of"]),
        edition=row["edition"],
        at=from_stamp(row["at"]),
        subject=row["subject"],
        contracts=json.loads(row["contracts"]),
        renders={form: row[form] for form in FORMS if row.get(form) is not None},
        held_back=row["held_back"],
    )

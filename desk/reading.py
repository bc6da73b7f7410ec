"""What the pages show, read from the database without touching it."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import sqlite_utils
from sqlite_utils.utils import sqlite3  # type: ignore[attr-defined]  # the SQLite that sqlite-utils chose

from core.errors import StoreError

HISTORY = 90  # days
NEWEST = 20  # tagged articles on a narrative's page

Row = Mapping[str, Any]

_CONTRACTS = """
    SELECT narrative, hash, body FROM contracts AS c WHERE first_seen = (
        SELECT max(first_seen) FROM contracts WHERE narrative = c.narrative
    ) ORDER BY narrative
"""
_LAST_DAY = "SELECT * FROM narrative_days WHERE narrative = ? ORDER BY as_of DESC LIMIT 1"
_DAYS = "SELECT * FROM (SELECT * FROM narrative_days WHERE narrative = ? ORDER BY as_of DESC LIMIT ?) ORDER BY as_of"
_BOARD = "SELECT * FROM evidence_board WHERE narrative = ?"
_TAGGED = "SELECT * FROM tagged_articles WHERE narrative = ? ORDER BY first_seen DESC LIMIT ?"
_BRIEFINGS = "SELECT id, as_of, subject, held_back FROM briefings ORDER BY as_of DESC, id DESC LIMIT 400"
_ARTICLE = """
    SELECT a.id, a.source, a.url, a.first_seen, v.title FROM articles AS a
    JOIN article_versions AS v ON v.article = a.id AND v.version = a.version WHERE a.id = ?
"""
_TAG = "SELECT stance, probability FROM tagged_articles WHERE article = ? AND narrative = ?"
_PASSAGES = """
    SELECT DISTINCT s.text, s.example FROM evidence_spans AS s JOIN tagged_articles AS t USING (narrative, article, version, model)
    WHERE s.article = ? AND s.narrative = ? ORDER BY s.starts
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Subject:
    """A narrative as its contract in force states it, and its last day; None before the first verdict."""

    id: str
    title: str
    proposition: str
    counter: str
    steelman: str
    version: str
    last: Row | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Tagged:
    """An article and what the tagger says of it: `stance` None where it does not carry the narrative; `examples` by
    passage the contract's that it is like, "" where that was not kept."""

    article: Row
    stance: str | None
    probability: float | None
    passages: tuple[str, ...]
    examples: Mapping[str, str]


class Shelf:
    """The database, opened anew for each question and read only. Raises StoreError if it cannot be read."""

    def __init__(self, database: Path) -> None:
        self._database = database

    def subjects(self) -> list[Subject]:
        """Every narrative that a contract was ever in force for, by id."""
        return [self._subject(row) for row in self._rows(_CONTRACTS)]

    def subject(self, name: str) -> Subject | None:
        """One narrative."""
        return next((s for s in self.subjects() if s.id == name), None)

    def days(self, narrative: str) -> Sequence[Row]:
        """Its last HISTORY days, oldest first."""
        return self._rows(_DAYS, narrative, HISTORY)

    def board(self, narrative: str) -> Sequence[Row]:
        """What its checks say in the newest verdict."""
        return self._rows(_BOARD, narrative)

    def newest(self, narrative: str) -> Sequence[Row]:
        """The articles that carry it, the newest first."""
        return self._rows(_TAGGED, narrative, NEWEST)

    def briefings(self) -> Sequence[Row]:
        """The briefings that are kept, newest first."""
        return self._rows(_BRIEFINGS)

    def briefing(self, name: str, form: str) -> str | None:
        """One briefing in one form: `page` (or the mail, where none was kept), `text`, `markdown` or `json`."""
        column = {"page": "coalesce(page, html)", "text": "text", "markdown": "markdown", "json": "json"}[form]
        rows = self._rows(f"SELECT {column} AS told FROM briefings WHERE id = ?", name)  # noqa: S608 -- one of four
        return str(rows[0]["told"]) if rows and rows[0]["told"] is not None else None

    def tagged(self, narrative: str, article: str) -> Tagged | None:
        """An article beside its tag in force; None for one that is not there."""
        found = self._rows(_ARTICLE, article)
        if not found:
            return None
        tag = next(iter(self._rows(_TAG, article, narrative)), {"stance": None, "probability": None})
        said = {row["text"]: row["example"] for row in self._rows(_PASSAGES, article, narrative)}
        return Tagged(
            article=found[0],
            stance=tag["stance"],
            probability=tag["probability"],
            passages=tuple(said) or (found[0]["title"],),
            examples=said,
        )

    def _subject(self, row: Row) -> Subject:
        told = json.loads(row["body"])
        return Subject(
            id=row["narrative"],
            version=row["hash"],
            last=next(iter(self._rows(_LAST_DAY, row["narrative"])), None),
            **{part: told[part] for part in ("title", "proposition", "counter", "steelman")},
        )

    def _rows(self, sql: str, *values: object) -> list[Row]:
        try:
            uri = f"{self._database.resolve().as_uri()}?mode=ro"
            with sqlite_utils.Database(sqlite3.connect(uri, uri=True)) as db:
                return list(db.query(sql, values))
        except sqlite3.Error as error:
            raise StoreError(f"{self._database}: {error}") from error

"""Stored rows held against what they are made from again."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from sqlite_utils import Database as Fresh

from core.clock import stamp
from core.verdicts import Verdict
from store import verdicts
from store.database import Database
from store.migrations import migrations

DERIVED = {
    "pressures": (),
    "evidence": (),
    "verdicts": (),
    "readings": ("concede", "number"),
}  # with what else orders them

Reference = tuple[str, tuple[tuple[str, str], ...]]


def altered(db: Database, given: Iterable[Verdict]) -> list[str]:
    """Every stored figure of these verdicts' own instants that is not what the verdicts say.

    A narrative whose rows are not kept (they can be cleared) is passed over. The same code writes the
    verdicts into an empty database beside it, so that no second list of columns can fall behind.
    """
    beside = Fresh(memory=True)
    migrations.apply(beside)
    found: list[str] = []
    for verdict in given:
        verdicts.save(beside, verdict)
        key = [verdict.narrative, stamp(verdict.as_of), verdict.contract]
        for table in DERIVED:
            kept, made = _rows(db, table, key), _rows(beside, table, key)
            if kept:
                found += _differences(table, verdict.narrative, kept, made)
    beside.close()
    return found


def missing(db: Database, references: Iterable[Reference]) -> list[str]:
    """The references to which no stored row answers, in words. A derived row may have been cleared, and is passed over."""
    lost = []
    for table, key in references:
        if table in DERIVED or table == "wide_pressures":
            continue
        where = " AND ".join(f'"{column}" IS ?' for column, _ in key)
        if not db.execute(f'SELECT 1 FROM "{table}" WHERE {where}', [value for _, value in key]).fetchone():  # noqa: S608 -- names from our own model
            lost.append(f"{table} has no row with {', '.join(f'{column} {value}' for column, value in key)}")
    return lost


def _rows(db: Database, table: str, key: list[str]) -> list[dict[str, Any]]:
    order = ", ".join(f'"{column}"' for column in (*DERIVED[table], "narrative"))
    where = "narrative = ? AND as_of = ? AND contract = ?"
    return list(db.table(table).rows_where(where, key, order_by=order))


def _differences(table: str, narrative: str, kept: list[dict[str, Any]], made: list[dict[str, Any]]) -> Iterator[str]:
    if len(kept) != len(made):
        yield f"{table} of {narrative}: {len(kept)} rows are stored, {len(made)} are made"
    for was, now in zip(kept, made, strict=False):
        name = f" ({now['check']})" if "check" in now else ""
        for column, value in now.items():
            if was.get(column) != value:
                yield f"{table} of {narrative}{name}, {column}: stored {was.get(column)!r}, the rows give {value!r}"

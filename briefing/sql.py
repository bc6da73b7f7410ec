"""The SQL that gives the rows behind a sentence, for a reader with the database and any client."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import groupby

from briefing.model import Ref

MOST = 60  # rows a statement names; a sentence over more of them says how many are left


def queries(refs: Iterable[Ref]) -> tuple[str, ...]:
    """One SELECT for each table and set of key columns among `refs`, in their order."""
    held = sorted(dict.fromkeys(refs), key=_shape)
    return tuple(_select(*shape, list(rows)) for shape, rows in groupby(held, key=_shape))


def _shape(ref: Ref) -> tuple[str, tuple[str, ...]]:
    return ref.table, tuple(column for column, _ in ref.key)


def _select(table: str, columns: tuple[str, ...], rows: list[Ref]) -> str:
    first = rows[0].key
    shared = [(c, v) for c, v in first if all((c, v) in row.key for row in rows)]
    own = [c for c in columns if c not in {name for name, _ in shared}]
    where = [f'"{c}" = {_quoted(v)}' for c, v in shared]
    if own:
        each = [[_quoted(dict(row.key)[c]) for c in own] for row in rows[:MOST]]
        if len(own) == 1:
            where.append(f'"{own[0]}" IN ({", ".join(values[0] for values in each)})')
        else:
            tuples = ", ".join(f"({', '.join(values)})" for values in each)
            names = ", ".join(f'"{c}"' for c in own)
            where.append(f"({names}) IN (VALUES {tuples})")
    left = f" -- and {len(rows) - MOST} more" if own and len(rows) > MOST else ""
    return f'SELECT * FROM "{table}" WHERE {" AND ".join(where) or "1"};{left}'  # noqa: S608 -- printed for a reader, never run by us; names are of our own model


def _quoted(value: str) -> str:
    return "'" + value.replace("'", "''") + "'"

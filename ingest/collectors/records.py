"""CSV and JSON answers as one thing: named columns, and records with a text, number or None in each."""

from __future__ import annotations

import csv
import io
import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from pydantic_core import from_json

from core.errors import FormatError

Record = Mapping[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """The records of one answer, and the columns that at least one of them has."""

    url: str
    body: bytes
    columns: frozenset[str]
    records: tuple[Record, ...]

    def fault(self, reason: str, field: str) -> FormatError:
        """This answer is not what it should be, at `field`."""
        return FormatError(reason, url=self.url, field=field, sample=self.body)

    def must_have(self, names: Iterable[str]) -> None:
        """Raise FormatError for the first of `names` that is no column."""
        for name in names:
            if name not in self.columns:
                raise self.fault("there is no such column", name)


class Index:
    """Records by what stands in a column, so that thirty series do not each read fifty thousand rows."""

    def __init__(self, table: Table) -> None:
        self._table = table
        self._by: dict[str, dict[str | float, list[Record]]] = {}

    def matching(self, where: Mapping[str, Any], without: Mapping[str, Any]) -> list[Record]:
        """The records in which every column of `where`, and none of `without`, has (one of) its values."""
        records: Iterable[Record] = self._table.records
        tests = [(column, _values(wanted)) for column, wanted in where.items()]
        if tests:
            column, values = tests.pop(0)
            groups = self._grouped(column)
            records = [record for value in values for record in groups.get(value, ())]
        unwanted = [(column, _values(value)) for column, value in without.items()]
        return [
            record
            for record in records
            if all(plain(record.get(column)) in values for column, values in tests)
            and not any(plain(record.get(column)) in values for column, values in unwanted)
        ]

    def _grouped(self, column: str) -> Mapping[str | float, list[Record]]:
        if column not in self._by:
            groups = self._by[column] = {}
            for record in self._table.records:
                groups.setdefault(plain(record.get(column)), []).append(record)
        return self._by[column]


def _values(wanted: Any) -> tuple[str | float, ...]:
    return tuple(dict.fromkeys(plain(one) for one in (wanted if isinstance(wanted, tuple) else (wanted,))))


def from_csv(body: bytes, *, url: str, delimiter: str, comment: str) -> Table:
    """Rows under a header. Lines that begin with `comment` (unless "") and empty lines are passed over.

    Raises FormatError for bytes that are not UTF-8, no header, a twice-named column, or a row with
    more or fewer cells than the header.
    """
    try:
        lines = io.StringIO(body.decode("utf-8-sig"), newline="")
        kept = (line for line in lines if not (comment and line.startswith(comment)))
        rows = [row for row in csv.reader(kept, delimiter=delimiter, strict=True) if row]
    except (UnicodeDecodeError, csv.Error) as error:
        raise FormatError(f"is not CSV ({error})", url=url, sample=body) from error
    if not rows:
        raise FormatError("is empty", url=url, field="header", sample=body)
    header = [name.strip() for name in rows[0]]
    if len(set(header)) < len(header):
        raise FormatError(f"a column stands twice in {','.join(header)[:80]!r}", url=url, field="header", sample=body)
    for number, row in enumerate(rows[1:], start=1):
        if len(row) != len(header):
            reason = f"has {len(row)} cells where the header has {len(header)}"
            raise FormatError(reason, url=url, field=f"row {number}", sample=body)
    records = tuple(dict(zip(header, row, strict=True)) for row in rows[1:])
    return Table(url=url, body=body, columns=frozenset(header), records=records)


def from_json_at(body: bytes, *, url: str, path: str) -> Table:
    """The list of objects at the dotted `path` ("" is the whole answer, a number an index of a list).

    Raises FormatError for what is not JSON, a path that leads nowhere, or anything but objects there.
    """
    try:
        node = from_json(body, allow_inf_nan=False)
    except ValueError as error:
        raise FormatError(f"is not JSON ({error})", url=url, sample=body) from error
    way: list[str] = []
    for step in path.split(".") if path else []:
        way.append(step)
        try:
            node = node[int(step)] if isinstance(node, list) else node[step]
        except (KeyError, IndexError, TypeError, ValueError) as error:
            raise FormatError("leads nowhere", url=url, field=".".join(way), sample=body) from error
    if not isinstance(node, list) or not all(isinstance(record, dict) for record in node):
        raise FormatError("is not a list of objects", url=url, field=path or "answer", sample=body)
    columns = frozenset(name for record in node for name in record)
    return Table(url=url, body=body, columns=columns, records=tuple(node))


def plain(cell: Any) -> str | float:
    """A cell fit to be compared: a number where it reads as one, so that `8`, `8.0` and "8" agree."""
    text = str(cell).strip()
    value = number(text)
    return text if value is None else value


def number(cell: Any) -> float | None:
    """A finite number, or None for anything that does not read as one (`1_000` and `True` do not)."""
    if isinstance(cell, bool) or "_" in str(cell):
        return None
    try:
        value = float(cell)
    except (TypeError, ValueError, OverflowError):
        return None
    return value if math.isfinite(value) else None

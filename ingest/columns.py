"""History in a CSV file -> observations, each counted as first seen by its publication rule."""

from __future__ import annotations

import calendar
import csv
import math
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from statistics import fmean, median

from core.errors import InputError
from core.imports import Column, Table
from core.series import Observation

MISSING = frozenset({"", ".", "na", "n/a", "nan", "null", "none"})
TAKES: Mapping[str, Callable[[Sequence[float]], float]] = {
    "mean": fmean,
    "median": median,
    "min": min,
    "max": max,
    "sum": math.fsum,
    "count": len,
    "spread": lambda numbers: max(numbers) - min(numbers),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Imported:
    """What a file gave for one series: observations in the order of time, and those outside their range."""

    series: str
    observations: tuple[Observation, ...]
    refused: tuple[Observation, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """How the values of one series are dated and judged: known `lag` after their time, within `plausible`."""

    lag: timedelta
    plausible: tuple[float, float] | None = None


def read(
    lines: Iterable[str], table: Table, rules: Mapping[str, Rule], *, name: str, now: datetime
) -> tuple[Imported, ...]:
    """The series of a table, each with its rule; a value counts as first seen at most `now`.

    Raises InputError with file, line and column for a column that is not there, a date or a number
    that is none, and two rows of one date without a `take`. Rows without a number are passed over.
    """
    kept: dict[str, dict[datetime, list[float]]] = {series: {} for series in table.series}
    moments: dict[str, datetime] = {}
    for line, row in _rows(lines, table, name):
        wanted = [
            (series, column)
            for series, column in table.series.items()
            if all(row[key] == value for key, value in column.where.items())
        ]
        for series, column in wanted:
            number = _number(row, column, name=name, line=line)
            if number is None:
                continue
            text = row[table.date]
            moment = moments.get(text) or moments.setdefault(text, _moment(text, table, name=name, line=line))
            numbers = kept[series].setdefault(moment, [])
            if numbers and column.take is None:
                raise _fault(
                    f"is the second value of {series} for {text}, and no take says which", name, line, column.value
                )
            numbers.append(number)
    return tuple(
        _imported(series, kept[series], column, rules[series], now=now) for series, column in table.series.items()
    )


def _rows(lines: Iterable[str], table: Table, name: str) -> Iterator[tuple[int, dict[str, str]]]:
    numbered = [(n, text) for n, text in enumerate(lines, start=1) if text.strip() and not text.startswith("#")]
    reader = csv.reader(text for _, text in numbered)
    try:
        heading = [cell.strip().removeprefix("\ufeff") for cell in next(reader, [])]
        _has_columns(heading, table, name, numbered[0][0] if numbered else 1)
        for cells in reader:
            line = numbered[reader.line_num - 1][0]
            if len(cells) != len(heading):
                raise _fault(f"has {len(cells)} cells, and the heading {len(heading)}", name, line)
            yield line, dict(zip(heading, (cell.strip() for cell in cells), strict=True))
    except csv.Error as error:
        raise _fault(str(error), name, numbered[max(reader.line_num - 1, 0)][0]) from error


def _has_columns(heading: Sequence[str], table: Table, name: str, line: int) -> None:
    for column in table.series.values():
        for wanted in (table.date, *column.where, column.value, *([column.per] if column.per else [])):
            if wanted not in heading:
                raise _fault(f"there is no such column, only {', '.join(heading)}", name, line, wanted)


def _number(row: Mapping[str, str], column: Column, *, name: str, line: int) -> float | None:
    if column.take == "count":
        return 1.0
    numbers = []
    for wanted in (column.value, *([column.per] if column.per else [])):
        text = row[wanted]
        if text.lower() in MISSING:
            return None
        try:
            number = float(text)
        except ValueError:
            raise _fault(f"{text[:40]!r} is not a number", name, line, wanted) from None
        if not math.isfinite(number):
            raise _fault(f"{text[:40]!r} is not a finite number", name, line, wanted)
        numbers.append(number)
    if len(numbers) > 1 and numbers[1] <= 0:
        raise _fault(f"{numbers[1]:g} is nothing to divide by", name, line, column.per or "")
    return numbers[0] / numbers[1] if len(numbers) > 1 else numbers[0]


def _moment(text: str, table: Table, *, name: str, line: int) -> datetime:
    try:
        time = (
            datetime.strptime(text, table.date_format)  # noqa: DTZ007 -- UTC is put in below
            if table.date_format
            else datetime.fromisoformat(text)
        )
    except ValueError:
        form = table.date_format or "2026-04-15"
        raise _fault(f"{text[:40]!r} is no date of the form {form}", name, line, table.date) from None
    time = time.replace(tzinfo=UTC) if time.tzinfo is None else time.astimezone(UTC)
    return time.replace(day=calendar.monthrange(time.year, time.month)[1]) if table.month_end else time


def _imported(
    series: str, kept: Mapping[datetime, Sequence[float]], column: Column, rule: Rule, *, now: datetime
) -> Imported:
    made = [
        Observation(
            series=series,
            time=time,
            value=float(TAKES[column.take](numbers)) if column.take else numbers[0],
            first_seen=min(now, time + rule.lag),
            imported=True,
        )
        for time, numbers in sorted(kept.items())
    ]
    low, high = rule.plausible or (-math.inf, math.inf)
    return Imported(
        series=series,
        observations=tuple(o for o in made if low <= o.value <= high),
        refused=tuple(o for o in made if not low <= o.value <= high),
    )


def _fault(message: str, name: str, line: int, column: str = "") -> InputError:
    return InputError(f"{name}:{line}: {column}: {message}" if column else f"{name}:{line}: {message}")

"""Any table over HTTP, CSV or JSON, with its columns mapped to series by the settings.

Of a source, `options`:
  format        csv (the default) or json
  delimiter     of CSV, "," by default;  comment: lines that begin with it are passed over, "#" by default
  records       JSON: the dotted path to the list of objects, e.g. data.rows
  date          the column that dates a record;  date_format: as strptime has it, ISO 8601 by default
  month_end     true: a date that names a month stands for its last day
  undated       true instead of `date`: the table is a snapshot, and its values are of the visit
  hindsight     true: the table was put together later and shows a value before it was published;
                it is passed over until its `lag` has passed
  missing       cells that mean "no value", by default "", ".", "NA", "N/A", "null"
Of a series, `options`:
  where, not    {column: value or [values]}: all of the first must hold, and none of the second
  value         the column with the number, or several that are added up
  per           a column to divide by, e.g. the number of GPUs that the price is for
  off           a column with the list price: the value is by how many percent `value` is below it;
                where no record has a `value`, there is "no spot market"
  take          median, mean, min, max, sum of the records that share a date; count of them; distinct
                values among them. Without it two records of one date are a fault: which is meant?
  trailing      N: the sum over the N days that end on a date (daily values; if at least nine tenths
                of the days are there, their mean times N, otherwise nothing)
`value`, `per`, `off`, `take` and `trailing` may stand in the source's options, for all its series.
A `{key}` in the source's address is filled with each series' key, one request per key.
"""

from __future__ import annotations

import calendar
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from statistics import fmean, median
from typing import Annotated, Literal
from urllib.parse import quote

from pydantic import Field, model_validator

from core.settings import SeriesSettings, SourceSettings
from core.yaml import Strict
from ingest.collectors.collector import DAYS, Found, OptionError, Request, Value, Visit, options
from ingest.collectors.records import Index, Record, Table, from_csv, from_json_at, number

PRESENT = 0.9  # a day lost out of ten is a server's hiccup; more would make the sum a guess

Take = Literal["median", "mean", "min", "max", "sum", "count", "distinct"]
TAKES: Mapping[str, Callable[[Sequence[float]], float]] = {
    "median": median,
    "mean": fmean,
    "min": min,
    "max": max,
    "sum": sum,
}
Columns = str | tuple[str, ...]
Cell = str | bool | int | float
Filter = dict[str, Cell | tuple[Cell, ...]]


class _Common(Strict):
    value: Columns = ()
    per: str | None = None
    off: str | None = None
    take: Take | None = None
    trailing: Annotated[int, Field(ge=2, le=400)] | None = None


class _Series(_Common):
    where: Filter = Field(default_factory=dict)
    not_: Annotated[Filter, Field(alias="not")] = Field(default_factory=dict)

    @property
    def columns(self) -> tuple[str, ...]:
        return (self.value,) if isinstance(self.value, str) else self.value

    @property
    def all_columns(self) -> tuple[str, ...]:
        return (*self.columns, *(column for column in (self.per, self.off) if column))

    @model_validator(mode="after")
    def _says_what_to_take(self) -> _Series:
        if not self.columns and self.take != "count":
            raise ValueError("needs a value column (or take: count)")
        if self.take == "distinct" and len(self.columns) != 1:
            raise ValueError("take: distinct needs one value column")
        if self.off and (self.per or self.take in ("count", "distinct")):
            raise ValueError("off goes with neither per nor take: count or distinct")
        return self


class _Source(_Common):
    format: Literal["csv", "json"] = "csv"
    delimiter: Annotated[str, Field(min_length=1, max_length=1)] = ","
    comment: str = "#"
    records: str = ""
    date: str | None = None
    date_format: str | None = None
    month_end: bool = False
    undated: bool = False
    hindsight: bool = False
    missing: tuple[str, ...] = ("", ".", "NA", "N/A", "null")

    @model_validator(mode="after")
    def _is_dated_or_not(self) -> _Source:
        if (self.date is None) != self.undated:
            raise ValueError("needs either the date column's name or `undated: true`")
        if self.date_format:
            try:
                _moment(datetime(2000, 1, 1, tzinfo=UTC).strftime(self.date_format), self)
            except ValueError as error:
                raise ValueError(f"date_format: {error}") from None
        return self


def check(source: SourceSettings) -> None:
    """Options as above, and a key for every series if the address has `{key}` in it."""
    _source(source)
    for name, series in source.series.items():
        _series(source, name)
        if "{key}" in source.url and not series.key:
            raise OptionError("is missing, and the address has {key}", "series", name, "key")


def requests(visit: Visit) -> Sequence[Request]:
    """One address, or one for each key."""
    return [Request(url=_url(visit.source, series), series=(name,)) for name, series in visit.source.series.items()]


def read(visit: Visit, request: Request, body: bytes) -> Found:
    """The values of each series; raises FormatError naming the column, or the column and what stands in it."""
    wanted = _source(visit.source)
    table = (
        from_csv(body, url=request.url, delimiter=wanted.delimiter, comment=wanted.comment)
        if wanted.format == "csv"
        else from_json_at(body, url=request.url, path=wanted.records)
    )
    if not table.records:
        return Found(faults=tuple((name, "not listed") for name in request.series))
    if wanted.date is not None:
        table.must_have([wanted.date])
    index = Index(table)
    values: list[Value] = []
    faults: list[tuple[str, str]] = []
    for name in request.series:
        series = _series(visit.source, name)
        table.must_have((*series.where, *series.not_, *series.all_columns))
        dated = _by_date(index.matching(series.where, series.not_), table, wanted)
        crowded = next((time for time, records in dated.items() if len(records) > 1), None)
        if crowded is not None and series.take is None:
            faults.append((name, f"{len(dated[crowded])} records of one date, and no `take`"))
            continue
        found = {
            time: value
            for time, records in dated.items()
            if (value := _taken(records, series, table, wanted.missing)) is not None
        }
        if series.trailing:
            found = _trailing(found, series.trailing)
        if wanted.hindsight:
            latest = visit.now - visit.source.series[name].lag
            found = {time: value for time, value in found.items() if time is None or time <= latest}
        values += [Value(series=name, value=value, time=time) for time, value in found.items()]
        if not dated:
            faults.append((name, "not listed"))
        elif series.off and not found:
            faults.append((name, "no spot market"))
    return Found(values=tuple(values), faults=tuple(faults))


def _by_date(records: Iterable[Record], table: Table, wanted: _Source) -> dict[datetime | None, list[Record]]:
    """Records by the time they are for (None: of the visit), dates in the order in which they come."""
    dated: dict[datetime | None, list[Record]] = {}
    known: dict[str, datetime] = {}
    for record in records:
        time = None
        if wanted.date is not None:
            text = str(record.get(wanted.date)).strip()
            try:
                time = known.get(text) or known.setdefault(text, _moment(text, wanted))
            except ValueError as error:
                raise table.fault(f"{text[:40]!r} is no date of the form it had", wanted.date) from error
        dated.setdefault(time, []).append(record)
    return dated


def _moment(text: str, wanted: _Source) -> datetime:
    time = (
        datetime.strptime(text, wanted.date_format)  # noqa: DTZ007 -- UTC is put in below
        if wanted.date_format
        else datetime.fromisoformat(text)
    )
    if not DAYS[0] <= time.date() <= DAYS[1]:
        raise ValueError(f"{time.year} is no year of ours")
    time = time.replace(tzinfo=UTC) if time.tzinfo is None else time.astimezone(UTC)
    return time.replace(day=calendar.monthrange(time.year, time.month)[1]) if wanted.month_end else time


def _taken(records: Sequence[Record], series: _Series, table: Table, missing: tuple[str, ...]) -> float | None:
    """One number for the records of one date, or None if none of them has one."""
    if series.take == "count":
        return float(len(records))
    if series.take == "distinct":
        texts = {str(record.get(series.columns[0])).strip() for record in records}
        return float(len(texts - {*missing, "None"})) or None
    numbers = [n for record in records if (n := _number(record, series, table, missing)) is not None]
    if not numbers:
        return None
    return float(TAKES[series.take](numbers)) if series.take else numbers[0]


def _number(record: Record, series: _Series, table: Table, missing: tuple[str, ...]) -> float | None:
    numbers: dict[str, float] = {}
    for column in series.all_columns:
        cell = record.get(column)
        if cell is None or (isinstance(cell, str) and cell.strip() in missing):
            return None
        value = number(cell)
        if value is None:
            raise table.fault(f"{str(cell)[:40]!r} is not a number", column)
        numbers[column] = value
    below = series.per or series.off or ""
    size = numbers[below] if below else 1.0
    if size <= 0:
        raise table.fault(f"{size:g} is nothing to divide by", below)
    value = sum(numbers[column] for column in series.columns) / size
    return 100 * (1 - value) if series.off else value


def _trailing(daily: Mapping[datetime | None, float], days: int) -> dict[datetime | None, float]:
    sums: dict[datetime | None, float] = {}
    for end in daily:
        if end is not None:
            window = [daily[day] for k in range(days) if (day := end - timedelta(days=k)) in daily]
            if len(window) >= PRESENT * days:
                sums[end] = fmean(window) * days
    return sums


def _source(source: SourceSettings) -> _Source:
    return options(_Source, source.options, "options")


def _series(source: SourceSettings, name: str) -> _Series:
    shared = {key: source.options[key] for key in _Common.model_fields if key in source.options}
    return options(_Series, {**shared, **source.series[name].options}, "series", name, "options")


def _url(source: SourceSettings, series: SeriesSettings) -> str:
    return source.url.replace("{key}", quote(series.key, safe=""))

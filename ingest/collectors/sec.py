"""What companies report to the SEC, by quarter: EDGAR's XBRL companyconcept, one JSON a company and tag.

Series    whatever the settings name: capex.X, depreciation.X, operating_cash.X, revenue.X, gross_profit.X ...
          in `unit`, dated the last day of the fiscal quarter. Key: the company's CIK. Option `tags`: the
          us-gaap tags that tell it, the best first, for a company changes its tag now and then.
Cadence   four times a year, 25 to 45 days after a quarter (60 after a year). A visit a day is plenty.
Rule      a value can be known at the end of the day (UTC) on which it was filed; a later filing that says
          something else of the same quarter is a later vintage. `lag` is not used.
Terms     https://www.sec.gov/os/accessing-edgar-data : no key, a contact in the User-Agent (the client
          sends `fetch.contact`), at most ten requests a second (the client's default is one).

A fact of about 13 weeks is a quarter as it is. Cash flows, and every fourth quarter, are told only as
the year to date: then a quarter is the fact to its end less the fact of the same start that ends a
quarter before, as that stood when the longer one was filed, since a filing restates all its periods or
none. Where a quarter is told directly, differences do not count.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, date, datetime, time, timedelta
from itertools import groupby
from typing import Annotated, NamedTuple

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from core.errors import FormatError
from core.settings import SourceSettings
from core.yaml import Strict
from ingest.collectors.collector import DAYS, HISTORY, Found, OptionError, Request, Value, Visit, changed, options

QUARTER = range(80, 101)  # days: 12 to 14 weeks, for a year of 53 weeks has one of 14
FILED = timedelta(days=1)  # EDGAR dates what comes after 17:30 in New York to the next day

Day = Annotated[date, Field(ge=DAYS[0], le=DAYS[1])]


class _Fact(BaseModel):
    model_config = ConfigDict(extra="ignore", frozen=True)
    start: Day | None = None  # a balance has none
    end: Day
    val: Annotated[float, Field(allow_inf_nan=False)]
    filed: Day


class _Concept(BaseModel):
    model_config = ConfigDict(extra="ignore", frozen=True)
    cik: int
    tag: str
    units: dict[str, list[_Fact]]


class _Series(Strict):
    tags: Annotated[tuple[Annotated[str, Field(pattern=r"^[A-Za-z0-9]+$")], ...], Field(min_length=1)]


class Quarter(NamedTuple):
    """A quarter to `end`, as a filing of `filed` had it."""

    end: date
    filed: date
    value: float
    derived: bool


def check(source: SourceSettings) -> None:
    """Every series needs the company's CIK as its key, and its `tags`."""
    if source.options:
        raise OptionError("the collector 'sec' knows no options here", "options")
    for name, series in source.series.items():
        if not series.key.isdecimal() or len(series.key) > 10:
            raise OptionError("must be the company's CIK, a number of at most ten digits", "series", name, "key")
        _tags(source, name)


def requests(visit: Visit) -> Sequence[Request]:
    """One address for each company and tag; that a company does not use a tag is no fault."""
    base = visit.source.url.rstrip("/")
    return [
        Request(url=f"{base}/CIK{int(series.key):010d}/us-gaap/{tag}.json", series=(name,), may_lack=True)
        for name, series in visit.source.series.items()
        for tag in _tags(visit.source, name)
    ]


def read(visit: Visit, request: Request, body: bytes) -> Found:
    """The quarters since 2014 with their vintages; raises FormatError naming the field."""
    try:
        concept = _Concept.model_validate_json(body)
    except ValidationError as error:
        raise changed(error, url=request.url, body=body) from error
    values: list[Value] = []
    for name in request.series:
        series = visit.source.series[name]
        for field, asked, told in (("cik", int(series.key), concept.cik), ("tag", _tag(request), concept.tag)):
            if asked != told:
                raise FormatError(f"asked for {asked}, answered {told}", url=request.url, field=field, sample=body)
        if series.unit not in concept.units:
            said = f"has {', '.join(concept.units) or 'nothing'}, not {series.unit}"
            raise FormatError(said, url=request.url, field="units", sample=body)
        rank = 2 * _tags(visit.source, name).index(concept.tag)
        values += [
            Value(
                series=name,
                value=quarter.value,
                time=_midnight(quarter.end),
                published=_midnight(quarter.filed) + FILED,
                rank=rank + quarter.derived,
            )
            for quarter in quarters(concept.units[series.unit])
            if quarter.end >= HISTORY
        ]
    return Found(values=tuple(values))


def quarters(facts: Iterable[_Fact]) -> Iterator[Quarter]:
    """Every quarter that the facts tell, directly or as a difference, once for each filing that tells it."""
    dated = sorted((f for f in facts if f.start), key=lambda f: (f.start or f.end, f.end, f.filed))
    for start, of_start in groupby(dated, key=lambda f: f.start):
        spans = {end: list(told) for end, told in groupby(of_start, key=lambda f: f.end)}
        for end, told in spans.items():
            if start and (end - start).days + 1 in QUARTER:
                yield from (Quarter(end, f.filed, f.val, derived=False) for f in told)
                continue
            for before, shorter in spans.items():
                if (end - before).days in QUARTER:
                    yield from _differences(told, shorter)


def _differences(longer: Sequence[_Fact], shorter: Sequence[_Fact]) -> Iterator[Quarter]:
    for fact in longer:
        known = [s.val for s in shorter if s.filed <= fact.filed]
        if known:
            yield Quarter(fact.end, fact.filed, fact.val - known[-1], derived=True)


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time(), UTC)


def _tags(source: SourceSettings, name: str) -> tuple[str, ...]:
    return options(_Series, source.series[name].options, "series", name, "options").tags


def _tag(request: Request) -> str:
    return request.url.rpartition("/")[2].removesuffix(".json")

"""CloudPing: how long a round trip between two of Amazon's regions takes, `api.cloudping.co/averages`.

A series, whose id is free (`latency.inter_region`), is the median over the pairs of regions between
the groups of `options.regions` (beginnings of region names, by default us- and eu-), in milliseconds,
the two directions of a pair counted apart and a region's round trip to itself left out. `options.pairs`
is the least number of pairs for a value (20 by default), so that a region that is not measured for a
day moves the median by little, and one that stays dark is a fault.

Cadence: CloudPing pings every six hours; once a day is plenty. Publication rule: the average of the
last 24 hours, undated, so of the visit. No key for this address; the newer /latencies wants one.
Terms: a volunteer's service without promises, https://www.cloudping.co
"""

from __future__ import annotations

from collections.abc import Sequence
from statistics import median
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, TypeAdapter, ValidationError

from core.settings import SourceSettings
from core.yaml import Strict
from ingest.collectors.collector import Found, Request, Value, Visit, changed, options


class _Options(Strict):
    regions: Annotated[tuple[str, ...], Field(min_length=1)] = ("us-", "eu-")
    pairs: Annotated[int, Field(ge=1)] = 20


class _Part(BaseModel):
    model_config = ConfigDict(extra="ignore", frozen=True)


class _To(_Part):
    regionTo: str  # noqa: N815 -- CloudPing's spelling, kept so that a fault names CloudPing's field
    average: Annotated[float, Field(gt=0, le=10_000, allow_inf_nan=False)] | None


class _From(_Part):
    region: str
    averages: list[_To]


ANSWER = TypeAdapter(Annotated[list[_From], Field(min_length=1)])


def check(source: SourceSettings) -> None:
    """A series may name the regions it is about, and the least number of pairs."""
    for name in source.series:
        _options(source, name)


def requests(visit: Visit) -> Sequence[Request]:
    """One address serves all."""
    return [Request(url=visit.source.url, series=tuple(visit.source.series))]


def read(visit: Visit, request: Request, body: bytes) -> Found:
    """The median of each series; raises FormatError naming the field."""
    try:
        answer = ANSWER.validate_json(body)
    except ValidationError as error:
        raise changed(error, url=request.url, body=body) from error
    values, faults = [], []
    for name in request.series:
        wanted = _options(visit.source, name)
        trips = [
            to.average
            for start in answer
            for to in start.averages
            if start.region.startswith(wanted.regions) and to.regionTo.startswith(wanted.regions)
            if start.region != to.regionTo and to.average is not None
        ]
        if len(trips) >= wanted.pairs:
            values.append(Value(series=name, value=median(trips), time=None))
        else:
            faults.append((name, f"only {len(trips)} pairs of regions, and {wanted.pairs} are needed"))
    return Found(values=tuple(values), faults=tuple(faults))


def _options(source: SourceSettings, name: str) -> _Options:
    return options(_Options, source.series[name].options, "series", name, "options")

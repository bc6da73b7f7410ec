"""FRED's API with ALFRED's vintages: what was known of a series, and since when. Needs a key.

Series    as `fred`, whose keys and ids it takes: to change over, change `collector`, `url` and `options`.
Cadence   as each series has it.
Rule      ALFRED's: a value can be known at the end (UTC) of the day on which its real-time period begins, and
          a revision is a later vintage. What was known before 2014 already goes by the series' `lag`.
Terms     https://fred.stlouisfed.org/docs/api/terms_of_use.html : a free key, in the environment variable that
          the option `key_env` names; without it the source is passed over and says so. 120 requests a minute.

An answer holds at most 2000 vintage dates, or the API refuses, so the past is asked for in stretches of
five years; and 100,000 rows, of which 50,000 are asked for at once (4.5 MB; NFCI, which restates all of its
history every week, has 170,000 in five years). Values that stood when a stretch began come again in it.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, date, datetime, time, timedelta
from typing import Annotated

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, ValidationError

from core.settings import SourceSettings
from core.yaml import Strict
from ingest.collectors.collector import (
    DAYS,
    HISTORY,
    Found,
    NotReadyError,
    OptionError,
    Request,
    Value,
    Visit,
    address,
    changed,
    options,
)

STRETCH = timedelta(days=1826)  # one vintage a day at most, so never over 2000
REVISED = timedelta(days=400)  # as `fred`
ROWS = 50_000
DAY_OVER = timedelta(days=1)
MISSING = (".", "")

Day = Annotated[date, BeforeValidator(date.fromisoformat), Field(ge=DAYS[0], le=DAYS[1])]


class _Options(Strict):
    key_env: Annotated[str, Field(pattern=r"^[A-Z][A-Z0-9_]*$")]


class _Row(BaseModel):
    model_config = ConfigDict(extra="ignore", frozen=True)
    realtime_start: Day
    date: Day
    value: Annotated[
        Annotated[float, Field(allow_inf_nan=False)] | None, BeforeValidator(lambda v: None if v in MISSING else v)
    ]


class _Answer(BaseModel):
    model_config = ConfigDict(extra="ignore", frozen=True)
    count: Annotated[int, Field(ge=0)]
    offset: Annotated[int, Field(ge=0)] = 0
    observations: list[_Row]


def check(source: SourceSettings) -> None:
    """The name of the key's variable, and FRED's id as the key of every series."""
    options(_Options, source.options, "options")
    for name, series in source.series.items():
        if not series.key:
            raise OptionError("is missing: the source's own name for it", "series", name, "key")
        if series.options:
            raise OptionError("the collector 'fred_api' knows no options", "series", name, "options")


def requests(visit: Visit) -> Sequence[Request]:
    """All vintages since 2014 at first, later those of the last 400 days; raises NotReadyError without a key."""
    variable = options(_Options, visit.source.options, "options").key_env
    if not visit.secrets.get(variable):
        raise NotReadyError(f"no key in {variable}")
    found = []
    for name in visit.source.series:
        held = visit.held.get(name)
        oldest = begin = HISTORY if held is None else max(HISTORY, (held - REVISED).date())
        while begin <= visit.now.date():
            found.append(_request(visit, name, oldest=oldest, begin=begin))
            begin += STRETCH
    return found


def read(visit: Visit, request: Request, body: bytes) -> Found:
    """The values with their vintages, and the next page if there is one; raises FormatError naming the field."""
    try:
        answer = _Answer.model_validate_json(body)
    except ValidationError as error:
        raise changed(error, url=request.url, body=body) from error
    values = tuple(
        Value(series=name, value=row.value, time=_midnight(row.date), published=_published(row, request))
        for name in request.series
        for row in answer.observations
        if row.value is not None and row.date >= HISTORY
    )
    following = answer.offset + len(answer.observations)
    more = answer.observations and following < answer.count
    return Found(values=values, more=(_page(request, following, visit),) if more else ())


def _published(row: _Row, request: Request) -> datetime | None:
    """When a value could be known; None where the first stretch cut its real-time period short."""
    known_before = row.realtime_start <= HISTORY and request.since == HISTORY
    return None if known_before else _midnight(row.realtime_start) + DAY_OVER


def _request(visit: Visit, name: str, *, oldest: date, begin: date) -> Request:
    end = begin + STRETCH - timedelta(days=1)
    url = address(
        visit.source.url,
        series_id=visit.source.series[name].key,
        file_type="json",
        observation_start=oldest.isoformat(),
        realtime_start=begin.isoformat(),
        realtime_end=end.isoformat() if end < visit.now.date() else "9999-12-31",
        limit=str(ROWS),
    )
    return Request(url=url, series=(name,), since=begin, secret=_secret(visit))


def _page(request: Request, offset: int, visit: Visit) -> Request:
    base = request.url.partition("&offset=")[0]
    return Request(
        url=address(base, offset=str(offset)), series=request.series, since=request.since, secret=_secret(visit)
    )


def _secret(visit: Visit) -> dict[str, str]:
    return {"api_key": visit.secrets[options(_Options, visit.source.options, "options").key_env]}


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time(), UTC)

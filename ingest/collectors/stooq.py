"""Stooq's daily prices as CSV: `q/d/l/?s=SYMBOL&i=d&d1=YYYYMMDD&d2=YYYYMMDD`.

Series    a close for each key such as spy.us, in USD, dated its trading day: the same days as Yahoo's.
          Meant as the second provider of a price: with `stands_in_for: price.spy` on a series, `ingest.standins`
          compares the two and lends what the first one failed to give.
Cadence   every trading day, some hours after the close.
Rule      known on the next day: `lag: 1d`.
Terms     https://stooq.com/ (no terms for machines were found): no key. An unstated number of requests a day,
          beyond which every answer is "Exceeded the daily hits limit"; one a symbol and visit stays far below.

Closes are adjusted for splits and, it seems, for dividends, so the past is restated with each: what is
older than the last dividend is some tenths of a percent below the price as traded.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, date, datetime, time, timedelta
from typing import Annotated
from zoneinfo import ZoneInfo

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, TypeAdapter, ValidationError

from core.settings import SourceSettings
from ingest.collectors.collector import DAYS, HISTORY, Found, Request, Value, Visit, address, changed, needs_keys
from ingest.collectors.records import from_csv

OVERLAP = timedelta(days=30)
NEW_YORK = ZoneInfo("America/New_York")
REFUSALS = {  # sent as plain text, with status 200
    b"No data": "not listed",
    b"Exceeded the daily hits limit": "daily limit reached",
}


class _Bar(BaseModel):
    model_config = ConfigDict(extra="ignore", frozen=True)
    Date: Annotated[date, BeforeValidator(date.fromisoformat), Field(ge=DAYS[0], le=DAYS[1])]
    Close: Annotated[float, Field(gt=0, allow_inf_nan=False)]


BARS = TypeAdapter(list[_Bar])


def check(source: SourceSettings) -> None:
    """Every series needs Stooq's symbol as its key."""
    needs_keys(source)


def requests(visit: Visit) -> Sequence[Request]:
    """One address a symbol: all since 2014 at first, later the last 30 days that are held."""
    last = visit.now.astimezone(NEW_YORK).date()
    found = []
    for name, series in visit.source.series.items():
        held = visit.held.get(name)
        since = HISTORY if held is None else max(HISTORY, (held - OVERLAP).date())
        span = {"d1": f"{since:%Y%m%d}", "d2": f"{last:%Y%m%d}"}
        url = address(visit.source.url, s=series.key.lower(), i="d", **span)
        found.append(Request(url=url, series=(name,), since=since))
    return found


def read(visit: Visit, request: Request, body: bytes) -> Found:
    """Closes of the days before today in New York; raises FormatError naming the column or the row."""
    for text, reason in REFUSALS.items():
        if body.strip().startswith(text):
            return Found(faults=tuple((name, reason) for name in request.series))
    table = from_csv(body, url=request.url, delimiter=",", comment="")
    table.must_have(_Bar.model_fields)
    try:
        bars = BARS.validate_python(table.records)
    except ValidationError as error:
        raise changed(error, url=request.url, body=body, field="row") from error
    today = visit.now.astimezone(NEW_YORK).date()  # today's bar moves until the close
    return Found(
        values=tuple(
            Value(series=name, value=bar.Close, time=datetime.combine(bar.Date, time(), UTC))
            for name in request.series
            for bar in bars
            if HISTORY <= bar.Date < today
        )
    )

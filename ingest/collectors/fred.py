"""FRED's graph as CSV, which needs no key: `fredgraph.csv?id=SERIES&cosd=DATE`.

Answers `observation_date,SERIES` (until 2024 `DATE,SERIES`), a row a day, week, month or quarter;
a day without a value is "." or empty. Values are revised, so a stretch that is known already is
asked for again; what changed becomes a new vintage. Monthly values stand at the month's first day.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from datetime import UTC, date, datetime, time, timedelta
from typing import Annotated

from pydantic import BeforeValidator, Field, TypeAdapter, ValidationError

from core.errors import FormatError
from core.settings import SourceSettings
from ingest.collectors.collector import DAYS, HISTORY, Found, Request, Value, Visit, address, changed, needs_keys

REVISED = timedelta(days=400)  # yearly seasonal factors restate the year behind them, and arrive up to a month late
DATES = ("observation_date", "DATE")
MISSING = (".", "")

Day = Annotated[date, BeforeValidator(date.fromisoformat), Field(ge=DAYS[0], le=DAYS[1])]
Number = Annotated[float, Field(allow_inf_nan=False)]
ROWS = TypeAdapter(list[tuple[Day, Number]])


def check(source: SourceSettings) -> None:
    """Every series needs FRED's id as its key."""
    needs_keys(source)


def requests(visit: Visit) -> Sequence[Request]:
    """One address a series: all since 2014 at first, later the last 400 days that are held."""
    return [
        Request(url=address(visit.source.url, id=series.key, cosd=since.isoformat()), series=(name,), since=since)
        for name, series in visit.source.series.items()
        for since in [_since(visit.held.get(name))]
    ]


def read(visit: Visit, request: Request, body: bytes) -> Found:
    """The rows of a graph; raises FormatError naming the column or the row."""
    key = visit.source.series[request.series[0]].key
    try:
        lines = list(csv.reader(io.StringIO(body.decode("utf-8-sig"))))
    except (UnicodeDecodeError, csv.Error) as error:
        raise FormatError(f"is not CSV ({error})", url=request.url, sample=body) from error
    header = lines[0] if lines else []
    if len(header) != 2 or header[0] not in DATES or header[1] != key:
        said = ",".join(header)[:80]
        raise FormatError(f"should be {DATES[0]},{key}, and is {said!r}", url=request.url, field="header", sample=body)
    filled = [line for line in lines[1:] if line and not (len(line) == 2 and line[1].strip() in MISSING)]
    try:
        rows = ROWS.validate_python(filled)
    except ValidationError as error:
        raise changed(error, url=request.url, body=body, field="row") from error
    return Found(
        values=tuple(
            Value(series=name, value=value, time=datetime.combine(day, time(), UTC))
            for name in request.series
            for day, value in rows
        )
    )


def _since(held: datetime | None) -> date:
    return HISTORY if held is None else max(HISTORY, (held - REVISED).date())

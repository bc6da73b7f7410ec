"""TSMC's revenue by month, from its investors' pages: one page a year, with a table of months.

Series    supply.tsmc_revenue (any id; no key), in million New Taiwan dollars, consolidated, not adjusted for
          season. A month stands for its last day.
Cadence   monthly; a visit a day is plenty.
Rule      a month is published between the 8th and, at the latest seen, the 13th of the next: `lag: 14d`.
Terms     https://investor.tsmc.com/english : no key. A first visit asks for every year since 2014, later ones
          for one page, in January for two. The host stands behind a guard that sometimes asks for a browser;
          that is said as such, and not got round.
"""

from __future__ import annotations

import calendar
import html
import re
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Annotated

from pydantic import Field, TypeAdapter, ValidationError

from core.errors import FormatError
from core.settings import SourceSettings
from ingest.collectors.collector import HISTORY, Found, OptionError, Request, Value, Visit, changed

TABLE = "basicTable"
OVERLAP = timedelta(days=62)  # a month is corrected, if ever, with the next one or two
MONTHS = {name.lower(): number for number, name in enumerate(calendar.month_abbr) if name}
EMPTY = ("", "-", "--", "N/A")

_TABLE = re.compile(rf"<table\b[^<>]*\bclass\s*=[^<>]*{TABLE}[^<>]*>", re.IGNORECASE)
_ROW = re.compile(r"<tr\b[^<>]*>", re.IGNORECASE)
_CELL = re.compile(r"<t[dh]\b[^<>]*>", re.IGNORECASE)
_TAG = re.compile(r"<[^<>]*>")

Revenue = TypeAdapter(Annotated[float, Field(gt=0, allow_inf_nan=False)])


def check(source: SourceSettings) -> None:
    """One series, without key or options."""
    if source.options:
        raise OptionError("the collector 'tsmc' knows no options", "options")
    for number, (name, series) in enumerate(source.series.items()):
        if number:
            raise OptionError("the collector 'tsmc' gives one series", "series", name)
        if series.key or series.options:
            raise OptionError("the collector 'tsmc' needs neither key nor options", "series", name)


def requests(visit: Visit) -> Sequence[Request]:
    """One page for each year; that of the running year may not be there yet."""
    base, series = visit.source.url.rstrip("/"), tuple(visit.source.series)
    held = [visit.held[name] - OVERLAP for name in series if name in visit.held]
    first = max(HISTORY.year, min(held).year) if held else HISTORY.year
    return [
        Request(url=f"{base}/{year}", series=series, may_lack=year == visit.now.year)
        for year in range(first, visit.now.year + 1)
    ]


def read(visit: Visit, request: Request, body: bytes) -> Found:
    """The months of a year that have a figure; raises FormatError naming the table or the month."""
    text = body.decode("utf-8", "replace")
    rows = _rows(text)
    if rows is None:
        asks = "just a moment" in text[:5000].lower()
        reason = "is not there: the page asks for a browser" if asks else "is not there"
        raise FormatError(reason, url=request.url, field=f"table.{TABLE}", sample=body)
    year = int(request.url.rpartition("/")[2])
    values: dict[int, float] = {}
    for cells in rows:
        month = MONTHS.get(cells[0][:3].lower()) if cells else None
        if month is None or month in values:
            continue
        figure = cells[1].replace(",", "") if len(cells) > 1 else ""
        if figure in EMPTY:
            continue
        try:
            values[month] = Revenue.validate_python(figure)
        except ValidationError as error:
            raise changed(error, url=request.url, body=body, field=cells[0]) from error
    return Found(
        values=tuple(
            Value(series=name, value=value, time=datetime(year, month, calendar.monthrange(year, month)[1], tzinfo=UTC))
            for name in request.series
            for month, value in values.items()
        )
    )


def _rows(page: str) -> list[list[str]] | None:
    """The rows of every table whose class has TABLE in it, as the texts of their cells; None without such a table.

    Cut at its tags: the standard library's parser raises AssertionError for a stray "<![" and takes time that
    grows with the square of what it does not understand, where an answer may have megabytes.
    """
    tables = [part.partition("</table")[0] for part in _TABLE.split(page)[1:]]
    if not tables:
        return None
    return [[_text(cell) for cell in _CELL.split(row)[1:]] for table in tables for row in _ROW.split(table)[1:]]


def _text(cell: str) -> str:
    return html.unescape(_TAG.sub("", cell)).strip()

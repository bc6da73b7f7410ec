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
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from html.parser import HTMLParser
from typing import Annotated

from pydantic import Field, TypeAdapter, ValidationError

from core.errors import FormatError
from core.settings import SourceSettings
from ingest.collectors.collector import HISTORY, Found, OptionError, Request, Value, Visit, changed

TABLE = "basicTable"
OVERLAP = timedelta(days=62)  # a month is corrected, if ever, with the next one or two
MONTHS = {name.lower(): number for number, name in enumerate(calendar.month_abbr) if name}
EMPTY = ("", "-", "--", "N/A")

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
    page = _Tables()
    page.feed(body.decode("utf-8", "replace"))
    page.close()
    if not page.seen:
        asks = "just a moment" in body[:5000].decode("utf-8", "replace").lower()
        reason = "is not there: the page asks for a browser" if asks else "is not there"
        raise FormatError(reason, url=request.url, field=f"table.{TABLE}", sample=body)
    year = int(request.url.rpartition("/")[2])
    values: dict[int, float] = {}
    for cells in page.rows:
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


class _Tables(HTMLParser):
    """The rows of every table whose class has TABLE in it, as the texts of their cells."""

    def __init__(self) -> None:
        super().__init__()
        self.seen = False
        self.rows: list[list[str]] = []
        self._inside = False
        self._in_cell = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag == "table":
            self._inside = TABLE in (dict(attrs).get("class") or "")
            self.seen = self.seen or self._inside
        elif self._inside and tag == "tr":
            self.rows.append([])
        elif self._inside and tag in ("td", "th") and self.rows:
            self.rows[-1].append("")
            self._in_cell = True

    def handle_endtag(self, tag: str) -> None:
        if tag == "table":
            self._inside = False
        if tag in ("td", "th", "tr", "table"):
            self._in_cell = False

    def handle_data(self, data: str) -> None:
        if self._in_cell:
            self.rows[-1][-1] = (self.rows[-1][-1] + data).strip()

"""How options are traded on Cboe's exchanges: one page of statistics a day.

Series    by key: total, equity, index and etp are put/call ratios (options.put_call, options.equity_put_call,
          options.index_put_call, options.etp_put_call), volume is calls and puts together (options.volume).
Cadence   every trading day, in the evening in New York; dated that day. From 2019-10-07 on.
Rule      known on the next day: `lag: 1d`. What was published is not revised.
Terms     https://www.cboe.com/us_disclaimers/ : no key. A page has 400 KB, so be sparing: a first visit asks
          for the last 30 days (option `days`; more history is better imported), later ones for what is new
          and the five days before it, in case a page had failed. The client spaces them, a second apart.

The page carries its figures in a table or, since it is drawn by a script, as JSON inside that script, cut
into pieces; both are read by the text of the label. A weekday without figures is a holiday, and no fault.
"""

from __future__ import annotations

import html
import re
from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime, time, timedelta
from typing import Annotated
from zoneinfo import ZoneInfo

from pydantic import Field, TypeAdapter, ValidationError

from core.errors import FormatError
from core.settings import SourceSettings
from core.yaml import Strict
from ingest.collectors.collector import Found, OptionError, Request, Value, Visit, address, changed, options

BEGIN = date(2019, 10, 7)
GAP = timedelta(days=250)  # what is made up for after a pause; a longer one is better imported
OVERLAP = timedelta(days=5)
NEW_YORK = ZoneInfo("America/New_York")
RATIOS: Mapping[str, str] = {
    "total": "TOTAL PUT/CALL RATIO",
    "equity": "EQUITY PUT/CALL RATIO",
    "index": "INDEX PUT/CALL RATIO",
    "etp": "EXCHANGE TRADED PRODUCTS PUT/CALL RATIO",
}
VOLUME = "volume"
SECTION = "SUM OF ALL PRODUCTS"

Amount = TypeAdapter(Annotated[float, Field(gt=0, allow_inf_nan=False)])

_SEAM = re.compile(r'"\]\)\s*</script>\s*<script[^>]*>\s*self\.__next_f\.push\(\[1,"')  # between two pieces of JSON
_TAG = re.compile(r"<[^<>]*>")  # not beyond the next "<", or megabytes of them would take hours
_SELECTED = re.compile(r'"selectedDate"\s*:\s*"(\d{4}-\d\d-\d\d)')
_FILLED = re.compile(r'"ratios"\s*:\s*\[\s*\{')
_CALLS_AND_PUTS = re.compile(rf"{SECTION}\b.{{0,500}}?\bVOLUME\b\D{{1,80}}?([\d,]*\d)\D{{1,40}}?([\d,]*\d)", re.DOTALL)


class _Options(Strict):
    days: Annotated[int, Field(ge=1, le=4000)] = 30


def check(source: SourceSettings) -> None:
    """A series' key says which figure of the page it is."""
    options(_Options, source.options, "options")
    for name, series in source.series.items():
        if series.key not in (*RATIOS, VOLUME):
            raise OptionError(f"must be one of {', '.join(RATIOS)}, {VOLUME}", "series", name, "key")
        if series.options:
            raise OptionError("the collector 'cboe' knows no options", "series", name, "options")


def requests(visit: Visit) -> Sequence[Request]:
    """One page for every weekday that is over in New York."""
    yesterday = visit.now.astimezone(NEW_YORK).date() - timedelta(days=1)
    first = yesterday - timedelta(days=options(_Options, visit.source.options, "options").days - 1)
    held = [visit.held[name].date() for name in visit.source.series if name in visit.held]
    if len(held) == len(visit.source.series):
        first = max(min(held) - OVERLAP, yesterday - GAP)
    first = max(first, BEGIN)
    days = (first + timedelta(days=n) for n in range((yesterday - first).days + 1))
    return [
        Request(url=address(visit.source.url, dt=day.isoformat()), series=tuple(visit.source.series), since=day)
        for day in days
        if day.weekday() < 5
    ]


def read(visit: Visit, request: Request, body: bytes) -> Found:
    """The figures of one day, none for a holiday; raises FormatError naming the label."""
    day = request.since
    assert day is not None  # noqa: S101 -- `requests` sets it
    text = _text(body)
    shown = _SELECTED.search(text)
    if shown and shown[1] != day.isoformat():
        reason = f"asked for {day}, answered {shown[1]}"
        raise FormatError(reason, url=request.url, field="selectedDate", sample=body)
    found = {key: _figure(key, text, request, body) for key in (*RATIOS, VOLUME)}
    if not any(found[key] for key in RATIOS):
        if "no data" in text.lower() or (shown and not _FILLED.search(text)):
            return Found()
        raise FormatError("is not on the page", url=request.url, field=RATIOS["total"], sample=body)
    values, faults = [], []
    for name in request.series:
        key = visit.source.series[name].key
        if (value := found[key]) is None:
            faults.append((name, f"changed format: no {RATIOS.get(key, SECTION)} on the page of {day}"))
        else:
            values.append(Value(series=name, value=value, time=datetime.combine(day, time(), UTC)))
    return Found(values=tuple(values), faults=tuple(faults))


def _text(body: bytes) -> str:
    """The page with its script's pieces joined, and without tags."""
    joined = _SEAM.sub("", body.decode("utf-8", "replace"))
    return html.unescape(_TAG.sub(" ", joined.replace('\\"', '"')))


def _figure(key: str, text: str, request: Request, body: bytes) -> float | None:
    if key == VOLUME:
        match = _CALLS_AND_PUTS.search(text)
    else:
        match = re.search(
            rf"(?<![A-Z])(?<![A-Z] ){re.escape(RATIOS[key])}[^\w.]{{1,60}}(?:value\W{{1,10}})?(\d[\d.,]*)", text
        )
    if match is None:
        return None
    try:
        return sum(Amount.validate_python(number.replace(",", "")) for number in match.groups())
    except ValidationError as error:
        raise changed(error, url=request.url, body=body, field=RATIOS.get(key, SECTION)) from error

"""Yahoo's chart as JSON: `v8/finance/chart/SYMBOL?period1=..&period2=..&interval=1d&events=div|split`.

Series    by the option `take`, from one answer a symbol (the key), dated the trading day in the exchange's zone:
          close      price.X, as traded, but restated for splits (the default)
          dividend   dividend.X, paid on a share, on its first day without; restated for splits as the closes are
          split      split.X, new shares for an old one: 10 for ten for one
          From them a total return is derived: over days, the product of (close + dividend) / close before.
          Yahoo's own `adjclose` is not kept, for every dividend restates all of its history.
Cadence   every trading day, after the close.
Rule      known on the next day: `lag: 1d`.
Terms     https://legal.yahoo.com/us/en/yahoo/terms/otos/index.html : no key and no promise; in bad weeks 429 for
          everybody. `stooq` can stand in. A visit asks for 30 days a symbol, a first one for all since 2014.

A split restates the past once: when one appears in the stretch that is asked for, the whole history is
asked for again. Nothing was paid or split on most days, and Yahoo does not say so; a nought (a one, for
splits) stands at the first and the last day that an answer covers, so that it is known how far the silence
reaches. A history of years without a dividend is no silence: that is "not listed".
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime, time, timedelta
from typing import Annotated, Any, Literal
from urllib.parse import quote
from zoneinfo import ZoneInfo

from pydantic import BaseModel, ConfigDict, Field, TypeAdapter, ValidationError

from core.errors import FormatError
from core.settings import SourceSettings
from core.yaml import Strict
from ingest.collectors.collector import HISTORY, Found, OptionError, Request, Value, Visit, address, changed, options

OVERLAP = timedelta(days=30)  # late corrections come within days; a split must be seen before a visit is missed
DIGITS = 6  # Yahoo widens 32-bit floats (196.51 comes as 196.50999450683594), whose seventh digit is noise

Number = Annotated[float, Field(allow_inf_nan=False)]
Amount = Annotated[float, Field(gt=0, allow_inf_nan=False)]
Second = Annotated[int, Field(ge=0, le=7258118400)]  # to the year 2200
Take = Literal["close", "dividend", "split"]


class _Options(Strict):
    take: Take = "close"


class _Part(BaseModel):
    model_config = ConfigDict(extra="ignore", frozen=True)


class _Meta(_Part):
    symbol: str
    exchangeTimezoneName: str  # noqa: N815 -- Yahoo's spelling, kept so that a fault names Yahoo's field


class _Quote(_Part):
    close: list[Number | None] = []


class _Indicators(_Part):
    quote: Annotated[list[_Quote], Field(min_length=1)]


class _Events(_Part):
    """Only the outside at first: an event that nobody follows is not our affair."""

    dividends: dict[str, Any] = {}
    splits: dict[str, Any] = {}


class _Dividend(_Part):
    date: Second
    amount: Amount


class _Split(_Part):
    date: Second
    numerator: Amount
    denominator: Amount


class _Result(_Part):
    meta: _Meta
    timestamp: list[Second] = []
    indicators: _Indicators
    events: _Events = _Events()


class _Refusal(_Part):
    description: str = ""


class _Chart(_Part):
    result: list[_Result] | None
    error: _Refusal | None = None


class _Answer(_Part):
    chart: _Chart


DIVIDENDS = TypeAdapter(dict[str, _Dividend])
SPLITS = TypeAdapter(dict[str, _Split])


def check(source: SourceSettings) -> None:
    """Every series needs Yahoo's symbol as its key, and may say what to `take`."""
    if source.options:
        raise OptionError("the collector 'yahoo' knows no options here", "options")
    for name, series in source.series.items():
        if not series.key:
            raise OptionError("is missing: the source's own name for it", "series", name, "key")
        _take(source, name)


def requests(visit: Visit) -> Sequence[Request]:
    """One address a symbol: all since 2014 while one of its series is not held, later the last 30 days held."""
    symbols: dict[str, list[str]] = {}
    for name, series in visit.source.series.items():
        symbols.setdefault(series.key, []).append(name)
    return [_request(visit, tuple(names), _since(visit, names)) for names in symbols.values()]


def read(visit: Visit, request: Request, body: bytes) -> Found:
    """What is final of the days before today in the exchange's zone; raises FormatError naming the field."""
    try:
        chart = _Answer.model_validate_json(body).chart
    except ValidationError as error:
        raise changed(error, url=request.url, body=body) from error
    if not chart.result:
        said = chart.error.description if chart.error else ""
        return Found(faults=tuple((name, f"not listed ({said})" if said else "not listed") for name in request.series))
    result = chart.result[0]
    if result.events.splits and request.since != HISTORY:
        return Found(more=(_request(visit, request.series, HISTORY),))
    zone, closes = _checked(result, visit.source.series[request.series[0]].key, request.url, body)
    today = visit.now.astimezone(zone).date()  # today's bar moves until the close
    traded = {
        day: _rounded(close)
        for second, close in zip(result.timestamp, closes, strict=True)
        if close is not None and (day := datetime.fromtimestamp(second, zone).date()) < today
    }
    values: list[Value] = []
    faults: list[tuple[str, str]] = []
    for name in request.series:
        take = _take(visit.source, name)
        days = traded if take == "close" else _actions(take, result.events, zone, request.url, body)
        if take == "dividend" and not days and request.since == HISTORY:
            faults.append((name, "not listed (no dividend in its whole history)"))
        elif take != "close" and traded:
            silence = dict.fromkeys((min(traded), max(traded)), 1.0 if take == "split" else 0.0)
            days = silence | {day: value for day, value in days.items() if day < today}
        values += [Value(series=name, value=v, time=datetime.combine(day, time(), UTC)) for day, v in days.items()]
    return Found(values=tuple(values), faults=tuple(faults))


def _checked(result: _Result, key: str, url: str, body: bytes) -> tuple[ZoneInfo, Sequence[float | None]]:
    """The exchange's zone, and a close or None for each timestamp."""
    if result.meta.symbol.upper() != key.upper():
        reason = f"asked for {key}, answered {result.meta.symbol}"
        raise FormatError(reason, url=url, field="chart.result.0.meta.symbol", sample=body)
    closes = result.indicators.quote[0].close
    if len(closes) != len(result.timestamp):
        reason = f"{len(closes)} closes for {len(result.timestamp)} timestamps"
        raise FormatError(reason, url=url, field="chart.result.0.indicators.quote.0.close", sample=body)
    try:
        return ZoneInfo(result.meta.exchangeTimezoneName), closes
    except (KeyError, ValueError, OSError) as error:
        field = "chart.result.0.meta.exchangeTimezoneName"
        raise FormatError("is no time zone", url=url, field=field, sample=body) from error


def _actions(take: Take, events: _Events, zone: ZoneInfo, url: str, body: bytes) -> Mapping[date, float]:
    try:
        if take == "dividend":
            told = [(paid.date, paid.amount) for paid in DIVIDENDS.validate_python(events.dividends).values()]
        else:
            done = SPLITS.validate_python(events.splits).values()
            told = [(split.date, split.numerator / split.denominator) for split in done]
    except ValidationError as error:
        raise changed(error, url=url, body=body, field=f"chart.result.0.events.{take}s") from error
    return {datetime.fromtimestamp(second, zone).date(): _rounded(value) for second, value in told}


def _rounded(value: float) -> float:
    return float(f"{value:.{DIGITS}g}")


def _take(source: SourceSettings, name: str) -> Take:
    return options(_Options, source.series[name].options, "series", name, "options").take


def _since(visit: Visit, names: Sequence[str]) -> date:
    held = [visit.held[name] for name in names if name in visit.held]
    return HISTORY if len(held) < len(names) else max(HISTORY, (min(held) - OVERLAP).date())


def _request(visit: Visit, names: tuple[str, ...], since: date) -> Request:
    base = f"{visit.source.url.rstrip('/')}/{quote(visit.source.series[names[0]].key, safe='')}"
    span = {
        "period1": str(int(datetime.combine(since, time(), UTC).timestamp())),
        "period2": str(int(datetime.combine(visit.now.date() + timedelta(days=1), time(), UTC).timestamp())),
    }
    return Request(url=address(base, **span, interval="1d", events="div|split"), series=names, since=since)

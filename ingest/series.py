"""Series: which sources are due, and what a visit to one gives.

A collector says what to ask and what the answers mean (`ingest.collectors.collector`); here the
asking is done, faults are counted by series, implausible values kept out, and what is left dated.
"""

from __future__ import annotations

import asyncio
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from core.series import Collected, Observation, RawAnswer
from core.settings import SourceSettings
from ingest.asking import ask, distinct
from ingest.collectors import (
    aws_prices,
    azure,
    cboe,
    cloudping,
    ec2_spot,
    fred,
    fred_api,
    gcp,
    github,
    sec,
    spot_advisor,
    stooq,
    table,
    top_packages,
    tsmc,
    vast,
    yahoo,
)
from ingest.collectors.collector import (
    Collector,
    NotReadyError,
    OptionError,
    Value,
    Visit,
)

if TYPE_CHECKING:  # aiohttp is not needed to check settings
    from ingest.web import Web

COLLECTORS: Mapping[str, Collector] = {
    "aws_prices": aws_prices,
    "azure": azure,
    "cboe": cboe,
    "cloudping": cloudping,
    "ec2_spot": ec2_spot,
    "fred": fred,
    "fred_api": fred_api,
    "gcp": gcp,
    "github": github,
    "sec": sec,
    "spot_advisor": spot_advisor,
    "stooq": stooq,
    "table": table,
    "top_packages": top_packages,
    "tsmc": tsmc,
    "vast": vast,
    "yahoo": yahoo,
}

EARLY = 0.1  # share of `every`: a pass that comes a little before the hour must not wait for the next one
FIRST = datetime(1, 1, 1, tzinfo=UTC)  # before everything: what has no publication date was always known
ROUNDS = 50  # times that answers may name further addresses; the largest paged source known has 20 pages


def check(source: SourceSettings) -> None:
    """Raise OptionError, a ValueError with the `keys` below the source, if its settings cannot work."""
    collector = COLLECTORS.get(source.collector)
    if collector is None:
        raise OptionError(f"there is no collector {source.collector!r}, only {', '.join(COLLECTORS)}", "collector")
    collector.check(source)


def due(sources: Iterable[SourceSettings], last: Mapping[str, datetime], *, now: datetime) -> list[SourceSettings]:
    """The sources whose last visit (by id; missing: never) is `every` ago, less a tenth."""
    return [s for s in sources if s.id not in last or now - last[s.id] >= s.every * (1 - EARLY)]


def secrets_of(source: SourceSettings, environment: Mapping[str, str]) -> dict[str, str]:
    """The keys that a source's options name (`key_env` and the like), as far as they are there."""
    names = [name for option, name in source.options.items() if option.endswith("_env")]
    return {name: environment[name] for name in names if environment.get(name)}


async def collect(
    web: Web,
    source: SourceSettings,
    *,
    now: datetime,
    imported: bool = False,
    held: Mapping[str, datetime] | None = None,
    secrets: Mapping[str, str] | None = None,
    repeatable: Mapping[str, RawAnswer] | None = None,
) -> Collected:
    """Visit a source: every series gives values, a fault with its reason, or both.

    `held` is the time of the newest value held, by series id: a series that is not in it is asked
    for its whole history, the others for what is new and what may have been revised. `imported`:
    a value counts as first seen when the source says that it was published, or else when its
    publication rule says (`time + lag`), at most `now`; earlier vintages come too. `secrets` are
    as `secrets_of` gives them. `repeatable` are whole answers by address: an address that answers "not
    modified" is read from there, as if it had sent the same again. Never raises for what the outside world does; raises OptionError if
    `check` would.
    """
    check(source)
    visit = Visit(source=source, now=now, held=held or {}, secrets=secrets or {})
    collector = COLLECTORS[source.collector]
    try:
        waiting = distinct(collector.requests(visit))
    except NotReadyError as error:
        return Collected(source=source.id, values=(), faults=tuple((n, str(error)) for n in source.series), answers=())
    asked: set[str] = set()
    values: list[Value] = []
    faults: list[tuple[str, str]] = []
    lacks: list[tuple[str, str]] = []
    answers: list[RawAnswer] = []
    for _ in range(ROUNDS):
        asked |= {request.url for request in waiting}
        outcomes = await asyncio.gather(
            *(ask(web, collector, visit, request, (repeatable or {}).get(request.url)) for request in waiting)
        )
        for found, answer in outcomes:
            values += found.values
            faults += found.faults
            lacks += found.lacks
            answers += [answer] if answer else []
        following = distinct([request for found, _ in outcomes for request in found.more])
        waiting = [request for request in following if request.url not in asked]
        if not waiting:
            break
    faults += [(name, f"stopped after {ROUNDS} pages") for request in waiting for name in request.series]
    kept, refused = _plausible(source, values)
    refusals = [(name, _refusal(bad)) for name, bad in refused.items()]
    given = {name for name, _ in kept}
    faults += [(name, f"no values ({reason})") for name, reason in lacks if name not in given]
    observations = tuple(
        _observation(value, source, now=now, imported=imported)
        for _, told in sorted(kept.items(), key=lambda one: (one[0][0], one[0][1] or now))
        for value in _vintages(told)[0 if imported else -1 :]
    )
    return Collected(
        source=source.id,
        values=observations,
        faults=_first_of_each(source, [*faults, *refusals], have={o.series for o in observations}),
        answers=tuple(answers),
        refused=tuple(
            _observation(value, source, now=now, imported=imported) for bad in refused.values() for value in bad
        ),
    )


def _plausible(
    source: SourceSettings, values: Iterable[Value]
) -> tuple[dict[tuple[str, datetime | None], list[Value]], dict[str, list[Value]]]:
    """The values within their range, by series and time; and the others, by series."""
    kept: dict[tuple[str, datetime | None], list[Value]] = {}
    refused: dict[str, list[Value]] = {}
    for value in values:
        low, high = source.series[value.series].plausible or (value.value, value.value)
        if low <= value.value <= high:
            kept.setdefault((value.series, value.time), []).append(value)
        else:
            refused.setdefault(value.series, []).append(value)
    return kept, refused


def _vintages(told: Sequence[Value]) -> list[Value]:
    """What was in force for one time, one after the other: the last said, the best ranked, no value twice."""
    chain: list[Value] = []
    for value in sorted(told, key=lambda v: (v.published or FIRST, -v.rank)):
        if not chain:
            chain.append(value)
        elif value.rank <= chain[-1].rank:
            if value.published == chain[-1].published:
                chain[-1] = value
            elif value.value == chain[-1].value:
                chain[-1] = replace(chain[-1], rank=value.rank)
            else:
                chain.append(value)
    return chain


def _refusal(values: list[Value]) -> str:
    first = values[0]
    day = f" for {first.time:%Y-%m-%d}" if first.time else ""
    more = f" and {len(values) - 1} more" if len(values) > 1 else ""
    return f"implausible {first.value:g}{day}{more}"


def _observation(value: Value, source: SourceSettings, *, now: datetime, imported: bool) -> Observation:
    time = value.time or now
    published = value.published or time + source.series[value.series].lag
    past = imported and value.time is not None and published < now
    return Observation(
        series=value.series, time=time, value=value.value, first_seen=published if past else now, imported=past
    )


def _first_of_each(
    source: SourceSettings, faults: Iterable[tuple[str, str]], *, have: set[str]
) -> tuple[tuple[str, str], ...]:
    """One reason a series, in the order of the settings; silence is a reason too."""
    reasons: dict[str, str] = {}
    for name, reason in faults:
        reasons.setdefault(name, reason)
    for name in source.series:
        if name not in have:
            reasons.setdefault(name, "no values")
    return tuple((name, reasons[name]) for name in source.series if name in reasons)

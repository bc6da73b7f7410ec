"""A backtest: the live verdicts of past mornings, the calls that they would have opened, and what became of them."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from itertools import groupby

from core.calls import Record, Score
from core.clock import instant, stamp
from core.contracts import Contract
from core.errors import InputError
from core.verdicts import Verdict, VerdictKind
from counterwire import __version__
from counterwire.house import House
from counterwire.known import known
from counterwire.stages.judge import Court
from signals.calls import onset, opened, resolved, score
from signals.event_study import Study, changes, corrections, onsets, study
from signals.measuring import series_of
from signals.verdicts import MORNINGS
from store import backtests
from store.database import writing

MOST_IMPORTED = 0.5  # of the press or of the readings; above, a study would be of what was known afterwards

Track = Callable[[Sequence[datetime]], Iterable[datetime]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Backtest:
    """What one narrative's verdicts were over a span of mornings, oldest first, and what followed them.

    `calls` are those that would have been opened, also where the ledger would void them for resting on
    imported articles: they stand in no ledger. `articles` carried the
    narrative in the span and its first week, of which `imported` were imported; `imported_weight`
    is the share of the weight of all readings whose newest value was imported. `tried` is how many
    configurations of this narrative were ever backtested here. `limit`: why nothing is studied.
    """

    contract: Contract
    verdicts: tuple[Verdict, ...]
    moved: tuple[float | None, ...]
    calls: tuple[Record, ...]
    score: Score
    studies: tuple[Study, ...]
    tried: int
    articles: int
    imported: int
    imported_weight: float
    limit: str


def mornings(house: House, first: str, last: str, *, now: datetime) -> list[datetime]:
    """The briefing hours of both days and of those between; raises InputError for no span, or one that is not over."""
    days = [_day(first), _day(last)]
    if days[0] > days[1]:
        raise InputError(f"--from {first} lies after --to {last}")
    span = (days[0] + timedelta(days=k) for k in range((days[1] - days[0]).days + 1))
    found = [instant(day.isoformat(), zone=house.zone, hour=house.settings.schedule.briefing) for day in span]
    if found[-1] > now:
        raise InputError(f"--to {last}: that morning has not come yet (it is {stamp(now)})")
    return found


def chosen(house: House, narrative: str | None) -> tuple[Contract, ...]:
    """The contract of this narrative, or all; raises InputError for one that there is not."""
    found = tuple(c for c in house.contracts if narrative in (None, c.id))
    if not found:
        raise InputError(f"there is no narrative {narrative}; there are {', '.join(c.id for c in house.contracts)}")
    return found


def backtested(
    house: House, contracts: Sequence[Contract], span: Sequence[datetime], *, now: datetime, track: Track
) -> list[Backtest]:
    """Live through `span` with each contract of today; raises InputError where there is no press to judge.

    That a configuration was tried is noted before anything of it is known. `track` wraps the
    mornings, to show progress. Outcomes are taken from what is known by `now`.
    """
    since = span[0] - timedelta(days=MORNINGS)
    press = {c.id: backtests.carried(house.db, c.id, since=since, until=span[-1]) for c in contracts}
    for contract in contracts:
        if not press[contract.id][0]:
            raise InputError(
                f"no article that carries {contract.id} was first seen between {since:%Y-%m-%d} and"
                f" {span[-1]:%Y-%m-%d}: there is nothing to backtest (`counterwire backfill articles` imports history)"
            )
    with writing(house.db):
        for contract in contracts:
            backtests.record(
                house.db,
                narrative=contract.id,
                contract=contract.hash,
                first=span[0],
                last=span[-1],
                version=__version__,
                at=now,
            )
    court = Court(house)
    for contract in contracts:  # so that series are loaded once, with all vintages up to the end of the span
        court.morning(contract, since, known=span[-1])
        for run in _runs(span):
            court.pressures(contract, run)
    eve = {c.id: court.verdict(c, as_of=span[0] - timedelta(days=1)).kind for c in contracts}
    given: dict[str, list[Verdict]] = {c.id: [] for c in contracts}
    for morning in track(span):
        for contract in contracts:
            given[contract.id].append(court.verdict(contract, as_of=morning))
    return _corrected([_followed(house, c, eve[c.id], given[c.id], press[c.id], now=now) for c in contracts])


def _runs(span: Sequence[datetime]) -> Iterator[list[datetime]]:
    """The mornings that the verdicts of a span rest on, in runs a day apart; summer time begins and ends one."""
    for _, same_hour in groupby(span, key=lambda morning: morning.time()):
        days = list(same_hour)
        yield [days[0] - timedelta(days=k) for k in reversed(range(1, MORNINGS + 1))] + days


def _followed(
    house: House,
    contract: Contract,
    eve: VerdictKind,
    given: Sequence[Verdict],
    press: tuple[int, int],
    *,
    now: datetime,
) -> Backtest:
    table = house.accelerators
    kinds = [eve, *(v.kind for v in given)]
    series = known(house, series_of(contract.outcome.measure, table), as_of=now)
    calls: list[Record] = []
    for before, verdict in zip(kinds, given, strict=False):
        waits = calls and calls[-1].call.due > verdict.as_of and not calls[-1].call.void
        if onset(before, verdict.kind) and not waits:
            call = opened(contract, verdict.kind, series, as_of=verdict.as_of, accelerators=table, history=calls)
            over = call.due <= now and not call.void
            calls.append(Record(call=call, resolution=resolved(call, series, accelerators=table) if over else None))
    moved = changes(contract.outcome, series, [v.as_of for v in given], until=now, accelerators=table)
    weight = _imported_weight(given)
    limit = _limit(press, weight)
    seed = f"{contract.hash} {stamp(given[0].as_of)} {stamp(given[-1].as_of)}"
    followed = [None, *([None] * len(moved) if limit else moved)]  # what followed the eve is not asked
    studied = [
        study(kind, kinds, followed, horizon=contract.outcome.horizon, seed=seed)
        for kind in VerdictKind
        if kind is not VerdictKind.INSUFFICIENT_EVIDENCE and onsets(kinds, kind)
    ]
    studied = [replace(one, limit=limit or one.limit) for one in studied]
    return Backtest(
        contract=contract,
        verdicts=tuple(given),
        moved=tuple(moved),
        calls=tuple(calls),
        score=score(calls, as_of=now),
        studies=tuple(studied),
        tried=backtests.tried(house.db, contract.id),
        articles=press[0],
        imported=press[1],
        imported_weight=weight,
        limit=limit,
    )


def _corrected(found: Sequence[Backtest]) -> list[Backtest]:
    """All tests of the run are one family; what was tried before on any of its narratives counts too."""
    tried = max(one.tried for one in found)
    told = iter(corrections([s for one in found for s in one.studies], tried=tried))
    return [replace(one, studies=tuple(next(told) for _ in one.studies)) for one in found]


def _imported_weight(given: Sequence[Verdict]) -> float:
    """The share of the weight of all readings whose newest value was imported.

    What an older one is compared with may be: that it was known by then needs no rule.
    """
    weighed = [
        (r.weight, max(r.observations, key=lambda o: (o.time, o.imported)).imported)
        for v in given
        for r in v.evidence.readings
        if r.weight > 0 and r.support is not None and r.observations
    ]
    total = math.fsum(w for w, _ in weighed)
    return math.fsum(w for w, imported in weighed if imported) / total if total else 0.0


def _limit(press: tuple[int, int], weight: float) -> str:
    articles, imported = press
    if imported > MOST_IMPORTED * articles:
        return (
            f"not studied: {imported} of the {articles} articles were imported, so that when they were seen is a rule"
            " and the tags are by a model that was made later"
        )
    if weight > MOST_IMPORTED:
        return (
            f"not studied: {weight:.0%} of the weight of all readings rests on imported values, so that when they were"
            " known is a rule and what was revised since cannot be told"
        )
    return ""


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise InputError(f"{text!r} is not a date such as 2026-04-15") from None

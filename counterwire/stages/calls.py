"""Verdicts of the morning -> calls; calls that are due -> what became of them."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta

from core.calls import Call, Resolution
from core.contracts import Contract, Measure
from core.series import Series
from counterwire.house import House
from counterwire.known import known as series_known
from counterwire.stages import Done
from counterwire.stages.judge import Court
from signals.attention import BASELINE_DAYS
from signals.calls import LEANING, onset, opened, resolved
from signals.measuring import series_of
from signals.verdicts import MORNINGS
from store import calls as ledger
from store import events
from store.database import writing

DAY = timedelta(days=1)


def calls(house: House, court: Court, *, now: datetime) -> Done:
    """Resolve what is due, and once a day, from the briefing's hour on, open what the morning's verdicts begin.

    Once a day, because the rate of false onsets was measured so: who looks 96 times a day sees more of them.
    """
    entries: list[Call | Resolution] = [*_resolved(house, now=now)]
    morning = _morning(house, now=now)
    if morning:
        entries += _opened(house, court, entries, now=now)
    with writing(house.db):
        told = ledger.append(house.db, entries, at=now)
        events.append(house.db, "call", told, at=now)
        if morning:
            events.append(house.db, "morning", [morning], at=now)
    return Done(stage="calls", handled=len(entries), new=len(told))


def _morning(house: House, *, now: datetime) -> str:
    """The local day whose verdicts have not been looked at yet, "" before its hour or when they have."""
    local = now.astimezone(house.zone)
    day = local.date().isoformat()
    early = local.time() < house.settings.schedule.briefing
    return "" if early or events.last_at(house.db, "morning", day) else day


def _resolved(house: House, *, now: datetime) -> Iterable[Resolution]:
    due = [r.call for r in ledger.records(house.db, as_of=now) if r.open and r.call.due <= now]
    series = _series(house, [c.measure for c in due], now=now)
    return [resolved(call, series, accelerators=house.accelerators) for call in due]


def _opened(house: House, court: Court, ended: Iterable[Call | Resolution], *, now: datetime) -> Iterable[Call]:
    records = ledger.records(house.db, as_of=now)
    closed = {one.call for one in ended if isinstance(one, Resolution)}
    busy = {r.call.narrative for r in records if r.open and r.call.id not in closed}
    begun = [
        (c, verdict.kind)
        for c in house.contracts
        if c.id not in busy
        and (verdict := court.verdict(c, as_of=now)).kind in LEANING
        and onset(court.verdict(c, as_of=_before(house, now=now)).kind, verdict.kind)
    ]
    series = _series(house, [c.outcome.measure for c, _ in begun], now=now)
    return [
        opened(
            contract,
            kind,
            series,
            as_of=now,
            accelerators=house.accelerators,
            history=records,
            imported=ledger.rests_on_imports(house.db, contract.id, since=now - _reach(contract), as_of=now),
        )
        for contract, kind in begun
    ]


def _before(house: House, *, now: datetime) -> datetime:
    """The same hour on the day that was looked at last: an onset while the machine was off is one when it is on again."""
    last = events.last_at(house.db, "morning")
    return now - max(1, round((now - last) / DAY)) * DAY if last else now - DAY


def _reach(contract: Contract) -> timedelta:
    """How far back a verdict looks into the press: its mornings, their windows, their baselines."""
    return contract.window + timedelta(days=MORNINGS - 1 + BASELINE_DAYS)


def _series(house: House, measures: Iterable[Measure], *, now: datetime) -> dict[str, Series]:
    ids = frozenset().union(*(series_of(m, house.accelerators) for m in measures))
    return series_known(house, ids, as_of=now) if ids else {}

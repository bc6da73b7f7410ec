"""Tags and series -> pressure, readings and the verdict, each cut at its own instant."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta

from core.contracts import Contract
from core.series import Series
from core.verdicts import Evidence, Morning, Pressure, Verdict
from counterwire.house import House
from counterwire.known import known as series_known
from counterwire.stages import LISTENS, Done
from signals.attention import BASELINE_DAYS
from signals.behind import with_rows
from signals.cuts import Memory
from signals.derived import needed as members_too
from signals.measuring import series_of
from signals.pressure import pressure
from signals.readings import evidence, needed
from signals.sensitivity import Press
from signals.verdicts import MORNINGS, verdict
from store import events, tags, verdicts
from store.database import writing

WEEKS = 28  # days: four of each weekday, beside the week


class Court:
    """Gives verdicts for any instant, reading the database only as it stood then.

    Mornings that two verdicts share are computed once.
    """

    def __init__(self, house: House) -> None:
        self.house = house
        self._mornings: dict[tuple[str, datetime], Morning] = {}
        self._series: dict[str, tuple[datetime, dict[str, Series]]] = {}
        self._memory = Memory()

    def verdict(self, contract: Contract, *, as_of: datetime) -> Verdict:
        """The verdict on one narrative at `as_of`, from its mornings recomputed with their own `as_of`."""
        days = [as_of - timedelta(days=k) for k in reversed(range(MORNINGS))]
        return verdict(contract, [self.morning(contract, day, known=as_of) for day in days])

    def morning(self, contract: Contract, as_of: datetime, *, known: datetime) -> Morning:
        """Pressure and evidence at one instant; `known` is the latest instant that will be asked for."""
        key = (contract.id, as_of)
        if key not in self._mornings:
            self._mornings[key] = Morning(
                as_of=as_of,
                pressure=self._pressure(contract, as_of, days=contract.window.days),
                evidence=self._evidence(contract, as_of, self._held(contract, known)),
            )
        return self._mornings[key]

    def _evidence(self, contract: Contract, as_of: datetime, series: Mapping[str, Series]) -> Evidence:
        table = self.house.accelerators
        found = evidence(contract, series, as_of=as_of, accelerators=table, memory=self._memory)
        return with_rows(found, self.house.derived, series, accelerators=table)

    def press(self, contract: Contract, as_of: datetime, *, days: int) -> Press:
        """What the pressure over a window of so many days is computed from."""
        return Press(
            mentions=tags.mentions(self.house.db, contract.id, as_of=as_of, days=days),
            counts=tags.source_counts(self.house.db, contract.id, as_of=as_of, days=days + BASELINE_DAYS),
        )

    def wide(self, contract: Contract, as_of: datetime) -> Pressure:
        """The press over the other window: 28 days, or 7 where the contract says 28 or more."""
        return self._pressure(contract, as_of, days=WEEKS if contract.window.days < WEEKS else MORNINGS)

    def _pressure(self, contract: Contract, as_of: datetime, *, days: int) -> Pressure:
        told = self.press(contract, as_of, days=days)
        return pressure(contract.id, told.mentions, told.counts, as_of=as_of, window_days=days)

    def _held(self, contract: Contract, known: datetime) -> dict[str, Series]:
        # Loaded once per contract with all vintages up to the latest instant; each reading cuts it again.
        held = self._series.get(contract.id)
        if held is None or held[0] < known:
            ids, _ = needed(contract, self.house.accelerators)
            held = known, series_known(self.house, ids, as_of=known)
            self._series[contract.id] = held
        return held[1]


def judge(house: House, court: Court, *, now: datetime, everything: bool) -> Done:
    """Give and keep the verdicts of the narratives that news touched (or of all)."""
    pending = events.pending(house.db, "judge", LISTENS["judge"], limit=1_000_000)
    touched = {e.subject for e in pending if e.kind in {"tag", "contract"}} | _moved(house, pending)
    stories_came = any(e.kind == "story" for e in pending)  # attention weighs them all, so every narrative is touched
    chosen = [c for c in house.contracts if everything or stories_came or c.id in touched]
    given = [court.verdict(contract, as_of=now) for contract in chosen]
    wide = [court.wide(contract, now) for contract in chosen]
    with writing(house.db):
        for one, wider in zip(given, wide, strict=True):
            verdicts.save(house.db, one)
            verdicts.save_wide(house.db, wider, contract=one.contract)
        if pending:
            events.advance(house.db, "judge", pending[-1].id)
        events.append(house.db, "verdict", [v.narrative for v in given], at=now)
    return Done(stage="judge", handled=len(pending), new=len(given))


def _moved(house: House, pending: list[events.Event]) -> set[str]:
    """The narratives of which a check reads a series that has a new vintage, itself or through what is derived from it."""
    changed = {e.subject for e in pending if e.kind == "vintage"}
    moved = set()
    for contract in house.contracts:
        checks = (*contract.checks, *contract.concede_if)
        ids = frozenset().union(*(series_of(c.measure, house.accelerators) for c in checks))
        if changed & members_too(ids, house.derived, house.accelerators):
            moved.add(contract.id)
    return moved

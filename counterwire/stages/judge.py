"""Tags and series -> pressure, readings and the verdict, each cut at its own instant."""

from __future__ import annotations

from collections.abc import Hashable, Mapping, Sequence
from datetime import datetime, timedelta

from core.contracts import Contract
from core.press import PressRun
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
from signals.pressure import pressures
from signals.readings import evidence, needed
from signals.verdicts import MORNINGS, verdict
from store import events, tags, verdicts
from store.database import writing

WEEKS = 28  # days: four of each weekday, beside the week


class Court:
    """Gives verdicts for any instant, reading the database only as it stood then.

    Mornings that two verdicts share are computed once, and those of a run together.
    """

    def __init__(self, house: House) -> None:
        self.house = house
        self._mornings: dict[tuple[str, datetime], Morning] = {}
        self._pressures: dict[tuple[str, datetime], Pressure] = {}
        self._runs: dict[tuple[str, datetime], tuple[datetime, PressRun]] = {}
        self._begun: tuple[Hashable, tags.Begun] = (None, ())
        self._series: dict[str, tuple[datetime, dict[str, Series]]] = {}
        self._memory = Memory()

    def verdict(self, contract: Contract, *, as_of: datetime) -> Verdict:
        """The verdict on one narrative at `as_of`, from its mornings recomputed with their own `as_of`."""
        days = [as_of - timedelta(days=k) for k in reversed(range(MORNINGS))]
        return verdict(contract, self.mornings(contract, days, known=as_of))

    def mornings(self, contract: Contract, days: Sequence[datetime], *, known: datetime) -> list[Morning]:
        """Pressure and evidence at each of these instants, oldest first and a day apart.

        `known` is the latest instant that will be asked for.
        """
        for as_of, pressure in zip(days, self.pressures(contract, days), strict=True):
            if (contract.id, as_of) not in self._mornings:
                found = self._evidence(contract, as_of, self._held(contract, known))
                self._mornings[contract.id, as_of] = Morning(as_of=as_of, pressure=pressure, evidence=found)
        return [self._mornings[contract.id, day] for day in days]

    def pressures(self, contract: Contract, days: Sequence[datetime]) -> list[Pressure]:
        """The press over the contract's window at each of these instants, oldest first and a day apart."""
        missing = [k for k, day in enumerate(days) if (contract.id, day) not in self._pressures]
        if missing:
            run, window = days[missing[0] : missing[-1] + 1], contract.window.days
            told = pressures(contract.id, self.press(contract, run, days=window), window_days=window)
            self._pressures |= {(contract.id, day): one for day, one in zip(run, told, strict=True)}
        return [self._pressures[contract.id, day] for day in days]

    def morning(self, contract: Contract, as_of: datetime, *, known: datetime) -> Morning:
        """Pressure and evidence at one instant."""
        return self.mornings(contract, [as_of], known=known)[0]

    def _evidence(self, contract: Contract, as_of: datetime, series: Mapping[str, Series]) -> Evidence:
        table = self.house.accelerators
        found = evidence(contract, series, as_of=as_of, accelerators=table, memory=self._memory)
        return with_rows(found, self.house.derived, series, accelerators=table)

    def press(self, contract: Contract, mornings: Sequence[datetime], *, days: int) -> PressRun:
        """What the pressure over windows of so many days is computed from, on each of these mornings."""
        since, held = mornings[0] - timedelta(days=days), self._runs.get((contract.id, mornings[-1]))
        if held is None or since < held[0] or len(mornings) > len(held[1].mornings):
            held = self._runs[contract.id, mornings[-1]] = since, self._read(contract, mornings, days=days)
        return held[1].last(len(mornings))

    def _read(self, contract: Contract, mornings: Sequence[datetime], *, days: int) -> PressRun:
        counted, db = days + BASELINE_DAYS, self.house.db
        asked = mornings[0], mornings[-1], counted
        if self._begun[0] != asked:  # of all narratives the same, and asked for one after the other
            self._begun = asked, tags.stories_begun(db, mornings, counted=counted)
        return tags.run(db, contract.id, mornings, days=days, counted=counted, begun=self._begun[1])

    def wide(self, contract: Contract, as_of: datetime) -> Pressure:
        """The press over the other window: 28 days, or 7 where the contract says 28 or more."""
        days = WEEKS if contract.window.days < WEEKS else MORNINGS
        return pressures(contract.id, self.press(contract, [as_of], days=days), window_days=days)[0]

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

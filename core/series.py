"""Observations with their vintages, and series cut at an instant."""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Observation:
    """One value of one series: for `time` it is `value`, as first seen at `first_seen`.

    A corrected value is another observation of the same time, seen later; nothing is overwritten.
    An undated source gives `time` = the instant at which this value was first seen.
    """

    series: str
    time: datetime
    value: float
    first_seen: datetime
    imported: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Series:
    """A named series in one unit, with every vintage we hold, ordered by time then first_seen."""

    id: str
    unit: str
    observations: tuple[Observation, ...] = ()

    def known_at(self, as_of: datetime) -> Series:
        """The series as it stood at `as_of`: per time the latest vintage first seen by then.

        Values for times after `as_of` are forecasts, not observations, and are left out.
        """
        latest: dict[datetime, Observation] = {}
        for o in self.observations:
            if o.first_seen <= as_of and o.time <= as_of:
                held = latest.get(o.time)
                if held is None or o.first_seen >= held.first_seen:
                    latest[o.time] = o
        return Series(id=self.id, unit=self.unit, observations=tuple(latest[t] for t in sorted(latest)))

    def at(self, time: datetime) -> Observation | None:
        """The last observation at or before `time`; call it on a series that is cut already."""
        i = bisect_right(self.observations, time, key=lambda o: o.time)
        return self.observations[i - 1] if i else None

    @property
    def last(self) -> Observation | None:
        """The newest observation, or None."""
        return self.observations[-1] if self.observations else None


@dataclass(frozen=True, slots=True, kw_only=True)
class Collected:
    """What one visit to a source gave: values, what could not be had, and the raw answers.

    `values` carry `first_seen` = the pass's instant. `faults` pair a series id with a reason.
    """

    source: str
    values: tuple[Observation, ...]
    faults: tuple[tuple[str, str], ...]
    answers: tuple[RawAnswer, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class RawAnswer:
    """An answer as it came, kept so that a finding can be traced to its bytes."""

    url: str
    status: int
    body: bytes
    kept: bool = True

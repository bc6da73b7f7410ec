"""Observations with their vintages, and series cut at an instant."""

from __future__ import annotations

import math
from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]


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

    @property
    def undated(self) -> bool:
        """Whether the source gave no date, so that the value is of the visit on which it was first seen."""
        return self.time == self.first_seen and not self.imported


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Columns:
    """Observations as arrays of one length, instants in seconds since 1970.

    `known` are the instants, ascending, at which one more of them was known (first seen, and its
    time come). `straight`: no time has two vintages, and none was seen before an earlier one, so
    that what was known at any instant is a beginning of the arrays.
    """

    times: Floats
    seen: Floats
    values: Floats
    known: Floats
    straight: bool

    def where(self, rows: slice | NDArray[np.intp]) -> Columns:
        """These rows."""
        times, seen = self.times[rows], self.seen[rows]
        known = self.known[rows] if self.straight else np.sort(np.maximum(times, seen))
        return Columns(times=times, seen=seen, values=self.values[rows], known=known, straight=self.straight)


@dataclass(frozen=True, slots=True, kw_only=True)
class Series:
    """A named series in one unit, with every vintage we hold, ordered by time then first_seen.

    `sightings` are the instants, ascending, at which its source was looked at and had it: they tell
    a value that stands still from one that nobody has looked at since. Arrays and the last cut are
    kept inside, for a backtest asks the same series of thousands of mornings.
    """

    id: str
    unit: str
    observations: tuple[Observation, ...] = ()
    sightings: tuple[datetime, ...] = ()
    _columns: Columns | None = field(default=None, init=False, repr=False, compare=False)
    _last_cut: tuple[float, float, Series] | None = field(default=None, init=False, repr=False, compare=False)

    def known_at(self, as_of: datetime) -> Series:
        """The series as it stood at `as_of`: per time the latest vintage first seen by then.

        Values for times after `as_of` are forecasts, not observations, and are left out. Two cuts
        between which nothing became known share one tuple of observations.
        """
        cut = self._cut(as_of.timestamp())
        if not self.sightings:
            return cut
        seen = self.sightings[: bisect_right(self.sightings, as_of)]
        return _series(self.id, self.unit, cut.observations, cut.columns, seen)

    def at(self, time: datetime) -> Observation | None:
        """The last observation at or before `time`; call it on a series that is cut already."""
        i = int(self.columns.times.searchsorted(time.timestamp(), side="right"))
        return self.observations[i - 1] if i else None

    @property
    def last(self) -> Observation | None:
        """The newest observation, or None."""
        return self.observations[-1] if self.observations else None

    @property
    def last_sighting(self) -> datetime | None:
        """When the source was last looked at and had the series, or None where that was not kept."""
        return self.sightings[-1] if self.sightings else None

    @property
    def columns(self) -> Columns:
        """The observations as arrays, made once."""
        held = self._columns
        if held is None:
            held = _columns(self.observations)
            object.__setattr__(self, "_columns", held)
        return held

    def _cut(self, moment: float) -> Series:
        held = self._last_cut
        if held is None or not held[0] <= moment < held[1]:
            held = self._made(moment)
            object.__setattr__(self, "_last_cut", held)  # frozen for everybody else
        return held[2]

    def _made(self, moment: float) -> tuple[float, float, Series]:
        """The cut, from when it holds, and when it holds no longer."""
        of = self.columns
        n = int(of.known.searchsorted(moment, side="right"))  # what is known at a moment follows from how much is
        if of.straight:
            kept, columns = self.observations[:n], of.where(slice(n))
        else:
            rows = np.flatnonzero((of.seen <= moment) & (of.times <= moment))
            times = of.times[rows]
            rows = rows[np.append(times[1:] != times[:-1], True)] if n else rows  # the last seen of each time
            kept, columns = tuple(self.observations[i] for i in rows), of.where(rows)
        since = float(of.known[n - 1]) if n else -math.inf
        until = float(of.known[n]) if n < len(of.known) else math.inf
        return since, until, _series(self.id, self.unit, kept, columns)


def _series(
    series_id: str,
    unit: str,
    observations: tuple[Observation, ...],
    columns: Columns,
    sightings: tuple[datetime, ...] = (),
) -> Series:
    made = Series(id=series_id, unit=unit, observations=observations, sightings=sightings)
    object.__setattr__(made, "_columns", columns)
    return made


def _columns(observations: Sequence[Observation]) -> Columns:
    n = len(observations)
    times = np.fromiter((o.time.timestamp() for o in observations), np.float64, n)
    seen = np.fromiter((o.first_seen.timestamp() for o in observations), np.float64, n)
    values = np.fromiter((o.value for o in observations), np.float64, n)
    straight = bool((np.diff(times) > 0).all() and (np.diff(seen) >= 0).all())
    return Columns(times=times, seen=seen, known=np.sort(np.maximum(times, seen)), values=values, straight=straight)


@dataclass(frozen=True, slots=True, kw_only=True)
class Collected:
    """What one visit to a source gave: values, what could not be had, and the raw answers.

    `values` carry `first_seen` = the pass's instant. `faults` pair a series id with a reason.
    `refused` are values outside their plausible range: kept apart, until somebody vouches for them.
    """

    source: str
    values: tuple[Observation, ...]
    faults: tuple[tuple[str, str], ...]
    answers: tuple[RawAnswer, ...]
    refused: tuple[Observation, ...] = ()

    @property
    def moves(self) -> str:
        """Which address redirects for good and where to, in words; "" where none does."""
        moved = [answer for answer in self.answers if answer.moved]
        if not moved:
            return ""
        others = f", and {len(moved) - 1} more of its addresses" if len(moved) > 1 else ""
        return f"{moved[0].url.partition('?')[0]} has moved for good to {moved[0].moved}{others}"


@dataclass(frozen=True, slots=True, kw_only=True)
class RawAnswer:
    """An answer as it came, kept so that a finding can be traced to its bytes.

    `etag` and `modified` are the validators that came with it, "" where none did. `moved` is where the
    address redirects for good, without its query, which may hold a key.
    """

    url: str
    status: int
    body: bytes
    kept: bool = True
    etag: str = ""
    modified: str = ""
    moved: str = ""

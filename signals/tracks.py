"""Series as arrays: how two are joined, where a change begins, and what counts as own history."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import numpy as np
from numpy.typing import NDArray

from core.series import Series

DAY = 86_400.0
MONTH = 30.4375  # mean days of a calendar month
YEARS_KEPT = timedelta(days=3652)  # own history is the trailing ten years
YEARS_LEAST = timedelta(days=3 * 365 - 7)  # three years; a window of daily values may begin on the Monday after
SLACK = timedelta(days=7)  # joining: a monthly value meets the daily one of its day, or of a holiday week before
NEAR = 0.25  # the beginning of a change may lie this share of its span off (a missing month must not pass)
HELD = frozenset({"on_demand", "cadence"})  # these stand until they are changed, so that their gaps are no gaps

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Track:
    """Values over time: `times` in seconds since 1970, strictly ascending, as long as `values`."""

    times: Floats
    values: Floats

    def __len__(self) -> int:
        return len(self.times)

    def where(self, keep: NDArray[Any] | slice) -> Track:
        """The points that a mask, an index array or a slice picks."""
        return Track(times=self.times[keep], values=self.values[keep])


@dataclass(frozen=True, slots=True, kw_only=True)
class History:
    """Own history of a measured value: `years` from its first to its last point, median, quartile distance."""

    years: float
    median: float
    iqr: float


def held(series_id: str) -> bool:
    """Whether a value of this series stands until another replaces it."""
    return series_id.partition(".")[0] in HELD


def track(series: Series, *, as_of: datetime) -> Track:
    """A series that is cut already, as arrays. A held one is carried on to `as_of`."""
    of = series.columns
    moment = as_of.timestamp()
    if len(of.times) and held(series.id) and of.times[-1] < moment:
        return Track(times=np.append(of.times, moment), values=np.append(of.values, of.values[-1]))
    return Track(times=of.times, values=of.values)


def join(a: Track, b: Track, *, a_held: bool, b_held: bool) -> tuple[Floats, Floats, Floats]:
    """Times, values of `a` and values of `b` where both are known.

    Taken at the times of the series that is sparser while both run (`a` when equal), of the other
    the value last known then, at most `SLACK` older. Where one is held: at every time of either.
    """
    empty = np.array([], dtype=np.float64)
    if not len(a) or not len(b):
        return empty, empty, empty
    if np.array_equal(a.times, b.times):
        return a.times, a.values, b.values
    if a_held or b_held:
        times = np.union1d(a.times, b.times)
    else:
        first, last = max(a.times[0], b.times[0]), min(a.times[-1], b.times[-1]) + SLACK.total_seconds()
        times = a.times if _between_times(a, first, last) <= _between_times(b, first, last) else b.times
    i, known_a = _last_known(a, times, endless=a_held)
    j, known_b = _last_known(b, times, endless=b_held)
    both = known_a & known_b
    return times[both], a.values[i[both]], b.values[j[both]]


def _between_times(of: Track, first: float, last: float) -> int:
    return int(of.times.searchsorted(last, side="right") - of.times.searchsorted(first, side="left"))


def _last_known(of: Track, times: Floats, *, endless: bool) -> tuple[NDArray[np.intp], NDArray[np.bool_]]:
    if times is of.times:
        return np.arange(len(times)), np.ones(len(times), dtype=np.bool_)
    at = np.searchsorted(of.times, times, side="right") - 1
    known = at >= 0
    if not endless:
        known &= times - of.times[np.maximum(at, 0)] <= SLACK.total_seconds()
    return at, known


def beginnings(of: Track, over: timedelta, *, hold: bool, since: int = 0) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
    """For each point from `since` on that has one: its index, and the index of the point one span earlier.

    That is the point nearest to `over` before, the earlier of two, no further off than `NEAR` of
    the span; for a held series the value that stood then. It follows from the points before alone.
    """
    goal = of.times[since:] - over.total_seconds()
    right = np.searchsorted(of.times, goal, side="right")
    if hold:
        has = right > 0
        return np.flatnonzero(has) + since, right[has] - 1
    before, after = np.maximum(right - 1, 0), np.minimum(right, len(of) - 1)
    gap_before, gap_after = np.abs(of.times[before] - goal), np.abs(of.times[after] - goal)
    nearest = np.where(gap_before <= gap_after, before, after)
    near = np.minimum(gap_before, gap_after) <= NEAR * over.total_seconds()
    has = near & (nearest < np.arange(since, len(of)))
    return np.flatnonzero(has) + since, nearest[has]


def recent(of: Track, *, as_of: datetime) -> Track:
    """The trailing ten years."""
    return of.where(slice(recent_from(of, as_of=as_of), None))


def recent_from(of: Track, *, as_of: datetime) -> int:
    """The index of the first point of the trailing ten years."""
    return int(of.times.searchsorted((as_of - YEARS_KEPT).timestamp(), side="right"))


def years(of: Track) -> float:
    """Years from the first point to the last, 0 for fewer than two."""
    return float(of.times[-1] - of.times[0]) / (365.25 * DAY) if len(of) > 1 else 0.0


def long_enough(of: Track) -> bool:
    """Whether the points span the three years that own history takes."""
    return len(of) > 1 and bool(of.times[-1] - of.times[0] >= YEARS_LEAST.total_seconds())


def own_history(of: Track, *, as_of: datetime) -> History | None:
    """Median and interquartile range (linear between order statistics) of the trailing ten years.

    None when these hold less than three years.
    """
    kept = recent(of, as_of=as_of)
    if not long_enough(kept):
        return None
    low, median, high = quartiles(kept.values)
    return History(years=years(kept), median=median, iqr=high - low)


def quartiles(values: Floats) -> tuple[float, float, float]:
    """The quartiles of at least one value, linear between order statistics.

    What np.quantile gives to the last bit, at a fifth of its time: it is asked for at every reading.
    """
    at = [(len(values) - 1) * q for q in (0.25, 0.5, 0.75)]
    ends = [(int(place), min(int(place) + 1, len(values) - 1)) for place in at]
    ordered = np.partition(values, sorted({i for pair in ends for i in pair}))
    low, median, high = (
        _between(float(ordered[i]), float(ordered[j]), place - i) for (i, j), place in zip(ends, at, strict=True)
    )
    return low, median, high


def _between(a: float, b: float, part: float) -> float:
    return a + (b - a) * part if part < 0.5 else b - (b - a) * (1 - part)  # both exact at their own end

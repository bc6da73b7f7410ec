"""How tracks are combined into one; `signals.derived` says what each does without a member."""

from __future__ import annotations

import calendar
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from functools import reduce

import numpy as np

from core.derived import Derived
from signals.tracks import DAY, Floats, Track

NEAR_QUARTER = 15 * DAY  # a fiscal quarter ends within a week of the same one a year before, in years of 53 weeks too
HALF_QUARTER = timedelta(days=45)
FOUR_QUARTERS = 400 * DAY  # from the first of four quarter ends to the last are 274 days, and to a year later 365
SILENT = 200 * DAY  # two quarters and the weeks until they are filed
VALUE_EVERY = 1.5 * DAY  # 252 days of trading a year are 1.45 days apart; a window that takes longer has gaps in it
NONE = Track(times=np.array([], dtype=np.float64), values=np.array([], dtype=np.float64))


def ratio(one: Derived, tracks: Mapping[str, Track]) -> Track:
    """factor * a / b, where b is above 0."""
    times, a, b = _both(one, tracks)
    sound = b > 0
    return Track(times=times[sound], values=one.factor * a[sound] / b[sound])


def difference(one: Derived, tracks: Mapping[str, Track]) -> Track:
    """a - b."""
    times, a, b = _both(one, tracks)
    return Track(times=times, values=a - b)


def growth(one: Derived, tracks: Mapping[str, Track]) -> Track:
    """Percent over the span, where the earlier value is above 0."""
    a = tracks[one.a or ""]
    if not len(a):
        return NONE
    goal = a.times - one.span.total_seconds()
    after = np.minimum(a.times.searchsorted(goal), len(a) - 1)
    before = np.maximum(after - 1, 0)
    base = np.where(np.abs(a.times[before] - goal) <= np.abs(a.times[after] - goal), before, after)
    sound = (np.abs(a.times[base] - goal) <= NEAR_QUARTER) & (a.values[base] > 0)
    return Track(times=a.times[sound], values=100 * (a.values[sound] / a.values[base[sound]] - 1))


def quarter_sum(one: Derived, tracks: Mapping[str, Track]) -> Track:
    """The sum by calendar quarter, dated its last day."""
    by_quarter = [
        dict(zip((quarter_end(t) for t in of.times.tolist()), of.values.tolist(), strict=True))
        for of in tracks.values()
    ]
    common = sorted(set.intersection(*(set(of) for of in by_quarter))) if by_quarter else []
    sums = [sum(of[quarter] for of in by_quarter) for quarter in common]
    return Track(times=np.array(common, dtype=np.float64), values=np.array(sums, dtype=np.float64))


def year_sum(one: Derived, tracks: Mapping[str, Track]) -> Track:
    """The sum of every member's own last four quarters, at each time at which one of them has a new one."""
    if not all(len(of) >= 4 for of in tracks.values()):
        return NONE
    times = reduce(np.union1d, (of.times for of in tracks.values()))
    total = np.zeros(len(times))
    sound = np.ones(len(times), dtype=np.bool_)
    for of in tracks.values():
        last = of.times.searchsorted(times, side="right") - 1
        first = np.maximum(last - 3, 0)
        sound &= (last >= 3) & (of.times[last] - of.times[first] <= FOUR_QUARTERS) & (times - of.times[last] <= SILENT)
        sums = np.append(0.0, np.cumsum(of.values))
        total += sums[last + 1] - sums[first]
    return Track(times=times[sound], values=total[sound])


def total_return(one: Derived, tracks: Mapping[str, Track]) -> Track:
    """100 at first; a dividend counts on the first close of its day or after it."""
    closes, dividends = tracks[one.a or ""], tracks[one.b or ""]
    if not len(closes) or not len(dividends):
        return NONE
    closes = closes.where(
        (closes.times >= dividends.times[0]) & (closes.times <= dividends.times[-1]) & (closes.values > 0)
    )
    if not len(closes):
        return NONE
    paid = np.zeros(len(closes) + 1)  # the last place takes what was paid after the last close
    np.add.at(paid, closes.times.searchsorted(dividends.times), dividends.values)
    factors = np.append(1.0, (closes.values[1:] + paid[1 : len(closes)]) / closes.values[:-1])
    return Track(times=closes.times, values=100 * np.cumprod(factors))


def chained_mean(one: Derived, tracks: Mapping[str, Track]) -> Track:
    """The first mean, plus the means of the changes."""
    times, values = _carried(tracks)
    if not len(times):
        return NONE
    links = _mean_over_present(np.diff(values, axis=1))
    return Track(times=times, values=np.nanmean(values[:, 0]) + np.append(0.0, np.cumsum(links)))


def chained_index(one: Derived, tracks: Mapping[str, Track]) -> Track:
    """100, times the geometric means of the ratios."""
    times, values = _carried({name: of.where(of.values > 0) for name, of in tracks.items()})
    if not len(times):
        return NONE
    links = _mean_over_present(np.diff(np.log(values), axis=1))
    return Track(times=times, values=100 * np.exp(np.append(0.0, np.cumsum(links))))


def share_above_mean(one: Derived, tracks: Mapping[str, Track]) -> Track:
    """Percent of the members that stand above the mean of their own last `window` values, the newest included."""
    places = [_above_mean(of, one.window) for of in tracks.values()]
    times = reduce(_common, (of.times for of in places))
    above = sum((of.values[of.times.searchsorted(times)] for of in places), np.zeros(len(times)))
    return Track(times=times, values=100 * above / len(places))


def _above_mean(of: Track, window: int) -> Track:
    """1 where a value stands above the mean of its window, else 0; only where the window has no gap."""
    if len(of) < window:
        return NONE
    # Counted from the first value, so that one that never moves is never above its mean by a rounding.
    moved = of.values - of.values[0]
    sums = np.append(0.0, np.cumsum(moved))
    last = slice(window - 1, None)
    above = moved[last] > (sums[window:] - sums[:-window]) / window
    whole = of.times[last] - of.times[: len(of) - window + 1] <= window * VALUE_EVERY
    return Track(times=of.times[last], values=above.astype(np.float64)).where(whole)


def _common(a: Floats, b: Floats) -> Floats:
    return a if np.array_equal(a, b) else np.intersect1d(a, b, assume_unique=True)


def _both(one: Derived, tracks: Mapping[str, Track]) -> tuple[Floats, Floats, Floats]:
    a, b = tracks[one.a or ""], tracks[one.b or ""]
    times, i, j = np.intersect1d(a.times, b.times, assume_unique=True, return_indices=True)
    return times, a.values[i], b.values[j]


def _carried(tracks: Mapping[str, Track]) -> tuple[Floats, Floats]:
    """All times, and a row for each member: its last value by then, nan before its first."""
    there = [of for of in tracks.values() if len(of)]
    if not there:
        return NONE.times, NONE.values
    times = reduce(np.union1d, (of.times for of in there))
    rows = [np.append(np.nan, of.values)[of.times.searchsorted(times, side="right")] for of in there]
    return times, np.array(rows)


def _mean_over_present(changes: Floats) -> Floats:
    """The mean of each column over its members that are no nan; 0 where there is none."""
    there = ~np.isnan(changes)
    return np.asarray(np.where(there, changes, 0.0).sum(axis=0) / np.maximum(there.sum(axis=0), 1))


def quarter_end(seconds: float) -> float:
    """The last day of the calendar quarter that holds the middle of the fiscal quarter ending then, as instants."""
    middle = datetime.fromtimestamp(seconds, UTC) - HALF_QUARTER
    month = (middle.month - 1) // 3 * 3 + 3
    day = calendar.monthrange(middle.year, month)[1]
    return datetime(middle.year, month, day, tzinfo=UTC).timestamp()

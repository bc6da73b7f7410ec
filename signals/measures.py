"""What can be computed from series: one pure function for each kind of measure.

Every function returns the measured value over time, of which the last point is the reading, so
that a value and its own history can never be defined differently.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType

import numpy as np

from core.contracts import Measure
from signals.measured import NOT_COLLECTED, TOO_LITTLE, Known, Outcome, Unmeasured, finished, of_one, of_two, span
from signals.pairs import paired_difference
from signals.tracks import MONTH, YEARS_KEPT, Floats, Track, long_enough, recent, track, years


def level(measure: Measure, known: Known) -> Outcome:
    """The value of `a`, in its own unit."""
    return of_one(measure, known, lambda of: of)


def change(measure: Measure, known: Known) -> Outcome:
    """`a` less its value one span earlier, in the unit of `a`."""
    return of_one(measure, known, lambda of: of, lambda now, base: now - base)


def percent_change(measure: Measure, known: Known) -> Outcome:
    """100 (a / a one span earlier - 1), in percent."""
    return of_one(measure, known, _positive, _percent)


def annualised_change(measure: Measure, known: Known) -> Outcome:
    """100 ((a / a one span earlier)^(12 / m) - 1), in percent a year; m is the span in whole months.

    So 91d of a monthly index is the usual three-month annualised rate, 365d year on year. A span
    under a month is taken in days, of which a year has 365.25.
    """
    over = span(measure).total_seconds() / 86_400
    power = 12 / round(over / MONTH) if over >= 28 else 365.25 / over
    return of_one(measure, known, _positive, lambda now, base: 100 * ((now / base) ** power - 1))


def ratio(measure: Measure, known: Known) -> Outcome:
    """a / b."""
    return of_two(measure, known, lambda a, b: a / b)


def ratio_change(measure: Measure, known: Known) -> Outcome:
    """100 ((a / b) / (a / b one span earlier) - 1), in percent."""
    return of_two(measure, known, lambda a, b: a / b, _percent)


def difference(measure: Measure, known: Known) -> Outcome:
    """a - b, in their unit."""
    return of_two(measure, known, lambda a, b: a - b)


def share(measure: Measure, known: Known) -> Outcome:
    """100 a / (a + b), in percent."""
    return of_two(measure, known, lambda a, b: 100 * a / (a + b))


def percentile(measure: Measure, known: Known) -> Outcome:
    """Where `a` stands in its own trailing ten years: 100 (values below + half of the equal ones) / all."""
    return _in_history(measure, known, lambda v: 100 * float((v < v[-1]).sum() + (v == v[-1]).sum() / 2) / len(v))


def zscore(measure: Measure, known: Known) -> Outcome:
    """(a - mean) / sample standard deviation of its own trailing ten years."""
    return _in_history(measure, known, lambda v: float((v[-1] - v.mean()) / v.std(ddof=1)) if np.ptp(v) else None)


def drawdown(measure: Measure, known: Known) -> Outcome:
    """100 (a / the highest a of the trailing span - 1): percent, at most 0. Without `over`: the highest ever known."""

    def below_high(of: Track) -> Track:
        of = _positive(of)
        if measure.over is None:
            return Track(times=of.times, values=100 * (of.values / np.maximum.accumulate(of.values) - 1))
        first = np.searchsorted(of.times, of.times - measure.over.total_seconds(), side="right")
        highs = np.array([of.values[i : n + 1].max() for n, i in enumerate(first)], dtype=np.float64)
        return Track(times=of.times, values=100 * (of.values / highs - 1))

    return of_one(measure, known, below_high)


def count(measure: Measure, known: Known) -> Outcome:
    """How many values of `a` the trailing span holds; without `over`, ten years."""

    def counted(of: Track) -> Track:
        span = (measure.over or YEARS_KEPT).total_seconds()
        times = of.times if of.times[-1] == known.as_of.timestamp() else np.append(of.times, known.as_of.timestamp())
        upto = np.searchsorted(of.times, times, side="right")
        since = np.searchsorted(of.times, times - span, side="right")
        return Track(times=times, values=(upto - since).astype(np.float64))

    return of_one(measure, known, counted, lasting=False)


def _in_history(measure: Measure, known: Known, place: Callable[[Floats], float | None]) -> Outcome:
    series = known.get(measure.a or "")
    if series is None:
        return Unmeasured(reason=NOT_COLLECTED, detail=measure.a or "")
    kept = recent(track(series, as_of=known.as_of), as_of=known.as_of)
    if not long_enough(kept):
        return Unmeasured(reason=TOO_LITTLE, detail=f"{years(kept):.1f} of 3 years")
    value = place(kept.values)
    if value is None:
        return Unmeasured(reason=TOO_LITTLE, detail="its own history does not vary")
    point = Track(times=kept.times[-1:], values=np.array([value], dtype=np.float64))
    return finished(measure, known, point, None, hold=False, ids=(series.id,))


def _positive(of: Track) -> Track:
    return of.where(of.values > 0)


def _percent(now: Floats, base: Floats) -> Floats:
    return 100 * (now / base - 1)


MEASURES: Mapping[str, Callable[[Measure, Known], Outcome]] = MappingProxyType(
    {
        function.__name__: function
        for function in (
            level,
            change,
            percent_change,
            annualised_change,
            ratio,
            ratio_change,
            difference,
            paired_difference,
            percentile,
            zscore,
            drawdown,
            share,
            count,
        )
    }
)

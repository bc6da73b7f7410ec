"""A measured value with what it rests on, and the three ways to get one from series."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

import numpy as np
from numpy.typing import NDArray

from core.accelerators import Accelerator
from core.contracts import Measure
from core.series import Observation, Series
from signals.cuts import Cut, Memory
from signals.tracks import Floats, Track, beginnings, held, join, track

NOT_COLLECTED = "not collected"
TOO_LITTLE = "too little history"


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """All that a measure may look at: series cut at `as_of`, and the accelerator table.

    `memory` spares computing again what is the same as at the instant that was asked for before.
    """

    as_of: datetime
    max_age: timedelta
    series: Mapping[str, Series]
    accelerators: tuple[Accelerator, ...] = ()
    memory: Memory = field(default_factory=Memory)

    def allowing(self, max_age: timedelta) -> Known:
        """The same, read by a check whose values may be this old."""
        return Known(
            as_of=self.as_of,
            max_age=max_age,
            series=self.series,
            accelerators=self.accelerators,
            memory=self.memory,
        )

    def get(self, series_id: str) -> Series | None:
        """The series, or None when nothing of it is known at `as_of`."""
        if isinstance(self.series, Cut):
            return self.series.known(series_id)
        found = self.series.get(series_id)
        return found if found is not None and found.observations else None


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Measured:
    """A value, the observations it was computed from, and the time of the oldest one that had to be new.

    `over_time` ends with the value itself. `note` tells what stands beside it (the pairs, say).
    """

    value: float
    used: tuple[Observation, ...]
    stands: datetime
    over_time: Track
    note: str = ""

    @property
    def dated(self) -> datetime:
        """The time that the value is for: `as_of` itself where a list price stands until it is changed."""
        return datetime.fromtimestamp(float(self.over_time.times[-1]), UTC)


@dataclass(frozen=True, slots=True, kw_only=True)
class Unmeasured:
    """Why there is no value: a stable word for `reason`, and what exactly for a reader."""

    reason: str
    detail: str = ""


Rows = NDArray[np.intp]
NO_ROWS: tuple[Rows, Rows] = (np.array([], dtype=np.intp), np.array([], dtype=np.intp))
Outcome = Measured | Unmeasured
TwoValues = Callable[[Floats, Floats], Floats]


def of_one(
    measure: Measure,
    known: Known,
    prepare: Callable[[Track], Track],
    compare: TwoValues | None = None,
    *,
    lasting: bool = True,
) -> Outcome:
    """A measure of series `a`: prepared point by point, then compared with one span earlier.

    `lasting`: it changes only with the series, not with `as_of` itself.
    """
    series = known.get(measure.a or "")
    if series is None:
        return Unmeasured(reason=NOT_COLLECTED, detail=measure.a or "")
    hold = held(series.id)

    def computed() -> Outcome:
        made = prepare(track(series, as_of=known.as_of))
        return finished(measure, known, made, compare, hold=hold, ids=(series.id,))

    return computed() if hold or not lasting else known.memory.kept(_name(measure), (series.observations,), computed)


def of_two(
    measure: Measure,
    known: Known,
    combine: TwoValues,
    compare: TwoValues | None = None,
) -> Outcome:
    """A measure of `a` and `b` where both are known, then compared with one span earlier."""
    a, b = known.get(measure.a or ""), known.get(measure.b or "")
    if a is None or b is None:
        lacking = [name or "" for name, found in ((measure.a, a), (measure.b, b)) if found is None]
        return Unmeasured(reason=NOT_COLLECTED, detail=", ".join(lacking))
    a_held, b_held = held(a.id), held(b.id)

    def computed() -> Outcome:
        return _of_two(measure, known, combine, compare, a=a, b=b)

    if a_held or b_held:
        return computed()
    return known.memory.kept(_name(measure), (a.observations, b.observations), computed)


def _name(measure: Measure) -> tuple[object, ...]:
    return ("measured", measure.kind, measure.a, measure.b, measure.over)


def _of_two(
    measure: Measure, known: Known, combine: TwoValues, compare: TwoValues | None, *, a: Series, b: Series
) -> Outcome:
    a_held, b_held = held(a.id), held(b.id)
    times, of_a, of_b = join(track(a, as_of=known.as_of), track(b, as_of=known.as_of), a_held=a_held, b_held=b_held)
    if measure.kind != "difference":  # a ratio to nothing, or to less, has no meaning
        sound = (of_a + of_b if measure.kind == "share" else of_b) > 0
        times, of_a, of_b = times[sound], of_a[sound], of_b[sound]
    made = Track(times=times, values=combine(of_a, of_b))
    return finished(measure, known, made, compare, hold=a_held or b_held, ids=(a.id, b.id))


def finished(
    measure: Measure,
    known: Known,
    made: Track,
    compare: TwoValues | None,
    *,
    hold: bool,
    ids: tuple[str, ...],
) -> Outcome:
    """Take changes where the measure is one, and say which observations the last point rests on."""
    if not len(made):
        return Unmeasured(reason=TOO_LITTLE, detail=f"no usable value of {' and '.join(ids)} at one time")
    newest = made.times[-1]
    rests_on = [newest]
    if compare is not None:
        now, base = beginnings(made, span(measure), hold=hold) if hold else _beginnings(measure, known, made)
        if not len(now) or made.times[now[-1]] != newest:
            since = datetime.fromtimestamp(float(newest), UTC) - span(measure)
            return Unmeasured(reason=TOO_LITTLE, detail=f"no value of {' and '.join(ids)} near {since:%Y-%m-%d}")
        rests_on.append(made.times[base[-1]])
        made = Track(times=made.times[now], values=compare(made.values[now], made.values[base]))
    found = [_at(known.series[i], float(t)) for t in rests_on for i in ids]
    used = tuple(dict.fromkeys(found))
    stands = min(o.time for o in found[: len(ids)])
    return Measured(value=float(made.values[-1]), used=used, stands=stands, over_time=made)


def _beginnings(measure: Measure, known: Known, made: Track) -> tuple[Rows, Rows]:
    """Where the changes begin; for times that were there the last time they are not looked for again."""
    what = ("beginnings", *_name(measure))
    held = known.memory.last(what)
    times, now, base = held if held is not None else (made.times[:0], *NO_ROWS)
    if len(times) > len(made) or not np.array_equal(times, made.times[: len(times)]):
        times, (now, base) = made.times[:0], NO_ROWS
    if len(times) < len(made):
        more, more_base = beginnings(made, span(measure), hold=False, since=len(times))
        now, base = np.concatenate((now, more)), np.concatenate((base, more_base))
        known.memory.keep(what, (made.times, now, base))
    return now, base


def _at(series: Series, seconds: float) -> Observation:
    return series.observations[int(series.columns.times.searchsorted(seconds, side="right")) - 1]


def span(measure: Measure) -> timedelta:
    """The span of a change."""
    if measure.over is None:  # the model refuses a change without a span
        raise ValueError(f"a {measure.kind} needs over")
    return measure.over

"""What followed the onsets of a verdict, held against what followed any day."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

import numpy as np
from numpy.typing import NDArray

from core.accelerators import Accelerator
from core.contracts import Outcome
from core.series import Series
from core.verdicts import VerdictKind
from signals.calls import MAX_AGE
from signals.measured import Measured
from signals.measuring import measured

LEAST_HORIZONS = 10  # non-overlapping ones; with fewer, block resampling has nothing to resample
LEAST_ONSETS = 5  # a mean of fewer is an anecdote
DRAWS = 2_000  # the 5 % and 95 % points then stand on a hundred draws each
INTERVAL = (0.05, 0.95)


@dataclass(frozen=True, slots=True, kw_only=True)
class Study:
    """The outcome's change over one horizon after the onsets of `kind`, in the measure's unit.

    `horizons` is how many non-overlapping ones the days with a known outcome hold. `after` and
    `usual` are means over onsets and over all days; `low` and `high` are the 90 % interval of
    their difference; `p` is how often chance gives a difference as large, `corrected` the same
    after `corrections`. What cannot be said is None, and `limit` says why.
    """

    kind: VerdictKind
    onsets: int
    days: int
    horizons: int
    after: float | None = None
    usual: float | None = None
    low: float | None = None
    high: float | None = None
    p: float | None = None
    corrected: float | None = None
    limit: str = ""


def changes(
    outcome: Outcome,
    series: Mapping[str, Series],
    mornings: Sequence[datetime],
    *,
    until: datetime,
    accelerators: Sequence[Accelerator] = (),
) -> list[float | None]:
    """How the outcome had moved one horizon after each morning, as it was known then; None where that is not known.

    The rule of `signals.calls.resolved`: a measure that is a change is its own answer, of any other
    the value at the morning is taken off. Not known is also what lies after `until`.
    """

    def value(at: datetime) -> float | None:
        found = measured(outcome.measure, series, as_of=at, max_age=MAX_AGE, accelerators=accelerators)
        return found.value if isinstance(found, Measured) else None

    moved: list[float | None] = []
    for morning in mornings:
        later = value(morning + outcome.horizon) if morning + outcome.horizon <= until else None
        start = 0.0 if outcome.measure.over is not None else value(morning) if later is not None else None
        moved.append(None if later is None or start is None else later - start)
    return moved


def onsets(kinds: Sequence[VerdictKind], kind: VerdictKind) -> list[int]:
    """The mornings on which `kind` began; the first is none, for what was before it is not known."""
    return [i for i in range(1, len(kinds)) if kinds[i] is kind and kinds[i - 1] is not kind]


def study(
    kind: VerdictKind, kinds: Sequence[VerdictKind], moved: Sequence[float | None], *, horizon: timedelta, seed: str
) -> Study:
    """Hold what followed the onsets of `kind` against what followed all mornings, one a day.

    Changes over one horizon overlap from day to day, so days are drawn in blocks whose mean length
    is the horizon (Politis and Romano 1994, the stationary bootstrap). The interval draws days with
    their onsets; `p` draws the changes under onsets that stay where they are, as if the two had
    nothing to do with each other. `seed` is text of what is tested: the same gives the same.
    """
    known = [i for i, change in enumerate(moved) if change is not None]
    starts = set(onsets(kinds, kind))
    began = np.array([i in starts for i in known], dtype=np.bool_)
    change = np.array([moved[i] for i in known], dtype=np.float64)
    found = Study(kind=kind, onsets=int(began.sum()), days=len(known), horizons=len(known) // max(1, horizon.days))
    limit = _limit(found, horizon)
    if limit:
        return replace(found, limit=limit)
    apart = _apart(change, began)
    random = np.random.default_rng(int.from_bytes(hashlib.sha256(f"{seed} {kind}".encode()).digest()[:8], "big"))
    low, high = np.quantile(_together(change, began, horizon.days, random), INTERVAL)
    chance = _alone(change, began, horizon.days, random)
    return replace(
        found,
        after=float(change[began].mean()),
        usual=float(change.mean()),
        low=float(low),
        high=float(high),
        p=float(1 + (np.abs(chance) >= abs(apart)).sum()) / (len(chance) + 1),
    )


def corrections(studies: Sequence[Study], *, tried: int) -> list[Study]:
    """Holm's step-down over all tests, and then times the number of configurations that were ever tried.

    Holm (1979): the smallest p times m, the next times m - 1, ..., never under the one before. To
    try again with another contract or span is to test again, which the second factor pays for.
    """
    tested = sorted((s.p, i) for i, s in enumerate(studies) if s.p is not None)
    corrected, highest = dict[int, float](), 0.0
    for place, (p, i) in enumerate(tested):
        highest = max(highest, p * (len(tested) - place))
        corrected[i] = min(1.0, highest * tried)
    return [replace(s, corrected=corrected.get(i)) for i, s in enumerate(studies)]


_Draws = NDArray[np.float64]


def _limit(of: Study, horizon: timedelta) -> str:
    if of.horizons < LEAST_HORIZONS:
        return (
            f"not estimable: the outcome is known for {of.days} days, {of.horizons} horizons of {horizon.days} days"
            f" that do not overlap, {LEAST_HORIZONS} needed"
        )
    if of.onsets < LEAST_ONSETS:
        return f"not estimable: it began {of.onsets} times, {LEAST_ONSETS} needed"
    return ""


def _apart(change: NDArray[np.float64], began: NDArray[np.bool_]) -> float:
    return float(change[began].mean() - change.mean()) if began.any() else float("nan")


def _together(
    change: NDArray[np.float64], began: NDArray[np.bool_], length: int, random: np.random.Generator
) -> _Draws:
    from arch.bootstrap import StationaryBootstrap

    drawn = StationaryBootstrap(length, change, began, seed=random).bootstrap(DRAWS)
    apart = np.array([_apart(c, b) for (c, b), _ in drawn])
    return np.asarray(apart[~np.isnan(apart)])


def _alone(change: NDArray[np.float64], began: NDArray[np.bool_], length: int, random: np.random.Generator) -> _Draws:
    from arch.bootstrap import StationaryBootstrap

    drawn = StationaryBootstrap(length, change, seed=random).bootstrap(DRAWS)
    return np.array([_apart(c, began) for (c,), _ in drawn])

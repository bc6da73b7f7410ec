"""Calls: when one is opened, what it forecasts with what probability, how it is resolved and scored.

A contract's outcome states what PRESS_AHEAD forecasts: the contrarian case, in which the data are
right and the press is not (DESIGN section 3: for "Nvidia killer" that Nvidia gains on the sector,
up). PRESS_BEHIND forecasts the opposite: there the data support the proposition that the press
doubts. Turning a proposition round swaps the two verdicts and the outcome's direction, so that
the forecast itself stays what it was.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from itertools import pairwise

from core.accelerators import Accelerator
from core.calls import Call, Direction, Record, Resolution, Score
from core.clock import stamp
from core.contracts import Contract, Measure
from core.series import Series
from core.verdicts import VerdictKind
from signals.measured import Measured, Unmeasured
from signals.measuring import measured, reason
from signals.tracks import Track, recent

LEANING = frozenset({VerdictKind.PRESS_AHEAD, VerdictKind.PRESS_BEHIND})
TILT = 0.10  # stated before any call was made: a lead of ten points, which 20 calls can hardly tell from none
CALIBRATED_FROM = 20  # scored calls; before that the tilt is the stated one
EXTREMES = (0.05, 0.95)  # no verdict on the press makes a price move as good as certain
MAX_AGE = timedelta(days=14)  # of the outcome's newest value at the opening and at the due date

_OPPOSITE: Mapping[Direction, Direction] = {"up": "down", "down": "up"}


def onset(before: VerdictKind | None, now: VerdictKind) -> bool:
    """Whether a leaning verdict begins: `now` is PRESS_AHEAD or PRESS_BEHIND, and the morning before was not that."""
    return now in LEANING and now is not before


def opened(
    contract: Contract,
    kind: VerdictKind,
    series: Mapping[str, Series],
    *,
    as_of: datetime,
    accelerators: Sequence[Accelerator] = (),
    history: Sequence[Record] = (),
    imported: bool = False,
) -> Call:
    """The call that a leaning verdict opens at `as_of`, due one horizon later.

    probability = the base rate of its direction + the tilt, kept within `EXTREMES`. The base rate
    is (k + 1/2) / (n + 1) of n non-overlapping horizons of the trailing ten years known at `as_of`,
    k of which went that way. `history` are the records so far: of them the scored ones set the tilt
    (`tilt`). An outcome that cannot be measured at `as_of`, or a verdict that rests on `imported`
    articles, makes a call that is void from the start. Raises ValueError for a verdict that does not lean.
    """
    if kind not in LEANING:
        raise ValueError(f"{kind} forecasts nothing")
    outcome = contract.outcome
    direction = outcome.direction if kind is VerdictKind.PRESS_AHEAD else _OPPOSITE[outcome.direction]
    found = measured(outcome.measure, series, as_of=as_of, max_age=MAX_AGE, accelerators=accelerators)
    ups, downs = _moves(outcome.measure, found, outcome.horizon, as_of=as_of)
    went = ups if direction == "up" else downs
    base_rate = (went + 0.5) / (ups + downs + 1)
    added, calibrated = tilt(history, as_of=as_of)
    low, high = EXTREMES
    return Call(
        id=f"{contract.id}@{stamp(as_of)}",
        narrative=contract.id,
        contract=contract.hash,
        opened=as_of,
        kind=kind,
        measure=outcome.measure,
        direction=direction,
        due=as_of + outcome.horizon,
        start=found.value if isinstance(found, Measured) and outcome.measure.over is None else None,
        probability=min(high, max(low, base_rate + added)),
        base_rate=base_rate,
        horizons=ups + downs,
        tilt=added,
        calibrated=calibrated,
        void=_void(found, imported=imported),
    )


def resolved(call: Call, series: Mapping[str, Series], *, accelerators: Sequence[Accelerator] = ()) -> Resolution:
    """What became of a call, from what was known at its due date, whenever it is asked for.

    It came true if the outcome is beyond 0 (a change) or beyond its `start` (any other measure) in
    the call's direction. Void: no value known at the due date, or one older than `MAX_AGE`, or none
    that moved. A contract that was changed since does not void a call, for its owner could then rid
    himself of a bad one: the call carries its own measure.
    """
    found = measured(call.measure, series, as_of=call.due, max_age=MAX_AGE, accelerators=accelerators)
    if isinstance(found, Unmeasured):
        return Resolution(call=call.id, at=call.due, void=f"the outcome at the due date is unknown: {reason(found)}")
    moved = found.value - (call.start or 0.0 if call.measure.over is None else 0.0)
    if moved == 0:
        return Resolution(call=call.id, at=call.due, end=found.value, void="the outcome did not move")
    came_true = (moved > 0) == (call.direction == "up")
    return Resolution(
        call=call.id,
        at=call.due,
        end=found.value,
        came_true=came_true,
        brier=_brier(call.probability, came_true),
        base_brier=_brier(call.base_rate, came_true),
    )


def tilt(history: Iterable[Record], *, as_of: datetime) -> tuple[float, bool]:
    """What a verdict adds to the base rate, and whether that was learnt from calls resolved by `as_of`.

    Under 20 scored calls: `TILT`. From then on their mean lead over the base rate, shrunk toward
    the stated tilt as if that had been seen on 20 calls: (sum(came true - base rate) + 20 TILT) / (n + 20).
    """
    leads = [came_true - call.base_rate for call, came_true in _scored(history, as_of=as_of)]
    if len(leads) < CALIBRATED_FROM:
        return TILT, False
    return math.fsum((*leads, CALIBRATED_FROM * TILT)) / (len(leads) + CALIBRATED_FROM), True


def score(history: Iterable[Record], *, as_of: datetime) -> Score:
    """The calls opened by `as_of` in figures, their resolutions as far as they were due by then.

    `independent` is the largest number of scored calls whose spans do not overlap, over all of
    them (taken greedily by the earliest end, which is exact).
    """
    told = [r for r in history if r.call.opened <= as_of]
    scored = _scored(told, as_of=as_of)
    independent, until = 0, None
    for call, _ in sorted(scored, key=lambda one: (one[0].due, one[0].id)):
        if until is None or call.opened >= until:
            independent, until = independent + 1, call.due
    voids = sum(bool(r.call.void or (r.resolution and r.resolution.at <= as_of and r.resolution.void)) for r in told)
    return Score(
        scored=len(scored),
        independent=independent,
        open=len(told) - len(scored) - voids,
        voids=voids,
        share_true=_mean([float(came_true) for _, came_true in scored]),
        brier=_mean([_brier(call.probability, came_true) for call, came_true in scored]),
        base_brier=_mean([_brier(call.base_rate, came_true) for call, came_true in scored]),
    )


def _brier(probability: float, came_true: bool) -> float:
    return (probability - came_true) ** 2


def _void(found: Measured | Unmeasured, *, imported: bool) -> str:
    if imported:
        return "the verdict rests on imported articles"
    if isinstance(found, Unmeasured):
        return f"the outcome at the opening is unknown: {reason(found)}"
    return ""


def _moves(measure: Measure, found: Measured | Unmeasured, horizon: timedelta, *, as_of: datetime) -> tuple[int, int]:
    """In how many non-overlapping horizons the outcome went up, and down; those that end where they began are neither."""
    if isinstance(found, Unmeasured):
        return 0, 0
    of = recent(found.over_time, as_of=as_of)
    if measure.over is not None:
        moved = [float(of.values[i]) for i in _apart(of, max(horizon, measure.over))]
    else:
        picked = _apart(of, horizon)
        moved = [float(of.values[late] - of.values[early]) for late, early in pairwise(picked)]
    return sum(m > 0 for m in moved), sum(m < 0 for m in moved)


def _apart(of: Track, span: timedelta) -> list[int]:
    """Indices of points at least one span apart, from the newest back."""
    picked: list[int] = []
    i = len(of) - 1
    while i >= 0:
        picked.append(i)
        i = int(of.times.searchsorted(of.times[i] - span.total_seconds(), side="right")) - 1
    return picked


def _scored(history: Iterable[Record], *, as_of: datetime) -> list[tuple[Call, bool]]:
    return [
        (r.call, r.resolution.came_true)
        for r in history
        if not r.call.void and r.resolution and r.resolution.at <= as_of and r.resolution.came_true is not None
    ]


def _mean(values: Sequence[float]) -> float | None:
    return math.fsum(values) / len(values) if values else None

"""What each check of a contract says at one instant, and what they say together."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta

import numpy as np

from core.accelerators import Accelerator
from core.contracts import Check, Contract
from core.series import Series
from core.verdicts import Evidence, Freshness, Reading
from signals import sentences
from signals.cuts import Cut, Memory
from signals.measured import TOO_LITTLE, Known, Measured, Unmeasured
from signals.measures import MEASURES
from signals.measuring import series_of
from signals.tracks import History, own_history, recent, recent_from, years
from signals.weighing import shares, weigh

SAME_AS_OWN_HISTORY = "history"


def evidence(
    contract: Contract,
    series: Mapping[str, Series],
    *,
    as_of: datetime,
    accelerators: Sequence[Accelerator],
    memory: Memory | None = None,
) -> Evidence:
    """The readings of all checks and concede-ifs, in the contract's order, and their weighted mean.

    Formulas: DESIGN section 4 (reading, evidence). `series` may hold more than is needed, and
    values first seen after `as_of`, which have no influence. Hand in the same `memory` for one
    instant after another and what is the same as before is not computed again.
    """
    known = _known(series, as_of=as_of, accelerators=accelerators, memory=memory)
    weights = shares(contract.checks)
    readings = tuple(
        _reading(c, known, narrative=contract.id, weight=w, concede=concede)
        for c, w, concede in (
            *((c, weights[c.id], False) for c in contract.checks),
            *((c, 0.0, True) for c in contract.concede_if),
        )
    )
    together = weigh(readings)
    return Evidence(
        narrative=contract.id,
        as_of=as_of,
        support=together.support,
        low=together.low,
        high=together.high,
        coverage=together.coverage,
        readings=readings,
    )


def reading(
    check: Check,
    series: Mapping[str, Series],
    *,
    narrative: str,
    as_of: datetime,
    accelerators: Sequence[Accelerator],
    weight: float,
    concede: bool = False,
) -> Reading:
    """What one check says at `as_of`, from what was known by then.

    support = clip((value - threshold) / scale, -1, 1), with the other sign where the proposition
    expects "below". STALE when the oldest value that had to be new is older than the check's
    `max_age`; UNKNOWN with a stable reason when there is no value or nothing to hold it against.
    Both have no support. The value is kept wherever there is one.
    """
    known = _known(series, as_of=as_of, accelerators=accelerators)
    return _reading(check, known, narrative=narrative, weight=weight, concede=concede)


def needed(contract: Contract, accelerators: Sequence[Accelerator]) -> tuple[frozenset[str], tuple[str, ...]]:
    """Ids of the series that a contract reads, and prefixes of ids beyond them.

    The accelerator table names every part, so that no prefix is needed today.
    """
    measures = [c.measure for c in (*contract.checks, *contract.concede_if)]
    measures += [contract.outcome.measure, *(n.measure for n in contract.numbers)]
    return frozenset().union(*(series_of(m, accelerators) for m in measures)), ()


def clipped_share(
    check: Check, series: Mapping[str, Series], *, as_of: datetime, accelerators: Sequence[Accelerator] = ()
) -> float | None:
    """The share of its own trailing ten years on which this check would have been clipped.

    Threshold and scale as they stand at `as_of`. None where that cannot be said: context, no
    value, less than three years, or a pair, whose partners change. Above one half, the scale is
    too small for the check to tell one day from another.
    """
    found = _measure(check, _known(series, as_of=as_of, accelerators=accelerators))
    if check.context or isinstance(found, Unmeasured):
        return None
    history = own_history(found.over_time, as_of=as_of)
    bar = _bar(check, history)
    if history is None or bar is None:
        return None
    threshold, scale = bar
    values = recent(found.over_time, as_of=as_of).values
    return float((np.abs(values - threshold) >= scale).mean())


def _reading(check: Check, known: Known, *, narrative: str, weight: float, concede: bool) -> Reading:
    as_of, found = known.as_of, _measure(check, known)
    threshold = scale = support = None
    freshness: Freshness = "UNKNOWN"
    if isinstance(found, Unmeasured):
        reason = found.reason
        sentence = sentences.unknown(check, reason=reason, detail=found.detail, value=None, dated=None)
    elif (age := as_of - found.stands) > check.max_age:
        freshness = "STALE"
        last_seen = _last_seen(found, known)
        reason = sentences.stale_reason(found.stands, last_seen, age=age.days, most=check.max_age.days)
        sentence = sentences.stale(
            check, value=found.value, stands=found.stands, last_seen=last_seen, age=age.days, most=check.max_age.days
        )
    elif check.context:
        freshness, reason = "FRESH", ""
        sentence = sentences.context(check, value=found.value, dated=found.dated)
    else:
        history = _history(found, known, check) if _wants_history(check) else None
        bar = _bar(check, history)
        if bar is None:
            reason = TOO_LITTLE
            detail = _lack(found, history, as_of=as_of)
            sentence = sentences.unknown(check, reason=reason, detail=detail, value=found.value, dated=found.dated)
        else:
            freshness, reason = "FRESH", ""
            threshold, scale = bar
            support = _support(check, found.value, threshold=threshold, scale=scale)
            sentence = sentences.weighed(
                check,
                value=found.value,
                dated=found.dated,
                threshold=threshold,
                support=support,
                history=history.years if history and check.threshold == SAME_AS_OWN_HISTORY else None,
                concede=concede,
            )
    measured = found if isinstance(found, Measured) else None
    return Reading(
        check=check.id,
        narrative=narrative,
        as_of=as_of,
        family=check.family,
        asks=check.asks,
        value=measured.value if measured else None,
        unit=check.unit,
        threshold=threshold,
        scale=scale,
        support=support,
        weight=weight,
        context=check.context,
        concede=concede,
        freshness=freshness,
        reason=reason,
        sentence=sentence,
        detail=f"{measured.note}." if measured and measured.note else "",
        observations=measured.used if measured else (),
    )


def _known(
    series: Mapping[str, Series],
    *,
    as_of: datetime,
    accelerators: Sequence[Accelerator],
    memory: Memory | None = None,
) -> Known:
    return Known(
        as_of=as_of,
        max_age=timedelta.max,
        series=Cut(series, as_of),
        accelerators=tuple(accelerators),
        memory=memory or Memory(),
    )


def _measure(check: Check, known: Known) -> Measured | Unmeasured:
    return MEASURES[check.measure.kind](check.measure, known.allowing(check.max_age))


def _last_seen(found: Measured, known: Known) -> datetime | None:
    """When the source of an undated value that stands still was last seen to repeat it."""
    sightings = [
        seen
        for o in found.used
        if o.time == found.stands and o.undated and (seen := known.series[o.series].last_sighting) is not None
    ]
    return min((seen for seen in sightings if seen > found.stands), default=None)


def _history(found: Measured, known: Known, check: Check) -> History | None:
    return known.memory.kept(
        ("history", check.measure.kind, check.measure.a, check.measure.b, check.measure.over),
        (found.over_time,),
        lambda: own_history(found.over_time, as_of=known.as_of),
        at=recent_from(found.over_time, as_of=known.as_of),
    )


def _support(check: Check, value: float, *, threshold: float, scale: float) -> float:
    distance = min(1.0, max(-1.0, (value - threshold) / scale))
    return (distance if check.if_true == "above" else -distance) + 0.0  # no -0.0, which would print as such


def _wants_history(check: Check) -> bool:
    return SAME_AS_OWN_HISTORY in (check.threshold, check.scale)


def _bar(check: Check, history: History | None) -> tuple[float, float] | None:
    """Threshold and scale, or None when they should come from a history that does not suffice."""
    threshold, scale = check.threshold, check.scale
    if threshold == SAME_AS_OWN_HISTORY:
        threshold = history.median if history else None
    if scale == SAME_AS_OWN_HISTORY:
        scale = history.iqr if history and history.iqr > 0 else None
    if isinstance(threshold, float | int) and isinstance(scale, float | int):
        return float(threshold), float(scale)
    return None


def _lack(found: Measured, history: History | None, *, as_of: datetime) -> str:
    if history is not None:
        return "its own history does not vary"
    return f"{years(recent(found.over_time, as_of=as_of)):.1f} of 3 years"

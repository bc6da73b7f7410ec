"""Two providers of one price: do they agree, and what one lends when the other fails.

A series of a second source says `stands_in_for: price.spy` (and `tolerance`, in percent). It is collected
and kept under its own id, `stooq.spy`, whatever happens. On every pass on which both were visited:

- the newest ten days that both gave are compared; one that differs by more than the tolerance is a
  fault of the second series, which names both figures;
- if the first gave nothing, what the second has for days newer than the first's newest is lent to it.
  The lent values are stored as the first's, and its fault says so: "http 429; 2026-04-14 lent by
  stooq.spy". The second's own observation of that day, seen at the same instant, is the provenance.
  At most ten days are lent, never history: a second provider may adjust old closes for dividends.
  When the first is back and says another figure, that is a new vintage like any correction.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from core.series import Collected, Observation
from core.settings import SourceSettings

COMPARED = 10  # days on which two closes are compared; older ones may be adjusted for a dividend since
LENT = timedelta(days=10)  # a longer silence of the first provider should be seen, not papered over


def reconcile(
    sources: Iterable[SourceSettings],
    visits: Mapping[str, Collected],
    *,
    now: datetime,
    held: Mapping[str, datetime],
) -> dict[str, Collected]:
    """The `visits` of one pass (by source id) with disagreements as faults, and with what was lent.

    `held` is the time of the newest value held before the pass, by series id. Pure.
    """
    known = tuple(sources)
    owner = {name: source.id for source in known for name in source.series}
    settled = dict(visits)
    for source in known:
        for name, series in source.series.items():
            first = owner.get(series.stands_in_for)
            if first is None or first not in settled or source.id not in settled:
                continue
            given = _of(settled[first], series.stands_in_for)
            second = _of(settled[source.id], name)
            if given:
                reason = _disagreement(series.stands_in_for, given, second, series.tolerance)
                if reason:
                    settled[source.id] = _with_fault(settled[source.id], name, reason)
            else:
                since = max(now - LENT, held.get(series.stands_in_for, now - LENT))
                lent = [replace(o, series=series.stands_in_for) for o in second if o.time > since]
                if lent:
                    settled[first] = _lent(settled[first], lent, by=name)
    return settled


def _of(collected: Collected, series: str) -> list[Observation]:
    return [o for o in collected.values if o.series == series]


def _disagreement(
    name: str, first: Sequence[Observation], second: Sequence[Observation], tolerance: float
) -> str | None:
    """The worst of the newest days that both have, in words, if it is beyond `tolerance` percent."""
    ours = {o.time: o.value for o in first}
    theirs = {o.time: o.value for o in second}
    days = sorted(ours.keys() & theirs.keys())[-COMPARED:]
    gaps = {day: 100 * abs(theirs[day] / ours[day] - 1) for day in days if ours[day]}
    worst = max(gaps, key=lambda day: gaps[day], default=None)
    if worst is None or gaps[worst] <= tolerance:
        return None
    return (
        f"{theirs[worst]:g} on {worst:%Y-%m-%d}, where {name} has {ours[worst]:g}:"
        f" {gaps[worst]:.2f} % apart, {tolerance:g} % allowed"
    )


def _lent(first: Collected, values: Sequence[Observation], *, by: str) -> Collected:
    days = sorted(f"{o.time:%Y-%m-%d}" for o in values)
    span = days[0] if len(days) == 1 else f"{days[0]} to {days[-1]}"
    reasons = dict(first.faults)
    name = values[0].series
    reason = f"{reasons.get(name, 'no values')}; {span} lent by {by}"
    return _with_fault(replace(first, values=(*first.values, *values)), name, reason)


def _with_fault(collected: Collected, name: str, reason: str) -> Collected:
    return replace(collected, faults=tuple({**dict(collected.faults), name: reason}.items()))

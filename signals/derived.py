"""Series computed from others, point in time: what was known of the members makes what was known of the result.

Whenever something new is known of a member, the series is computed again from what was known then,
and what has changed is a new vintage. No kind lets a composite jump because a member came or went;
`RULES` says how each avoids it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import UTC, datetime

import numpy as np

from core.accelerators import Accelerator
from core.derived import Derived
from core.series import Columns, Observation, Series
from signals import combining
from signals.generations import cadence
from signals.tracks import Track

Combine = Callable[[Derived, Mapping[str, Track]], Track]
COMBINES: Mapping[str, Combine] = {
    "ratio": combining.ratio,
    "difference": combining.difference,
    "growth": combining.growth,
    "quarter_sum": combining.quarter_sum,
    "year_sum": combining.year_sum,
    "total_return": combining.total_return,
    "chained_mean": combining.chained_mean,
    "chained_index": combining.chained_index,
    "share_above_mean": combining.share_above_mean,
}
EVERY_MEMBER = frozenset(
    {"ratio", "difference", "growth", "quarter_sum", "year_sum", "total_return", "share_above_mean"}
)
ONWARD = frozenset({"ratio", "difference", "share_above_mean"})  # a time's value is made of its own and earlier ones
RULES: Mapping[str, str] = {
    "ratio": "factor * a / b at the times that both have; a time with one of them has no value",
    "difference": "a - b at the times that both have; a time with one of them has no value",
    "growth": "100 (a / a one span earlier - 1), the earlier value within 15 days of that; without it, no value",
    "quarter_sum": (
        "the sum over all members by calendar quarter, a fiscal quarter belonging to the one that holds its middle;"
        " with a member missing, no value and not a lower sum"
    ),
    "year_sum": (
        "the sum over all members of each one's own last four quarters; with a member that has not four within"
        " 400 days, or none for 200 days, no value"
    ),
    "total_return": (
        "100 at first, then times (close + dividend) / close before; closes are restated for splits; it runs as"
        " far as dividends are known"
    ),
    "chained_mean": (
        "the mean of the parts at first, then plus the mean change of those there on both days; a part that comes"
        " or goes changes nothing, and one that is not seen any more stands still"
    ),
    "chained_index": (
        "100 at first, then times the geometric mean of the ratios of those there on both days; a part that comes"
        " or goes changes nothing, and one that is not seen any more stands still"
    ),
    "share_above_mean": (
        "percent of the members above the mean of their own last values; a day on which one has no value, or not the"
        " whole window without a gap behind it, has none, and no share of fewer"
    ),
    "cadence": (
        "months between the last two generations of a line, meant over all lines; until every line has two, no value"
    ),
}


def members(one: Derived, accelerators: Sequence[Accelerator]) -> tuple[str, ...]:
    """Ids of the series that this one is computed from, in the order of its declaration."""
    if one.side is not None:
        return tuple(dict.fromkeys(f"{one.of[0]}.{t}" for a in accelerators if a.side == one.side for t in a.types))
    return tuple(name for name in (one.a, one.b, *one.of) if name)


def needed(ids: Iterable[str], table: Sequence[Derived], accelerators: Sequence[Accelerator]) -> frozenset[str]:
    """`ids` with the members, and their members, of those that are derived."""
    wanted = set(ids)
    for one in reversed(table):  # what a series is derived from stands before it
        if one.id in wanted:
            wanted |= set(members(one, accelerators))
    return frozenset(wanted)


def derive(
    table: Sequence[Derived],
    series: Mapping[str, Series],
    ids: Iterable[str],
    *,
    accelerators: Sequence[Accelerator],
) -> dict[str, Series]:
    """`series` with those of `ids` that are derived, and what these are derived from.

    One that has no value is absent, like a series of which nothing is known. What was collected
    goes before what is derived under the same id.
    """
    wanted = needed(ids, table, accelerators)
    held = dict(series)
    for one in table:
        if one.id in wanted and one.id not in held:
            made = cadence(one, accelerators) if one.kind == "cadence" else _derived(one, held, accelerators)
            if made.observations:
                held[one.id] = made
    return held


def _derived(one: Derived, series: Mapping[str, Series], accelerators: Sequence[Accelerator]) -> Series:
    names = members(one, accelerators)
    held = {name: series[name] for name in names if name in series}
    if not held or (one.kind in EVERY_MEMBER and len(held) < len(names)):
        return Series(id=one.id, unit=one.unit)
    combine = COMBINES[one.kind]
    if all(s.columns.straight and np.array_equal(s.columns.times, s.columns.known) for s in held.values()):
        # Undated: what a time says was known at that time and never corrected, so that it is computed once.
        made = combine(one, {name: _track(s) for name, s in held.items()})
        return _series(one, [(t, t, v) for t, v in zip(made.times.tolist(), made.values.tolist(), strict=True)])
    if one.kind in ONWARD and all(s.columns.straight for s in held.values()):
        # Nothing was ever corrected: a time's value was known when the last of its members was.
        made = combine(one, {name: _track(s) for name, s in held.items()})
        seen = np.max([s.columns.seen[s.columns.times.searchsorted(made.times)] for s in held.values()], axis=0)
        known = np.maximum(made.times, seen)
        return _series(one, zip(made.times.tolist(), known.tolist(), made.values.tolist(), strict=True))
    instants = np.unique(np.concatenate([s.columns.known for s in held.values()])).tolist()
    said: dict[float, float] = {}
    vintages: list[tuple[float, float, float]] = []
    before = combining.NONE
    for instant in instants:
        made = combine(one, {name: _cut(s.columns, instant) for name, s in held.items()})
        changed = made.where(slice(_same(before, made), None))
        for time, value in zip(changed.times.tolist(), changed.values.tolist(), strict=True):
            if said.get(time) != value:
                said[time] = value
                vintages.append((time, instant, value))
        before = made
    return _series(one, vintages)


def _same(before: Track, made: Track) -> int:
    """How many points at the beginning are as they were: all of the former ones, mostly, or none."""
    n = len(before)
    same = len(made) >= n and (made.times[:n] == before.times).all() and (made.values[:n] == before.values).all()
    return n if same else 0


def _cut(of: Columns, moment: float) -> Track:
    """What `Series.known_at` keeps, as arrays alone: there are as many cuts as days on which something came."""
    if of.straight:
        n = int(of.known.searchsorted(moment, side="right"))
        return Track(times=of.times[:n], values=of.values[:n])
    rows = np.flatnonzero((of.seen <= moment) & (of.times <= moment))
    times = of.times[rows]
    rows = rows[np.append(times[1:] != times[:-1], True)] if len(rows) else rows  # the last seen of each time
    return Track(times=of.times[rows], values=of.values[rows])


def _track(series: Series) -> Track:
    return Track(times=series.columns.times, values=series.columns.values)


def _series(one: Derived, vintages: Iterable[tuple[float, float, float]]) -> Series:
    made = tuple(
        Observation(
            series=one.id,
            time=datetime.fromtimestamp(time, UTC),
            value=value,
            first_seen=datetime.fromtimestamp(seen, UTC),
        )
        for time, seen, value in sorted(vintages)
    )
    return Series(id=one.id, unit=one.unit, observations=made)

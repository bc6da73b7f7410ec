"""What a derived value rests on: the collected observations behind it, so that its figure has rows."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from core.accelerators import Accelerator
from core.derived import Derived
from core.series import Observation, Series
from core.verdicts import Evidence
from signals.combining import NEAR_QUARTER, quarter_end
from signals.derived import ONWARD, members

QUARTERS = 4


def with_rows(
    evidence: Evidence,
    table: Sequence[Derived],
    series: Mapping[str, Series],
    *,
    accelerators: Sequence[Accelerator],
) -> Evidence:
    """The same evidence, every derived observation of its readings replaced by the collected ones behind it."""
    derived = {one.id: one for one in table}
    return replace(
        evidence,
        readings=tuple(
            replace(
                r,
                observations=tuple(
                    dict.fromkeys(
                        _behind(r.observations, derived, series, as_of=evidence.as_of, accelerators=accelerators)
                    )
                ),
            )
            if any(o.series in derived for o in r.observations)
            else r
            for r in evidence.readings
        ),
    )


def _behind(
    observations: Iterable[Observation],
    derived: Mapping[str, Derived],
    series: Mapping[str, Series],
    *,
    as_of: datetime,
    accelerators: Sequence[Accelerator],
) -> Iterable[Observation]:
    for o in observations:
        one = derived.get(o.series)
        if one is None or one.kind == "cadence":  # the latter is of the table of accelerators, and of no rows
            yield o
            continue
        for name in members(one, accelerators):
            if name in series:
                used = _used(one, o.time, series[name].known_at(as_of).observations)
                yield from _behind(used, derived, series, as_of=as_of, accelerators=accelerators)


def _used(one: Derived, time: datetime, held: Sequence[Observation]) -> list[Observation]:
    """The observations of one member from which the value for `time` was computed; of a chain, the last."""
    known = [o for o in held if o.time <= time]
    if one.kind in ONWARD:
        return [o for o in known if o.time == time]
    if one.kind == "quarter_sum":
        return [o for o in held if quarter_end(o.time.timestamp()) == time.timestamp()][-1:]
    if one.kind == "year_sum":
        return known[-QUARTERS:]
    if one.kind == "growth":
        goal = time - one.span
        base = min(held, key=lambda o: (abs(o.time - goal), o.time), default=None)
        near = base is not None and abs(base.time - goal) <= timedelta(seconds=NEAR_QUARTER)
        return [*([base] if base is not None and near else []), *(o for o in known if o.time == time)]
    return known[-1:]

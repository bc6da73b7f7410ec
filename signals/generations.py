"""How fast each side brings out a new generation, from the dated rows of the accelerator table."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, date, datetime, time

from core.accelerators import Accelerator
from core.derived import Derived, Line
from core.series import Observation, Series
from signals.tracks import MONTH


def cadence(one: Derived, accelerators: Sequence[Accelerator]) -> Series:
    """The months between the last two generations of each line, meant over all lines.

    A generation came out when its first part was generally available on any cloud. The value
    changes on the day of a new generation, and stands until the next.
    """
    lines = [_launches(line, accelerators) for line in one.lines]
    made = []
    for day in sorted({day for launches in lines for day in launches}):
        gaps = [_last_gap([d for d in launches if d <= day]) for launches in lines]
        known = [gap for gap in gaps if gap is not None]
        if len(known) == len(lines):
            moment = datetime.combine(day, time(), UTC)
            value = sum(known) / len(known)
            made.append(Observation(series=one.id, time=moment, value=value, first_seen=moment, imported=True))
    return Series(id=one.id, unit=one.unit, observations=tuple(made))


def _launches(line: Line, accelerators: Sequence[Accelerator]) -> list[date]:
    first: dict[str, date] = {}
    for a in accelerators:
        if a.maker == line.maker and line.family in (None, a.family) and line.job in (None, a.job):
            first[a.step] = min(a.available, first.get(a.step, a.available))
    return sorted(first.values())


def _last_gap(launches: Sequence[date]) -> float | None:
    return (launches[-1] - launches[-2]).days / MONTH if len(launches) > 1 else None

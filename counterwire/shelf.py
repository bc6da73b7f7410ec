"""A series told in a terminal: what is held, since when, how old it is, and what it is made of."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from core.clock import stamp
from core.derived import Derived
from core.series import Observation, Series
from signals.sentences import figure

NEAR = 0.25  # a change begins within this share of its span, as in a reading


def number(value: float) -> str:
    """A value with all the digits that matter, and no exponent where none is needed."""
    return f"{value:,.6f}".rstrip("0").rstrip(".") if abs(value) >= 0.001 or value == 0 else f"{value:.6g}"


def row(series: Series, source: str, *, as_of: datetime) -> dict[str, Any]:
    """One line of the list: the last value known at `as_of`, how many vintages are held, and its age in days."""
    cut = series.known_at(as_of)
    last = cut.last
    return {
        "id": series.id,
        "unit": series.unit,
        "source": source,
        "last_time": stamp(last.time) if last else None,
        "last_value": last.value if last else None,
        "times": len(cut.observations),
        "vintages": len(series.observations),
        "last_seen": stamp(cut.last_sighting) if cut.last_sighting else None,
        "freshness": freshness(cut, as_of=as_of),
    }


def freshness(cut: Series, *, as_of: datetime) -> str:
    """The age of the last value, in words. Whether that is too old is for each check to say."""
    last = cut.last
    if last is None:
        return "nothing known"
    days = (as_of - last.time).days
    if last.undated and cut.last_sighting is not None and cut.last_sighting > last.time:
        return f"stands still for {days} days, last seen {cut.last_sighting:%Y-%m-%d}"
    return f"{days} days old"


def within(cut: Series, since: datetime | None, until: datetime | None) -> tuple[Observation, ...]:
    """The observations from `since` to `until`, both included."""
    return tuple(
        o
        for o in cut.observations
        if (since is None or o.time >= since) and (until is None or o.time <= until + timedelta(days=1, seconds=-1))
    )


def moved(unit: str, chosen: Sequence[Observation]) -> str:
    """From the first to the last, in words."""
    first, last = chosen[0], chosen[-1]
    percent = f" ({100 * (last.value / first.value - 1):+.2f} %)" if first.value > 0 else ""
    return (
        f"{first.time:%Y-%m-%d} {figure(first.value, unit)} -> {last.time:%Y-%m-%d} {figure(last.value, unit)}:"
        f" {'+' if last.value >= first.value else ''}{number(last.value - first.value)}{percent}"
    )


def earlier(chosen: Sequence[Observation], over: timedelta) -> Observation | None:
    """The observation nearest to one span before the last, no further off than a quarter of the span."""
    goal = chosen[-1].time - over
    near = min(chosen, key=lambda o: (abs(o.time - goal), o.time))
    return near if abs(near.time - goal) <= over * NEAR and near is not chosen[-1] else None


def observed(o: Observation) -> dict[str, Any]:
    """An observation for a script."""
    return {"time": stamp(o.time), "value": o.value, "first_seen": stamp(o.first_seen), "imported": o.imported}


def made_of(one: Derived, members: Sequence[str], rules: Mapping[str, str]) -> str:
    """What a derived series is computed from, by which rule, and why."""
    shown = ", ".join(members[:6]) + (f" and {len(members) - 6} more" if len(members) > 6 else "")
    return f"derived, {one.kind} of {shown or 'the accelerator table'}\n  {rules[one.kind]}\n  {one.because}"

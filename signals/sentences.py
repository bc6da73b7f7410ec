"""What a reading says in one plain sentence: figure, unit, threshold, date."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from core.contracts import Check

SAID_OF: Mapping[str, str] = {  # what a figure is not, by the part of its series' id before the dot
    "breadth": "a proxy for the index's members",
    "claims": "as claimed, measured by nobody",
    "rented_share": "a proxy for utilisation",
    "spot_discount": "a proxy for idle capacity",
}


def figure(value: float, unit: str) -> str:
    """A number as people read it, with its unit: `3.21 %`, `6,712,345 USD million`, `0.0019`."""
    if abs(value) >= 1000:
        text = f"{value:,.0f}"
    elif 0 < abs(value) < 0.1:
        text = f"{value:.2g}"
    else:
        text = f"{value:.2f}"
    return f"{text} {unit}".rstrip()


def weighed(
    check: Check,
    *,
    value: float,
    dated: datetime,
    threshold: float,
    support: float,
    history: float | None,
    concede: bool,
) -> str:
    """A fresh reading. `history` is the length in years of the own history that set the threshold, if it did."""
    line = figure(threshold, check.unit)
    own = f", the median of its own {history:.1f} years" if history is not None else ""
    if value == threshold:
        where = f"is exactly at the threshold of {line}{own}"
    else:
        side = "above" if value > threshold else "below"
        where = f"is {_distance(abs(value - threshold), check.unit)} {side} the threshold of {line}{own}"
    expects = f"the proposition expects it {check.if_true}"
    if concede:
        meaning = "the contrarian must concede this" if support > 0 else "nothing to concede here"
    elif support == 0:
        meaning = "so it speaks for neither side"
    else:
        strength = ", as strongly as one check can" if abs(support) == 1 else ""
        meaning = f"so it speaks {'for' if support > 0 else 'against'} it{strength} (support {support:+.2f})"
    return f"{_figure_of(check, value, dated)} {where}; {expects}, {meaning}."


def context(check: Check, *, value: float, dated: datetime) -> str:
    """A fresh context row."""
    return f"{_figure_of(check, value, dated)}; context, without weight."


def stale(check: Check, *, value: float, stands: datetime, last_seen: datetime | None, age: int, most: int) -> str:
    """A value that is too old to count; `last_seen` is when an undated source was last seen to repeat it."""
    figure_of = _figure_of(check, value, stands)
    if last_seen is None:
        return f"Stale: {figure_of} is {age} days old, and at most {most} count."
    return (
        f"Stale: {figure_of} stands still since then, was last seen on {last_seen:%Y-%m-%d} and is {age} days old,"
        f" and at most {most} count."
    )


def stale_reason(stands: datetime, last_seen: datetime | None, *, age: int, most: int) -> str:
    """The same in a few words, for a table."""
    old = f"{age} days old, at most {most} count"
    return old if last_seen is None else f"stands still since {stands:%Y-%m-%d}, last seen {last_seen:%Y-%m-%d}; {old}"


def unknown(check: Check, *, reason: str, detail: str, value: float | None, dated: datetime | None) -> str:
    """Nothing that could count, and why."""
    why = f"{reason} ({detail})" if detail else reason
    if value is None or dated is None:
        return f"Unknown: {why}."
    return f"{_figure_of(check, value, dated)}, but what it means is unknown: {why}."


def _figure_of(check: Check, value: float, dated: datetime) -> str:
    kind = (check.measure.of or check.measure.a or "").partition(".")[0]
    said = f", {SAID_OF[kind]}" if kind in SAID_OF else ""
    said += f", relative to {check.measure.b}" if check.measure.kind == "ratio_change" else ""
    return f"{figure(value, check.unit)} ({dated.date().isoformat()}{said})"


def _distance(value: float, unit: str) -> str:
    """How far two values lie apart: two percentages by percentage points, or 1 % above 2 % might be 2.02 %."""
    return figure(value, "percentage points" if unit.startswith("%") or unit == "percent" else unit)

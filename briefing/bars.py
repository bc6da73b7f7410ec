"""A number between -1 and +1 drawn with table cells, and with ASCII for the text form."""

from __future__ import annotations

import math
from itertools import groupby

from briefing.figures import interval, signed
from briefing.model import Bar, Cell, CellKind, Ref, Side

UNITS = 200  # half a percent each: a mark can stand on any hundredth of the scale
MARK = 2  # units on either side of the value; 4 of 200 are about 7 px in a mail of 600 px
COLUMNS = 41  # characters of the ASCII bar; odd, so that zero has one of its own

_MARKS: dict[Side, CellKind] = {"for": "mark-for", "against": "mark-against", "neither": "mark-neither"}


def side_of(value: float | None) -> Side:
    """Whom a signed number speaks for."""
    if value is None or not math.isfinite(value) or value == 0:
        return "neither"
    return "for" if value > 0 else "against"


def bar(
    label: str,
    value: float | None,
    low: float | None,
    high: float | None,
    *,
    means: str,
    unknown: str,
    refs: tuple[Ref, ...],
) -> Bar:
    """Draw a value with its interval; `means` says what the interval is, `unknown` why there is none."""
    figure = unknown if value is None else signed(value)
    ends = interval(low, high) if value is not None else ""
    said = (
        f"{label} {figure}" + (f", {means} {ends}" if ends else "") + f", on a scale from {signed(-1)} to {signed(1)}"
    )
    return Bar(
        label=label,
        figure=figure,
        interval=f"{means} {ends}" if ends else "",
        side=side_of(value),
        cells=_cells(value, low, high),
        drawn=_drawn(value, low, high),
        said=said,
        value=value,
        low=low,
        high=high,
        refs=refs,
    )


def _cells(value: float | None, low: float | None, high: float | None) -> tuple[Cell, ...]:
    half = UNITS // 2
    kinds: list[CellKind] = ["track"] * UNITS
    if value is not None and low is not None and high is not None:
        for i in range(_place(low, UNITS), _place(high, UNITS)):
            kinds[i] = "range-against" if i < half else "range-for"
    kinds[half - 1] = kinds[half] = "zero"
    if value is not None:
        middle = min(max(_place(value, UNITS), MARK), UNITS - MARK)
        mark = _MARKS[side_of(value)]
        kinds[middle - MARK : middle + MARK] = [mark] * (2 * MARK)
    return tuple(Cell(width=f"{100 * len(list(run)) / UNITS:g}", kind=kind) for kind, run in groupby(kinds))


def _drawn(value: float | None, low: float | None, high: float | None) -> str:
    drawn = ["."] * COLUMNS
    if value is not None and low is not None and high is not None:
        for i in range(_place(low, COLUMNS - 1), _place(high, COLUMNS - 1) + 1):
            drawn[i] = "="
    drawn[COLUMNS // 2] = "|"
    if value is not None:
        drawn[_place(value, COLUMNS - 1)] = "#"
    return "".join(drawn)


def _place(value: float, steps: int) -> int:
    return round((min(max(value, -1.0), 1.0) + 1) / 2 * steps)

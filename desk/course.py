"""Press and data of a narrative over its days, as points of a drawing."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import groupby
from typing import Any

WIDTH, HEIGHT = 720, 160
EDGE = 8  # above and below, so that a line at -1 or 1 is not cut


@dataclass(frozen=True, slots=True, kw_only=True)
class Course:
    """Two lines between -1 and 1, in pieces where a day has no value: each a list of `x,y` as SVG wants it.

    `spells` are the verdicts in words: since when, until when, and which.
    """

    press: tuple[str, ...]
    data: tuple[str, ...]
    spells: tuple[tuple[str, str, str], ...]
    width: int = WIDTH
    height: int = HEIGHT


def course(days: Sequence[Mapping[str, Any]]) -> Course:
    """The drawing of `narrative_days`, oldest first; a single day is a dot at the right end."""
    return Course(press=tuple(_pieces(days, "lean")), data=tuple(_pieces(days, "support")), spells=_spells(days))


def _pieces(days: Sequence[Mapping[str, Any]], column: str) -> Iterator[str]:
    first, last = (date.fromisoformat(days[k]["day"]) for k in (0, -1)) if days else (date.min, date.min)
    span = max(1, (last - first).days)
    for known, part in groupby(days, lambda day: day[column] is not None):
        if known:
            points = [((date.fromisoformat(d["day"]) - first).days / span, d[column]) for d in part]
            if len(days) == 1:
                points = [(1.0, points[0][1])]
            yield " ".join(f"{EDGE + x * (WIDTH - 2 * EDGE):.1f},{_height(y):.1f}" for x, y in points)


def _height(value: float) -> float:
    return EDGE + (1 - value) / 2 * (HEIGHT - 2 * EDGE)


def _spells(days: Sequence[Mapping[str, Any]]) -> tuple[tuple[str, str, str], ...]:
    """Newest first."""
    found = []
    for verdict, part in groupby(days, lambda day: day["verdict"]):
        held = list(part)
        found.append((str(held[0]["day"]), str(held[-1]["day"]), str(verdict)))
    return tuple(reversed(found))

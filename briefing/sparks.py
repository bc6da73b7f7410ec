"""How a check's value went, in a line of blocks and in words."""

from __future__ import annotations

from collections.abc import Sequence

from briefing.figures import NBSP, with_unit
from briefing.model import Spark
from core.verdicts import Evidence

BLOCKS = "\u2581\u2582\u2583\u2584\u2585\u2586\u2587\u2588"
GAP = "\u00b7"  # a morning on which nothing was known
FLAT = BLOCKS[1]
POINTS = 14  # of 90 mornings about one a week
FEWEST = 3  # known values; fewer show no course

NO_SPARK = Spark(drawn="", said="")


def values(course: Sequence[Evidence]) -> dict[tuple[bool, str], list[float | None]]:
    """The value of each check on each morning, by whether it is a concede-if and its id; None where unknown."""
    found: dict[tuple[bool, str], list[float | None]] = {}
    for number, evidence in enumerate(course):
        for reading in evidence.readings:
            found.setdefault((reading.concede, reading.check), [None] * len(course))[number] = reading.value
    return found


def spark(past: Sequence[float | None], unit: str) -> Spark:
    """About one value a week, the last always, between the lowest and the highest of them."""
    picked = [past[i] for i in places(len(past))]
    known = [v for v in picked if v is not None]
    if len(known) < FEWEST:
        return NO_SPARK
    low, high = min(known), max(known)
    drawn = "".join(GAP if v is None else _block(v, low, high) for v in picked)
    days = f"{len(past)}{NBSP}days"
    if low == high:
        return Spark(drawn=drawn, said=f"unchanged over {days}")
    return Spark(
        drawn=drawn, said=f"{with_unit(known[0], '')} to {with_unit(known[-1], unit)} over {days}, as far as known"
    )


def places(count: int) -> list[int]:
    """Indices of at most `POINTS` of `count` mornings, evenly apart, the last among them."""
    if count <= POINTS:
        return list(range(count))
    return sorted({round((count - 1) * k / (POINTS - 1)) for k in range(POINTS)})


def _block(value: float, low: float, high: float) -> str:
    if low == high:
        return FLAT
    return BLOCKS[min(int((value - low) / (high - low) * len(BLOCKS)), len(BLOCKS) - 1)]

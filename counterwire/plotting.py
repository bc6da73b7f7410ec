"""A series drawn in a terminal, with nothing but text."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from core.series import Observation

BLOCKS = " ▁▂▃▄▅▆▇█"
STEPS = len(BLOCKS) - 1


def plot(observations: Sequence[Observation], *, unit: str, width: int = 72, height: int = 12) -> str:
    """Columns of equal time, each as high as the value last known in it; blank before the first value.

    At least one observation, in the order of time. The foot of the drawing is the lowest value,
    not zero, and the scale beside it says so.
    """
    columns = _columns(observations, width)
    low, high = min(columns), max(columns)
    steps = [_steps(value, low, high, height) for value in columns]
    labels = {height - 1: f"{high:,.6g}", 0: f"{low:,.6g}"}
    margin = max(len(label) for label in labels.values())
    lines = [
        f"{labels.get(row, ''):>{margin}} |" + "".join(BLOCKS[min(max(n - row * STEPS, 0), STEPS)] for n in steps)
        for row in reversed(range(height))
    ]
    first, last = (f"{o.time:%Y-%m-%d}" for o in (observations[0], observations[-1]))
    gap = " " * max(1, len(columns) - len(first) - len(last))
    return "\n".join(
        [f"{unit}", *lines, f"{'':>{margin}} +{'-' * len(columns)}", f"{'':>{margin}}  {first}{gap}{last}"]
    )


def _columns(observations: Sequence[Observation], width: int) -> list[float]:
    begun, ended = observations[0].time, observations[-1].time
    if begun == ended:
        return [observations[-1].value]
    at = 0
    values = []
    for column in range(width):
        until: datetime = begun + (ended - begun) * ((column + 1) / width)
        while at + 1 < len(observations) and (observations[at + 1].time <= until or column == width - 1):
            at += 1
        values.append(observations[at].value)
    return values


def _steps(value: float, low: float, high: float, height: int) -> int:
    """Eighths of a line; the lowest value still shows one."""
    return 1 + round((value - low) / (high - low) * (height * STEPS - 1)) if high > low else height * STEPS // 2

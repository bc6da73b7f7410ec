"""A narrative's checks in the order in which a reader wants them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

Row = Mapping[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Board:
    """`weighed`: those that speak, the strongest first; then the `silent`, stale or unknown, what is `context` with a
    value, and what would have the contrarian `concede`."""

    weighed: tuple[Row, ...]
    silent: tuple[Row, ...]
    context: tuple[Row, ...]
    concede: tuple[Row, ...]


def board(rows: Sequence[Row]) -> Board:
    """The rows of `evidence_board` of one narrative, in the contract's order."""
    asked = [row for row in rows if not row["concede"]]
    weighed = [
        row for row in asked if not row["context"] and row["freshness"] == "FRESH" and row["support"] is not None
    ]
    context = [row for row in asked if row["context"] and row["value"] is not None]
    shown = {row["check"] for row in (*weighed, *context)}
    return Board(
        weighed=tuple(sorted(weighed, key=lambda row: -abs(row["support"]) * row["weight"])),
        silent=tuple(row for row in asked if row["check"] not in shown),
        context=tuple(context),
        concede=tuple(row for row in rows if row["concede"]),
    )

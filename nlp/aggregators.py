"""The fitted weights of `nlp.aggregation`: one set an embedder for narratives of which real articles taught the
sentences and words, one for those known from their contract's examples alone. All narratives share them.

Numbers and card are in `teaching/aggregators.json`, written by `benchmarks/teach.py`.
"""

from __future__ import annotations

import json
from typing import Any

from core.errors import FormatError
from nlp.aggregation import Aggregator
from nlp.taught import FOLDER

FILE = FOLDER / "aggregators.json"


def aggregator(embedder: str, *, taught: bool) -> Aggregator:
    """The weights for an embedder; one that nothing was fitted for borrows those of the first."""
    held = fitted()
    return held.get((embedder, taught)) or next(a for (_, kind), a in held.items() if kind == taught)


def fitted() -> dict[tuple[str, bool], Aggregator]:
    """All that were fitted, by embedder and whether they are for taught narratives; raises FormatError."""
    try:
        told: dict[str, Any] = json.loads(FILE.read_text(encoding="utf-8"))["weights"]
        return {
            (name, kind == "taught"): Aggregator(
                carries={step: tuple(row) for step, row in weights["carries"].items()},
                stance=tuple(tuple(row) for row in weights["stance"]),
                threshold=weights["threshold"],
                headline=weights["headline"],
            )
            for name, kinds in told.items()
            for kind, weights in kinds.items()
        }
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        raise FormatError("holds no aggregators", url=str(FILE)) from error

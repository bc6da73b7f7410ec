"""The order of a narrative's checks."""

from typing import Any

from desk.board import board


def row(check: str, **parts: Any) -> dict[str, Any]:
    plain = {"concede": 0, "context": 0, "freshness": "FRESH", "support": 0.5, "weight": 1.0, "value": 2.0}
    return {"check": check, **plain, **parts}


def test_what_speaks_comes_first_by_strength_and_what_is_silent_apart() -> None:
    found = board(
        [
            row("weak", support=0.1),
            row("strong", support=-0.4, weight=3.0),
            row("stale", freshness="STALE"),
            row("unknown", freshness="UNKNOWN", support=None, value=None),
            row("beside", context=1, support=None),
            row("beside_unknown", context=1, support=None, value=None, freshness="UNKNOWN"),
            row("line", concede=1),
        ]
    )
    named = {part: [r["check"] for r in getattr(found, part)] for part in ("weighed", "silent", "context", "concede")}
    assert named == {
        "weighed": ["strong", "weak"],
        "silent": ["stale", "unknown", "beside_unknown"],
        "context": ["beside"],
        "concede": ["line"],
    }

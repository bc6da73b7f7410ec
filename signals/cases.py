"""The best case for a proposition and against it, chosen by one rule for both."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from core.contracts import Contract
from core.findings import Case, Cases, Side
from core.verdicts import Reading, Verdict, VerdictKind

STRONGEST = 3  # checks a side; the board has them all

# The data decide who has the better case, whatever the press says; where one side is silent nobody has.
BETTER: Mapping[VerdictKind, Side] = {
    VerdictKind.PRESS_AHEAD: "against",
    VerdictKind.PRESS_BACKED: "for",
    VerdictKind.PRESS_BEHIND: "for",
    VerdictKind.PRESS_RIGHTLY_DOUBTS: "against",
}


def cases(contract: Contract, verdict: Verdict) -> Cases:
    """Steelman and counter with the three weighed checks that speak most strongly for each.

    A check speaks for the proposition where weight times support is above 0, against it below;
    they stand by the size of that term, ties by id. Turning the proposition round swaps both.
    """
    readings = verdict.evidence.readings
    return Cases(
        leads=BETTER.get(verdict.kind, "neither"),
        steelman=Case(text=contract.steelman, checks=_speaking(readings, 1)),
        counter=Case(text=contract.counter, checks=_speaking(readings, -1)),
    )


def _speaking(readings: Sequence[Reading], side: int) -> tuple[tuple[str, float], ...]:
    terms = [(r.check, r.weight * r.support) for r in readings if r.support is not None and not r.concede]
    found = sorted((t for t in terms if t[1] * side > 0), key=lambda t: (-abs(t[1]), t[0]))
    return tuple(found[:STRONGEST])

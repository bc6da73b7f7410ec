"""The verdict on a narrative: what press and data say together, if they say anything."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

from core.contracts import Contract
from core.verdicts import Morning, Verdict, VerdictKind
from signals.attention import LEAST_DAYS

MORNINGS = 7
SPEAKS_ON = 5  # of the last seven; a single morning's interval gave 6 to 9 false onsets a year on neutral press
LEAST_VOICES = 3.0  # n_eff
LEAST_COVERAGE = 0.5
QUIET_BELOW = 0.1  # attention: fewer stories than on nine of ten usual mornings

_BOTH_SPEAK = {
    (1, -1): VerdictKind.PRESS_AHEAD,
    (1, 1): VerdictKind.PRESS_BACKED,
    (-1, 1): VerdictKind.PRESS_BEHIND,
    (-1, -1): VerdictKind.PRESS_RIGHTLY_DOUBTS,
}
_TOLD = {1: "for", -1: "against"}


def verdict(contract: Contract, mornings: Sequence[Morning]) -> Verdict:
    """The verdict at the last of `mornings`, of which the last seven count (DESIGN section 4).

    A side speaks when its interval excluded 0 on the same side on at least five of them; mornings
    that are lacking are mornings on which nobody spoke. Tested in this order: n_eff under 3,
    coverage under 0.5 or no baseline; attention under 0.1 on five; both sides; one side silent.
    Swapping the proposition's sign swaps everything exactly. Raises ValueError without a morning
    and for mornings out of order.
    """
    if not mornings:
        raise ValueError("a verdict needs at least one morning")
    if any(a.as_of >= b.as_of for a, b in pairwise(mornings)):
        raise ValueError("mornings must be in the order of time")
    counted = tuple(mornings[-MORNINGS:])
    press = _spoke([(m.pressure.low, m.pressure.high) for m in counted])
    data = _spoke([(m.evidence.low, m.evidence.high) for m in counted])
    quiet = sum(m.pressure.attention is not None and m.pressure.attention < QUIET_BELOW for m in counted)
    kind, reason = _kind(counted, press, data, quiet)
    return Verdict(
        narrative=contract.id,
        contract=contract.hash,
        as_of=counted[-1].as_of,
        kind=kind,
        reason=reason,
        press=press,
        data=data,
        quiet=quiet,
        mornings=counted,
    )


def _kind(
    counted: Sequence[Morning], press: tuple[int, int], data: tuple[int, int], quiet: int
) -> tuple[VerdictKind, str]:
    insufficient = _insufficient(counted[-1])
    if insufficient:
        return VerdictKind.INSUFFICIENT_EVIDENCE, insufficient
    of = f"of {len(counted)} mornings"
    if quiet >= SPEAKS_ON:
        return VerdictKind.QUIET, f"attention under {QUIET_BELOW} on {quiet} {of}"
    sides = (_side(press), _side(data))
    if sides in _BOTH_SPEAK:
        told = (
            f"the press spoke {_TOLD[sides[0]]} it on {max(press)} {of}, the data {_TOLD[sides[1]]} it on {max(data)}"
        )
        return _BOTH_SPEAK[sides], told
    silent = [
        f"{name} silent (for it on {spoke[0]}, against it on {spoke[1]} {of}, {SPEAKS_ON} needed)"
        for name, spoke, side in (("the press is", press, sides[0]), ("the data are", data, sides[1]))
        if side == 0
    ]
    return VerdictKind.MIXED, "; ".join(silent)


def _insufficient(now: Morning) -> str:
    reasons = []
    if now.pressure.n_eff < LEAST_VOICES:
        reasons.append(f"{now.pressure.n_eff:.1f} independent voices, {LEAST_VOICES:.0f} needed")
    if now.evidence.coverage < LEAST_COVERAGE:
        reasons.append(f"{now.evidence.coverage:.0%} of the evidence is known, {LEAST_COVERAGE:.0%} needed")
    if now.pressure.baseline_days < LEAST_DAYS:
        reasons.append(f"press baseline, day {now.pressure.baseline_days} of {LEAST_DAYS}")
    return "; ".join(reasons)


def _spoke(intervals: Sequence[tuple[float | None, float | None]]) -> tuple[int, int]:
    above = sum(low is not None and low > 0 for low, _ in intervals)
    below = sum(high is not None and high < 0 for _, high in intervals)
    return above, below


def _side(spoke: tuple[int, int]) -> int:
    return 1 if spoke[0] >= SPEAKS_ON else -1 if spoke[1] >= SPEAKS_ON else 0

"""Rival and Nvidia parts compared in pairs, never as pools, with all that must stand beside the figure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import timedelta

import numpy as np

from core.contracts import Measure
from signals.accelerators import Matching, Pair
from signals.measured import NOT_COLLECTED, TOO_LITTLE, Known, Measured, Outcome, Unmeasured
from signals.tracks import Track, held
from signals.votes import NO_SPOT_MARKET, NOT_LISTED, Vote, matched, mean, votes

REPRICED_WITHIN = timedelta(days=90)  # a cut list price moves every discount taken from it
COMPARED = timedelta(days=30)  # a level is held against that of a month ago: who came, who went, what that did


def paired_difference(measure: Measure, known: Known) -> Outcome:
    """The mean over all pairs of (side `a` - side `b`), in the unit of `of`; every pair has one vote.

    A part is read at the first of its instance types that has a value. With `over`, each side is its
    percent change over that span, and a pair votes only once it has both ends: one that appears or
    vanishes does not move a side's change. A level it may move, and the note then says by how much.
    A pair with a side that is missing, stale or not sold on spot has no vote and is named; without
    any vote the measure is unmeasured.
    """
    matching = matched(known, known.as_of)
    now = votes(measure, known, matching.pairs, known.as_of)
    counted = now.fresh or now.stale  # stale ones alone still show how things stood; their age tells on them
    faults = dict(now.faults)
    if now.fresh and now.stale:
        faults["stale"] = tuple(vote.pair for vote in now.stale)
    note = "; ".join(
        (*_figures(measure, known, counted), *_came_and_went(measure, known, counted), *_lacking(faults, matching))
    )
    if not counted:
        order = (TOO_LITTLE, NOT_LISTED, NOT_COLLECTED, NO_SPOT_MARKET)
        return Unmeasured(reason=next((r for r in order if r in faults), "no matched pair"), detail=note)
    used = tuple(dict.fromkeys(o for v in counted for side in (v.a, v.b) for o in side.used))
    stands = min(v.stands for v in counted)
    dated = known.as_of if held(f"{measure.of}.") else stands
    value = mean(counted)
    point = Track(times=np.array([dated.timestamp()]), values=np.array([value]))
    return Measured(value=value, used=used, stands=stands, over_time=point, note=note)


def _figures(measure: Measure, known: Known, counted: Sequence[Vote]) -> list[str]:
    parts = [f"{v.a.type} {v.a.value:.1f} against {v.b.type} {v.b.value:.1f}" for v in counted]
    machines = Counter((v.a if measure.a == "nvidia" else v.b).type for v in counted)
    parts += [f"{n} pairs share the Nvidia machine {name}" for name, n in machines.items() if n > 1]
    if measure.of == "spot_discount" and measure.over is None:
        types = tuple(dict.fromkeys(side.type for v in counted for side in (v.a, v.b)))
        spreads = [(t, known.get(f"spot_spread.{t}")) for t in types]
        told = [f"{t} {s.last.value:.0f}" for t, s in spreads if s is not None and s.last is not None]
        parts += [f"points between its regions: {', '.join(told)}"] if told else []
        parts += [said for t in types if (said := _repriced(t, known))]
    return parts


def _came_and_went(measure: Measure, known: Known, counted: Sequence[Vote]) -> list[str]:
    """How much of a level's move in a month is due to pairs that came or went, if any did."""
    if measure.over is not None or not counted:
        return []
    then = known.as_of - COMPARED
    before = {v.types: v for v in votes(measure, known, matched(known, then).pairs, then).fresh}
    after = {v.types: v for v in counted}
    if not before or before.keys() == after.keys():
        return []
    came, went = (", ".join(t for t in a if t not in b) for a, b in ((after, before), (before, after)))
    told = " and ".join(f"{what} {who}" for what, who in (("with", came), ("without", went)) if who)
    both = [t for t in after if t in before]
    if not both:
        return [f"{told}, unlike on {then:%Y-%m-%d}, so that no pair compares the two days"]
    of_both = mean([after[t] for t in both]) - mean([before[t] for t in both])
    by_change = mean(list(after.values())) - mean(list(before.values())) - of_both
    return [
        f"{told}, unlike on {then:%Y-%m-%d}: that moved the mean by {by_change:+.1f}, the other pairs by {of_both:+.1f}"
    ]


def _lacking(faults: Mapping[str, Sequence[Pair]], matching: Matching) -> list[str]:
    parts, counted = [], (NOT_LISTED, NOT_COLLECTED)
    for reason in counted:
        if lacking := faults.get(reason):
            clouds = sorted({pair.rival.cloud for pair in lacking})
            parts.append(f"{reason}: {len(lacking)} of {len(matching.pairs)} pairs ({', '.join(clouds)})")
    named = {reason: pairs for reason, pairs in sorted(faults.items()) if reason not in counted}
    parts += [f"{reason}: {', '.join(pair.name for pair in pairs)}" for reason, pairs in named.items()]
    parts += [f"unmatched: {part.part} on {part.cloud} ({why})" for part, why in matching.unmatched]
    return parts


def _repriced(name: str, known: Known) -> str:
    """A change of the denominator of a discount, in words, or nothing."""
    prices = known.get(f"on_demand.{name}")
    if prices is None or prices.last is None:
        return ""
    before = prices.at(known.as_of - REPRICED_WITHIN)
    if before is None or before.value <= 0 or before.value == prices.last.value:
        return ""
    moved = 100 * (prices.last.value / before.value - 1)
    return f"the on-demand price of {name} moved by {moved:+.0f} % (seen on {prices.last.time:%Y-%m-%d}), which moves its discount"

"""How often the tagger is right, from articles that were drawn by lot and read by people."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence

from core.audits import Judged, Rates
from core.labels import STRATA

Z = 1.6448536269514722  # the normal quantile of a two-sided 90 % interval

Interval = tuple[float, float, float]


def rates(labels: Sequence[Judged]) -> Rates:
    """Precision and recall of the tags in the stream that the labels were drawn from.

    An article counts as many times as it stands for. A share has Wilson's interval (1927) with
    Kish's effective number of labels, (sum w)^2 / sum w^2. What the tagger found and missed is summed
    over the strata, with the interval of such a sum (Zou and Donner 2008); recall is found / (found +
    missed), and its interval takes the far ends of both, so that it holds at least 90 %.
    Recall is None until some article that was not tagged has been read.
    """
    tagged = [one for one in labels if one.tagged is not None]
    untagged = len(tagged) < len(labels)
    precision = share(tagged, lambda one: one.labelled is not None) if tagged else None
    return Rates(labels=len(labels), precision=precision, recall=_recall(labels) if untagged else None)


def _recall(labels: Sequence[Judged]) -> Interval | None:
    found = _total(labels, lambda one: one.tagged is not None)
    missed = _total(labels, lambda one: one.tagged is None)
    if not found[0] + missed[0]:
        return None
    low = found[1] / (found[1] + missed[2]) if found[1] + missed[2] else 0.0
    high = found[2] / (found[2] + missed[1])
    return found[0] / (found[0] + missed[0]), low, high


def share(labels: Sequence[Judged], is_it: Callable[[Judged], bool]) -> Interval:
    """The weighted share of labels for which something holds, with its interval; raises ValueError for no label."""
    weight = math.fsum(one.weight for one in labels)
    squares = math.fsum(one.weight**2 for one in labels)
    hits = math.fsum(one.weight for one in labels if is_it(one))
    if not weight:
        raise ValueError("a share of nothing")
    return wilson(hits / weight, weight**2 / squares)


def wilson(share: float, n: float) -> Interval:
    """A share seen in n cases with Wilson's 90 % score interval; raises ValueError for n of 0."""
    if n <= 0:
        raise ValueError("a share of nothing")
    middle = (share + Z * Z / (2 * n)) / (1 + Z * Z / n)
    half = Z * math.sqrt(share * (1 - share) / n + Z * Z / (4 * n * n)) / (1 + Z * Z / n)
    return share, max(0.0, middle - half), min(1.0, middle + half)


def _total(labels: Sequence[Judged], of_kind: Callable[[Judged], bool]) -> Interval:
    """How many articles of this kind carry, in the whole stream. A stratum in which nobody read one has none."""
    total = below = above = 0.0
    for stratum in STRATA:
        held = [one for one in labels if _stratum(one) == stratum]
        if not any(of_kind(one) for one in held):
            continue
        size = math.fsum(one.weight for one in held)
        told = share(held, lambda one: of_kind(one) and one.labelled is not None)
        middle, low, high = (size * x for x in told)
        total, below, above = total + middle, below + (middle - low) ** 2, above + (high - middle) ** 2
    return total, max(0.0, total - math.sqrt(below)), total + math.sqrt(above)


def _stratum(one: Judged) -> str:
    return one.stratum or ("tagged" if one.tagged else "far")

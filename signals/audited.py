"""The press's lean corrected for how often the tagger was found wrong by people."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Mapping, Sequence

from core.audits import Judged
from core.findings import Audited
from core.tags import STANCES, Stance
from core.verdicts import Pressure
from signals.auditing import rates
from signals.pressure import LEVEL, t_quantile

LEAST_LABELS = 30  # of articles that carry by their tag; with fewer the correction's own interval is wider than lean's


def audited(pressure: Pressure, labels: Sequence[Judged]) -> Audited:
    """The lean that the same press would have, were its tags right as often as people found them to be.

    Each stance's voice weight is spread over what people said of articles with that tag: c(s, t) of
    n(s) labels, one invented label a stance that agrees; what people said carries nothing leaves.
    lean = (P' - D') / (P' + D' + R' + 2). Recall makes P', D' and R' larger alike (divided by it),
    where articles that were not tagged have been labelled too. The interval adds the audit's own
    error, the jackknife over labels, to that of the lean: half-width^2 = lean's^2 + (t error)^2.
    Under `LEAST_LABELS` nothing is corrected.
    """
    tagged = [label for label in labels if label.tagged is not None]
    found = rates(labels)
    if len(tagged) < LEAST_LABELS:
        told = "not audited" if not labels else f"{len(tagged)} of {LEAST_LABELS} labels of tagged articles"
        return Audited(narrative=pressure.narrative, labels=len(labels), rates=found, limit=told)
    share = found.recall[0] if found.recall and found.recall[0] else 1.0
    lean = _lean(pressure, tagged, share)
    error = _jackknife([_lean(pressure, [*tagged[:i], *tagged[i + 1 :]], share) for i in range(len(tagged))])
    half = math.hypot((pressure.high - pressure.low) / 2, t_quantile(LEVEL, len(tagged) - 1) * error)
    return Audited(
        narrative=pressure.narrative,
        labels=len(labels),
        lean=lean,
        low=lean - half,
        high=lean + half,
        rates=found,
    )


def _lean(pressure: Pressure, tagged: Sequence[Judged], recall: float) -> float:
    weights: Mapping[Stance, float] = {
        "promotes": pressure.promotes,
        "disputes": pressure.disputes,
        "reports": pressure.reports,
    }
    said = {stance: Counter(label.labelled for label in tagged if label.tagged == stance) for stance in STANCES}
    found = {
        truth: math.fsum(
            weights[stance] * (told[truth] + (truth == stance)) / (told.total() + 1) for stance, told in said.items()
        )
        / recall
        for truth in STANCES
    }
    promotes, disputes = found["promotes"], found["disputes"]
    return (promotes - disputes) / math.fsum((*found.values(), 2.0)) + 0.0


def _jackknife(without: Sequence[float]) -> float:
    mean = math.fsum(without) / len(without)
    return math.sqrt((len(without) - 1) / len(without) * math.fsum((x - mean) ** 2 for x in without))

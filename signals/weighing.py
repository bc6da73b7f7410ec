"""How much each check counts, and what the readings say together."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from core.contracts import Check
from core.verdicts import Reading

FAMILY_CAP = 0.25  # five readings of one witness are one witness
MISSING = 0.5  # what is missing might have been half-strong evidence for either side


@dataclass(frozen=True, slots=True, kw_only=True)
class Weighed:
    """Support in [-1, 1] with its interval, all None when nothing is known, and the share of weight that is known."""

    support: float | None
    low: float | None
    high: float | None
    coverage: float


def shares(checks: Sequence[Check]) -> Mapping[str, float]:
    """Each check's share of all evidence, by id; context checks have 0.

    Weights are scaled to 1, then no family keeps more than `FAMILY_CAP`: what it loses goes to the
    families under the cap in proportion to their weight, until none is above. Within a family
    shares stay in proportion. With fewer than four families the rest of the weight belongs to
    nobody and counts as missing: two witnesses are not full evidence.
    """
    weighed = [c for c in checks if not c.context]
    families = {f: math.fsum(c.weight for c in weighed if c.family == f) for f in sorted({c.family for c in weighed})}
    capped: set[str] = set()
    while True:
        left = max(0.0, 1 - FAMILY_CAP * len(capped))
        free = math.fsum(w for f, w in families.items() if f not in capped)
        over = {f for f, w in families.items() if f not in capped and left * w / free > FAMILY_CAP}
        if not over:
            break
        capped |= over
    of_family = {f: FAMILY_CAP if f in capped else left * w / free for f, w in families.items()}
    return {c.id: 0.0 if c.context else of_family[c.family] * (c.weight / families[c.family]) for c in checks}


def weigh(readings: Iterable[Reading]) -> Weighed:
    """The weighted mean of the readings that are FRESH, with what it could become.

    The interval spans the mean itself, the means that leave out one family each (the last family
    left out leaves nothing, which could be anything up to `MISSING`), and the means with all that
    is missing, STALE and UNKNOWN alike, set to -`MISSING` and to +`MISSING`.
    """
    counted = [r for r in readings if r.weight > 0 and not r.concede]
    known = [(r.family, r.weight, r.support) for r in counted if r.support is not None]
    nobody = max(0.0, 1 - FAMILY_CAP * len({r.family for r in counted}))
    missing = math.fsum((nobody, *(r.weight for r in counted if r.support is None)))
    total = math.fsum((missing, *(w for _, w, _ in known)))
    if not known:
        return Weighed(support=None, low=None, high=None, coverage=0.0)
    terms = [w * s for _, w, s in known]
    could_be = [math.fsum(terms) / math.fsum(w for _, w, _ in known)]
    could_be += [math.fsum((*terms, side * MISSING * missing)) / total for side in (-1, 1)]
    for family in sorted({f for f, _, _ in known}):
        rest = [(w, s) for f, w, s in known if f != family]
        if rest:
            could_be.append(math.fsum(w * s for w, s in rest) / math.fsum(w for w, _ in rest))
        else:
            could_be += [-MISSING, MISSING]
    coverage = math.fsum(w for _, w, _ in known) / total
    return Weighed(support=could_be[0] + 0.0, low=min(could_be), high=max(could_be), coverage=coverage)

"""How much the press writes on a narrative, measured against what its sources usually do."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import accumulate

from core.tags import SourceCount

BASELINE_DAYS = 56  # the eight weeks before the window
LEAST_DAYS = 28  # of its own, before a source counts
LEAST_EXPECTED = 5.0  # stories; under that a Poisson count is too skewed for a normal z
SMALL = 56  # stories in the baseline, one a day; under that half an invented story is a share of 1 % or more
WEEK = 7


@dataclass(frozen=True, slots=True, kw_only=True)
class Attention:
    """Phi(z) in [0, 1], 0.5 is usual, or None with the `limit` in words.

    `observed` and `expected` are stories in the window, `dispersion` is phi >= 1, `baseline_days`
    the longest own baseline of any source, at most 56.
    """

    attention: float | None
    limit: str
    observed: int
    expected: float
    dispersion: float
    baseline_days: int


def attention(counts: Sequence[SourceCount], *, window_days: int) -> Attention:
    """Attention of the window's stories: Phi((O - E) / sqrt(phi E (1 + E / B))), DESIGN section 4.

    O: carrying stories of the window. E: over sources, stories of the window times the source's
    share in the 56 days before, (k + 1/2) / (n + 1). B: the same sum over those 56 days. phi: the
    Pearson dispersion of the baseline's whole weeks, sum((O_j - E_j)^2 / E_j) / (weeks - 1), at
    least 1. A source takes part, in every one of these sums, once its first story is 28 days
    before the window; those with under `SMALL` stories then share one share.
    """
    rows = _by_source_and_age(counts)
    own_days = {source: _own_days(ages, window_days) for source, ages in rows.items()}
    days = max(own_days.values(), default=0)
    in_window = _sum(rows, range(window_days))[1]
    rows = {source: ages for source, ages in rows.items() if own_days[source] >= LEAST_DAYS}
    if not rows:
        limit = f"press baseline, day {days} of {LEAST_DAYS}"
        return Attention(
            attention=None, limit=limit, observed=in_window, expected=0.0, dispersion=1.0, baseline_days=days
        )
    share = _shares(rows, window_days)
    observed = _sum(rows, range(window_days))[1]
    expected = _expected(rows, share, range(window_days))
    phi = _dispersion(rows, share, window_days=window_days, weeks=days // WEEK)
    if expected < LEAST_EXPECTED:
        limit = f"not measurable: {expected:.1f} expected"
        measured = None
    else:
        base = _expected(rows, share, range(window_days, window_days + BASELINE_DAYS))
        limit = ""
        measured = normal((observed - expected) / math.sqrt(phi * expected * (1 + expected / base)))
    return Attention(
        attention=measured, limit=limit, observed=observed, expected=expected, dispersion=phi, baseline_days=days
    )


def normal(z: float) -> float:
    """The standard normal distribution function."""
    return math.erfc(-z / math.sqrt(2)) / 2


@dataclass(frozen=True, slots=True, kw_only=True)
class _Days:
    """One source's days as running sums: stories and carrying ones of all ages below i, and its oldest day with a story."""

    stories: tuple[int, ...]
    carrying: tuple[int, ...]
    oldest: int

    def of(self, ages: range) -> tuple[int, int]:
        """Stories and carrying ones of these ages; a null history asks this 500 years long, hence the running sums."""
        last = len(self.stories) - 1
        since, until = min(ages.start, last), min(ages.stop, last)
        return self.stories[until] - self.stories[since], self.carrying[until] - self.carrying[since]


_Rows = Mapping[str, _Days]


def _by_source_and_age(counts: Sequence[SourceCount]) -> _Rows:
    found: dict[str, dict[int, tuple[int, int]]] = defaultdict(dict)
    for c in counts:
        stories, carrying = found[c.source].get(c.age, (0, 0))
        found[c.source][c.age] = (stories + c.stories, carrying + c.carrying)
    rows = {}
    for source in sorted(found):
        ages = found[source]
        by_age = [ages.get(age, (0, 0)) for age in range(max(ages) + 1)]
        rows[source] = _Days(
            stories=(0, *accumulate(n for n, _ in by_age)),
            carrying=(0, *accumulate(k for _, k in by_age)),
            oldest=max((age for age, (n, _) in ages.items() if n), default=-1),
        )
    return rows


def _own_days(days: _Days, window_days: int) -> int:
    return min(BASELINE_DAYS, max(0, days.oldest - window_days + 1))


def _sum(rows: _Rows, ages: range) -> tuple[int, int]:
    found = [days.of(ages) for days in rows.values()]
    return sum(n for n, _ in found), sum(k for _, k in found)


def _shares(rows: _Rows, window_days: int) -> dict[str, float]:
    baseline = range(window_days, window_days + BASELINE_DAYS)
    totals = {source: days.of(baseline) for source, days in rows.items()}
    small = [source for source, (n, _) in totals.items() if n < SMALL]
    pooled = (sum(totals[s][0] for s in small), sum(totals[s][1] for s in small))
    own = {source: pooled if n < SMALL else (n, k) for source, (n, k) in totals.items()}
    return {source: (k + 0.5) / (n + 1) for source, (n, k) in own.items()}


def _expected(rows: _Rows, share: Mapping[str, float], ages: range) -> float:
    return math.fsum(share[source] * days.of(ages)[0] for source, days in rows.items())


def _dispersion(rows: _Rows, share: Mapping[str, float], *, window_days: int, weeks: int) -> float:
    terms: list[float] = []
    for week in range(weeks):
        ages = range(window_days + WEEK * week, window_days + WEEK * (week + 1))
        expected = _expected(rows, share, ages)
        if expected > 0:
            terms.append((_sum(rows, ages)[1] - expected) ** 2 / expected)
    return max(1.0, math.fsum(terms) / (len(terms) - 1)) if len(terms) > 1 else 1.0

"""How much the press writes on a narrative, measured against what its sources usually do."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from core.press import Counts, Ints
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
    """That of one morning: `attentions` of a run of one."""
    return attentions(Counts.of(counts), mornings=1, window_days=window_days)[0]


def attentions(counts: Counts, *, mornings: int, window_days: int) -> list[Attention]:
    """Attention of each morning's window: Phi((O - E) / sqrt(phi E (1 + E / B))), DESIGN section 4.

    O: carrying stories of the window. E: over sources, stories of the window times the source's
    share in the 56 days before, (k + 1/2) / (n + 1). B: the same sum over those 56 days. phi: the
    Pearson dispersion of the baseline's whole weeks, sum((O_j - E_j)^2 / E_j) / (weeks - 1), at
    least 1. A source takes part, in every one of these sums, once its first story is 28 days
    before the window; those with under `SMALL` stories then share one share. What is older than
    the 56 days does not count.
    """
    return [measured(one) for one in sums(counts, mornings=mornings, window_days=window_days)]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Sums:
    """What one morning's attention is measured from, by source in the order of `Counts.sources`.

    `own` are the days of its own baseline, at most 56. `window` and `weeks` are stories and carrying
    ones: of the window, and of the eight weeks before it, the latest first (weeks by sources).
    """

    own: Ints
    window: tuple[Ints, Ints]
    weeks: tuple[Ints, Ints]

    def without(self, source: int) -> Sums:
        """As if this source were not read."""
        own, told, carrying = (x.copy() for x in (self.own, *self.window))
        own[source] = told[source] = carrying[source] = 0  # without a baseline of its own it takes no part
        return Sums(own=own, window=(told, carrying), weeks=self.weeks)

    def less(self, source: int) -> Sums:
        """As if this source had begun one story less in the window, a carrying one."""
        told, carrying = (x.copy() for x in self.window)
        told[source] -= 1
        carrying[source] -= 1
        return Sums(own=self.own, window=(told, carrying), weeks=self.weeks)


def sums(counts: Counts, *, mornings: int, window_days: int) -> list[Sums]:
    """Those of each morning; what is older than the 56 days, or not yet known on it, is in none."""
    reach = window_days + BASELINE_DAYS
    return [
        _sums(stories[k : k + reach], carrying[k : k + reach])
        for k, (stories, carrying) in enumerate(_tables(counts, mornings=mornings, reach=reach))
    ]


def normal(z: float) -> float:
    """The standard normal distribution function."""
    return math.erfc(-z / math.sqrt(2)) / 2


def _tables(counts: Counts, *, mornings: int, reach: int) -> Iterator[tuple[Ints, Ints]]:
    """Stories and carrying ones by day and source as each morning knew them; the same two arrays, changed in place.

    Morning k sees the `reach` days from row k on. From one morning to the next little changes.
    """
    days = mornings - 1 + reach
    day = days - 1 - counts.age
    told = np.zeros((2, days, len(counts.sources)), dtype=np.int64)
    cells = np.clip(day, 0, days - 1), counts.source
    inside = (day >= 0) & (day < days)
    amounts = np.stack((counts.stories * inside, counts.carrying * inside))
    came, went = np.argsort(counts.first, kind="stable"), np.argsort(counts.until, kind="stable")
    marks = np.arange(mornings + 1)
    came_at, went_at = np.searchsorted(counts.first[came], marks), np.searchsorted(counts.until[went], marks)
    for k in range(mornings):
        for rows, sign in ((came[came_at[k] : came_at[k + 1]], 1), (went[went_at[k] : went_at[k + 1]], -1)):
            for table, amount in zip(told, amounts, strict=True):
                np.add.at(table, (cells[0][rows], cells[1][rows]), sign * amount[rows])
        yield told[0], told[1]


def _sums(stories: Ints, carrying: Ints) -> Sums:
    """From days by sources, the oldest day first."""
    days, of_weeks = len(stories), (BASELINE_DAYS // WEEK, WEEK, stories.shape[1])
    first = np.where(stories > 0, np.arange(days)[:, None], days).min(axis=0)
    window_n, window_k = (x[BASELINE_DAYS:].sum(axis=0) for x in (stories, carrying))
    weeks_n, weeks_k = (x[:BASELINE_DAYS].reshape(of_weeks).sum(axis=1)[::-1] for x in (stories, carrying))
    return Sums(own=np.maximum(0, BASELINE_DAYS - first), window=(window_n, window_k), weeks=(weeks_n, weeks_k))


def measured(of: Sums) -> Attention:
    """The attention of one morning.

    Each sum of floats is rounded once (fsum), so that the order of the sources changes no bit.
    """
    days = int(of.own.max(initial=0))
    part = of.own >= LEAST_DAYS
    if not part.any():
        limit = f"press baseline, day {days} of {LEAST_DAYS}"
        told = int(of.window[1].sum())
        return Attention(attention=None, limit=limit, observed=told, expected=0.0, dispersion=1.0, baseline_days=days)
    (window_n, window_k), (weeks_n, weeks_k) = ([x[..., part] for x in pair] for pair in (of.window, of.weeks))
    base_n, base_k = weeks_n.sum(axis=0), weeks_k.sum(axis=0)
    small = base_n < SMALL
    share = np.where(small, (base_k[small].sum() + 0.5) / (base_n[small].sum() + 1), (base_k + 0.5) / (base_n + 1))
    observed, expected = int(window_k.sum()), _sum(share * window_n)
    whole = days // WEEK
    phi = _dispersion(weeks_k.sum(axis=1)[:whole].tolist(), [_sum(share * week) for week in weeks_n[:whole]])
    if expected < LEAST_EXPECTED:
        limit = f"not measurable: {expected:.1f} expected"
        attention = None
    else:
        base = _sum(share * base_n)
        limit = ""
        attention = normal((observed - expected) / math.sqrt(phi * expected * (1 + expected / base)))
    return Attention(
        attention=attention, limit=limit, observed=observed, expected=expected, dispersion=phi, baseline_days=days
    )


def _sum(values: NDArray[np.float64]) -> float:
    return math.fsum(values.tolist())


def _dispersion(observed: Sequence[int], expected: Sequence[float]) -> float:
    terms = [(o - e) ** 2 / e for o, e in zip(observed, expected, strict=True) if e > 0]
    return max(1.0, math.fsum(terms) / (len(terms) - 1)) if len(terms) > 1 else 1.0

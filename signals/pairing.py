"""Two narratives of which one needs the other: who carries both, and which one leads."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

import numpy as np
from numpy.typing import NDArray

from core.contracts import Contract
from core.findings import Lead, Pairing
from core.tags import Mention, SourceCount
from signals.tracks import Floats

WINDOW_DAYS = 28  # four of each weekday
LEAD_DAYS = 112  # sixteen weeks of daily stories; the lag of weekly rhythms cannot be seen in fewer than eight
LEAST_DAYS = 56
LEAST_STORIES = 28  # of each narrative, one every second day at the least
FURTHEST = 7  # days; a story that answers another after more than a week answers something else
BLOCK = 14  # days that are drawn together, two weeks: longer than the furthest lag and any echo of a story
DRAWS = 999
LEVEL = (0.05, 0.95)
WEEK = 7


def pairing(
    contract: Contract,
    other: Contract,
    mentions: tuple[Sequence[Mention], Sequence[Mention]],
    counts: tuple[Sequence[SourceCount], Sequence[SourceCount]],
    *,
    as_of: datetime,
) -> Pairing:
    """The pair that `contract` declares with `other`: mentions and counts of both, in this order.

    Articles and outlets are those of the `WINDOW_DAYS` before `as_of`; `counts` reach back
    `LEAD_DAYS`. The lead is `other`'s over `contract`'s own: what the one needs comes first.
    """
    since = as_of - timedelta(days=WINDOW_DAYS)
    own, others = ([m for m in told if since < m.seen <= as_of] for told in mentions)
    own_counts, other_counts = counts
    return Pairing(
        first=other.id,
        second=contract.id,
        titles=(other.title, contract.title),
        why=contract.paired_with[other.id],
        as_of=as_of,
        window_days=WINDOW_DAYS,
        first_articles=len({m.article for m in others}),
        second_articles=len({m.article for m in own}),
        first_outlets=len({m.source for m in others}),
        second_outlets=len({m.source for m in own}),
        both_articles=tuple(sorted({m.article for m in own} & {m.article for m in others})),
        both_outlets=tuple(sorted({m.source for m in own} & {m.source for m in others})),
        lead=lead(daily(other_counts), daily(own_counts)),
    )


def daily(counts: Sequence[SourceCount]) -> list[int]:
    """Carrying stories by day from the oldest day with any story up to now, at most `LEAD_DAYS`."""
    days = min(LEAD_DAYS, max((c.age for c in counts if c.stories), default=-1) + 1)
    told = [0] * days
    for c in counts:
        if c.age < days:
            told[days - 1 - c.age] += c.carrying
    return told


def lead(first: Sequence[int], second: Sequence[int]) -> Lead:
    """By how many days the first series of daily stories runs ahead of the second.

    The lag k in [-7, 7] with the largest correlation of first(t) and second(t + k), each less its
    weekday's mean. The 90 % interval is that of the same lag in 999 draws of blocks of 14 days, a
    day being drawn with all its 15 pairs (the blocks-of-blocks bootstrap of Politis and Romano,
    1992), from a fixed seed. On series that have nothing to do with each other it spans 0.
    """
    days = min(len(first), len(second))
    one, other = _plain(first[len(first) - days :]), _plain(second[len(second) - days :])
    if days < LEAST_DAYS:
        return Lead(observed=days, limit=f"{days} of {LEAST_DAYS} days of stories")
    fewest = min(sum(first[len(first) - days :]), sum(second[len(second) - days :]))
    if fewest < LEAST_STORIES:
        return Lead(observed=days, limit=f"{fewest} stories of the rarer one in {days} days, {LEAST_STORIES} needed")
    middle = range(FURTHEST, days - FURTHEST)
    ahead = one[middle.start : middle.stop]
    after = np.array([other[middle.start + k : middle.stop + k] for k in range(-FURTHEST, FURTHEST + 1)])
    rows = np.arange(len(middle))
    found = _correlations(ahead, after, rows[None, :])[0]
    best = int(found.argmax())
    drawn = _correlations(ahead, after, _blocks(len(middle))).argmax(axis=1) - FURTHEST
    low, high = np.quantile(drawn, LEVEL, method="inverted_cdf")
    return Lead(days=best - FURTHEST, low=float(low), high=float(high), correlation=float(found[best]), observed=days)


def _plain(told: Sequence[int]) -> Floats:
    """The series less its weekday means, weekdays counted back from its end."""
    values = np.array(told, dtype=np.float64)
    weekday = (len(values) - 1 - np.arange(len(values))) % WEEK
    for day in range(min(WEEK, len(values))):
        values[weekday == day] -= values[weekday == day].mean()
    return values


def _blocks(days: int) -> NDArray[np.intp]:
    """Rows of days (DRAWS, days): circular blocks from a fixed seed, so that the same rows give the same bytes."""
    starts = np.random.default_rng(0).integers(0, days, size=(DRAWS, -(-days // BLOCK)))
    rows = (starts[:, :, None] + np.arange(BLOCK)) % days
    return rows.reshape(DRAWS, -1)[:, :days]


def _correlations(ahead: Floats, after: Floats, rows: NDArray[np.intp]) -> Floats:
    """Of each draw (rows: draws x days) the correlation at each lag (after: lags x days); 0 where nothing varies."""
    one = ahead[rows]
    one = one - one.mean(axis=1, keepdims=True)
    found = np.empty((len(rows), len(after)))
    for lag, shifted in enumerate(after):
        other = shifted[rows]
        other = other - other.mean(axis=1, keepdims=True)
        scale = np.sqrt((one * one).sum(axis=1) * (other * other).sum(axis=1))
        found[:, lag] = np.divide((one * other).sum(axis=1), scale, out=np.zeros(len(rows)), where=scale > 0)
    return found

"""Pressure of every morning of a history at once: what `signals.pressure.pressure` gives, 500 years in minutes.

tests/benchmarks holds the two against each other, and so does every run of `benchmarks.null_history` on a sample.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.special import ndtr, stdtrit

from benchmarks.worlds import DAY, REACH, START, Ints, Press
from core.verdicts import Pressure
from signals.attention import BASELINE_DAYS, LEAST_DAYS, LEAST_EXPECTED, SMALL, WEEK
from signals.pressure import FULL_VOICE, LEVEL

Floats = NDArray[np.float64]


def pressures(of: Press, stance: Ints) -> dict[str, Floats]:
    """lean, low, high, n_eff, attention (nan: not measurable) and baseline_days of every morning, over seven days."""
    return leans(of, stance) | attentions(of)


def as_pressure(made: dict[str, Floats], day: int) -> Pressure:
    """The morning as the verdict reads it; what the verdict does not read is left at zero."""
    attention = float(made["attention"][day])
    rest: dict[str, Any] = dict.fromkeys(("promotes", "disputes", "reports", "expected"), 0.0)
    rest |= dict.fromkeys(("articles", "stories", "outlets", "voices", "observed"), 0)
    return Pressure(
        narrative="",
        as_of=START + day * DAY,
        window_days=7,
        lean=float(made["lean"][day]),
        low=float(made["low"][day]),
        high=float(made["high"][day]),
        attention=None if np.isnan(attention) else attention,
        pressure=None,
        limit="",
        n_eff=float(made["n_eff"][day]),
        dispersion=1.0,
        baseline_days=int(made["baseline_days"][day]),
        agreement=None,
        echo=None,
        own_book=None,
        **rest,
    )


def leans(of: Press, stance: Ints) -> dict[str, Floats]:
    """`signals.pressure._voices` and `_lean` for all mornings: a row for each voice that a window holds."""
    order = np.lexsort((np.arange(len(of.day)), of.story))
    story, day = of.story[order], of.day[order]
    former = np.append(-REACH, np.where(story[1:] == story[:-1], day[:-1], -REACH))[: len(day)]
    morning, voice, sign = [], [], []
    for later in range(7):  # a mention begins its story for the windows that hold no earlier one
        begins = (day + later >= former + 7) & (day + later < of.days)
        morning.append((day + later)[begins])
        voice.append(of.voice[order][begins])
        sign.append(stance[order][begins])
    width = int(of.voice.max(initial=0)) + 1
    key, which = np.unique(np.concatenate(morning) * width + np.concatenate(voice), return_inverse=True)
    told = np.bincount(which, minlength=len(key))
    net = np.bincount(which, weights=np.concatenate(sign), minlength=len(key))
    at, weight = key // width, np.minimum(told, FULL_VOICE).astype(np.float64)
    side = weight * net / np.maximum(told, 1)

    def total(values: Floats) -> Floats:
        return np.asarray(np.bincount(at, weights=values, minlength=of.days), dtype=np.float64)

    voices = np.bincount(at, minlength=of.days) + 2.0  # with the invented two, one for and one against
    sides, weights = total(side), total(weight) + 2
    without = (sides[at] - side) / (weights[at] - weight)
    invented = [(sides - s) / (weights - 1) for s in (1, -1)]
    mean = (total(without) + invented[0] + invented[1]) / voices
    spread = total((without - mean[at]) ** 2) + sum((one - mean) ** 2 for one in invented)
    lean = sides / weights
    margin = stdtrit(voices - 1, LEVEL) * np.sqrt((voices - 1) / voices * spread)
    squares = total(weight**2)
    n_eff = np.divide((weights - 2) ** 2, squares, out=np.zeros(of.days), where=squares > 0)
    return {"lean": lean, "low": lean - margin, "high": lean + margin, "n_eff": n_eff}


def attentions(of: Press) -> dict[str, Floats]:
    """`signals.attention.attention` for all mornings."""
    days = of.days
    stories, carrying = (np.cumsum(np.pad(x, ((0, 0), (REACH + 1, 0))), axis=1) for x in (of.stories, of.carrying))
    window_n, window_k = (_ages(x, 0, 7, days) for x in (stories, carrying))
    base_n, base_k = (_ages(x, 7, REACH, days) for x in (stories, carrying))
    own = _own_days(of.stories)
    counts = own >= LEAST_DAYS
    small = counts & (base_n < SMALL)
    pooled = ((base_k * small).sum(0) + 0.5) / ((base_n * small).sum(0) + 1)
    share = np.where(base_n < SMALL, pooled, (base_k + 0.5) / (base_n + 1)) * counts
    observed, expected = (window_k * counts).sum(0), (share * window_n).sum(0)
    base, longest = (share * base_n).sum(0), own.max(axis=0, initial=0)
    terms, weeks = np.zeros(days), np.zeros(days)
    for week in range(BASELINE_DAYS // WEEK):
        ages = 7 + WEEK * week, 7 + WEEK * (week + 1)
        of_week = (share * _ages(stories, *ages, days)).sum(0)
        seen = (_ages(carrying, *ages, days) * counts).sum(0)
        there = (of_week > 0) & (week < longest // WEEK)
        terms += np.divide((seen - of_week) ** 2, of_week, out=np.zeros(days), where=there)
        weeks += there
    phi = np.maximum(1.0, np.divide(terms, weeks - 1, out=np.ones(days), where=weeks > 1))
    enough = expected >= LEAST_EXPECTED
    noise = np.sqrt(phi * expected * (1 + np.divide(expected, base, out=np.zeros(days), where=base > 0)))
    z = np.divide(observed - expected, noise, out=np.zeros(days), where=noise > 0)
    return {"attention": np.where(enough, ndtr(z), np.nan), "baseline_days": longest.astype(np.float64)}


def _ages(sums: Ints, first: int, last: int, days: int) -> Ints:
    """Sums over the ages first..last-1 of every morning; `sums` has REACH + 1 columns before day 0."""
    end, begin = REACH + 1 - first, REACH + 1 - last
    return np.asarray(sums[:, end : end + days] - sums[:, begin : begin + days])


def _own_days(stories: Ints) -> Ints:
    """The oldest of the last 63 days on which each source began a story, as days of its own before the window."""
    days = stories.shape[1]
    after = np.full((len(stories), days + REACH), days + REACH)  # the next day with a story, from each day on
    upcoming = np.full(len(stories), days + REACH)
    for day in reversed(range(days)):
        upcoming = np.where(stories[:, day] > 0, day, upcoming)
        after[:, day + REACH - 1] = upcoming
    after[:, : REACH - 1] = after[:, REACH - 1 : REACH]
    age = np.arange(days) - after[:, :days]
    return np.clip(age - 6, 0, BASELINE_DAYS)

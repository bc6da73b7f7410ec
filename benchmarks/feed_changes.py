"""By how much the pressure moves when one feed dies, joins or writes three times as much; run by `benchmarks.null_history`."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime

import numpy as np
from scipy.special import ndtr, ndtri

from benchmarks import worlds
from benchmarks.worlds import Press
from core.tags import Mention, SourceCount
from signals.pressure import pressure

Z = 1.645  # the normal quantile of a two-sided 90 % interval
SOURCES = 12  # the loudest; one that never carries moves nothing
FIRST = 35  # the first morning with a baseline: 28 days, and the week


def feeds(press: Press, name: str) -> None:
    """Print by how much the pressure moves when a feed dies, joins or trebles, in half widths of its own interval."""
    ratios: dict[str, list[tuple[float, float]]] = {"dead": [], "new": [], "trebled": []}
    lost: Counter[str] = Counter()
    carrying = press.carrying.sum(axis=1)
    loud = [int(i) for i in np.argsort(-carrying)[:SOURCES] if carrying[i]]
    for day in range(FIRST, press.days, 2):
        mentions, counts, as_of = worlds.asked(press, press.stance, day)
        for source in (press.sources[i] for i in loud):
            for what, before, after in changes(mentions, counts, source):
                ratio = shift(before, after, as_of=as_of)
                if ratio is None:
                    lost[what] += 1
                else:
                    ratios[what].append(ratio)
    for what, of_all in ratios.items():
        for which, r in zip(("narrow", "whole"), np.array(of_all).T if of_all else [], strict=False):
            print(
                f"{name:22} {what:8} {len(r)} cases, against the {which} interval: {(r >= 1).sum()} at or over it,"
                f" median {np.median(r):.2f}, 99 % {np.quantile(r, 0.99):.2f}, largest {r.max():.2f};"
                f" {lost[what]} not measurable before or after",
                flush=True,
            )


Given = tuple[list[Mention], list[SourceCount]]


def shift(before: Given, after: Given, *, as_of: datetime) -> tuple[float, float] | None:
    """How far the pressure moves, in half widths of the interval that it had before, with two such intervals.

    The narrow one is the lean's times the attention, as if attention were known; it vanishes where
    attention does. The whole one adds, in quadrature, the lean times half the 90 % interval of the
    attention, Phi(z +- 1.645). None where one of the pressures is not measurable.
    """
    a, b = (pressure("", *given, as_of=as_of) for given in (before, after))
    if a.pressure is None or b.pressure is None or a.attention is None:
        return None
    z = ndtri(min(max(a.attention, 1e-12), 1 - 1e-12))
    narrow = (a.high - a.low) / 2 * a.attention
    whole = math.hypot(narrow, a.lean * (ndtr(z + Z) - ndtr(z - Z)) / 2)
    moved = abs(b.pressure - a.pressure)
    return moved / narrow, moved / whole


def changes(mentions: list[Mention], counts: list[SourceCount], source: str) -> Iterator[tuple[str, Given, Given]]:
    """What happens to this source, and what the live function is given before and after."""
    own = [m for m in mentions if m.source == source]
    others = [m for m in mentions if m.source != source]
    recent = [c for c in counts if c.source == source and c.age < 7]
    without = [c for c in counts if c.source != source]
    older = [c for c in counts if c.source == source and c.age >= 7]
    yield "dead", (mentions, counts), (others, without + older)
    yield "new", (others, without), (mentions, without + recent)
    thrice = [replace(m, article=f"{m.article} {k}", story=f"{m.story} {k}") for m in own for k in (1, 2, 3)]
    more = [replace(c, stories=3 * c.stories, carrying=3 * c.carrying) for c in recent]
    yield "trebled", (mentions, counts), (others + thrice, without + older + more)

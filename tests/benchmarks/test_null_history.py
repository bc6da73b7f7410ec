"""A small version of the simulation: on an invented press that pushes nothing few verdicts begin, and a push is found."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise

import numpy as np
import pytest

from benchmarks import worlds
from benchmarks.feed_changes import changes, shift
from benchmarks.null_history import SHARE, WARM, clear, path, pressed
from benchmarks.worlds import Press
from core.verdicts import Evidence, VerdictKind
from signals.calls import onset
from tests.signals.builders import check, contract, morning

DAYS = 8 * 365
AHEAD = VerdictKind.PRESS_AHEAD


def busy(days: int, *, seed: int) -> Press:
    """Twenty-five outlets that write ten stories a day each, one in sixty of which carries: some thirty a week."""
    random = np.random.default_rng(seed)
    stories = random.poisson(10, (25, days))
    carrying = random.binomial(stories, 1 / 60)
    source, day = (np.repeat(axis, carrying.ravel()) for axis in (a.ravel() for a in np.indices(carrying.shape)))
    order = np.argsort(day, kind="stable")
    return Press(
        sources=tuple(f"Example {i}" for i in range(25)),
        stories=stories,
        carrying=carrying,
        day=day[order],
        before=np.zeros(len(day), dtype=np.int64),
        story=np.arange(len(day)),
        voice=source[order],
        source=source[order],
        stance=np.zeros(len(day), dtype=np.int64),
    )


def walking(days: int, *, seed: int) -> list[Evidence]:
    """Evidence that wanders slowly between for and against."""
    steps = np.random.default_rng(seed).normal(0, 0.03, days)
    support = 0.6 * np.sin(np.cumsum(steps))
    one = morning(coverage=0.9).evidence
    return [replace(one, support=float(s), low=float(s) - 0.2, high=float(s) + 0.2) for s in support]


def kinds(of: Press, stance: worlds.Ints, told: Sequence[Evidence]) -> list[VerdictKind]:
    kept = path(contract(check()), pressed(of, stance), told)[WARM - 1 :]
    return [k for k in kept if k is not None]


def test_an_even_press_begins_at_most_one_leaning_verdict_a_year() -> None:
    of, random = busy(DAYS, seed=1), np.random.default_rng(2)
    found = kinds(of, worlds.neutral(of, random, reporting=0.5), walking(DAYS, seed=3))
    begun = sum(onset(a, b) for a, b in pairwise(found))
    assert begun <= DAYS / 365
    assert sum(k is VerdictKind.INSUFFICIENT_EVIDENCE for k in found) < 0.05 * len(found)


@pytest.mark.parametrize(("push", "least"), [(SHARE, 0.85), (0.0, 0.0)], ids=["a planted push", "no push"])
def test_a_push_against_the_data_is_found_within_thirty_days(push: float, least: float) -> None:
    random = np.random.default_rng(4)
    found = 0
    for run in range(20):
        of = busy(WARM + 60, seed=run)
        on = np.arange(of.days) >= WARM + 30
        stance = worlds.planted(of, worlds.neutral(of, random, reporting=0.5), on, random, share=push)
        told = [clear(e) if late else e for e, late in zip(walking(of.days, seed=run), on, strict=True)]
        found += AHEAD in kinds(of, stance, told)[31:61]  # the first is of day WARM - 1
    assert found >= least * 20
    assert push > 0 or found <= 4  # with none planted, a month of false alarm is rare


@pytest.mark.parametrize("what", ["dead", "new", "trebled"])
def test_a_feed_that_changes_moves_the_pressure_by_less_than_its_interval(what: str) -> None:
    of = busy(100, seed=9)
    stance = worlds.neutral(of, np.random.default_rng(5), reporting=0.3)
    moved = []
    for day in (70, 85, 99):
        mentions, counts, as_of = worlds.asked(of, stance, day)
        for source in of.sources:
            moved += [shift(a, b, as_of=as_of) for kind, a, b in changes(mentions, counts, source) if kind == what]
    whole = [m[1] for m in moved if m is not None]
    assert len(whole) == 75
    assert 0 < max(whole) < 1

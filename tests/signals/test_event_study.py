"""What followed an onset is held against what followed any day, and chance is given its due."""

from __future__ import annotations

from datetime import timedelta
from itertools import pairwise

import numpy as np
import pytest

from core.contracts import Outcome
from core.verdicts import VerdictKind
from signals.event_study import LEAST_HORIZONS, Study, changes, corrections, onsets, study
from tests.signals.builders import AS_OF, book, run

AHEAD, MIXED = VerdictKind.PRESS_AHEAD, VerdictKind.MIXED
TEN = timedelta(days=10)


def outcome(kind: str, **more: str) -> Outcome:
    given = {"measure": {"kind": kind, "a": "price.x", **more}, "direction": "up", "horizon": "10d"}
    return Outcome.model_validate(given)


def test_a_level_moves_by_what_it_is_later_less_what_it_is_now() -> None:
    prices = run("price.x", [float(k * k) for k in range(31)])  # 30 days ago 0, today 900
    mornings = [AS_OF - timedelta(days=k) for k in (30, 20, 10, 9)]
    moved = changes(outcome("level"), book(prices), mornings, until=AS_OF)
    assert moved == [100 - 0, 400 - 100, 900 - 400, None]  # the last ends a day after what is known


def test_a_change_is_its_own_answer() -> None:
    prices = run("price.x", [100.0] * 11 + [150.0] * 10 + [75.0] * 10)
    mornings = [AS_OF - timedelta(days=k) for k in (20, 10)]
    moved = changes(outcome("percent_change", over="10d"), book(prices), mornings, until=AS_OF)
    assert moved == [pytest.approx(50.0), pytest.approx(-50.0)]


def test_what_is_not_collected_has_no_outcome() -> None:
    assert changes(outcome("level"), {}, [AS_OF - 3 * TEN], until=AS_OF) == [None]


def test_an_onset_is_a_morning_that_was_not_so_the_day_before() -> None:
    kinds = [AHEAD, MIXED, AHEAD, AHEAD, MIXED, AHEAD]
    assert onsets(kinds, AHEAD) == [2, 5]
    assert onsets(kinds, MIXED) == [1, 4]


def lived(
    days: int, starts: list[int], *, effect: float, seed: int = 0
) -> tuple[list[VerdictKind], list[float | None]]:
    """Noise that goes on over ten days, as overlapping changes do; `effect` is added from each onset."""
    noise = np.convolve(np.random.default_rng(seed).normal(size=days + 9), np.ones(10) / np.sqrt(10), mode="valid")
    kinds = [AHEAD if i in starts else MIXED for i in range(days)]
    return kinds, [float(x) + (effect if i in starts else 0.0) for i, x in enumerate(noise)]


def test_what_is_there_is_found_and_the_interval_holds_it() -> None:
    kinds, moved = lived(1000, list(range(50, 1000, 100)), effect=3.0)
    found = study(AHEAD, kinds, moved, horizon=TEN, seed="a")
    assert (found.onsets, found.days, found.horizons, found.limit) == (10, 1000, 100, "")
    after = [m for m, k in zip(moved, kinds, strict=True) if k is AHEAD and m is not None]
    assert found.after == pytest.approx(sum(after) / 10)
    assert found.p is not None
    assert found.p < 0.01
    assert found.low is not None
    assert found.high is not None
    assert found.low < 3 < found.high


def test_what_is_not_there_is_seldom_found() -> None:
    got = [
        study(AHEAD, *lived(600, list(range(30, 600, 60)), effect=0.0, seed=s), horizon=TEN, seed="a")
        for s in range(20)
    ]
    found = [one.p for one in got if one.p is not None]
    assert len(found) == 20
    assert sum(p < 0.05 for p in found) <= 4  # 1 expected; more than 4 of 20 come by chance once in 390


def test_the_same_gives_the_same_and_other_content_other_draws() -> None:
    kinds, moved = lived(400, list(range(20, 400, 40)), effect=1.0)
    one, again, other = (study(AHEAD, kinds, moved, horizon=TEN, seed=seed) for seed in ("a", "a", "b"))
    assert one == again
    assert one.low != other.low
    assert one.after == other.after


@pytest.mark.parametrize(
    ("days", "starts", "reason"),
    [
        pytest.param(
            99, range(10, 99, 10), "99 days, 9 horizons of 10 days that do not overlap, 10 needed", id="short"
        ),
        pytest.param(400, range(50, 250, 50), "it began 4 times, 5 needed", id="few onsets"),
    ],
)
def test_too_little_is_refused_with_the_reason(days: int, starts: range, reason: str) -> None:
    found = study(AHEAD, *lived(days, list(starts), effect=9.0), horizon=TEN, seed="a")
    assert reason in found.limit
    assert (found.p, found.low, found.after) == (None, None, None)
    assert LEAST_HORIZONS == 10


def test_days_without_an_outcome_are_no_days() -> None:
    kinds, moved = lived(400, [*range(20, 300, 40), 395], effect=1.0)
    found = study(AHEAD, kinds, [*moved[:390], *[None] * 10], horizon=TEN, seed="a")
    assert (found.days, found.onsets) == (390, 7)


def made(p: float | None) -> Study:
    return Study(kind=AHEAD, onsets=5, days=1, horizons=1, p=p)


def test_corrections_are_holm_s_times_what_was_tried() -> None:
    # Sorted: .01 x 3 = .03; .03 x 2 = .06; .04 x 1 = .04, but not under the one before. Then times two.
    got = corrections([made(0.01), made(0.04), made(None), made(0.03)], tried=2)
    assert [s.corrected for s in got] == [pytest.approx(0.06), pytest.approx(0.12), None, pytest.approx(0.12)]
    assert [s.corrected for s in corrections([made(0.4)], tried=9)] == [1.0]
    assert all(a <= b for a, b in pairwise(s.corrected or 0 for s in corrections([made(0.1), made(0.2)], tried=1)))

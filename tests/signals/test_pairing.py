"""Pairs: who carries both narratives, and which one leads."""

from __future__ import annotations

from datetime import timedelta

import numpy as np
import pytest

from core.contracts import Contract
from core.tags import SourceCount
from signals.pairing import FURTHEST, daily, lead, pairing
from tests.signals.builders import AS_OF, check, contract, mention

DAY = timedelta(days=1)


def wave(seed: int, days: int = 112) -> list[int]:
    """Daily stories with weekends and a slow swell, as a press writes."""
    draw = np.random.default_rng(seed)
    swell = np.convolve(draw.normal(0, 3, days + 6), np.ones(3) / 3, mode="valid")[:days]
    weekday = np.array([6, 6, 6, 6, 6, 1, 1] * (days // 7 + 1))[:days]
    return [int(x) for x in np.maximum(0, np.round(weekday + swell * (weekday > 1)))]


def shifted(told: list[int], by: int) -> list[int]:
    return told[-by:] + told[:-by] if by else told


@pytest.mark.parametrize("by", [-3, -1, 1, 2, 5])
def test_a_planted_lead_is_found_with_its_sign(by: int) -> None:
    one = wave(1)
    found = lead(one, shifted(one, by))
    assert found.days == by
    assert found.low is not None
    assert found.high is not None
    assert found.low <= by <= found.high
    assert found.low * found.high > 0


def test_weekends_alone_make_no_lead_and_strangers_have_none() -> None:
    spanning = 0
    for seed in range(20):
        found = lead(wave(100 + seed), wave(200 + seed))
        assert found.low is not None
        assert found.high is not None
        spanning += found.low <= 0 <= found.high
    assert spanning >= 17  # a 90 % interval misses twice in twenty


def test_swapped_series_swap_the_lead() -> None:
    one, other = wave(1), shifted(wave(1), 2)
    a, b = lead(one, other), lead(other, one)
    assert (a.days, b.days) == (2, -2)


def test_the_same_series_give_the_same_interval_every_time() -> None:
    assert lead(wave(3), wave(4)) == lead(wave(3), wave(4))


@pytest.mark.parametrize(
    ("first", "second", "limit"),
    [
        pytest.param([3] * 40, [3] * 90, "40 of 56 days of stories", id="too short"),
        pytest.param([3] * 60, [0] * 59 + [9], "9 stories of the rarer one in 60 days, 28 needed", id="too few"),
    ],
)
def test_what_is_too_little_says_so(first: list[int], second: list[int], limit: str) -> None:
    found = lead(first, second)
    assert (found.days, found.limit) == (None, limit)


def test_a_series_that_never_varies_leads_nothing() -> None:
    found = lead([2] * 70, [2] * 70)
    assert found.days is None or (found.low is not None and found.low <= 0)
    assert FURTHEST == 7


def test_days_are_counted_from_the_oldest_one_with_any_story() -> None:
    counts = [
        SourceCount(source="a", age=3, stories=2, carrying=0),
        SourceCount(source="b", age=0, stories=4, carrying=3),
    ]
    assert daily(counts) == [0, 0, 0, 3]
    assert daily([]) == []


def test_a_pair_counts_what_carries_both_and_says_so_in_one_line() -> None:
    own: Contract = contract(check()).model_copy(update={"paired_with": {"other": "It needs it."}})
    other = contract(check()).model_copy(update={"id": "other", "title": "Another"})
    mine = [
        mention("x", "promotes", voice="a"),
        mention("y", "reports", voice="b"),
        mention("old", "reports", voice="c", seen=AS_OF - 28 * DAY),
    ]
    theirs = [mention("x", "reports", voice="a"), mention("z", "reports", voice="b")]
    found = pairing(own, other, (mine, theirs), ([], []), as_of=AS_OF)
    assert (found.first, found.second, found.why) == ("other", "story", "It needs it.")
    assert (found.both_articles, found.both_outlets) == (("x",), ("a", "b"))
    assert found.sentence == (
        "In 28 days 1 article carried both “Another” (2) and “A story” (2), and 2 outlets both (of 2 and 2);"
        " which leads cannot be said: 0 of 56 days of stories."
    )

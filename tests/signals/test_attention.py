"""Attention against a baseline, worked out by hand; and what must not read as a trend."""

from __future__ import annotations

from math import sqrt
from statistics import NormalDist

import pytest

from core.tags import SourceCount
from signals.attention import attention, normal
from tests.signals.builders import daily

WEEK = range(7)
BASELINE = range(7, 63)


def steady(source: str = "wire", *, window_carrying: int = 0, extra: int = 0) -> list[SourceCount]:
    """Ten stories a day of which one carries; in the window `extra` carry besides, `window_carrying` a day."""
    window = daily(source, WEEK, stories=10, carrying=window_carrying)
    return [
        *window,
        *daily(source, BASELINE, stories=10, carrying=1),
        SourceCount(source=source, age=0, stories=0, carrying=extra),
    ]


def test_attention_is_the_normal_score_of_observed_against_expected() -> None:
    """One source, 560 baseline stories of which 56 carry: share 56.5 / 561; E = 70 x share = 7.0499; E / B = 70 / 560.

    z = (12 - 7.0499) / sqrt(7.0499 x 1.125) = 4.9501 / 2.8162 = 1.7577, with the dispersion at its floor of 1.
    """
    got = attention(steady(window_carrying=1, extra=5), window_days=7)
    assert got.observed == 12
    assert got.expected == pytest.approx(70 * 56.5 / 561)
    assert got.dispersion == 1.0
    assert got.attention == pytest.approx(NormalDist().cdf(1.7577), abs=1e-5)
    assert (got.limit, got.baseline_days) == ("", 56)


def test_usual_coverage_is_about_a_half() -> None:
    got = attention(steady(window_carrying=1), window_days=7)
    assert got.attention == pytest.approx(0.5, abs=0.01)


def test_weeks_that_swing_widen_the_score() -> None:
    """Baseline weeks with 3 and 11 carrying in turn, E of each 7.0499: (4 x 4.0499^2 + 4 x 3.9501^2) / 7.0499 / 7 = 2.594."""
    counts = daily("wire", range(63), stories=10, carrying=0)
    counts += [SourceCount(source="wire", age=7 + 7 * w, stories=0, carrying=3 if w % 2 else 11) for w in range(8)]
    counts += [SourceCount(source="wire", age=0, stories=0, carrying=12)]
    got = attention(counts, window_days=7)
    assert got.dispersion == pytest.approx(2.594, abs=1e-3)
    assert got.attention == pytest.approx(NormalDist().cdf(1.7577 / sqrt(2.594)), abs=1e-4)


@pytest.mark.parametrize(
    ("counts", "limit", "days"),
    [
        pytest.param([], "press baseline, day 0 of 28", 0, id="nothing yet"),
        pytest.param(
            daily("wire", range(17), stories=10, carrying=1), "press baseline, day 10 of 28", 10, id="day ten"
        ),
        pytest.param(
            daily("wire", range(34), stories=10, carrying=1), "press baseline, day 27 of 28", 27, id="one short"
        ),
        pytest.param(
            daily("wire", range(63), stories=10, carrying=0),
            "not measurable: 0.1 expected",  # 70 x 0.5 / 561 = 0.062
            56,
            id="a narrative that nobody tells",
        ),
    ],
)
def test_what_cannot_be_measured_says_why(counts: list[SourceCount], limit: str, days: int) -> None:
    got = attention(counts, window_days=7)
    assert (got.attention, got.limit, got.baseline_days) == (None, limit, days)


def test_twenty_eight_days_of_its_own_are_enough() -> None:
    got = attention(daily("wire", range(35), stories=10, carrying=1), window_days=7)
    assert got.attention is not None
    assert got.baseline_days == 28


def test_a_new_source_changes_nothing_before_its_day() -> None:
    """It had its first story 27 days before the window and tells nothing else than the narrative."""
    before = attention(steady(window_carrying=1), window_days=7)
    after = attention([*steady(window_carrying=1), *daily("new", range(34), stories=20, carrying=20)], window_days=7)
    assert after == before


def test_a_source_that_died_expects_nothing() -> None:
    """It carried half of the baseline and fell silent with the window: the other half is still usual."""
    alone = attention(steady(window_carrying=1), window_days=7)
    got = attention([*steady(window_carrying=1), *daily("dead", BASELINE, stories=10, carrying=1)], window_days=7)
    assert got.expected == pytest.approx(alone.expected)
    assert got.attention == pytest.approx(0.5, abs=0.01)


def test_a_source_that_triples_its_output_is_expected_to() -> None:
    counts = daily("wire", WEEK, stories=30, carrying=3) + daily("wire", BASELINE, stories=10, carrying=1)
    assert attention(counts, window_days=7).attention == pytest.approx(0.5, abs=0.02)


def test_small_sources_share_one_share() -> None:
    """20 stories with 1 carrying, and 35 with none: (1 + 1/2) / (55 + 1) for both, times 8 and 4 in the window.

    Alone they would expect 8 x 1.5 / 21 + 4 x 0.5 / 36 = 0.627 instead of 12 x 1.5 / 56 = 0.321.
    """
    counts = [
        SourceCount(source="one", age=40, stories=20, carrying=1),
        SourceCount(source="two", age=50, stories=35, carrying=0),
        SourceCount(source="one", age=3, stories=8, carrying=1),
        SourceCount(source="two", age=0, stories=4, carrying=0),
    ]
    assert attention(counts, window_days=7).expected == pytest.approx(12 * 1.5 / 56)


def test_a_longer_window_moves_the_baseline_back() -> None:
    counts = daily("wire", range(28), stories=10, carrying=2) + daily("wire", range(28, 84), stories=10, carrying=1)
    got = attention(counts, window_days=28)
    assert (got.observed, got.baseline_days) == (56, 56)
    assert got.expected == pytest.approx(280 * 56.5 / 561)


def test_rows_before_the_baseline_and_after_as_of_do_not_count() -> None:
    counts = steady(window_carrying=1)
    stray = daily("wire", range(63, 80), stories=50, carrying=50) + daily("wire", range(-3, 0), stories=50, carrying=50)
    assert attention([*counts, *stray], window_days=7) == attention(counts, window_days=7)


@pytest.mark.parametrize("z", [-3.0, -1.0, 0.0, 0.5, 2.0])
def test_the_normal_distribution_is_the_textbooks(z: float) -> None:
    assert normal(z) == pytest.approx(NormalDist().cdf(z), abs=1e-12)

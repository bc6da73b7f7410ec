"""The sparkline: about one value a week, the last always, gaps shown."""

from itertools import pairwise

import pytest

from briefing.sparks import BLOCKS, GAP, POINTS, places, spark

NB = "\u00a0"


@pytest.mark.parametrize(
    ("past", "drawn"),
    [
        pytest.param([0.0, 4.0, 7.9, 8.0], "▁▅██", id="eight heights between the lowest and the highest"),
        pytest.param([0.0, None, 8.0, 8.0], "▁·██", id="an unknown morning is a gap and no zero"),
        pytest.param([3.0, 3.0, 3.0], "▂▂▂", id="what stands still is a low line"),
        pytest.param([-8.0, -4.0, -0.0], "▁▅█", id="below zero as above it"),
        pytest.param([1.0, None, 2.0], "", id="two values show no course"),
        pytest.param([], "", id="nothing"),
    ],
)
def test_drawn(past: list[float | None], drawn: str) -> None:
    assert spark(past, "percent").drawn == drawn


def test_said() -> None:
    told = spark([1.5, None, 2.0, 3.25], "percentage points").said.replace(NB, " ")
    assert told == "1.50 to 3.25 pp over 4 days, as far as known"
    assert spark([2.0, 2.0, 2.0], "").said.replace(NB, " ") == "unchanged over 3 days"


def test_ninety_mornings_give_about_one_a_week_and_the_last() -> None:
    picked = places(90)
    assert (len(picked), picked[0], picked[-1]) == (POINTS, 0, 89)
    assert {b - a for a, b in pairwise(picked)} == {6, 7}
    assert len(BLOCKS) == 8
    assert GAP not in BLOCKS

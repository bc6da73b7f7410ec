"""The family cap and the interval, worked out by hand."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.verdicts import Reading
from signals.weighing import FAMILY_CAP, shares, weigh
from tests.signals.builders import AS_OF, check


@pytest.mark.parametrize(
    ("weights", "expected"),
    [
        pytest.param({"a": 1, "b": 1, "c": 1, "d": 1, "e": 1}, [0.2] * 5, id="under the cap weights are only scaled"),
        pytest.param(
            {"a": 6, "b": 1, "c": 1, "d": 1, "e": 1},  # a falls from 0.6 to 0.25, the four share 0.75
            [0.25, 0.1875, 0.1875, 0.1875, 0.1875],
            id="what a loses goes to the others",
        ),
        pytest.param(
            {"a": 50, "b": 24, "c": 20, "d": 4, "e": 2},  # then b (0.36) and c (0.30) are over too; d, e share 0.25
            [0.25, 0.25, 0.25, 0.25 * 4 / 6, 0.25 * 2 / 6],
            id="until none is above",
        ),
        pytest.param({"a": 5, "b": 1, "c": 1}, [0.25, 0.25, 0.25], id="three families leave a quarter to nobody"),
        pytest.param({"a": 1}, [0.25], id="one family is never more than a quarter"),
    ],
)
def test_no_family_has_more_than_a_quarter(weights: dict[str, float], expected: list[float]) -> None:
    got = shares([check(f, family=f, weight=w) for f, w in weights.items()])
    assert list(got.values()) == pytest.approx(expected)


def test_within_a_family_shares_stay_in_proportion() -> None:
    got = shares([check("p", family="a", weight=4), check("q", family="a", weight=2), check("r", family="b")])
    assert got == {"p": pytest.approx(1 / 6), "q": pytest.approx(1 / 12), "r": 0.25}


def test_context_has_no_weight_and_makes_no_family() -> None:
    context = {"context": True, "if_true": None, "threshold": None, "scale": None}
    assert shares([check("p", family="a"), check("q", family="b", **context)]) == {"p": 0.25, "q": 0.0}


@given(st.dictionaries(st.sampled_from("abcdefgh"), st.floats(0.01, 100), min_size=1))
def test_shares_never_exceed_the_cap_and_fill_one_where_four_families_are(weights: dict[str, float]) -> None:
    got = shares([check(f, family=f, weight=w) for f, w in weights.items()])
    assert max(got.values()) <= FAMILY_CAP
    assert sum(got.values()) == pytest.approx(min(1.0, FAMILY_CAP * len(weights)))


def told(family: str, weight: float, support: float | None, *, concede: bool = False) -> Reading:
    return Reading(
        check=family,
        narrative="story",
        as_of=AS_OF,
        family=family,
        asks="",
        value=None,
        unit="",
        threshold=None,
        scale=None,
        support=support,
        weight=weight,
        context=False,
        concede=concede,
        freshness="UNKNOWN" if support is None else "FRESH",
        reason="",
        sentence="",
    )


def test_the_interval_spans_left_out_families_and_what_is_missing() -> None:
    """Known .25 (.8 + .4 - .2) = .25 over .75; missing gives .25 -+ .125; without a, b, c: .05/.5, .15/.5, .3/.5."""
    got = weigh([told("a", 0.25, 0.8), told("b", 0.25, 0.4), told("c", 0.25, -0.2), told("d", 0.25, None)])
    assert got.support == pytest.approx(1 / 3)
    assert [got.low, got.high] == pytest.approx([0.1, 0.6])
    assert got.coverage == 0.75


def test_a_lone_family_may_mean_anything_up_to_a_half() -> None:
    got = weigh([told("a", 0.25, 1.0), told("b", 0.25, None), told("c", 0.25, None), told("d", 0.25, None)])
    assert (got.support, got.low, got.high, got.coverage) == (1.0, -0.5, 1.0, 0.25)


def test_full_evidence_is_covered_to_exactly_one() -> None:
    weights = shares([check(f, family=f, weight=w) for f, w in zip("abcdefg", (1, 2, 3, 1, 2, 3, 1), strict=True)])
    assert weigh([told(f, w, 0.1) for f, w in weights.items()]).coverage == 1.0


def test_fewer_than_four_families_are_never_full_evidence() -> None:
    got = weigh([told("a", 0.25, 1.0), told("b", 0.25, 1.0)])
    assert got.coverage == 0.5
    assert got.low == pytest.approx(0.25)  # (0.5 - 0.5 * 0.5) / 1


def test_what_must_be_conceded_does_not_weigh_and_nothing_known_is_nothing_said() -> None:
    got = weigh([told("a", 0.25, None), told("b", 0.0, 1.0, concede=True)])
    assert (got.support, got.low, got.high, got.coverage) == (None, None, None, 0.0)

"""Claims against numbers: compared where the contract says with what, and else not, with the reason."""

from __future__ import annotations

import pytest

from core.comparisons import NumericClaim
from core.contracts import Contract, Number
from nlp.numbers import claimed
from signals.comparisons import compared
from tests.signals.builders import AS_OF, book, check, contract, run

NUMBERS = (
    {
        "phrases": ["10-year yield"],
        "not": ["Germany"],
        "quantity": "percent",
        "measure": {"kind": "level", "a": "macro.y"},
    },
    {
        "phrases": ["core inflation"],
        "quantity": "percent",
        "measure": {"kind": "percent_change", "a": "macro.cpi", "over": "365d"},
    },
    {"phrases": ["capex"], "quantity": "usd", "period": "quarter", "measure": {"kind": "level", "a": "capex.q"}},
)
SERIES = book(run("macro.y", [4.13]), run("macro.cpi", [100.0, 103.25], step_days=365), run("capex.q", [26.4e9]))


def story() -> Contract:
    return contract(check()).model_copy(update={"numbers": tuple(Number.model_validate(n) for n in NUMBERS)})


def claim(sentence: str, which: int = 0) -> NumericClaim:
    number = claimed(sentence)[which]
    return NumericClaim(
        article="a",
        version=1,
        narrative="story",
        source="The Daily Example",
        first_seen=AS_OF,
        quantity=number.kind,
        low=number.low,
        high=number.high,
        unit=number.unit,
        period=number.period,
        comparator=number.comparator,
        subject=number.subject,
        start=100 + number.start,
        end=100 + number.end,
        sentence_start=100,
        sentence=sentence,
    )


@pytest.mark.parametrize(
    ("sentence", "actual", "gap"),
    [
        pytest.param("The 10-year yield stood at 4.1 percent.", 4.13, 0.0, id="rounded as it was said"),
        pytest.param("The 10-year yield fell to 4.5% on Friday.", 4.13, 0.37, id="a level that was fallen to"),
        pytest.param("The 10-year yield is above 4%.", 4.13, 0.0, id="a bound that holds"),
        pytest.param("The 10-year yield is above 4.5%.", 4.13, 0.37, id="a bound that does not"),
        pytest.param("The 10-year yield is below 4.0%.", 4.13, -0.13, id="a bound from above"),
        pytest.param("The 10-year yield is at about 4.3%.", 4.13, 0.0, id="about is a twentieth"),
        pytest.param("Core inflation rose 3.3% from a year earlier.", 3.25, 0.0, id="a change over the same year"),
        pytest.param("Core inflation rose 2.8% from a year earlier.", 3.25, -0.45, id="a change told too low"),
        pytest.param("Amazon's capex was $26.4 billion in the quarter.", 26.4e9, 0.0, id="an amount of the quarter"),
    ],
)
def test_a_claim_that_can_be_compared_has_actual_and_gap(sentence: str, actual: float, gap: float) -> None:
    told = compared(story(), claim(sentence), SERIES)
    assert told.reason == ""
    assert told.actual == pytest.approx(actual)
    assert told.gap == pytest.approx(gap)
    assert told.observations


@pytest.mark.parametrize(
    ("sentence", "reason"),
    [
        pytest.param("Profits rose 12% from a year earlier.", "do not speak of it", id="nothing is mapped"),
        pytest.param("The 10-year yield fell 25 basis points.", "claimed in points", id="points are no percent"),
        pytest.param("The 10-year yield fell 4.1% on Friday.", "a change is claimed", id="a change is no level"),
        pytest.param("Core inflation rose 0.3% this month.", "no period", id="a month that the reader does not name"),
        pytest.param("Core inflation rose 3.3% this year.", "calendar year", id="this year is not twelve months"),
        pytest.param("Germany's 10-year yield is near 3%.", "something else (Germany)", id="another country's"),
        pytest.param("The 10-year yield was up from 3.96%.", "a day gone by", id="where it came from"),
        pytest.param("The 10-year yield stood at 3.9% in February.", "a day gone by", id="where it stood then"),
        pytest.param("Core inflation rose to 3.3%.", "no period", id="no period at all"),
        pytest.param(
            "Core inflation rose 0.3%, and wages gained 3.9% over the past year.",
            "no period",
            id="a year that another number is said of",
        ),
        pytest.param(
            "Core inflation rose 3.3% over the past year, yet in 2026 it has… Core inflation was a surprise.",
            "cut off",
            id="teasers that run into each other",
        ),
        pytest.param("Amazon's capex was $131 billion last year.", "measured of a quarter", id="a year's amount"),
        pytest.param("The 10-year yield is twice, 2 times, that.", "claimed as a multiple", id="another quantity"),
        pytest.param(
            "The 10-year yield was watched closely all week by everybody who trades bonds for a living, and 4.1% it was.",
            "do not speak of it",
            id="a phrase too far away",
        ),
    ],
)
def test_all_else_is_not_comparable_with_its_reason(sentence: str, reason: str) -> None:
    told = compared(story(), claim(sentence), SERIES)
    assert reason in told.reason
    assert (told.actual, told.gap) == (None, None)
    assert "not comparable" in told.sentence


def test_an_actual_that_was_not_known_then_is_not_made_up() -> None:
    later = book(run("macro.y", [4.13], end=AS_OF.replace(year=2027)))
    assert "unknown then" in compared(story(), claim("The 10-year yield stood at 4.1 percent."), later).reason


@pytest.mark.parametrize(
    ("days", "gap"), [pytest.param(13, 0.0, id="within the fortnight"), pytest.param(16, 0.37, id="longer ago")]
)
def test_a_figure_of_a_day_in_the_fortnight_before_is_no_false_claim(days: int, gap: float) -> None:
    """4.5 stood `days` ago, and 4.13 since."""
    series = book(run("macro.y", [4.13] * 3 + [4.5] + [4.13] * days))
    told = compared(story(), claim("The 10-year yield stood at 4.50 percent."), series)
    assert told.gap == pytest.approx(gap)


def test_a_comparison_is_told_in_one_sentence() -> None:
    told = compared(story(), claim("The 10-year yield fell to 4.5% on Friday."), SERIES)
    assert told.sentence == "The Daily Example claims 4.5 percent; actual as of then 4.13 percent: 0.37 too high."

"""Numbers as the press writes them."""

from typing import Any

import pytest

from nlp.numbers import claimed


@pytest.mark.parametrize(
    ("sentence", "expected"),
    [
        pytest.param(
            "Trainium is 30% to 40% cheaper than comparable GPUs.",
            {"kind": "percent", "low": -40.0, "high": -30.0, "unit": "percent", "subject": "Trainium"},
            id="a range, and cheaper is less",
        ),
        pytest.param(
            "Amazon spent more than $131 billion last year.",
            {"kind": "usd", "low": 131e9, "unit": "usd", "comparator": ">", "period": "year", "subject": "Amazon"},
            id="money with a scale, a comparator and a period",
        ),
        pytest.param(
            "The chip costs about $2.50 an hour.",
            {"kind": "usd", "low": 2.5, "comparator": "~", "period": "hour", "subject": "The chip"},
            id="a price by the hour",
        ),
        pytest.param(
            "The 10-year yield fell 25 basis points on Friday.",
            {"kind": "percent", "low": -0.25, "unit": "points", "period": "day", "subject": "The 10-year yield"},
            id="basis points are hundredths, and a fall is negative",
        ),
        pytest.param(
            "The 10-year yield fell to 4.1% on Friday.",
            {"kind": "percent", "low": 4.1, "high": 4.1, "subject": "The 10-year yield"},
            id="a level that was fallen to is no fall",
        ),
        pytest.param(
            "Core inflation rose 3.3 percent from a year earlier.",
            {"kind": "percent", "low": 3.3, "high": 3.3, "period": "year", "subject": "Core inflation"},
            id="percent in a word",
        ),
        pytest.param(
            "The company says the new part offers 2.5x the memory.",
            {"kind": "ratio", "low": 2.5, "unit": "times", "subject": "the new part"},
            id="a ratio, and the subject of the inner clause",
        ),
        pytest.param(
            "It shipped 1,200,000 GPUs in 2025.",
            {"kind": "count", "low": 1_200_000.0, "unit": "gpus", "period": "year", "subject": "It"},
            id="a count with separators",
        ),
        pytest.param(
            "Rivals could win up to 20% of the market.",
            {"kind": "percent", "low": 20.0, "comparator": "<", "subject": "Rivals"},
            id="up to is a bound from above",
        ),
    ],
)
def test_a_number_is_read_with_what_belongs_to_it(sentence: str, expected: dict[str, Any]) -> None:
    (found,) = claimed(sentence)
    assert {k: getattr(found, k) for k in expected} == expected
    assert found.low <= found.high


@pytest.mark.parametrize(
    "sentence",
    [
        pytest.param("The plan was made in 2024.", id="a year"),
        pytest.param("The H100 and the MI300X are rivals.", id="names of chips"),
        pytest.param("He won 3 of 5 games.", id="bare numbers"),
    ],
)
def test_what_is_no_claim_gives_none(sentence: str) -> None:
    assert claimed(sentence) == ()


def test_two_numbers_come_in_reading_order() -> None:
    first, second = claimed("Revenue rose 12% to $4.1 billion.")
    assert (first.kind, first.low, second.kind, second.low) == ("percent", 12.0, "usd", 4.1e9)

"""Examples that leak between classes."""

from collections.abc import Sequence

import pytest

from core.contracts import Contract
from nlp.leaks import leaks


def with_classes(tin: Contract, promotes: Sequence[str], disputes: Sequence[str]) -> Contract:
    """A contract with fifteen unlike sentences a class beside those of the test."""
    fill = {
        kind: [f"{kind}{a} {b}{kind} {a}{b} {b}{a}{kind} {kind}{b}" for a in "abcd" for b in "wxyz"]
        for kind in ("promotes", "disputes", "reports", "unrelated")
    }
    fill["promotes"] += promotes
    fill["disputes"] += disputes
    return tin.model_copy(update={"examples": tin.examples.model_copy(update={k: tuple(v) for k, v in fill.items()})})


@pytest.mark.parametrize(
    ("promotes", "disputes", "expected"),
    [
        pytest.param("Tin will win.", "Copper stays for ever in the kitchens.", 0, id="unlike sentences are no leak"),
        pytest.param(
            "Tin kettles took a third of all sales in Rye this spring.",
            "Tin kettles took a third of all sales in Hove this spring.",
            1,
            id="a changed name is",
        ),
        pytest.param(
            "Tin kettles will replace copper in every kitchen.",
            "Tin kettles will not replace copper in every kitchen.",
            0,
            id="a negation is a lesson",
        ),
    ],
)
def test_near_copies_across_classes_are_warned_of(tin: Contract, promotes: str, disputes: str, expected: int) -> None:
    assert len(leaks(with_classes(tin, [promotes], [disputes]))) == expected


def test_too_few_examples_are_warned_of(tin: Contract) -> None:
    assert any(told.startswith("promotes has 5 examples") for told in leaks(tin))

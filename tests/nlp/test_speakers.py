"""Own voice or quoted, and whose book is being talked."""

import pytest

from nlp.speakers import Speaker, speaker

INTERESTS = {"amazon": "vendor", "aws": "vendor", "kettle bank": "sell side"}


@pytest.mark.parametrize(
    ("sentence", "name", "interest"),
    [
        pytest.param("AWS said its chip is cheaper than Nvidia's.", "AWS", "vendor", id="a vendor of its own product"),
        pytest.param(
            "Jo Marsh, the head of chips at Amazon, said the part costs less.", "Jo Marsh", "vendor", id="by the role"
        ),
        pytest.param("The rally will last, according to Kettle Bank.", "Kettle Bank", "sell side", id="according to"),
        pytest.param(
            "“The worst is over,” said Ann Rye, a strategist at Kettle Bank.",
            "Ann Rye",
            "sell side",
            id="after a quotation",
        ),
        pytest.param("Analysts say the rally is hollow.", "Analysts", "", id="nobody by name"),
        pytest.param("Amazons said the river rose.", "Amazons", "", id="a longer word is another name"),
        pytest.param(
            "The chip is cheaper than Nvidia's, says Lee Hove", "Lee Hove", "", id="a speaker without an interest"
        ),
    ],
)
def test_the_speaker_is_named_with_the_interest_of_the_contract(sentence: str, name: str, interest: str) -> None:
    assert speaker(sentence, INTERESTS) == Speaker(name=name, interest=interest)


@pytest.mark.parametrize(
    "sentence",
    [
        pytest.param("Amazon's chip is cheaper than Nvidia's.", id="own voice, though a vendor is named"),
        pytest.param("He said that it would last.", id="a pronoun names nobody"),
        pytest.param("", id="nothing"),
    ],
)
def test_own_voice_has_no_speaker(sentence: str) -> None:
    assert speaker(sentence, INTERESTS) is None

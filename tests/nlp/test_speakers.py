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
    assert speaker(sentence, INTERESTS, {}) == Speaker(name=name, organisation="", interest=interest)


KNOWN = {"Kettle Bank": "Kettle Bank", "Jo Marsh": "Amazon", "Marsh": "Amazon"}


@pytest.mark.parametrize(
    ("sentence", "name", "organisation", "interest"),
    [
        pytest.param("The part costs less, said Jo Marsh.", "Jo Marsh", "Amazon", "vendor", id="a known person"),
        pytest.param("Marsh said the part costs less.", "Marsh", "Amazon", "vendor", id="by the last name"),
        pytest.param(
            "Analysts at Kettle Bank say it will last.",
            "Analysts at Kettle Bank",
            "Kettle Bank",
            "sell side",
            id="a house",
        ),
        pytest.param("Jo Marshall said the part costs less.", "Jo Marshall", "", "", id="a longer name is another's"),
        pytest.param("Ann Rye said Jo Marsh is wrong.", "Ann Rye", "", "", id="one who is only spoken of"),
    ],
)
def test_whom_a_speaker_speaks_for_is_known_of_those_whom_the_article_names(
    sentence: str, name: str, organisation: str, interest: str
) -> None:
    said = Speaker(name=name, organisation=organisation, interest=interest)
    assert speaker(sentence, INTERESTS, KNOWN) == said


@pytest.mark.parametrize(
    "sentence",
    [
        pytest.param("Amazon's chip is cheaper than Nvidia's.", id="own voice, though a vendor is named"),
        pytest.param("He said that it would last.", id="a pronoun names nobody"),
        pytest.param("", id="nothing"),
    ],
)
def test_own_voice_has_no_speaker(sentence: str) -> None:
    assert speaker(sentence, INTERESTS, KNOWN) is None

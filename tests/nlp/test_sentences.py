"""Sentences by their ends, with offsets."""

import pytest

from nlp.sentences import sentences


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param("Up. Down.", ["Up.", "Down."], id="two"),
        pytest.param(
            "It rose 4.1 percent. Then it fell.", ["It rose 4.1 percent.", "Then it fell."], id="a decimal point"
        ),
        pytest.param("The U.S. Treasury sold bonds.", ["The U.S. Treasury sold bonds."], id="initials"),
        pytest.param("AMD vs. Nvidia: who wins?", ["AMD vs. Nvidia: who wins?"], id="versus"),
        pytest.param("“It pays.” “It does not.”", ["“It pays.”", "“It does not.”"], id="quotations"),
        pytest.param("Title\n\nBody goes on", ["Title", "Body goes on"], id="a headline without a stop"),
        pytest.param("  \n\n ", [], id="nothing"),
    ],
)
def test_a_text_is_cut_where_sentences_end(text: str, expected: list[str]) -> None:
    assert [text[start:end] for start, end in sentences(text)] == expected

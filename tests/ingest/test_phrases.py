"""The phrases found are those that a search for each one finds, whatever was read before."""

from hypothesis import given
from hypothesis import strategies as st

from ingest import phrases
from ingest.phrases import Phrases

SIGNS = ("cookie", "to you", "sent ", "read more:", "most popular", "\u00a9", "more from our partners")
FOUND = Phrases(SIGNS)  # one for all examples, so that most of them meet words that it knows
WORDS = "cookie cookies, scookie to you young sent presented read more: more most popular \u00a92026 from our partners loom \u0130"
PIECES = st.sampled_from([*WORDS.split(), " ", "\n", ""])


@given(st.lists(PIECES).map(" ".join))
def test_they_are_those_that_searching_for_each_finds(text: str) -> None:
    small = text.lower()
    assert FOUND.present(small) == {sign for sign in SIGNS if sign in small}


def test_more_words_than_are_remembered_change_nothing() -> None:
    found = Phrases(SIGNS)
    text = " ".join(f"loom{n}" for n in range(phrases.WORDS + 10))
    assert found.present(f"{text} a cookie was sent to you") == {"cookie", "sent ", "to you"}
    assert found.present(f"{text} a cookie was sent to you") == {"cookie", "sent ", "to you"}

"""Sentences, and which of them are looked at."""

import pytest
import spacy

from nlp.passages import EMBEDDED, SENTENCES, Passage, considered, foreign, passages


def split(text: str) -> tuple[Passage, ...]:
    language = spacy.blank("en")
    language.add_pipe("sentencizer")
    return passages(language(text))


def test_a_headline_is_a_sentence_of_its_own_and_offsets_are_exact() -> None:
    text = "Kettles rise\n\n  Tin is up 3.5% in the U.S. today. Copper  fell.\nTable"
    found = split(text)
    assert [p.text for p in found] == ["Kettles rise", "Tin is up 3.5% in the U.S. today.", "Copper fell.", "Table"]
    assert [text[p.start : p.end] for p in found][2] == "Copper  fell."
    assert [p.index for p in found] == [0, 1, 2, 3]


def test_an_endless_article_ends() -> None:
    assert len(split("One more line.\n" * 500)) == SENTENCES


def numbered(n: int) -> list[Passage]:
    return [Passage(index=i, start=10 * i, end=10 * i + 9, text="x") for i in range(n)]


@pytest.mark.parametrize(
    ("hits", "expected"),
    [
        pytest.param((), (0,), id="without a hit only the headline"),
        pytest.param(((52, 55),), (0, 4, 5, 6), id="a hit brings its neighbours"),
        pytest.param(((0, 3),), (0, 1), id="a hit in the headline has one neighbour"),
        pytest.param(((93, 95),), (0, 8, 9), id="the last sentence has one neighbour"),
    ],
)
def test_the_headline_and_hits_with_their_neighbours_are_considered(
    hits: tuple[tuple[int, int], ...], expected: tuple[int, ...]
) -> None:
    assert considered(numbered(10), hits) == expected


def test_when_there_are_too_many_hits_come_before_neighbours() -> None:
    hits = tuple((20 * i + 12, 20 * i + 14) for i in range(20))  # every odd sentence
    assert considered(numbered(40), hits) == (0, *(2 * i + 1 for i in range(EMBEDDED - 1)))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param(
            "Der Kessel aus Zinn ist billig und die Leute kaufen ihn gern. " * 5, True, id="German is foreign"
        ),
        pytest.param("The kettle is made of tin and the people like to buy it. " * 5, False, id="English is not"),
        pytest.param("Kessel aus Zinn", False, id="a few words are let through"),
    ],
)
def test_a_text_in_another_language_is_recognised(text: str, expected: bool) -> None:
    assert foreign(text) is expected

"""Sentences, and which of them are looked at."""

import pytest
import spacy

from nlp.passages import SENTENCES, SPEAKING, STEPS, Passage, considered, passages, speaking


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
        pytest.param((), (), id="without a hit none speaks"),
        pytest.param(((52, 55),), (5,), id="a sentence with a hit speaks"),
        pytest.param(((52, 53), (55, 57)), (5,), id="two hits are one sentence"),
        pytest.param(((0, 3), (93, 95)), (9,), id="the headline is not among them"),
        pytest.param(((59, 60),), (), id="a hit between sentences is none"),
    ],
)
def test_sentences_with_a_hit_speak(hits: tuple[tuple[int, int], ...], expected: tuple[int, ...]) -> None:
    assert speaking(numbered(10), hits) == expected


def test_only_the_first_that_speak_are_weighed() -> None:
    assert speaking(numbered(40), tuple((10 * i + 2, 10 * i + 4) for i in range(40))) == tuple(range(1, SPEAKING + 1))


@pytest.mark.parametrize(
    ("own", "expected"),
    [
        pytest.param((), (0,), id="only the headline"),
        pytest.param((5,), (0, 5, 4, 6), id="a sentence brings its neighbours"),
        pytest.param((0,), (0, 1), id="the headline has one neighbour"),
        pytest.param((9,), (0, 9, 8), id="the last sentence has one neighbour"),
        pytest.param((9, 2, 7), (0, 9, 2, 7, 1, 3, 6, 8), id="the best come before the others and neighbours"),
    ],
)
def test_the_headline_and_the_best_with_their_neighbours_are_considered(
    own: tuple[int, ...], expected: tuple[int, ...]
) -> None:
    assert considered(numbered(10), own) == expected


def test_no_more_are_considered_than_the_last_step_reads() -> None:
    assert considered(numbered(40), tuple(range(1, 30))) == tuple(range(STEPS[-1]))

"""What an edit takes back, and what only looks like it."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from core.articles import WALK_BACKS, Article
from ingest.versions import compare

NOW = datetime(2026, 4, 15, 6, tzinfo=UTC)
REST = " The valley has forty mills. Its rivals sell to nine of them. It rained on Sunday."
FIRST = Article(
    id="a",
    source="Example Courier",
    owner="Example",
    feed="",
    guid="a",
    url="",
    title="Looms of the valley",
    text=REST.strip(),
    text_kind="full",
    quality="good",
    language="en",
    author="",
    published=NOW,
    first_seen=NOW,
)


def taken_back(old: Article, new: Article) -> set[str]:
    change = compare(old, replace(new, version=2))
    return set(change.marks & WALK_BACKS) if change else set()


@pytest.mark.parametrize(
    ("old", "new", "softer"),
    [
        ("Quux replaces its rival", "Quux could replace its rival", True),
        ("Quux buys Loomworks for cash and shares", "Quux in talks to buy Loomworks for cash and shares", True),
        ("Quux cuts 100 jobs", "Quux reportedly cuts 100 jobs", True),
        ("Quux lost 6% of its looms", "Quux sees 6% of its looms idle", True),
        ("Quux to buy Loomworks for $3 billion", "Quux to buy Loomworks for up to $3 billion", True),
        ("Quux to move to Exampleton", "Quux to move to Exampleton, sources say", True),
        ("Loom fair called off, clouding the season", "Loom fair postponed, clouding the season", True),
        ("Quux may replace its rival", "Quux replaces its rival", False),
        ("Quux sells looms in May", "Quux sells looms from May 16", False),
        ("Quux opens second mill", "Quux plans second mill", True),
        ("Quux opens mill", "Quux opens weighty plant", False),
        ("Quux falls on results", "Quux falls on weaker-than-expected results", False),
        ("Quux will move to Exampleton", "Quux will move to Exampleton, it says", False),
        ("Looms of the valley draw a crowd", "Quux could win everything there is at the fair", False),
    ],
    ids=[
        "a verb in the present became could",
        "bought became in talks",
        "reportedly was put in",
        "lost became sees",
        "a sum became its upper bound",
        "nameless sources say it",
        "called off became postponed",
        "could became certain",
        "May is a month",
        "opens became plans",
        "words that begin like plan and weigh",
        "a compound with expected",
        "a named source",
        "another headline altogether",
    ],
)
def test_a_headline_is_softened_by_a_guarded_word_for_a_firm_one(old: str, new: str, softer: bool) -> None:
    assert taken_back(replace(FIRST, title=old), replace(FIRST, title=new)) == ({"softened"} if softer else set())


@pytest.mark.parametrize(
    ("old", "new", "removed"),
    [
        ("Quux won 34% of the orders.", "Quux won most of the orders.", True),
        ("Quux owes 10 trillion yen.", "Quux owes Yen10 trillion.", False),
        ("Quux owes $5.5 bln.", "Quux owes $5.5 billion.", False),
        ("Quux owes $10B.", "Quux owes ten billion, or 10,000 million dollars.", False),
        ("Quux came 5th at the fair.", "Quux came fifth at the fair.", False),
        ("Quux has 3 mills.", "Quux has three mills.", False),
        ("Quux was founded in 1998 by weavers.", "Quux was founded by weavers.", False),
        ("Quux weaves. This was put right in paragraph 2.", "Quux weaves. This was put right.", False),
        ("Quux shares were down 1.3% before the bell.", "Quux told its weavers before the bell.", False),
        ("Quux grew. Orders were up 13% in May.", "Quux grew. Orders were up in May.", True),
        ("Quux wove 12 looms April 28, 2026The club wrote.", "Quux wove 12 looms. The club wrote.", False),
    ],
    ids=[
        "a share is gone",
        "the currency stands before",
        "another word for a billion",
        "a letter for a billion",
        "an ordinal",
        "a number in words",
        "a year",
        "the number of a paragraph",
        "what a share fell by",
        "what orders rose by",
        "a date that is grown together with the next word",
    ],
)
def test_a_number_is_removed_when_it_stands_nowhere_any_more(old: str, new: str, removed: bool) -> None:
    found = taken_back(replace(FIRST, text=old + REST), replace(FIRST, text=new + REST))
    assert found == ({"numbers removed"} if removed else set())


@pytest.mark.parametrize(
    ("note", "correction"),
    [
        ("Editor's note: this story was updated at 11 a.m. with news of the fair.", False),
        ("Editor's note: this story misstated the number of mills.", True),
        ("This story was refiled to correct the spelling of Quux.", True),
        ("This story has been updated to reflect the day's trade.", False),
    ],
    ids=["a note on news", "a note on a mistake", "refiled to correct", "updated with the day"],
)
def test_only_a_note_that_owns_to_a_mistake_is_a_correction(note: str, correction: bool) -> None:
    found = taken_back(FIRST, replace(FIRST, text=f"{FIRST.text} {note}"))
    assert found == ({"correction"} if correction else set())


def test_a_headline_that_begins_with_correction_is_one() -> None:
    assert taken_back(FIRST, replace(FIRST, title=f"Correction to {FIRST.title}")) == {"correction"}


@pytest.mark.parametrize("end", ["It sold 412 loo", "It sold 412 looms and\u2026", "It sold 412 looms [...]"])
def test_what_lies_beyond_the_end_of_a_text_that_breaks_off_was_not_taken_back(end: str) -> None:
    whole = f"{FIRST.text} It sold 412 looms and 31 wheels."
    longer = "The club of mill owners wrote on Monday." + REST
    assert taken_back(replace(FIRST, text=f"{FIRST.text} {end}"), replace(FIRST, text=longer)) == set()
    assert taken_back(replace(FIRST, text=whole), replace(FIRST, text=f"{longer} It sold a")) == set()
    assert taken_back(replace(FIRST, text=whole), replace(FIRST, text=longer)) == {"claim removed", "numbers removed"}

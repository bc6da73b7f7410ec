"""Articles, their versions, and the search over them."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from core.errors import StoreError
from store import articles
from store.database import Database
from tests.store.making import MORNING, make_article, make_tag, press

HOUR = timedelta(hours=1)


def test_an_article_comes_back_as_it_went_in(db: Database) -> None:
    article = make_article(
        published=None,
        marks=frozenset({"undated", "stale"}),
        imported=True,
        author="A. Writer",
        text="Größe 😀",
        quality="wall",
    )
    articles.add(db, [article])
    assert articles.load(db, ["a1"]) == [article]


def test_adding_twice_changes_nothing_and_tells_only_the_new_ids(db: Database, dump: Callable[[], object]) -> None:
    assert articles.add(db, [make_article("b"), make_article("a"), make_article("b", title="Twin")]) == ["b", "a"]
    before = dump()
    assert articles.add(db, [make_article("a", title="Other"), make_article("b")]) == []
    assert dump() == before
    assert articles.known_ids(db, ["a", "b", "c"]) == {"a", "b"}


def test_of_more_articles_than_go_into_one_statement_every_text_is_kept_and_found(db: Database) -> None:
    many = [make_article(f"a{n}", text=f"word{n}") for n in range(2 * articles.TEXTS + 1)]
    assert articles.add(db, many[:1]) == ["a0"]
    assert articles.add(db, many) == [a.id for a in many[1:]]
    assert articles.load(db, [a.id for a in many]) == many
    assert [found(db, a.text) for a in many] == [[a.id] for a in many]


def test_articles_are_loaded_in_the_order_asked(db: Database) -> None:
    articles.add(db, [make_article(n) for n in "abc"])
    assert [a.id for a in articles.load(db, ["c", "missing", "a", "b"])] == ["c", "a", "b"]


def test_an_instant_gets_the_version_that_was_known_then(db: Database) -> None:
    first = make_article()
    articles.add(db, [first])
    second = replace(first, version=2, text="The full text.", text_kind="full")
    articles.add_version(db, second, seen=MORNING + HOUR)
    assert articles.load(db, ["a1"], as_of=MORNING - HOUR) == []
    assert articles.load(db, ["a1"], as_of=MORNING) == [first]
    assert articles.load(db, ["a1"], as_of=MORNING + HOUR) == [second]
    assert articles.load(db, ["a1"]) == [second]


def test_a_version_stored_twice_stays_as_it_was(db: Database, dump: Callable[[], object]) -> None:
    articles.add(db, [make_article()])
    articles.add_version(db, make_article(version=2, text="Full."))
    before = dump()
    articles.add_version(db, make_article(version=2, text="Other."))
    assert dump() == before


def test_a_version_of_an_unknown_article_is_refused(db: Database) -> None:
    with pytest.raises(StoreError, match="FOREIGN KEY"):
        articles.add_version(db, make_article("nobody", version=2))


def found(db: Database, query: str, narrative: str | None = None) -> list[str]:
    return [f.id for f in articles.search(db, query, limit=10, narrative=narrative)]


@pytest.mark.parametrize(
    ("query", "ids"),
    [
        pytest.param("trainium", ["a"], id="a word of the title, whatever its case"),
        pytest.param("price", ["a", "b"], id="other forms of a word"),
        pytest.param("prices chip", ["a"], id="all words must be there"),
        pytest.param('"chip of"', [], id="a phrase in the wrong order"),
        pytest.param('"own chip"', ["a"], id="a phrase as it stands"),
        pytest.param("cafe", ["b"], id="accents do not matter"),
        pytest.param("price OR zebra", [], id="OR is a word, not an operator"),
        pytest.param("price NOT chip", [], id="NOT is a word, not an operator"),
        pytest.param("title:price", [], id="a column filter is text"),
        pytest.param("pri*", [], id="an asterisk is no wildcard"),
        pytest.param('price"', ["a", "b"], id="a lone quotation mark"),
        pytest.param("", [], id="an empty query"),
        pytest.param('""', [], id="an empty phrase"),
        pytest.param("(", [], id="a parenthesis alone"),
    ],
)
def test_search_takes_text_as_text(db: Database, query: str, ids: list[str]) -> None:
    articles.add(
        db,
        [
            make_article("a", title="Trainium repriced", text="The cloud prices its own chip."),
            make_article("b", title="Café society", text="What a price to pay for a seat."),
        ],
    )
    assert sorted(found(db, query)) == ids


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(query=st.text(max_size=30) | st.text(alphabet="\"'()*:^-+ab\0{}", max_size=12))
def test_no_text_whatever_breaks_the_search(db: Database, query: str) -> None:
    assert isinstance(articles.search(db, query, limit=3), list)


def test_only_the_newest_version_is_found_and_once(db: Database) -> None:
    articles.add(db, [make_article(title="Excerpt", text="quokka")])
    articles.add_version(db, make_article(version=2, title="Excerpt", text="wombat wombat"))
    assert found(db, "wombat excerpt") == ["a1"]
    assert found(db, "quokka") == []


def test_search_shows_where_the_words_stand(db: Database) -> None:
    articles.add(db, [make_article(text="Nothing here. " * 50 + "Then a zebra came.")])
    (hit,) = articles.search(db, "zebra", limit=5)
    assert "a [zebra] came" in hit.snippet
    assert len(hit.snippet) < 300
    assert (hit.title, hit.source, hit.first_seen) == ("Chips get cheaper", "The Daily Example", MORNING)


def test_search_within_a_narrative_follows_the_newest_tag(db: Database) -> None:
    press(db, make_article("a"), make_tag())
    press(db, make_article("b"), make_tag(carries=False))
    press(db, make_article("c"), make_tag())
    press(db, make_article("c"), make_tag(carries=False), at=MORNING + HOUR, model="m2")
    assert found(db, "chip", "nvidia_killer") == ["a"]
    assert sorted(found(db, "chip")) == ["a", "b", "c"]


def test_search_survives_a_vacuum(db: Database) -> None:
    """VACUUM renumbers implicit row ids, and a search index that points to them then finds strangers."""
    articles.add(db, [make_article(str(i), text=f"word{i}") for i in range(50)])
    articles.add_version(db, make_article("7", version=2, text="changed"))
    db.vacuum()
    assert found(db, "word31") == ["31"]
    db.execute("INSERT INTO article_versions_fts (article_versions_fts) VALUES ('integrity-check')")

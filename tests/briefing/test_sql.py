"""The SQL that a page shows gives the rows that a sentence names, and nothing else."""

import sqlite3
from collections.abc import Iterator

import pytest

from briefing.model import Ref
from briefing.refs import ref
from briefing.sql import MOST, queries


@pytest.fixture
def db() -> Iterator[sqlite3.Connection]:
    made = sqlite3.connect(":memory:")
    made.executescript(
        """
        CREATE TABLE readings (narrative TEXT, "check" TEXT, as_of TEXT);
        INSERT INTO readings VALUES ('n', 'a', '1'), ('n', 'b', '1'), ('n', 'a', '2'), ('it''s', 'a', '1');
        CREATE TABLE fetches (id INTEGER PRIMARY KEY, name TEXT);
        INSERT INTO fetches VALUES (1, 'one'), (2, 'two'), (3, 'three');
        CREATE TABLE spans (article TEXT, version INTEGER, starts INTEGER);
        INSERT INTO spans VALUES ('x', 1, 0), ('x', 1, 9), ('y', 2, 9);
        """
    )
    yield made
    made.close()


def reading(check: str, narrative: str = "n", as_of: str = "1") -> Ref:
    return ref("readings", narrative=narrative, check=check, as_of=as_of)


@pytest.mark.parametrize(
    ("refs", "rows"),
    [
        pytest.param([reading("a")], [("n", "a", "1")], id="one row"),
        pytest.param([reading("a"), reading("b")], [("n", "a", "1"), ("n", "b", "1")], id="two rows of one table"),
        pytest.param([reading("a"), reading("a")], [("n", "a", "1")], id="the same row twice"),
        pytest.param([reading("a", narrative="it's")], [("it's", "a", "1")], id="a quotation mark in a key"),
        pytest.param([reading("a"), reading("b", as_of="2")], [("n", "a", "1")], id="a row that is not there"),
        pytest.param([ref("fetches", id=3), ref("fetches", id=1)], [(1, "one"), (3, "three")], id="numbers as keys"),
        pytest.param(
            [ref("spans", article="x", version=1, starts=0), ref("spans", article="y", version=2, starts=9)],
            [("x", 1, 0), ("y", 2, 9)],
            id="words and numbers as keys",
        ),
    ],
)
def test_a_query_gives_the_rows_that_are_named(db: sqlite3.Connection, refs: list[Ref], rows: list[object]) -> None:
    (query,) = queries(refs)
    assert sorted(db.execute(query).fetchall()) == rows


def test_each_table_has_its_own_query() -> None:
    made = queries([reading("a"), ref("fetches", id=1), reading("b")])
    assert [q.split('"')[1] for q in made] == ["fetches", "readings"]


def test_a_sentence_on_very_many_rows_says_how_many_are_left_out() -> None:
    (query,) = queries([ref("fetches", id=n) for n in range(MOST + 5)])
    assert query.endswith("; -- and 5 more")
    assert query.count(",") == MOST - 1

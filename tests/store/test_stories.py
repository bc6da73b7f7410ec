"""Signatures, candidates, and an article's place in a story."""

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest

from core.articles import Article, Lineage, Signature
from store import articles
from store.database import Database
from tests.store.making import MORNING, make_article

HOUR, DAY = timedelta(hours=1), timedelta(days=1)


def sign(name: str, *bands: str, hashes: tuple[int, ...] = (1, 2, 3)) -> Signature:
    return Signature(article=name, shingles=120, hashes=hashes, bands=bands)


def keep(
    db: Database,
    article: Article,
    signature: Signature,
    *,
    story: str | None = None,
    copied: float = 0.0,
    at: datetime = MORNING,
) -> Lineage:
    articles.add(db, [article])
    lineage = Lineage(article=article.id, story=story or article.id, copied=copied, joined=at)
    articles.save_lineage(db, signature, lineage, article)
    return lineage


@pytest.mark.parametrize(
    "hashes",
    [
        pytest.param((0, 1, 2**32 - 1), id="32 bits"),
        pytest.param((0, 2**32, 2**64 - 1), id="64 bits"),
        pytest.param((), id="a text too short to sign"),
    ],
)
def test_a_candidate_comes_back_as_it_was_signed(db: Database, hashes: tuple[int, ...]) -> None:
    signature = sign("a", "b0 x", "b1 y", hashes=hashes)
    lineage = keep(db, make_article("a"), signature)
    assert articles.candidates(db, sign("new", "b1 y"), since=MORNING - DAY) == [(signature, lineage, MORNING)]


def test_candidates_share_a_band_are_recent_and_not_the_article_itself(db: Database) -> None:
    keep(db, make_article("old", first_seen=MORNING - 3 * DAY), sign("old", "x"))
    keep(db, make_article("edge", first_seen=MORNING - 2 * DAY), sign("edge", "x", "y"))
    keep(db, make_article("young"), sign("young", "y", "z"))
    keep(db, make_article("other"), sign("other", "q"))
    keep(db, make_article("own"), sign("own", "x"))
    got = articles.candidates(db, sign("own", "x", "y"), since=MORNING - 2 * DAY)
    assert [signature.article for signature, _, _ in got] == ["edge", "young"]


def test_the_first_to_join_is_and_stays_the_origin(db: Database) -> None:
    keep(db, make_article("a", source="Wire", owner="Wire Inc", quality="headline"), sign("a", "x"))
    keep(db, make_article("b", first_seen=MORNING - DAY), sign("b", "x"), story="a", copied=0.8)
    rows = list(db.query("SELECT id, article, source, owner, first_seen, counts FROM stories"))
    assert rows == [
        {
            "id": "a",
            "article": "a",
            "source": "Wire",
            "owner": "Wire Inc",
            "first_seen": "2026-04-15T06:00:00Z",
            "counts": 1,
        }
    ]


def test_saving_twice_changes_nothing(db: Database, dump: Callable[[], object]) -> None:
    keep(db, make_article("a"), sign("a", "x"))
    before = dump()
    keep(db, make_article("a"), sign("a", "x"), at=MORNING + HOUR)
    assert dump() == before


def test_joining_another_story_later_is_a_new_row(db: Database) -> None:
    keep(db, make_article("a"), sign("a", "x"))
    keep(db, make_article("b"), sign("b", "x"))
    moved = keep(db, make_article("b"), sign("b", "x"), story="a", copied=0.9, at=MORNING + HOUR)
    assert db.execute("SELECT count(*) FROM lineages WHERE article = 'b'").fetchone() == (2,)
    assert articles.candidates(db, sign("c", "x"), since=MORNING)[1][1] == moved


def test_an_imported_article_joined_when_it_counts_as_first_seen(db: Database) -> None:
    keep(db, make_article("a", imported=True, first_seen=MORNING - DAY), sign("a", "x"), at=MORNING)
    assert db.execute("SELECT joined FROM lineages").fetchone() == ("2026-04-14T06:00:00Z",)


def test_old_signatures_can_be_forgotten_and_stories_stay(db: Database) -> None:
    keep(db, make_article("old", first_seen=MORNING - DAY), sign("old", "x", "y"))
    keep(db, make_article("new"), sign("new", "x"))
    assert articles.prune_signatures(db, before=MORNING) == 1
    assert [s.article for s, _, _ in articles.candidates(db, sign("c", "x", "y"), since=MORNING - DAY)] == ["new"]
    assert db.execute("SELECT count(*) FROM bands").fetchone() == (1,)
    assert db.execute("SELECT count(*) FROM stories").fetchone() == (2,)

"""Signatures, neighbours, and an article's place in a story."""

import random
from collections import Counter
from collections.abc import Callable
from datetime import datetime, timedelta

import pytest

from core.articles import Article, Lineage, Signature
from store import articles, keys
from store.database import Database
from tests.store.making import MORNING, make_article

HOUR, DAY = timedelta(hours=1), timedelta(days=1)


def sign(name: str, *bands: int, hashes: bytes = b"\x01\x00\x02") -> Signature:
    return Signature(
        article=name, shingles=120, hashes=hashes, bands=b"".join(band.to_bytes(8, "little") for band in bands)
    )


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
    articles.save_lineages(db, [(signature, lineage, article)])
    return lineage


def near(db: Database, *signatures: Signature, since: datetime = MORNING - 2 * DAY) -> list[list[str]]:
    """The candidates of each by article: those in the store, and those before it in the batch."""
    found = articles.neighbours(db, signatures, since=since, until=MORNING + DAY)
    names = {n: k.signature.article for n, k in found.kept.items()}
    for number, signature in zip(found.numbers, signatures, strict=True):
        names.setdefault(number, signature.article)
    return [[names[n] for n in those if n in names] for those in found.near]


@pytest.mark.parametrize("hashes", [b"\x00\xff\x10", b""], ids=["a sketch", "a text too short to sketch"])
def test_a_neighbour_comes_back_as_it_was_signed(db: Database, hashes: bytes) -> None:
    keep(db, make_article("a"), sign("a", 1, 2**64 - 1, hashes=hashes))
    found = articles.neighbours(db, [sign("new", 2**64 - 1)], since=MORNING, until=MORNING)
    ((number, kept),) = found.kept.items()
    assert (found.near, kept.signature.hashes, kept.signature.shingles) == ([[number]], hashes, 120)
    assert (kept.signature.article, kept.story, kept.first_seen) == ("a", "a", MORNING)


def test_neighbours_share_a_key_and_are_recent(db: Database) -> None:
    keep(db, make_article("old", first_seen=MORNING - 3 * DAY), sign("old", 1))
    keep(db, make_article("edge", first_seen=MORNING - 2 * DAY), sign("edge", 1, 2))
    keep(db, make_article("young"), sign("young", 2, 3))
    keep(db, make_article("other"), sign("other", 9))
    assert near(db, sign("new", 1, 2), sign("alone", 7)) == [["edge", "young"], []]


def test_the_one_with_most_keys_in_common_comes_first_and_of_equal_ones_the_newer(db: Database) -> None:
    for name, shared in (("a", (1, 2)), ("b", (1,)), ("c", (2,))):
        keep(db, make_article(name), sign(name, *shared))
    assert near(db, sign("new", 1, 2)) == [["a", "c", "b"]]


def test_in_a_batch_only_those_before_are_neighbours(db: Database) -> None:
    keep(db, make_article("kept"), sign("kept", 1))
    assert near(db, sign("x", 1), sign("y", 1), sign("z", 1)) == [["kept"], ["x", "kept"], ["y", "x", "kept"]]


def test_one_that_is_kept_already_is_no_neighbour_twice(db: Database) -> None:
    keep(db, make_article("a"), sign("a", 1))
    assert near(db, sign("x", 1), sign("a", 1), sign("y", 1)) == [["a"], ["x", "a"], ["x", "a"]]


def test_of_a_key_that_many_share_the_newest_are_looked_at(db: Database) -> None:
    names = [f"n{i:02}" for i in range(40)]
    for name in names[:30]:
        keep(db, make_article(name), sign(name, 1))
    found = near(db, *(sign(name, 1) for name in names[30:]))
    assert found[0] == names[29:5:-1]
    assert found[-1] == names[38:14:-1]


@pytest.mark.parametrize("batch", [1, 7, 100], ids=["one by one", "in sevens", "at once"])
def test_neighbours_are_the_same_however_they_were_batched(db: Database, batch: int) -> None:
    draw = random.Random(5)  # noqa: S311 -- no secret, and it must come out the same every time
    arrived = [sign(f"n{i:03}", *{draw.randint(1, 30) for _ in range(4)}) for i in range(100)]
    got = []
    for start in range(0, len(arrived), batch):
        some = arrived[start : start + batch]
        got += near(db, *some)
        for s in some:
            articles.add(db, [make_article(s.article)])
        articles.save_lineages(
            db,
            [
                (s, Lineage(article=s.article, story=s.article, copied=0.0, joined=MORNING), make_article(s.article))
                for s in some
            ],
        )
    assert got == [by_hand(arrived, i) for i in range(len(arrived))]
    assert db.execute("SELECT sum(articles) FROM key_runs").fetchone() == (100,)


def by_hand(arrived: list[Signature], place: int) -> list[str]:
    """What `neighbours` promises, counted one by one."""
    hits: Counter[int] = Counter()
    for i in range(0, len(arrived[place].bands), 8):
        key = arrived[place].bands[i : i + 8]
        having = [n for n in range(place) if key in [arrived[n].bands[j : j + 8] for j in range(0, 32, 8)]]
        hits.update(having[-keys.PER_KEY :])
    return [arrived[n].article for n in sorted(hits, key=lambda n: (-hits[n], -n))[: keys.BEST]]


def test_runs_grow_together_so_that_few_are_searched(db: Database) -> None:
    for i in range(200):
        keep(db, make_article(f"n{i:03}"), sign(f"n{i:03}", i, 1000 + i % 2))
    held = [row[0] for row in db.execute("SELECT articles FROM key_runs ORDER BY id").fetchall()]
    assert sum(held) == 200
    assert len(held) <= 5  # 200 articles one by one; each run is at least four times the next: 4^4 > 200
    assert near(db, sign("new", 0)) == [["n000"]]


def test_the_first_to_join_is_and_stays_the_origin(db: Database) -> None:
    keep(db, make_article("a", source="Wire", owner="Wire Inc", quality="headline"), sign("a", 1))
    keep(db, make_article("b", first_seen=MORNING - DAY), sign("b", 1), story="a", copied=0.8)
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
    keep(db, make_article("a"), sign("a", 1))
    before = dump()
    keep(db, make_article("a"), sign("a", 1), at=MORNING + HOUR)
    assert dump() == before


def test_joining_another_story_later_is_a_new_row(db: Database) -> None:
    keep(db, make_article("a"), sign("a", 1))
    keep(db, make_article("b"), sign("b", 1))
    keep(db, make_article("b"), sign("b", 1), story="a", copied=0.9, at=MORNING + HOUR)
    assert db.execute("SELECT count(*) FROM lineages WHERE article = 'b'").fetchone() == (2,)
    found = articles.neighbours(db, [sign("c", 1)], since=MORNING, until=MORNING)
    assert {k.signature.article: k.story for k in found.kept.values()} == {"a": "a", "b": "a"}


def test_an_imported_article_joined_when_it_counts_as_first_seen(db: Database) -> None:
    keep(db, make_article("a", imported=True, first_seen=MORNING - DAY), sign("a", 1), at=MORNING)
    assert db.execute("SELECT joined FROM lineages").fetchone() == ("2026-04-14T06:00:00Z",)


def test_old_signatures_can_be_forgotten_and_stories_stay(db: Database) -> None:
    keep(db, make_article("old", first_seen=MORNING - DAY), sign("old", 1, 2))
    keep(db, make_article("new"), sign("new", 1))
    assert articles.prune_signatures(db, before=MORNING) == 1
    assert near(db, sign("c", 1, 2)) == [["new"]]
    assert db.execute("SELECT count(*) FROM stories").fetchone() == (2,)
    assert articles.prune_signatures(db, before=MORNING + HOUR) == 1
    assert db.execute("SELECT count(*) FROM key_runs").fetchone() == (0,)

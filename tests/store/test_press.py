"""Mentions, counts and quotations as they stood at an instant."""

import re
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest

from core.articles import Lineage, Signature
from core.tags import Mention, SourceCount, Span, TaggedArticle
from store import articles, changes, press, tags
from store.database import Database, writing
from store.press import PressCountRow
from tests.store.making import MORNING, make_article, make_tag
from tests.store.making import press as publish

N = "nvidia_killer"
SECOND, HOUR, DAY = timedelta(seconds=1), timedelta(hours=1), timedelta(days=1)


def mentioned(db: Database, as_of: datetime = MORNING, days: int = 7) -> list[str]:
    return [m.article for m in press.mentions(db, N, as_of=as_of, days=days)]


def counted(db: Database, as_of: datetime = MORNING, days: int = 7) -> list[tuple[str, int, int, int]]:
    return [(c.source, c.age, c.stories, c.carrying) for c in press.source_counts(db, N, as_of=as_of, days=days)]


def test_a_mention_says_who_stands_behind_it(db: Database) -> None:
    publish(db, make_article("wire", owner="Wire Inc", first_seen=MORNING - HOUR), make_tag())
    copy = make_article("copy", owner="Rewriters", source="Mill", first_seen=MORNING)
    publish(db, copy, make_tag(stance="disputes", probability=0.7, own_book=True), story="wire", copied=0.95)
    assert press.mentions(db, N, as_of=MORNING, days=7) == [
        Mention(
            article="wire",
            story="wire",
            source="The Daily Example",
            voice="Wire Inc",
            seen=MORNING - HOUR,
            stance="promotes",
            probability=0.9,
        ),
        Mention(
            article="copy",
            story="wire",
            source="Mill",
            voice="Wire Inc",
            seen=MORNING,
            stance="disputes",
            probability=0.7,
            copied=0.95,
            own_book=True,
        ),
    ]


@pytest.mark.parametrize(
    ("change", "is_one"),
    [
        pytest.param({}, True, id="a good article is a mention"),
        pytest.param({"quality": "headline"}, True, id="a headline is one"),
        pytest.param({"quality": "wall"}, False, id="a cookie wall is none"),
        pytest.param({"quality": "stub"}, False, id="a stub is none"),
        pytest.param({"marks": frozenset({"undated"})}, False, id="an undated item is none"),
        pytest.param({"marks": frozenset({"future"})}, False, id="one from the future is none"),
        pytest.param({"first_seen": MORNING - 7 * DAY + SECOND}, True, id="just inside the window"),
        pytest.param({"first_seen": MORNING - 7 * DAY}, False, id="the window's first instant is outside"),
        pytest.param({"first_seen": MORNING + SECOND}, False, id="not yet seen"),
    ],
)
def test_only_what_counts_and_was_seen_in_the_window_is_a_mention(
    db: Database, change: dict[str, Any], is_one: bool
) -> None:
    publish(db, make_article(**change), make_tag())
    assert mentioned(db) == (["a1"] if is_one else [])


def test_an_article_that_was_not_tagged_yet_is_no_mention(db: Database) -> None:
    publish(db, make_article(first_seen=MORNING - HOUR), make_tag(), at=MORNING + SECOND)
    assert mentioned(db, MORNING) == []
    assert mentioned(db, MORNING + SECOND) == ["a1"]


def test_the_newest_tag_is_in_force_from_when_it_was_given(db: Database) -> None:
    article = make_article(first_seen=MORNING - 2 * HOUR)
    publish(db, article, make_tag(), at=MORNING - HOUR)
    publish(db, article, make_tag(carries=False), at=MORNING, model="m2")
    assert mentioned(db, MORNING - SECOND) == ["a1"]
    assert mentioned(db, MORNING) == []


def test_a_tag_of_the_newest_version_outdoes_a_later_tag_of_an_older_one(db: Database) -> None:
    first = make_article(first_seen=MORNING - 3 * HOUR)
    publish(db, first, make_tag(carries=False))
    articles.add_version(db, replace(first, version=2), seen=MORNING - 2 * HOUR)
    tags.save(db, TaggedArticle(article="a1", version=2, model="m1", tags=(make_tag(),)), at=MORNING - 2 * HOUR)
    tags.save(db, TaggedArticle(article="a1", version=1, model="m2", tags=(make_tag(carries=False),)), at=MORNING)
    assert mentioned(db, MORNING - 3 * HOUR) == []
    assert mentioned(db, MORNING) == ["a1"]


def test_two_tags_of_one_instant_are_told_apart_by_their_model(db: Database) -> None:
    publish(db, make_article(), make_tag(carries=False), model="b")
    publish(db, make_article(), make_tag(), model="a")
    assert mentioned(db) == []


def test_the_story_is_the_one_the_article_was_in_then(db: Database) -> None:
    publish(db, make_article("first", owner="First Inc", first_seen=MORNING - 3 * HOUR), make_tag())
    later = make_article("later", owner="Later Inc", first_seen=MORNING - 2 * HOUR)
    publish(db, later, make_tag())
    empty = Signature(article="later", shingles=0, hashes=b"", bands=b"")
    merged = Lineage(article="later", story="first", copied=0.6, joined=MORNING)
    articles.save_lineages(db, [(empty, merged, later)])
    before, after = (press.mentions(db, N, as_of=t, days=7)[1] for t in (MORNING - SECOND, MORNING))
    assert (before.story, before.voice, before.copied) == ("later", "Later Inc", 0.0)
    assert (after.story, after.voice, after.copied) == ("first", "First Inc", 0.6)


def test_a_press_release_is_the_voice_of_its_story_from_when_it_was_seen(db: Database) -> None:
    """A copy came first and the release an hour later: both speak with the issuer's voice from then on."""
    publish(db, make_article("copy", owner="Mill", first_seen=MORNING - 2 * HOUR), make_tag())
    publish(db, make_article("release", owner="Wire", first_seen=MORNING - HOUR), make_tag(), story="copy")
    changes.save_release(db, "release", issuer="Chips Inc", seen=MORNING - HOUR)
    before, after = (
        {m.voice for m in press.mentions(db, N, as_of=t, days=7)} for t in (MORNING - HOUR - SECOND, MORNING)
    )
    assert (before, after) == ({"Mill"}, {"Chips Inc"})


def test_imported_history_can_be_lived_through(db: Database) -> None:
    """Imported and tagged today; a past morning sees it, as its first_seen says. A later model's tag holds from its day."""
    article = make_article(imported=True, first_seen=MORNING - 5 * DAY)
    publish(db, article, make_tag(), at=MORNING)
    publish(db, article, make_tag(carries=False), at=MORNING + DAY, model="m2")
    assert mentioned(db, MORNING - 5 * DAY) == ["a1"]
    assert counted(db, MORNING - 5 * DAY) == [("The Daily Example", 0, 1, 1)]
    assert mentioned(db, MORNING - 5 * DAY - SECOND) == []
    assert mentioned(db, MORNING + DAY) == []


def test_stories_are_counted_by_their_first_source_and_age(db: Database) -> None:
    publish(db, make_article("a", source="A", first_seen=MORNING), make_tag())
    publish(db, make_article("b", source="A", first_seen=MORNING - DAY + SECOND), make_tag(carries=False))
    publish(db, make_article("c", source="A", first_seen=MORNING - DAY), make_tag())
    publish(db, make_article("d", source="B", first_seen=MORNING - DAY), make_tag(carries=False))
    publish(db, make_article("e", source="B", first_seen=MORNING), make_tag(), story="c")
    publish(db, make_article("f", source="B", quality="wall"), make_tag())
    publish(db, make_article("g", source="B", first_seen=MORNING - 7 * DAY), make_tag())
    assert counted(db) == [("A", 0, 2, 1), ("A", 1, 1, 1), ("B", 1, 1, 0)]


def test_a_story_that_was_not_joined_yet_is_not_counted(db: Database) -> None:
    publish(db, make_article(first_seen=MORNING - HOUR), make_tag(), at=MORNING + SECOND)
    assert counted(db, MORNING) == []
    assert counted(db, MORNING + SECOND) == [("The Daily Example", 0, 1, 1)]


def row(
    stories: int, carrying: int, *, day: datetime = MORNING, seen: datetime = MORNING, source: str = "A"
) -> PressCountRow:
    return PressCountRow(source=source, narrative=N, day=day, stories=stories, carrying=carrying, first_seen=seen)


def test_imported_counts_are_added_and_corrected_by_later_ones(db: Database) -> None:
    publish(db, make_article(source="A"), make_tag())
    rows = [
        row(10, 2),
        row(12, 3, seen=MORNING + DAY),
        row(5, 0, day=MORNING - 2 * DAY),
        row(99, 9, day=MORNING - 7 * DAY),
    ]
    rows += [replace(row(50, 50), narrative="wall_street_recovery")]
    for _ in range(2):
        press.import_counts(db, rows)
    assert counted(db) == [("A", 0, 11, 3), ("A", 2, 5, 0)]
    assert counted(db, MORNING + DAY) == [("A", 1, 13, 4), ("A", 3, 5, 0)]


def test_source_counts_are_models(db: Database) -> None:
    press.import_counts(db, [row(10, 2)])
    assert press.source_counts(db, N, as_of=MORNING, days=1) == [SourceCount(source="A", age=0, stories=10, carrying=2)]


def test_quotations_are_the_best_of_each_story_and_voice(db: Database) -> None:
    def told(name: str, probability: float, owner: str, story: str | None = None, **more: Any) -> None:
        spans = (
            Span(start=0, end=3, text=f"{name} reports", says="reports"),
            Span(start=4, end=9, text=name, says="promotes"),
        )
        publish(
            db, make_article(name, owner=owner, **more), make_tag(probability=probability, spans=spans), story=story
        )

    told("best", 0.99, "A")
    told("copy", 0.98, "B", story="best")
    told("same voice", 0.97, "A")
    told("second", 0.9, "C", first_seen=MORNING - HOUR)
    told("newer", 0.9, "D", first_seen=MORNING)
    told("low", 0.6, "E")
    quotations = press.quotations(db, N, as_of=MORNING, days=7, limit=3)
    assert [q.text for q in quotations] == ["best", "newer", "second"]
    best = quotations[0]
    assert (best.article, best.version, best.start, best.end, best.says) == ("best", 1, 4, 9, "promotes")
    assert (best.title, best.url, best.probability) == ("Chips get cheaper", "https://example.com/best", 0.99)


def test_absurd_rows_in_the_future_change_nothing(db: Database) -> None:
    """Everything that could be planted after `as_of`: articles, versions, tags, joinings, counts."""
    for i in range(4):
        publish(
            db,
            make_article(f"a{i}", owner=f"O{i}", source=f"S{i}", first_seen=MORNING - i * DAY),
            make_tag(carries=i != 3),
        )
    press.import_counts(db, [row(5, 1)])

    def everything() -> tuple[object, ...]:
        at = {"as_of": MORNING}
        ids = [f"a{i}" for i in range(4)]
        return (
            press.mentions(db, N, **at, days=60),
            press.source_counts(db, N, **at, days=60),
            press.quotations(db, N, **at, days=60, limit=9),
            articles.load(db, [*ids, "new"], **at),
        )

    before = everything()
    future = MORNING + SECOND
    with writing(db):
        publish_in = make_article("new", first_seen=future)
        articles.add(db, [publish_in])
        for i in range(4):
            article = articles.load(db, [f"a{i}"])[0]
            articles.add_version(db, replace(article, version=2, text="absurd", quality="wall"), seen=future)
            tagged = TaggedArticle(
                article=article.id, version=2, model="m9", tags=(make_tag(carries=i == 3, stance="disputes"),)
            )
            tags.save(db, tagged, at=future)
            again = TaggedArticle(
                article=article.id, version=1, model="m9", tags=(make_tag(carries=i == 3, probability=1.0),)
            )
            tags.save(db, again, at=future)
            signature = Signature(article=article.id, shingles=0, hashes=b"", bands=b"")
            moved = Lineage(article=article.id, story="absurd", copied=1.0, joined=future)
            articles.save_lineages(db, [(signature, moved, article)])
        press.import_counts(db, [row(900, 900, seen=future), row(900, 900, day=future, seen=future, source="Z")])
    assert everything() == before


@pytest.mark.parametrize("sql", [press._MENTIONS, press._BEGUN, press._CARRYING, press._IMPORTED, press._QUOTATIONS])
def test_no_query_of_the_press_reads_a_whole_table(db: Database, sql: str) -> None:
    window = {"narrative": N, "first": "2026", "as_of": "2026", "since": "2025", "mornings": 1}
    plan = [line[3] for line in db.execute("EXPLAIN QUERY PLAN " + sql, window).fetchall()]
    few = re.compile(r"SCAN (c|m|candidates|turns|numbered|moments|\(subquery-\d+\))")  # what was found by an index
    assert [line for line in plan if line.startswith("SCAN") and not few.fullmatch(line)] == []
    assert any(
        "USING COVERING INDEX tags_carrying" in line or "stories_counted" in line or "PRIMARY KEY" in line
        for line in plan
    )

"""What became of a text after it was first seen is stored beside it, and nothing is overwritten."""

from dataclasses import replace
from datetime import timedelta

import pytest

from core.articles import Article, Change
from store import articles, changes, feeds, imports
from store.database import Database
from tests.store.making import MORNING, make_article, make_tag, press

HOUR = timedelta(hours=1)
FEED = "https://example.com/feed.xml"


def softened(article: str, *, old: int = 1) -> Change:
    return Change(
        article=article, old=old, new=old + 1, diff="@title - will + may", share=0.1, marks=frozenset({"softened"})
    )


@pytest.mark.parametrize(
    ("held", "told", "feed", "otherwise"),
    [
        ({}, {}, FEED, False),
        ({}, {"title": "Chips may get cheaper"}, FEED, True),
        ({}, {"text": "The cloud prices its own chip above the rest."}, FEED, True),
        ({"text_kind": "full"}, {"text": "A summary."}, FEED, False),
        ({"text_kind": "full"}, {"title": "Chips may get cheaper"}, FEED, True),
        ({}, {"title": "Chips may get cheaper"}, "https://example.com/markets.xml", False),
        ({"imported": True}, {"title": "Chips may get cheaper"}, FEED, False),
    ],
    ids=[
        "the same words",
        "another headline",
        "another text",
        "another summary of a text from the page",
        "another headline over a text from the page",
        "told otherwise by another feed",
        "history that was not lived through",
    ],
)
def test_an_article_is_told_otherwise_only_by_its_own_feed(
    db: Database, held: dict[str, object], told: dict[str, object], feed: str, otherwise: bool
) -> None:
    articles.add(db, [make_article("a", **held), make_article("b", **held)])
    found = changes.otherwise(db, [make_article("a", **told), make_article("b")], feed=feed)
    assert found == ({"a": MORNING} if otherwise else {})


def test_a_revision_is_the_newest_version_from_its_instant_on(db: Database) -> None:
    first = make_article("a")
    articles.add(db, [first])
    second = replace(first, title="Chips may get cheaper", version=2)
    changes.revise(db, second, softened("a"), seen=MORNING + HOUR)
    changes.revise(db, second, softened("a"), seen=MORNING + 2 * HOUR)  # said twice, it stands once
    assert articles.load(db, ["a"], as_of=MORNING) == [first]
    assert articles.load(db, ["a"], as_of=MORNING + HOUR) == [second]
    assert changes.otherwise(db, [second], feed=FEED) == {}
    assert changes.otherwise(db, [first], feed=FEED) == {"a": MORNING + HOUR}
    rows = list(db.query("SELECT version, before, first_seen, walks_back, marks, gone FROM changes"))
    assert rows == [
        {
            "version": 2,
            "before": 1,
            "first_seen": "2026-04-15T07:00:00Z",
            "walks_back": 1,
            "marks": "softened",
            "gone": 0.1,
        }
    ]


def read_again(db: Database, *narratives: str) -> list[str]:
    found = changes.pages_read(db, narratives, since=MORNING - HOUR, until=MORNING + HOUR)
    return [name for name, _, _ in found]


def test_pages_are_read_again_only_of_articles_that_carry_a_narrative(db: Database) -> None:
    def keep(name: str, *, carries: bool = True, **more: object) -> Article:
        article = make_article(name, **{"text_kind": "full", **more})
        press(db, article, make_tag(carries=carries))
        return article

    keep("tagged")
    keep("untagged", carries=False)
    keep("summary", text_kind="feed")
    keep("history", imported=True)
    keep("placeless", url="")
    keep("old", first_seen=MORNING - 2 * HOUR)
    keep("young", first_seen=MORNING + 2 * HOUR)
    assert read_again(db, "nvidia_killer", "wall_street_recovery") == ["tagged"]
    assert read_again(db, "wall_street_recovery") == []


def test_the_last_reading_of_a_page_is_known(db: Database) -> None:
    article = make_article("a", text_kind="full")
    press(db, article, make_tag())
    looked = {"status": "unchanged", "reason": "", "entries": 0, "new": 0, "bytes": 9, "run": None}
    feeds.record_fetch(db, url=article.url, kind="page", at=MORNING + 6 * HOUR, source="a", **looked)  # type: ignore[arg-type] # six of three types
    found = changes.pages_read(db, ["nvidia_killer"], since=MORNING - HOUR, until=MORNING)
    assert found == [("a", MORNING, MORNING + 6 * HOUR)]


def test_an_import_is_remembered_until_it_is_finished(db: Database) -> None:
    assert imports.position(db, "f") == 0
    imports.reached(db, "f", 500, at=MORNING)
    imports.reached(db, "f", 900, at=MORNING)
    assert (imports.position(db, "f"), imports.position(db, "g")) == (900, 0)
    imports.finished(db, "f")
    assert imports.position(db, "f") == 0

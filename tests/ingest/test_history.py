"""History comes in marked as such, and a line that is no article is told, not fatal."""

import json
from datetime import UTC, datetime, timedelta

import pytest

from core.articles import Article, Entry, Feed, article_id
from core.settings import FeedSettings
from ingest.feeds import to_articles
from ingest.history import UNDATED, BadLine, articles_from_jsonl

LAG = timedelta(minutes=30)
FEED = FeedSettings(url="https://ledger.example.com/rss", source="Example Ledger", owner="Example Media", kind="blog")


def read(*rows: object, raw: str = "") -> list[Article | BadLine]:
    lines = [json.dumps(row) for row in rows] + ([raw] if raw else [])
    return list(articles_from_jsonl(lines, name="old.jsonl", lag=LAG, feeds=[FEED]))


def one(**row: object) -> Article:
    (article,) = read({"id": "1", "title": "Rates stay", "text": "", **row})
    assert isinstance(article, Article)
    return article


def test_an_article_of_the_past_is_first_seen_a_lag_after_it_was_published() -> None:
    article = one(
        source="Example Ledger",
        url="https://ledger.example.com/1?utm_source=x",
        published="2026-02-03T10:00:00+01:00",
        text="<p>Yields\u200b rose &amp; fell.</p>",
    )
    assert (article.published, article.first_seen) == (
        datetime(2026, 2, 3, 9, tzinfo=UTC),
        datetime(2026, 2, 3, 9, 30, tzinfo=UTC),
    )
    assert (article.imported, article.owner, article.feed) == (True, "Example Media", FEED.url)
    assert (article.text, article.url) == ("Yields rose & fell.", "https://ledger.example.com/1")
    assert not article.marks


def test_a_bare_date_is_known_only_after_that_day() -> None:
    assert one(published="2026-02-03").first_seen == datetime(2026, 2, 4, 0, 30, tzinfo=UTC)


def test_a_time_without_a_zone_is_utc() -> None:
    assert one(published="2026-02-03T10:00:00").published == datetime(2026, 2, 3, 10, tzinfo=UTC)


def test_an_undated_article_is_marked_and_counts_on_no_day() -> None:
    article = one()
    assert (set(article.marks), article.first_seen, article.counts) == ({"undated"}, UNDATED, False)


def test_a_feed_that_carries_the_same_guid_gives_the_same_article() -> None:
    feed = Feed(url=FEED.url, source=FEED.source, owner=FEED.owner, kind=FEED.kind)
    (live,) = to_articles(feed, [Entry(guid="1", link="", title="Rates stay")], now=UNDATED)
    assert one(source="Example Ledger").id == live.id == article_id("Example Ledger", "1")


def test_a_source_that_no_feed_has_owns_itself() -> None:
    article = one(source="Example Wire")
    assert (article.owner, article.feed) == ("Example Wire", "")
    assert one().source == "old.jsonl"


@pytest.mark.parametrize(
    ("words", "kind"), [(0, "headline"), (119, "feed"), (120, "full")], ids=["nothing", "a summary", "an article"]
)
def test_the_kind_of_text_follows_from_its_length(words: int, kind: str) -> None:
    assert one(text="word " * words).text_kind == kind


@pytest.mark.parametrize(
    ("row", "reason"),
    [
        ({"title": "a", "text": "b"}, "id is missing"),
        ({"id": "1", "title": " ", "text": ""}, "has neither title nor text"),
        ({"id": "1", "title": ["a"]}, "title is not text"),
        ({"id": "1", "title": "a", "published": "soon"}, "published 'soon' is not a date"),
        ({"id": "1", "title": "a", "published": "0001-01-01T00:00:00+14:00"}, "is not a date"),
        ([1], "is not an object"),
    ],
    ids=["no id", "no words", "a list for a title", "no date", "a date out of range", "an array"],
)
def test_a_line_that_is_no_article_says_why(row: object, reason: str) -> None:
    good = {"id": "2", "title": "Rates stay", "text": ""}
    bad, article = read(row, good)
    assert isinstance(bad, BadLine)
    assert isinstance(article, Article)
    assert (bad.name, bad.line) == ("old.jsonl", 1)
    assert reason in bad.reason


def test_a_line_that_is_no_json_is_told_with_its_number() -> None:
    good = {"id": "2", "title": "Rates stay", "text": ""}
    assert read(good, raw='{"id": ')[1] == BadLine(name="old.jsonl", line=2, reason="is not JSON")


def test_blank_lines_are_nothing() -> None:
    assert list(articles_from_jsonl(["", "  \n"], name="old.jsonl", lag=LAG)) == []

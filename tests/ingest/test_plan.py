"""Which feeds are due, and what an answer teaches about a feed."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from core.articles import Feed
from core.errors import FetchError, FormatError
from ingest import plan

NOW = datetime(2026, 4, 15, 6, tzinfo=UTC)
FEED = Feed(url="https://ledger.example.com/rss", source="Example Ledger", owner="Example Media", kind="newspaper")


def minutes(n: float) -> timedelta:
    return timedelta(minutes=n)


def error(status: int | None = None, reason: str = "", retry_after: float | None = None) -> FetchError:
    return FetchError(reason or f"http {status}", url=FEED.url, status=status, retry_after=retry_after)


def test_feeds_never_polled_come_first_then_the_longest_overdue() -> None:
    late, later = replace(FEED, url="a", due=NOW - minutes(5)), replace(FEED, url="b", due=NOW - minutes(9))
    exact, future = replace(FEED, url="c", due=NOW), replace(FEED, url="d", due=NOW + minutes(1))
    new = replace(FEED, url="e")
    assert plan.due([late, future, exact, new, later], now=NOW) == [new, later, late, exact]


@pytest.mark.parametrize(
    ("etag", "modified", "headers"),
    [
        ('W/"x"', "Wed, 15 Apr 2026", {"If-None-Match": 'W/"x"', "If-Modified-Since": "Wed, 15 Apr 2026"}),
        (None, "yesterday", {"If-Modified-Since": "yesterday"}),
        (None, None, {}),
        (plan.DISTRUSTED, plan.DISTRUSTED, {}),
    ],
    ids=["both as they came", "even a date that is none", "nothing to send", "a feed caught lying gets none"],
)
def test_validators_are_sent_as_they_came(etag: str | None, modified: str | None, headers: dict[str, str]) -> None:
    assert plan.conditional_headers(replace(FEED, etag=etag, modified=modified)) == headers


def test_a_success_is_remembered_and_clears_what_failed() -> None:
    ill = replace(FEED, failures=2.5, problem="timeout")
    after = plan.after_success(ill, {"etag": '"1"', "last-modified": "then"}, "h1", now=NOW)
    assert after == replace(
        FEED,
        etag='"1"',
        modified="then",
        body_hash="h1",
        last_ok=NOW,
        due=NOW + minutes(60),
        failures=0.0,
        problem="",
        read_at=NOW,
    )


def test_a_304_keeps_hash_and_validators_that_it_does_not_repeat() -> None:
    held = replace(FEED, etag='"1"', modified="then", body_hash="h1")
    after = plan.after_success(held, {}, None, now=NOW)
    assert (after.etag, after.modified, after.body_hash) == ('"1"', "then", "h1")


def test_an_etag_that_stays_while_the_body_changes_is_never_sent_again() -> None:
    held = replace(FEED, etag='"1"', modified="then", body_hash="h1")
    caught = plan.after_success(held, {"etag": '"1"', "last-modified": "then"}, "h2", now=NOW)
    again = plan.after_success(caught, {"etag": '"2"'}, "h3", now=NOW)
    assert plan.conditional_headers(caught) == plan.conditional_headers(again) == {}
    assert again.body_hash == "h3"


def test_a_validator_that_could_not_be_sent_back_as_it_came_is_dropped() -> None:
    assert plan.after_success(FEED, {"etag": '"\udce9"'}, "h1", now=NOW).etag is None


@pytest.mark.parametrize(
    ("interval", "known", "new", "expected"),
    [
        (60, 0, 0, 60),
        (60, 30, 10, 90),
        (60, 10, 30, 40),
        (60, 20, 20, 60),
        (60, 20, 10, 60),
        (600, 40, 0, 720),
        (20, 0, 40, 15),
        (1440, 40, 0, 1440),
        (10, 0, 40, 10),
    ],
    ids=[
        "nothing learnt",
        "mostly known is slower by half",
        "mostly new is faster",
        "half and half stays",
        "exactly two thirds stays",
        "never slower than half a day",
        "never faster than a quarter of an hour",
        "unless the owner said slower",
        "or faster",
    ],
)
def test_the_interval_follows_the_share_of_known_entries(interval: int, known: int, new: int, expected: int) -> None:
    after = plan.after_success(replace(FEED, interval=interval), {}, "h", known=known, new=new, now=NOW)
    assert (after.interval, after.due) == (expected, NOW + minutes(expected))


@pytest.mark.parametrize(
    ("headers", "wait"),
    [
        ({"cache-control": "public, max-age=7200"}, 120),
        ({"cache-control": "max-age=60"}, 60),
        ({"cache-control": "max-age=999999"}, 360),
        ({"cache-control": "no-cache, max-age=7200"}, 60),
        ({"expires": "Wed, 15 Apr 2026 09:00:00 GMT", "date": "Wed, 15 Apr 2026 06:00:00 GMT"}, 180),
        ({"cache-control": "max-age=0", "expires": "Wed, 15 Apr 2026 09:00:00 GMT"}, 60),
        ({"expires": "0"}, 60),
    ],
    ids=[
        "max-age delays",
        "never sooner than the interval",
        "six hours at most",
        "no-cache means no freshness",
        "Expires against Date",
        "max-age before Expires",
        "nonsense",
    ],
)
def test_the_servers_freshness_can_only_delay(headers: dict[str, str], wait: int) -> None:
    assert plan.after_success(FEED, headers, "h", now=NOW).due == NOW + minutes(wait)


@pytest.mark.parametrize(
    ("fault", "held", "credit", "wait"),
    [
        (error(reason="timeout"), 0.0, 1.0, 120),
        (error(reason="timeout"), 3.0, 4.0, 300),
        (error(404), 0.0, 0.5, 90),
        (error(500), 0.0, 0.5, 90),
        (error(429, retry_after=7200), 0.0, 0.5, 120),
        (error(503, retry_after=10**9), 0.0, 0.5, 1440),
        (error(reason="dns try again"), 0.0, 0.25, 75),
        (error(304, "unasked 304"), 0.0, 0.5, 90),
        (error(403), 0.0, 1.0, 240),
        (error(403), 9.0, 10.0, 1440),
        (error(410), 0.0, 1.0, 1440),
        (FormatError("not a feed", url=FEED.url), 0.0, 1.0, 120),
        (error(reason="timeout"), 1000.0, 1001.0, 1440),
    ],
    ids=[
        "a timeout counts whole",
        "the wait grows in a line",
        "a 404 counts half",
        "so does a 500",
        "Retry-After is waited for",
        "but no longer than a day",
        "DNS try again counts a quarter",
        "a 304 nobody asked for counts half",
        "403 waits hours",
        "up to a day",
        "410 waits a day",
        "no feed counts whole",
        "nothing is ever given up",
    ],
)
def test_failures_count_by_how_final_they_are(
    fault: FetchError | FormatError, held: float, credit: float, wait: int
) -> None:
    before = replace(FEED, failures=held, etag='"1"', body_hash="h")
    after = plan.after_failure(before, fault, now=NOW)
    assert (after.failures, after.due, after.problem) == (credit, NOW + minutes(wait), fault.reason)
    assert (after.etag, after.body_hash, after.last_ok) == ('"1"', "h", None)


@pytest.mark.parametrize(
    ("published", "mark"),
    [
        (None, {"undated"}),
        (NOW, set()),
        (NOW - timedelta(days=3), set()),
        (NOW - timedelta(days=3, seconds=1), {"stale"}),
        (NOW + timedelta(hours=1), set()),
        (NOW + timedelta(hours=1, seconds=1), {"future"}),
    ],
    ids=["no date", "now", "three days", "more than three days", "a clock gone wrong", "tomorrow"],
)
def test_dates_that_cannot_be_trusted_are_marked(published: datetime | None, mark: set[str]) -> None:
    assert plan.marks(published, NOW) == mark


@pytest.mark.parametrize(
    ("headers", "fresh_for", "missed", "wait"),
    [
        ({"cache-control": "max-age=7200"}, minutes(300), False, 120),
        ({"cache-control": "no-cache", "expires": "Wed, 15 Apr 2026 09:00:00 GMT"}, minutes(300), False, 60),
        (
            {"expires": "Wed, 15 Apr 2026 09:00:00 GMT", "date": "Wed, 15 Apr 2026 06:00:00 GMT"},
            minutes(300),
            False,
            180,
        ),
        ({"expires": "0"}, minutes(300), False, 300),
        ({}, minutes(1440), False, 360),
        ({}, minutes(5), False, 60),
        ({}, minutes(300), True, 27),
        ({"cache-control": "max-age=7200"}, None, True, 60),
    ],
    ids=[
        "Cache-Control before ttl",
        "no-cache silences Expires and ttl",
        "Expires before ttl",
        "ttl where the headers say nothing that can be read",
        "six hours at most",
        "nobody hastens a poll",
        "ttl is not heard when entries were missed",
        "and headers for an hour at most",
    ],
)
def test_the_first_voice_of_the_table_is_heard_and_no_other(
    headers: dict[str, str], fresh_for: timedelta | None, missed: bool, wait: int
) -> None:
    after = plan.paced(FEED, headers, known=0, new=0, now=NOW, fresh_for=fresh_for, missed=missed)
    assert after.due == NOW + minutes(wait)


@pytest.mark.parametrize(
    ("span", "missed", "interval"),
    [
        (None, False, 90),
        (minutes(180), False, 60),
        (minutes(30), False, 15),
        (minutes(100_000), False, 90),
        (None, True, 27),
    ],
    ids=[
        "its own step alone",
        "a third of what the entries span",
        "but a quarter of an hour at least",
        "a long span changes nothing",
        "four ninths when entries were missed",
    ],
)
def test_a_feed_is_asked_before_its_entries_drop_off_its_end(
    span: timedelta | None, missed: bool, interval: int
) -> None:
    known = 0 if missed else 40
    after = plan.paced(FEED, {}, known=known, new=40 - known, now=NOW, span=span, missed=missed)
    assert after.interval == interval


@pytest.mark.parametrize(
    ("held", "known", "new", "missed"),
    [("h", 0, 40, True), (None, 0, 40, False), ("h", 1, 39, False), ("h", 0, 1, False), ("h", 0, 0, False)],
    ids=["only new ones", "a first visit", "one was known", "feeds of one entry", "an empty feed"],
)
def test_only_new_entries_mean_that_others_were_missed(held: str | None, known: int, new: int, missed: bool) -> None:
    assert plan.misses(replace(FEED, body_hash=held), known=known, new=new) is missed


def test_a_span_takes_five_dated_entries_and_none_of_tomorrow() -> None:
    hours = [NOW - timedelta(hours=h) for h in (1, 2, 3, 4, 9)]
    assert plan.span_of([*hours, None, NOW + timedelta(days=2)], now=NOW) == timedelta(hours=8)
    assert plan.span_of(hours[:4], now=NOW) is None


def test_a_304_is_believed_for_a_day() -> None:
    held = replace(FEED, etag='"1"', read_at=NOW - timedelta(hours=23))
    assert plan.conditional_headers(held, now=NOW) == {"If-None-Match": '"1"'}
    assert plan.conditional_headers(held, now=NOW + timedelta(hours=1)) == {}
    assert plan.after_success(held, {}, None, now=NOW).read_at == NOW - timedelta(hours=23)


NEW = "https://new.example.com/rss"


@pytest.mark.parametrize(
    ("answers", "asked"),
    [
        ([NEW, NEW], FEED.url),
        ([NEW, NEW, NEW], NEW),
        ([NEW, "", NEW, NEW], FEED.url),
        ([NEW, NEW, NEW, ""], NEW),
        ([NEW, NEW, NEW, "fail"], FEED.url),
        (["http://new.example.com/rss"] * 3, FEED.url),
        ([NEW, NEW, "https://third.example.com/rss"], FEED.url),
    ],
    ids=[
        "twice is not yet believed",
        "three times in a row is",
        "in a row",
        "and stays so while the new address answers",
        "a new address that fails is forgotten",
        "what was encrypted does not move into the clear",
        "to the same place",
    ],
)
def test_a_permanent_redirect_is_believed_after_several_sightings(answers: list[str], asked: str) -> None:
    feed = FEED
    for moved in answers:
        feed = (
            plan.after_failure(feed, error(404), now=NOW)
            if moved == "fail"
            else plan.after_success(feed, {}, "h", now=NOW, moved=moved)
        )
    assert plan.address(feed) == asked


def test_a_410_retires_a_feed_at_the_third_in_a_row_and_it_stays_named() -> None:
    waits, feed = [], FEED
    for _ in range(4):
        feed = plan.after_failure(feed, error(410), now=NOW)
        waits.append((feed.due or NOW) - NOW)
    assert waits == [timedelta(days=1)] * 2 + [timedelta(days=30)] * 2
    assert feed.problem == plan.RETIRED
    assert plan.after_failure(feed, error(500), now=NOW).gone == 0
    assert plan.after_success(feed, {}, "h", now=NOW).problem == ""

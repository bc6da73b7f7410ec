"""Feeds from the config, what polling taught, and the health of sources at an instant."""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest

from core.settings import FeedSettings
from store import feeds, health, runs
from store.database import Database
from tests.store.making import MORNING

ONE, TWO = "https://one.example.com/feed", "https://two.example.com/feed"
HOUR, DAY = timedelta(hours=1), timedelta(days=1)


def configured(url: str = ONE, **changes: Any) -> FeedSettings:
    return FeedSettings(
        **{"url": url, "source": "One", "owner": "Owner", "kind": "newspaper", "every": "30m", **changes}
    )


def look(db: Database, at: datetime, status: str = "ok", *, url: str = ONE, kind: Any = "feed", **more: Any) -> None:
    told = {"reason": "http 503" if status == "failed" else "", "entries": 0, "new": 0, "bytes": 10, "run": None}
    feeds.record_fetch(db, url=url, kind=kind, status=status, at=at, **{**told, **more})


def test_a_new_feed_has_never_been_polled(db: Database) -> None:
    feeds.sync(db, [configured()], at=MORNING)
    (feed,) = feeds.load(db)
    assert (feed.url, feed.source, feed.owner, feed.kind, feed.interval) == (ONE, "One", "Owner", "newspaper", 30)
    assert feed.due is None
    assert feed.last_ok is None


def test_syncing_twice_changes_nothing(db: Database, dump: Callable[[], object]) -> None:
    feeds.sync(db, [configured(), configured(TWO)], at=MORNING)
    before = dump()
    feeds.sync(db, [configured(), configured(TWO)], at=MORNING + DAY)
    assert dump() == before


def test_what_polling_taught_survives_a_sync_and_a_retirement(db: Database) -> None:
    feeds.sync(db, [configured()], at=MORNING)
    taught = replace(
        feeds.load(db)[0],
        interval=45,
        due=MORNING + HOUR,
        etag='"e"',
        modified="Wed, 15 Apr 2026 05:00:00 GMT",
        body_hash="ab",
        failures=1.25,
        last_ok=MORNING,
        problem="http 503",
    )
    feeds.save(db, taught)
    feeds.sync(db, [configured(owner="New Owner")], at=MORNING + DAY)
    assert feeds.load(db) == [replace(taught, owner="New Owner")]
    feeds.sync(db, [], at=MORNING + DAY)
    assert feeds.load(db) == []
    feeds.sync(db, [configured()], at=MORNING + 2 * DAY)
    assert feeds.load(db) == [taught]


def test_a_changed_interval_in_the_config_replaces_the_learnt_one(db: Database) -> None:
    feeds.sync(db, [configured()], at=MORNING)
    feeds.save(db, replace(feeds.load(db)[0], interval=300))
    feeds.sync(db, [configured(every="2h")], at=MORNING)
    assert feeds.load(db)[0].interval == 120


def test_saving_a_feed_does_not_touch_what_the_config_says(db: Database) -> None:
    feeds.sync(db, [configured()], at=MORNING)
    feeds.save(db, replace(feeds.load(db)[0], owner="Somebody else", failures=2.0))
    assert (feeds.load(db)[0].owner, feeds.load(db)[0].failures) == ("Owner", 2.0)


def test_the_same_look_recorded_twice_is_one_row_and_the_last_word_stands(db: Database) -> None:
    run = runs.start(db, now=MORNING)
    look(db, MORNING, "failed", run=run)
    look(db, MORNING, "ok", run=run, entries=40, new=3)
    rows = list(db.query("SELECT status, reason, entries, new, run FROM fetches"))
    assert rows == [{"status": "ok", "reason": "", "entries": 40, "new": 3, "run": run}]


F, S = "failed", "ok"


@pytest.mark.parametrize(
    ("looks", "state", "failures", "last_ok"),
    [
        pytest.param([], "never", 0, None, id="not looked at yet"),
        pytest.param([(1, S)], "ok", 0, 1, id="a success an hour ago"),
        pytest.param([(1, "unchanged")], "ok", 0, 1, id="an unchanged answer is a success"),
        pytest.param([(3, F), (2, F), (1, S)], "ok", 0, 1, id="a success ends the failures"),
        pytest.param([(5, F), (4, S), (3, F), (2, F), (1, F)], "failing", 3, 4, id="three failures since the success"),
        pytest.param([(2, F), (1, F)], "failing", 2, None, id="never a success"),
        pytest.param([(48, S)], "ok", 0, 48, id="48 hours are not yet stale"),
        pytest.param([(49, S)], "stale", 0, 49, id="more than 48 hours are"),
        pytest.param([(90, S), (50, F)], "failing", 1, 90, id="failing is said before stale"),
        pytest.param([(0, S)], "ok", 0, 0, id="a look at this very instant is known"),
        pytest.param([(1, S), (-1, F)], "ok", 0, 1, id="a failure in the future is not"),
        pytest.param([(-1, S)], "never", 0, None, id="nor is a success in the future"),
    ],
)
def test_health_is_told_from_the_looks_known_by_then(
    db: Database, looks: list[tuple[int, str]], state: str, failures: int, last_ok: int | None
) -> None:
    feeds.sync(db, [configured()], at=MORNING - 10 * DAY)
    for hours_ago, status in looks:
        look(db, MORNING - hours_ago * HOUR, status)
    (told,) = health.sources(db, as_of=MORNING)
    assert (told.state, told.failures) == (state, failures)
    assert told.last_ok == (None if last_ok is None else MORNING - last_ok * HOUR)
    assert (told.name, told.url, told.kind) == ("One", ONE, "feed")
    assert bool(told.reason) == (state != "ok")


def test_a_failure_is_given_with_its_reason(db: Database) -> None:
    feeds.sync(db, [configured()], at=MORNING)
    look(db, MORNING, "failed", reason="timeout")
    assert health.sources(db, as_of=MORNING)[0].reason == "timeout"


def test_a_series_source_goes_by_its_name_and_is_not_stale_before_its_next_look_is_due(db: Database) -> None:
    told = {"url": "https://data.example.com/x.csv", "kind": "series", "source": "fred"}
    look(db, MORNING, **told, due=MORNING + 7 * DAY)
    (source,) = health.sources(db, as_of=MORNING + 3 * DAY)
    assert (source.name, source.url, source.kind, source.state) == ("fred", told["url"], "series", "ok")
    assert health.sources(db, as_of=MORNING + 8 * DAY)[0].state == "stale"


def test_a_source_that_gave_only_a_part_is_well_and_says_what_was_missing(db: Database) -> None:
    look(db, MORNING, "partial", kind="series", reason="macro.vix: http 404")
    (source,) = health.sources(db, as_of=MORNING)
    assert (source.state, source.reason, source.failures) == ("ok", "macro.vix: http 404", 0)


def test_pages_are_no_sources(db: Database) -> None:
    look(db, MORNING, "failed", kind="page")
    assert health.sources(db, as_of=MORNING) == []


def test_an_old_briefing_still_sees_the_feeds_of_its_day(db: Database) -> None:
    feeds.sync(db, [configured()], at=MORNING)
    look(db, MORNING)
    then = health.sources(db, as_of=MORNING)
    feeds.sync(db, [configured(TWO, source="Two")], at=MORNING + DAY)
    assert health.sources(db, as_of=MORNING) == then
    assert [s.name for s in health.sources(db, as_of=MORNING + DAY)] == ["Two"]
    assert health.sources(db, as_of=MORNING - DAY) == []

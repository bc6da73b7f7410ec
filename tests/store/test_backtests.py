"""Configurations are counted, and imported press is told from lived press."""

from datetime import timedelta

from store import backtests
from store.database import Database
from tests.store.making import MORNING, make_article, make_tag, press

DAY = timedelta(days=1)


def test_trying_the_same_again_is_no_new_configuration(db: Database) -> None:
    base = {"narrative": "n", "contract": "c1", "first": MORNING, "last": MORNING + DAY, "version": "1", "at": MORNING}
    for change in ({}, {"at": MORNING + DAY}, {"contract": "c2"}, {"last": MORNING}, {"version": "2"}):
        backtests.record(db, **{**base, **change})  # type: ignore[arg-type]  # each of its own type
    backtests.record(db, **{**base, "narrative": "other"})  # type: ignore[arg-type]
    assert (backtests.tried(db, "n"), backtests.tried(db, "other"), backtests.tried(db, "none")) == (4, 1, 0)
    assert (
        db.execute("SELECT min(at) FROM backtests WHERE contract = 'c1' AND narrative = 'n'").fetchone()[0]
        < "2026-04-16"
    )


def test_what_carried_is_counted_by_when_it_was_seen(db: Database) -> None:
    press(db, make_article("lived"), make_tag())
    press(db, make_article("imported", imported=True), make_tag())
    press(db, make_article("old", first_seen=MORNING - 9 * DAY, imported=True), make_tag())
    press(db, make_article("silent"), make_tag(carries=False))
    assert backtests.carried(db, "nvidia_killer", since=MORNING - DAY, until=MORNING) == (2, 1)
    assert backtests.carried(db, "nvidia_killer", since=MORNING, until=MORNING + DAY) == (0, 0)

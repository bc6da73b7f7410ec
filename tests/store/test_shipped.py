"""Rows of the program's data files are kept once each, and an edited file adds to them."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from core.series import Observation
from core.shipped import Shipped
from store import audit, shipped
from store.database import Database

DAY = datetime(2026, 1, 5, tzinfo=UTC)
ROW = Shipped(
    file="signals/claims.yaml",
    hash="0123456789ab",
    observation=Observation(series="claims.x", time=DAY, value=62.4, first_seen=DAY + timedelta(days=1), imported=True),
    says="A bank says so.",
)


def test_a_row_is_kept_once_and_an_edited_file_adds_its_own(db: Database) -> None:
    edited = replace(ROW, hash="ba9876543210", observation=replace(ROW.observation, value=59.0))
    for rows, day in (([ROW], 0), ([ROW], 1), ([edited], 2)):
        shipped.save(db, rows, at=DAY + timedelta(days=day))
    assert db.execute("SELECT value, hash, first_seen FROM shipped ORDER BY first_seen").fetchall() == [
        (62.4, "0123456789ab", "2026-01-05T00:00:00Z"),
        (59.0, "ba9876543210", "2026-01-07T00:00:00Z"),
    ]


def test_a_reference_finds_its_row_by_the_value_that_was_printed(db: Database) -> None:
    shipped.save(db, [ROW], at=DAY)
    key = (("series", "claims.x"), ("time", "2026-01-05T00:00:00Z"))
    assert audit.missing(db, [("shipped", (*key, ("value", "62.4")))]) == []
    assert len(audit.missing(db, [("shipped", (*key, ("value", "62.5")))])) == 1

"""The ledger of calls: appended to, chained, cut at an instant; who edits it is found out."""

import hashlib
import json
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest
import sqlite_utils

from core.calls import LedgerRow, Resolution
from core.clock import stamp
from core.contracts import Measure
from core.errors import StoreError
from store import briefings, calls
from store.database import Database
from store.press import PressCountRow, import_counts
from tests.store.making import MORNING, make_article, make_call, make_tag, press

DAY = timedelta(days=1)


def ending(opened_days_ago: int, **changes: object) -> Resolution:
    call = make_call(MORNING - opened_days_ago * DAY)
    told = {"end": 1.5, "came_true": True, "brier": 0.16, "base_brier": 0.25, **changes}
    return Resolution(call=call.id, at=call.due, **told)  # type: ignore[arg-type]


@pytest.fixture
def ledger(db: Database) -> Database:
    """Three calls, two of them resolved: five rows."""
    for ago in (300, 200):
        calls.append(db, [make_call(MORNING - ago * DAY)], at=MORNING - ago * DAY)
        calls.append(db, [ending(ago)], at=MORNING - (ago - 90) * DAY)
    calls.append(db, [make_call(MORNING - DAY, start=3.25)], at=MORNING - DAY)
    return db


def test_what_is_appended_comes_back_as_it_was(ledger: Database) -> None:
    told = calls.records(ledger, as_of=MORNING)
    assert [r.call for r in told] == [
        make_call(MORNING - 300 * DAY),
        make_call(MORNING - 200 * DAY),
        make_call(MORNING - DAY, start=3.25),
    ]
    assert [r.resolution for r in told] == [ending(300), ending(200), None]
    measure = Measure.model_validate({"kind": "percent_change", "a": "price.x", "over": "90d"})
    assert told[0].call.measure == measure


def test_what_was_not_yet_known_is_cut(ledger: Database) -> None:
    told = calls.records(ledger, as_of=MORNING - 211 * DAY)
    assert [(r.call.id, r.open) for r in told] == [(make_call(MORNING - 300 * DAY).id, True)]
    assert calls.records(ledger, as_of=MORNING - 210 * DAY)[0].resolution is not None  # the due date itself
    assert calls.records(ledger, as_of=MORNING, narrative="another") == ()


def test_appending_the_same_again_adds_nothing(ledger: Database) -> None:
    before = calls.head(ledger)
    assert calls.append(ledger, [make_call(MORNING - 300 * DAY), ending(300, came_true=False)], at=MORNING) == []
    assert calls.head(ledger) == before


def test_a_resolution_without_a_call_is_refused(db: Database) -> None:
    with pytest.raises(StoreError, match="never opened"):
        calls.append(db, [ending(5)], at=MORNING)
    assert calls.head(db) == (0, calls.BEGINNING)


def test_the_chain_of_an_untouched_ledger_holds(ledger: Database, db: Database) -> None:
    assert calls.first_edited(ledger) is None
    assert calls.head(ledger)[0] == 5


def test_the_same_entries_give_the_same_hashes_byte_for_byte(ledger: Database) -> None:
    again = sqlite_utils.Database(memory=True)
    again.executescript(
        "".join(row[0] + ";" for row in ledger.execute("SELECT sql FROM sqlite_master WHERE name = 'calls'").fetchall())
    )
    for ago in (300, 200):
        calls.append(again, [make_call(MORNING - ago * DAY)], at=MORNING - ago * DAY)
        calls.append(again, [ending(ago)], at=MORNING - (ago - 90) * DAY)
    assert [r.hash for r in calls.rows(again)] == [r.hash for r in calls.rows(ledger)][:4]
    again.close()


def test_the_database_itself_refuses_to_edit_or_delete(ledger: Database) -> None:
    for sql in ("UPDATE calls SET at = '2020'", "DELETE FROM calls WHERE number = 5"):
        with pytest.raises(sqlite_utils.utils.sqlite3.IntegrityError, match="only appended to"):  # type: ignore[attr-defined] # the SQLite that sqlite-utils took
            ledger.execute(sql)


EDITS = {
    "a better probability": ("UPDATE calls SET body = replace(body, '0.6', '0.9') WHERE number = 3", "row 3 "),
    "a lost call won": ("UPDATE calls SET body = replace(body, 'true', 'false') WHERE number = 2", "row 2 "),
    "another day": ("UPDATE calls SET at = '2020-01-01T00:00:00Z' WHERE number = 1", "row 1 "),
    "a nonsense day": ("UPDATE calls SET at = 'never' WHERE number = 4", "row 4 "),
    "another narrative": ("UPDATE calls SET narrative = 'other' WHERE number = 5", "row 5 "),
    "a row taken out": ("DELETE FROM calls WHERE number = 2", "row 2 before it is missing"),
    "the first row taken out": ("DELETE FROM calls WHERE number = 1", "row 1 before it is missing"),
    "a hash made to fit": ("UPDATE calls SET body = '{}', hash = 'made' WHERE number = 2", "row 2 "),
}


@pytest.mark.parametrize("edit", EDITS)
def test_an_edited_past_row_is_named(ledger: Database, edit: str) -> None:
    sql, name = EDITS[edit]
    for trigger in ("calls_are_never_edited", "calls_are_never_deleted"):  # who wants to cheat takes these off first
        ledger.execute(f"DROP TRIGGER {trigger}")
    ledger.execute(sql)
    found = calls.first_edited(ledger)
    assert found is not None
    assert name in found


def hash_of(row: LedgerRow) -> str:
    """SHA-256 of the row before's hash and of every column, as docs/database.md has it."""
    content = [row.previous, row.number, row.call, row.act, row.narrative, stamp(row.at), row.body]
    return hashlib.sha256(json.dumps(content, ensure_ascii=False).encode()).hexdigest()


def test_a_row_edited_with_its_hash_made_anew_shows_at_the_next_one(ledger: Database) -> None:
    ledger.execute("DROP TRIGGER calls_are_never_edited")
    (row,) = [r for r in calls.rows(ledger) if r.number == 2]
    forged = replace(row, body=row.body.replace("0.16", "0.01"))
    number, hashed = forged.number, hash_of(forged)
    ledger.execute("UPDATE calls SET body = ?, hash = ? WHERE number = ?", [forged.body, hashed, number])
    assert calls.first_edited(ledger) == (
        f"row 3 of the ledger (opened {make_call(MORNING - 200 * DAY).id}) does not follow from the row before it"
    )


def test_imported_press_is_seen_wherever_a_verdict_looks(db: Database) -> None:
    window = {"since": MORNING - 69 * DAY, "as_of": MORNING}
    press(db, make_article("lived"), make_tag())
    press(db, make_article("older", imported=True, first_seen=MORNING - 70 * DAY), make_tag())
    assert not calls.rests_on_imports(db, "nvidia_killer", **window)
    counted = {"source": "One", "stories": 3, "carrying": 1, "first_seen": MORNING}
    import_counts(db, [PressCountRow(narrative="other", day=MORNING, **counted)])  # type: ignore[arg-type] # of three types
    assert not calls.rests_on_imports(db, "nvidia_killer", **window)
    assert calls.rests_on_imports(db, "other", **window)
    press(db, make_article("in", imported=True, first_seen=MORNING - 68 * DAY), make_tag())
    assert calls.rests_on_imports(db, "nvidia_killer", **window)


def remade(db: Database) -> None:
    """The last row edited by somebody who knows how to make its hash."""
    row = calls.rows(db)[-1]
    forged = replace(row, body=row.body.replace("3.25", "4.25"))
    db.execute("UPDATE calls SET body = ?, hash = ? WHERE number = 5", [forged.body, hash_of(forged)])


def taken_out(db: Database) -> None:
    db.execute("DELETE FROM calls WHERE number = 5")


@pytest.mark.parametrize("forge", [remade, taken_out], ids=["made anew", "taken out"])
def test_a_last_row_that_a_briefing_printed_cannot_be_changed_unseen(
    ledger: Database, forge: Callable[[Database], None]
) -> None:
    head = {"text": "The ledger has 5 rows.", "refs": [{"table": "calls", "hash": calls.head(ledger)[1]}]}
    told = json.dumps({"ledger": {"sentences": [{"text": "No call yet.", "refs": []}, head]}})
    named = {"id": "2026-04-15", "edition": "", "subject": "s", "contracts": {}}
    briefings.save(ledger, as_of=MORNING, at=MORNING, renders={"json": told}, **named)  # type: ignore[arg-type]
    assert calls.first_denied(ledger) is None
    ledger.executescript("DROP TRIGGER calls_are_never_edited; DROP TRIGGER calls_are_never_deleted;")
    forge(ledger)
    assert calls.first_edited(ledger) is None  # the chain itself holds
    assert "the briefing of 2026-04-15 ends the ledger with" in (calls.first_denied(ledger) or "")

"""Briefings kept, messages queued once, passes remembered."""

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from core.editions import Terms
from store import briefings, editions, outbox, runs
from store.database import Database, open_database
from tests.store.making import MORNING

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
ANN, BEN = "ann@example.com", "ben@example.com"


def write(db: Database, name: str = "b1", **changes: Any) -> None:
    told = {
        "as_of": MORNING,
        "edition": "2026-04-15",
        "contracts": {"nvidia_killer": "c1"},
        "subject": "Counterwire: grüße",
        "renders": {"html": "<p>", "text": "plain"},
        "at": MORNING,
    }
    briefings.save(db, id=name, **{**told, **changes})


def queue(db: Database, *recipients: str, briefing: str = "b1") -> None:
    ids = {r: f"<{briefing}.{r}>" for r in recipients}
    outbox.queue(db, briefing=briefing, recipients=recipients, message_ids=ids, at=MORNING)


def waiting(db: Database, after: timedelta = HOUR * 0) -> list[str]:
    return [d.recipient for d in outbox.due(db, now=MORNING + after)]


def test_a_briefing_comes_back_as_it_was_saved(db: Database, dump: Callable[[], object]) -> None:
    write(db)
    before = dump()
    write(db)
    assert dump() == before
    held = briefings.load(db, "b1")
    assert held is not None
    assert (held.subject, held.as_of, held.edition, held.contracts) == (
        "Counterwire: grüße",
        MORNING,
        "2026-04-15",
        {"nvidia_killer": "c1"},
    )
    assert held.renders == {"html": "<p>", "text": "plain"}
    assert briefings.load(db, "b2") is None


def test_the_latest_briefing_is_that_of_the_newest_instant(db: Database) -> None:
    assert briefings.latest(db) is None
    write(db, "new")
    write(db, "old", as_of=MORNING - DAY, at=MORNING + DAY)
    held = briefings.latest(db)
    assert held is not None
    assert held.id == "new"


def test_an_edition_exists_once_it_is_written(db: Database) -> None:
    assert not briefings.edition_exists(db, "2026-04-15")
    write(db)
    assert briefings.edition_exists(db, "2026-04-15")


def test_a_briefing_that_was_queued_stays_as_it_went_out(db: Database) -> None:
    write(db, subject="draft")
    write(db, subject="final")
    queue(db, ANN)
    write(db, subject="too late")
    held = briefings.load(db, "b1")
    assert held is not None
    assert held.subject == "final"


def test_an_unknown_form_is_refused(db: Database) -> None:
    with pytest.raises(ValueError, match="no such form: pdf"):
        write(db, renders={"pdf": "x"})


def test_a_message_is_queued_once_for_each_briefing_and_recipient(db: Database) -> None:
    queue(db, ANN, BEN)
    queue(db, ANN)
    queue(db, ANN, briefing="b2")
    first = outbox.due(db, now=MORNING)
    assert [(d.briefing, d.recipient, d.message_id) for d in first] == [
        ("b1", ANN, f"<b1.{ANN}>"),
        ("b1", BEN, f"<b1.{BEN}>"),
        ("b2", ANN, f"<b2.{ANN}>"),
    ]
    assert outbox.due(db, now=MORNING - HOUR) == []


def test_a_sent_message_is_never_due_again_whatever_is_reported_after(db: Database) -> None:
    queue(db, ANN)
    (message,) = outbox.due(db, now=MORNING)
    assert outbox.claim(db, message, until=MORNING + HOUR, at=MORNING)
    for _ in range(2):
        outbox.sent(db, message.id, at=MORNING)
    outbox.failed(db, message.id, reason="late news", next_try=MORNING)
    queue(db, ANN)
    assert waiting(db, DAY) == []
    assert db.execute("SELECT attempts, sent FROM deliveries").fetchone() == (1, "2026-04-15T06:00:00Z")


def test_a_failed_message_waits_for_its_next_try_with_the_same_id(db: Database) -> None:
    queue(db, ANN)
    (message,) = outbox.due(db, now=MORNING)
    assert outbox.claim(db, message, until=MORNING + DAY, at=MORNING)
    for _ in range(2):
        outbox.failed(db, message.id, reason="451 later", next_try=MORNING + HOUR)
    assert waiting(db) == []
    assert [d.recipient for d in outbox.unsent(db)] == [ANN]
    (again,) = outbox.due(db, now=MORNING + HOUR)
    assert (again.message_id, again.attempts, again.reason) == (message.message_id, 1, "451 later")


def test_a_message_given_up_is_not_tried_again(db: Database) -> None:
    queue(db, ANN)
    outbox.failed(db, outbox.due(db, now=MORNING)[0].id, reason="550 unknown", next_try=None)
    assert waiting(db, 365 * DAY) == []
    assert db.execute("SELECT reason, sent FROM deliveries").fetchone() == ("550 unknown", None)
    assert [d.given_up for d in outbox.unsent(db)] == [True]


def test_a_claimed_message_is_nobody_elses_until_the_claim_runs_out(db: Database, path: Path) -> None:
    queue(db, ANN)
    other = open_database(path)
    (here,), (there,) = outbox.due(db, now=MORNING), outbox.due(other, now=MORNING)
    assert outbox.claim(db, here, until=MORNING + HOUR, at=MORNING)
    assert not outbox.claim(other, there, until=MORNING + HOUR, at=MORNING)
    assert outbox.due(other, now=MORNING + HOUR - timedelta(seconds=1)) == []
    (late,) = outbox.due(other, now=MORNING + HOUR)  # whoever claimed it died on the way
    assert (late.message_id, late.attempts) == (here.message_id, 1)
    other.close()


def test_a_message_sent_again_keeps_its_id_and_stays_sent_until_then(db: Database) -> None:
    queue(db, ANN)
    (first,) = outbox.due(db, now=MORNING)
    outbox.sent(db, first.id, at=MORNING)
    outbox.again(db, [first.id], at=MORNING + DAY)
    (second,) = outbox.due(db, now=MORNING + DAY)
    assert (second.message_id, second.attempts, second.sent) == (first.message_id, 0, MORNING)
    outbox.failed(db, second.id, reason="550 gone", next_try=None)
    assert outbox.unsent(db) == []
    outbox.again(db, [first.id], at=MORNING + DAY)
    outbox.sent(db, first.id, at=MORNING + DAY)
    assert db.execute("SELECT sent FROM deliveries").fetchone() == ("2026-04-16T06:00:00Z",)


def test_a_thread_holds_the_first_and_the_last_message_of_the_edition_to_that_reader(db: Database) -> None:
    for name in ("b1", "b2", "b3", "b4"):
        queue(db, ANN, briefing=name)
    outbox.queue(db, briefing="w", edition="week", recipients=[ANN], message_ids={ANN: "<w>"}, at=MORNING)
    queue(db, BEN, briefing="b4")
    threads = {(d.briefing, d.recipient): d.thread for d in outbox.due(db, now=MORNING)}
    assert threads == {
        ("b1", ANN): (),
        ("b2", ANN): (f"<b1.{ANN}>",),
        ("b3", ANN): (f"<b1.{ANN}>", f"<b2.{ANN}>"),
        ("b4", ANN): (f"<b1.{ANN}>", f"<b3.{ANN}>"),
        ("w", ANN): (),
        ("b4", BEN): (),
    }


def test_who_unsubscribed_is_queued_nothing_of_that_edition_and_what_waits_is_dropped(db: Database) -> None:
    queue(db, ANN, BEN)
    for _ in range(2):
        editions.unsubscribe(db, recipient="Ann@Example.com", edition="daily", at=MORNING)
    assert waiting(db) == [BEN]
    queue(db, ANN, BEN, briefing="b2")
    outbox.queue(db, briefing="w", edition="week", recipients=[ANN], message_ids={ANN: "<w>"}, at=MORNING)
    assert [(d.briefing, d.recipient) for d in outbox.due(db, now=MORNING)] == [("b1", BEN), ("b2", BEN), ("w", ANN)]
    assert [(u.recipient, u.edition) for u in editions.unsubscribed(db)] == [("ann@example.com", "daily")]


def test_the_last_briefing_of_an_edition_is_of_that_edition(db: Database) -> None:
    for name in ("2026-04-13", "2026-04-14-berlin", "2026-04-12-berlin", "2026-04-14-berlin-late"):
        moment = MORNING.replace(day=int(name[8:10]))
        write(db, name, edition=name, as_of=moment, held_back="nothing changed" if "late" in name else "")
    assert briefings.before(db, "daily", at=MORNING) == MORNING.replace(day=13)
    assert briefings.before(db, "berlin", at=MORNING) == MORNING.replace(day=14)
    assert briefings.before(db, "berlin", at=MORNING.replace(day=14)) == MORNING.replace(day=12)
    assert briefings.before(db, "week", at=MORNING) is None
    assert briefings.held_back(db, since=MORNING - 5 * DAY) == [("2026-04-14-berlin-late", "nothing changed")]


def test_the_terms_of_an_edition_are_those_of_the_day(db: Database) -> None:
    early = Terms(edition="berlin", zone="Europe/Berlin", hour="07:00", days=("mon", "fri"), narratives=("a", "b"))
    late = Terms(edition="berlin", zone="Asia/Tokyo", hour="09:30", days=("sat",), span="week")
    assert editions.in_force(db, "berlin", as_of=MORNING) is None
    editions.save(db, [early], at=MORNING)
    editions.save(db, [early], at=MORNING + HOUR)
    editions.save(db, [late], at=MORNING + DAY)
    assert db.table("editions").count == 2
    assert editions.in_force(db, "berlin", as_of=MORNING + DAY - HOUR) == early
    assert editions.in_force(db, "berlin", as_of=MORNING + DAY) == late
    assert editions.newest(db, "berlin") == late
    assert editions.in_force(db, "berlin", as_of=MORNING - HOUR) is None


def test_a_pass_that_did_not_end_is_seen_as_interrupted_by_the_next(db: Database) -> None:
    first = runs.start(db, now=MORNING)
    second = runs.start(db, now=MORNING + HOUR)
    runs.finish(db, second, summary={"new": 3}, at=MORNING + HOUR)
    third = runs.start(db, now=MORNING + 2 * HOUR)
    assert [(r.id, r.state) for r in runs.last(db, 5)] == [
        (third, "running"),
        (second, "finished"),
        (first, "interrupted"),
    ]
    newest, middle = runs.last(db, 2)
    assert newest.finished is None
    assert (middle.summary, middle.finished) == ({"new": 3}, MORNING + HOUR)

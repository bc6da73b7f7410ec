"""Labels are appended; what holds, who is asked, and which training is in force follow from the rows."""

from datetime import datetime, timedelta
from pathlib import Path

import sqlite_utils

from core.labels import Drawing, Label
from store import audits, events, labels
from store.database import Database, open_database
from store.labels import Training
from store.migrations import migrations
from tests.store.making import MORNING, make_article, make_tag, press

NARRATIVE = "nvidia_killer"
DAY = timedelta(days=1)


def said(
    article: str = "a1", who: str = "ann", *, at: datetime = MORNING, tag: bool | None = True, **more: object
) -> Label:
    stance = "reports" if tag else None
    return Label(narrative=NARRATIVE, article=article, who=who, at=at, tag=tag, **{"stance": stance, **more})  # type: ignore[arg-type]


def test_the_newest_label_holds_and_nothing_is_overwritten(db: Database) -> None:
    press(db, make_article("a1"), make_tag())
    labels.save(db, said(stance="promotes"))
    labels.save(db, said(stance="disputes"))  # within the same second
    assert [one.stance for one in labels.in_force(db, NARRATIVE, as_of=MORNING)] == ["disputes"]
    assert db.table("labels").count == 2


def test_what_is_taken_back_holds_no_more_and_what_another_said_does(db: Database) -> None:
    press(db, make_article("a1"), make_tag())
    labels.save(db, said(who="ann", stance="promotes"))
    labels.save(db, said(who="bob", tag=False, at=MORNING + DAY))
    labels.save(db, said(who="bob", tag=None, at=MORNING + 2 * DAY))
    held = [labels.in_force(db, NARRATIVE, as_of=MORNING + k * DAY) for k in range(3)]
    assert [[(one.who, one.tag) for one in when] for when in held] == [
        [("ann", True)],
        [("bob", False)],
        [("ann", True)],
    ]
    assert labels.in_force(db, NARRATIVE, as_of=MORNING - DAY) == []


def test_only_what_was_drawn_by_lot_measures_and_beside_the_tag_of_then(db: Database) -> None:
    press(db, make_article("a1"), make_tag(stance="promotes"), model="m1")
    press(db, make_article("a2"), make_tag())
    lot = Drawing(drawn="audit", stratum="tagged", weight=4.0)
    labels.save(db, said("a1", at=MORNING + DAY, tag=False, drawing=lot))
    labels.save(db, said("a2", at=MORNING + DAY, tag=False, drawing=Drawing(drawn="uncertain")))
    press(db, make_article("a1"), make_tag(carries=False), model="m2", at=MORNING + 2 * DAY)  # it learnt
    (one,) = audits.judged(db, NARRATIVE, as_of=MORNING + 3 * DAY)
    assert (one.article, one.tagged, one.labelled, one.stratum, one.weight) == ("a1", "promotes", None, "tagged", 4.0)


def test_a_day_of_the_stream_falls_into_three_strata(db: Database) -> None:
    press(db, make_article("tagged"), make_tag())
    press(db, make_article("near"), make_tag(carries=False, probability=0.2))
    press(db, make_article("far"), make_tag(carries=False, probability=0.01))
    press(db, make_article("wall", quality="wall"), make_tag(carries=False))
    press(db, make_article("imported", imported=True), make_tag())
    press(db, make_article("next", first_seen=MORNING + DAY), make_tag())
    ((start, end),) = labels.days(MORNING + DAY, 1)
    assert (start.isoformat(), end.isoformat()) == ("2026-04-15T00:00:00+00:00", "2026-04-16T00:00:00+00:00")
    held = labels.stream(db, NARRATIVE, since=start, until=end)
    assert held == {"tagged": ["tagged"], "near": ["near"], "far": ["far"]}


def test_the_least_certain_come_first(db: Database) -> None:
    press(db, make_article("sure"), make_tag(probability=0.99))
    press(
        db, make_article("torn"), make_tag(probability=0.9, stance_probabilities={"promotes": 0.51, "disputes": 0.49})
    )
    press(db, make_article("half"), make_tag(carries=False, probability=0.49))
    press(db, make_article("never"), make_tag(carries=False, probability=0.001))
    found = labels.uncertain(db, NARRATIVE, since=MORNING - DAY, limit=2)
    assert sorted(found) == ["half", "torn"]


def test_a_training_holds_from_its_instant_on(db: Database) -> None:
    one = Training(at=MORNING, labels=3, model="m9")
    labels.record_training(db, NARRATIVE, one)
    assert labels.training(db, NARRATIVE, as_of=MORNING - DAY) is None
    assert labels.training(db, NARRATIVE, as_of=MORNING) == one


def test_labels_of_an_older_database_are_kept(path: Path) -> None:
    old = sqlite_utils.Database(path)
    migrations.apply(old, stop_before="m012_labels")
    old.execute("PRAGMA application_id = 1129793874")
    article = make_article("a1")
    old.execute(
        "INSERT INTO articles VALUES ('a1', 's', 'o', 'f', 'g', ?, NULL, '2026-04-15T06:00:00Z', '', 0, 1)",
        [article.url],
    )
    old.execute("INSERT INTO labels VALUES ('nvidia_killer', 'a1', 'ann', '2026-04-15T06:00:00Z', 1, 'promotes')")
    old.conn.commit()
    old.close()
    db = open_database(path)
    (one,) = labels.in_force(db, NARRATIVE, as_of=MORNING)
    assert (one.who, one.stance, one.drawing.drawn) == ("ann", "promotes", "chosen")
    db.close()


def test_a_stage_is_sent_back_to_what_happened_since(db: Database) -> None:
    for k in range(3):
        events.append(db, "text", [f"a{k}"], at=MORNING + k * DAY)
    last = events.pending(db, "tagging", ["text"], limit=9)[-1]
    events.advance(db, "tagging", last.id)
    events.rewind(db, "tagging", ["text"], since=MORNING + DAY)
    assert [e.subject for e in events.pending(db, "tagging", ["text"], limit=9)] == ["a1", "a2"]
    events.rewind(db, "tagging", ["text"], since=MORNING + 9 * DAY)
    assert [e.subject for e in events.pending(db, "tagging", ["text"], limit=9)] == ["a1", "a2"]

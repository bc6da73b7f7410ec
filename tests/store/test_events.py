"""Events in order, cursors that skip what is not theirs, and a rebuild from the first event."""

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from store import events
from store.database import Database, writing
from tests.store.making import MORNING


def subjects(db: Database, stage: str, *kinds: str, limit: int = 100) -> list[str]:
    return [e.subject for e in events.pending(db, stage, kinds, limit=limit)]


def test_events_come_in_the_order_of_their_ids_over_all_kinds(db: Database) -> None:
    events.append(db, "article", ["a", "b"], at=MORNING)
    events.append(db, "vintage", ["v"], at=MORNING)
    events.append(db, "article", ["c"], at=MORNING)
    got = events.pending(db, "judge", ["vintage", "article"], limit=10)
    assert [(e.kind, e.subject) for e in got] == [
        ("article", "a"),
        ("article", "b"),
        ("vintage", "v"),
        ("article", "c"),
    ]
    assert all(e.at == MORNING for e in got)
    assert [e.id for e in got] == sorted(e.id for e in got)


def test_a_subject_named_twice_in_one_call_is_one_event_and_in_two_calls_two(db: Database) -> None:
    events.append(db, "article", ["a", "b", "a"], at=MORNING)
    events.append(db, "article", ["a"], at=MORNING)
    assert subjects(db, "texts", "article") == ["a", "b", "a"]


def test_a_stage_never_starves_behind_events_of_other_kinds(db: Database) -> None:
    events.append(db, "noise", [f"n{i}" for i in range(5000)], at=MORNING)
    events.append(db, "article", ["late"], at=MORNING)
    assert subjects(db, "texts", "article", limit=1) == ["late"]


def test_a_quiet_stage_reads_no_event_of_another_kind(db: Database) -> None:
    plan = db.execute(
        "EXPLAIN QUERY PLAN SELECT id, kind, subject, at FROM events WHERE kind = ? AND id > ? ORDER BY id LIMIT ?",
        ["article", 7, 10],
    ).fetchall()
    assert [row[3] for row in plan] == ["SEARCH events USING INDEX events_kind (kind=? AND rowid>?)"]


def test_a_cursor_moves_on_and_never_back(db: Database) -> None:
    events.append(db, "article", ["a", "b", "c"], at=MORNING)
    first, second, _ = events.pending(db, "texts", ["article"], limit=10)
    events.advance(db, "texts", second.id)
    events.advance(db, "texts", first.id)
    assert subjects(db, "texts", "article") == ["c"]
    assert subjects(db, "tagging", "article") == ["a", "b", "c"], "every stage has its own cursor"


def test_a_stage_whose_cursor_is_set_to_0_sees_everything_again(db: Database) -> None:
    events.append(db, "article", ["a", "b"], at=MORNING)
    events.advance(db, "texts", events.pending(db, "texts", ["article"], limit=10)[-1].id)
    db.execute("UPDATE cursors SET event = 0 WHERE stage = 'texts'")
    assert subjects(db, "texts", "article") == ["a", "b"]


def test_rows_events_and_cursor_are_undone_together(db: Database) -> None:
    events.append(db, "article", ["a"], at=MORNING)
    try:
        with writing(db):
            events.append(db, "text", ["a"], at=MORNING)
            events.advance(db, "texts", 1)
            raise KeyboardInterrupt
    except KeyboardInterrupt:
        pass
    assert subjects(db, "texts", "article") == ["a"]
    assert subjects(db, "tagging", "text") == []


def test_the_backlog_counts_what_a_stage_listens_to(db: Database) -> None:
    events.append(db, "article", ["a", "b", "c"], at=MORNING)
    events.append(db, "noise", ["n", "m"], at=MORNING)
    events.advance(db, "texts", 1)
    assert events.backlog(db, {"texts": ["article"], "ears": ["noise", "article"]}) == {"texts": 2, "ears": 5}


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    kinds=st.lists(st.sampled_from("abc"), max_size=30), limit=st.integers(1, 7), wanted=st.sets(st.sampled_from("abc"))
)
def test_reading_in_batches_gives_each_event_of_the_kinds_once_and_in_order(
    db: Database, kinds: list[str], limit: int, wanted: set[str]
) -> None:
    db.execute("DELETE FROM events")
    db.execute("DELETE FROM cursors")
    for i, kind in enumerate(kinds):
        events.append(db, kind, [str(i)], at=MORNING)
    got: list[str] = []
    while batch := events.pending(db, "s", wanted, limit=limit):
        got += [e.subject for e in batch]
        events.advance(db, "s", batch[-1].id)
    assert got == [str(i) for i, kind in enumerate(kinds) if kind in wanted]

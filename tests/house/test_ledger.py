"""Verdicts lead to calls, alerts and comparisons; what changed is computed again, and nothing else. All fictitious."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from core.articles import Change
from core.clock import stamp
from core.contracts import Contract, Number, Outcome
from core.series import Observation
from core.tags import Span
from counterwire.cli import run
from counterwire.findings import beside
from counterwire.house import House, open_house
from counterwire.stages import alerts, calls, claims
from counterwire.stages.judge import Court, judge
from store import calls as ledger
from store import changes, contracts, events, series
from store.database import writing
from store.press import PressCountRow, import_counts
from tests.signals.builders import check, contract
from tests.store.making import make_article, make_tag, press

DAY = timedelta(days=1)
MORNING = datetime(2026, 4, 15, 7, tzinfo=UTC)
FAMILIES = "abcd"
SOURCES = 12


def story(name: str = "story", *, prefix: str = "macro") -> Contract:
    made = contract(*(check(f, family=f, measure={"kind": "level", "a": f"{prefix}.{f}"}) for f in FAMILIES))
    outcome = {
        "measure": {"kind": "percent_change", "a": "price.x", "over": "90d"},
        "direction": "down",
        "horizon": "90d",
    }
    number = {"phrases": ["The price"], "quantity": "percent", "measure": {"kind": "level", "a": "price.x"}}
    changes_ = {"id": name, "outcome": Outcome.model_validate(outcome), "numbers": (Number.model_validate(number),)}
    return made.model_copy(update=changes_)


@pytest.fixture
def house(configured: Callable[..., Path]) -> Iterator[House]:
    here = replace(open_house(configured(feeds=["harbour"])), contracts=(story(),), accelerators=(), derived=())
    for name in (*(f"macro.{f}" for f in FAMILIES), *(f"other.{f}" for f in FAMILIES)):
        observe(here, name, [-10.0] * 150)
    observe(here, "price.x", [100.0 - 0.1 * i for i in range(600)])
    yield here
    here.db.close()


def observe(house: House, name: str, values: list[float], *, end: datetime = MORNING + 100 * DAY) -> None:
    times = [end - k * DAY for k in reversed(range(len(values)))]
    told = [
        Observation(series=name, time=t - timedelta(hours=1), value=v, first_seen=t)
        for t, v in zip(times, values, strict=True)
    ]
    series.save(house.db, told, seen=end, units={name: "%"}, sources={name: "test"})


def push(house: House, stance: str, days: range, *, every: int = 1) -> None:
    """Each of a dozen owners begins one carrying story a day, `days` before the morning."""
    for day in days:
        for i in range(0, SOURCES, every):
            told = make_article(
                f"{stance}-{day}-{i}",
                source=f"Paper {i}",
                owner=f"owner {i}",
                first_seen=MORNING - day * DAY - timedelta(hours=2),
            )
            press(house.db, told, make_tag("story", stance=stance))


def lived_press(house: House) -> None:
    """Ten weeks of neutral reports, then a push that began four days before the morning."""
    push(house, "reports", range(5, 75), every=3)
    push(house, "promotes", range(-1, 5))


def opened_on(house: House, days: range) -> list[tuple[int, str, str]]:
    found: list[tuple[int, str, str]] = []
    for day in days:
        calls.calls(house, Court(house), now=MORNING + day * DAY)
        told = ledger.records(house.db, as_of=MORNING + day * DAY)
        found += [(day, r.call.kind.value, r.call.direction) for r in told if r.call.opened == MORNING + day * DAY]
    return found


def test_a_push_against_the_data_opens_one_call_which_is_resolved_at_its_due_date(house: House) -> None:
    """The press speaks from the morning on which its push is five mornings old; the price then falls, as forecast."""
    lived_press(house)
    (call,) = opened_on(house, range(-2, 3))
    assert call[1:] == ("PRESS_AHEAD", "down")
    (record,) = ledger.records(house.db, as_of=MORNING + 5 * DAY)
    assert record.open
    assert (record.call.base_rate, record.call.horizons) == ((5 + 0.5) / (5 + 1), 5)  # 600 days less 100: five falls
    assert events.last_at(house.db, "call") == record.call.opened
    late = record.call.due + 3 * DAY  # the machine was off
    calls.calls(house, Court(house), now=late)
    (ended,) = ledger.records(house.db, as_of=late)
    assert ended.resolution is not None
    assert (ended.resolution.at, ended.resolution.came_true) == (record.call.due, True)
    assert ledger.head(house.db)[0] == 2
    assert ledger.first_edited(house.db) is None


def test_a_morning_is_looked_at_once_and_not_before_its_hour(house: House) -> None:
    lived_press(house)
    for at in (MORNING - timedelta(minutes=1), MORNING, MORNING + timedelta(hours=3)):
        calls.calls(house, Court(house), now=at)
    days = house.db.execute("SELECT subject, at FROM events WHERE kind = 'morning'").fetchall()
    assert days == [("2026-04-15", stamp(MORNING))]


def test_what_rests_on_imports_is_void_and_says_so(house: House) -> None:
    lived_press(house)
    counted = PressCountRow(
        source="Old", narrative="story", day=MORNING - 30 * DAY, stories=9, carrying=1, first_seen=MORNING - 29 * DAY
    )
    import_counts(house.db, [counted])
    opened_on(house, range(-2, 3))
    (record,) = ledger.records(house.db, as_of=MORNING + 3 * DAY)
    assert record.void == "the verdict rests on imported articles"
    assert not record.open


def test_the_same_press_gives_the_same_ledger_to_the_byte(house: House) -> None:
    lived_press(house)
    opened_on(house, range(-2, 3))
    first = [r.hash for r in ledger.rows(house.db)]
    house.db.executescript("DROP TRIGGER calls_are_never_deleted; DELETE FROM calls; DELETE FROM events;")
    opened_on(house, range(-2, 3))
    assert [r.hash for r in ledger.rows(house.db)] == first != []


def verdict_rows(house: House) -> list[tuple[str, str]]:
    return list(house.db.execute("SELECT narrative, as_of FROM verdicts ORDER BY as_of, narrative").fetchall())


@pytest.mark.parametrize(
    ("kind", "subject", "judged"),
    [
        pytest.param("tag", "story", ["story"], id="a tag touches its narrative"),
        pytest.param("vintage", "other.a", ["second"], id="a vintage touches who reads it"),
        pytest.param("vintage", "price.x", [], id="an outcome is forecast, and not read by a verdict"),
        pytest.param("vintage", "macro.unheard", [], id="a series that nobody reads"),
        pytest.param("story", "s1", ["second", "story"], id="a story changes what is usual for all"),
        pytest.param("contract", "second", ["second"], id="a contract that was edited"),
        pytest.param("article", "a1", [], id="an article without its tags"),
    ],
)
def test_an_event_leads_to_the_verdicts_of_what_it_touches_and_of_nothing_else(
    house: House, kind: str, subject: str, judged: list[str]
) -> None:
    two = replace(house, contracts=(story(), story("second", prefix="other")))
    with writing(house.db):
        events.append(house.db, kind, [subject], at=MORNING)
    judge(two, Court(two), now=MORNING, everything=False)
    assert verdict_rows(house) == [(name, stamp(MORNING)) for name in judged]
    wide = house.db.execute("SELECT narrative, window_days FROM wide_pressures ORDER BY narrative").fetchall()
    assert wide == [(name, 28) for name in judged]
    judge(two, Court(two), now=MORNING + DAY, everything=False)
    assert len(verdict_rows(house)) == len(judged)  # the event was dealt with


def test_alerts_are_given_once_and_lead_to_an_event(house: House) -> None:
    lived_press(house)
    softer = Change(article="promotes-2-0", old=1, new=2, diff="", share=0.1, marks=frozenset({"softened"}))
    changes.revise(house.db, make_article("promotes-2-0", version=2), softer, seen=MORNING - timedelta(hours=1))
    given = []
    for at in (MORNING, MORNING + timedelta(minutes=15)):
        with writing(house.db):
            events.append(house.db, "verdict", ["story"], at=at)
        given.append(alerts.alerts(house, Court(house), now=at).new)
    kinds = house.db.execute("SELECT kind, null_history FROM alerts ORDER BY kind").fetchall()
    assert ("walk_back", "not yet estimable: articles have been read again on 74 of 365 days") in kinds
    assert "verdict" in {kind for kind, _ in kinds}
    assert given == [len(kinds), 0]
    assert house.db.execute("SELECT count(*) FROM events WHERE kind = 'alert'").fetchone()[0] == len(kinds)


def test_what_began_while_the_machine_was_off_alarms_when_it_is_on_again(house: House) -> None:
    """The press pushes from the morning on which its push is five mornings old; three days later there is a pass again."""
    lived_press(house)
    late = MORNING + 3 * DAY
    push(house, "promotes", range(-4, -1))
    for at in (MORNING - 2 * DAY, late):
        with writing(house.db):
            events.append(house.db, "verdict", ["story"], at=at)
        alerts.alerts(house, Court(house), now=at)
    told = house.db.execute("SELECT kind, subject, at FROM alerts WHERE kind = 'verdict'").fetchall()
    assert told == [("verdict", "PRESS_AHEAD", stamp(late))]


def test_numbers_of_a_tagged_text_are_held_against_what_was_known_then(house: House) -> None:
    text = "Chips are dear. The price stands at 60 percent. Nothing else is said, and rain is expected."
    told = make_article("a1", text=text, first_seen=MORNING)
    span = Span(start=19, end=34, text="Chips are dear.", says="promotes")
    press(house.db, told, make_tag("story", spans=(span,)))
    with writing(house.db):
        contracts.save(house.db, house.contracts, at=MORNING)
        events.append(house.db, "text", ["a1"], at=MORNING)
    assert claims.claims(house, now=MORNING).new == 1
    (row,) = house.db.query("SELECT sentence, claimed_low, actual, gap, not_comparable, as_of FROM claims_checked")
    # the price falls by 0.1 a day and is 40.1 a hundred days after the morning: 50.1 on it, 51.5 a fortnight before
    assert row["sentence"] == "The price stands at 60 percent."
    assert (row["claimed_low"], row["not_comparable"], row["as_of"]) == (60.0, "", stamp(MORNING))
    assert (row["actual"], row["gap"]) == pytest.approx((51.5, 8.5))
    assert claims.claims(house, now=MORNING).handled == 0


def test_what_stands_beside_a_verdict_is_gathered_and_the_future_changes_nothing(house: House) -> None:
    lived_press(house)
    before = beside(house, Court(house), house.contracts[0], as_of=MORNING)
    assert before.what_if.tried[0] == 4
    assert before.wide.window_days == 28
    assert before.cases.leads in {"against", "neither"}
    assert [c for c, _ in before.cases.counter.checks] == ["a", "b", "c"]
    push(house, "disputes", range(-9, -1))
    opened_on(house, range(1, 9))
    for f in FAMILIES:
        observe(house, f"macro.{f}", [1e9], end=MORNING + timedelta(seconds=1))
    assert beside(house, Court(house), house.contracts[0], as_of=MORNING) == before


def test_a_story_that_decides_is_called_by_its_headline(house: House) -> None:
    """Three owners with a story each: without any one of them there are too few voices."""
    for i, day in enumerate((2, 3, 4)):
        told = make_article(
            f"s{i}",
            source=f"Paper {i}",
            owner=f"owner {i}",
            title=f"Headline {i}",
            first_seen=MORNING - day * DAY,
        )
        press(house.db, told, make_tag("story"))
    push(house, "reports", range(30, 75))
    found = beside(house, Court(house), house.contracts[0], as_of=MORNING).what_if
    told_of = {(a.left_out, a.id): a.told for a in found.alternatives}
    assert told_of[("story", "s1")] == "the story “Headline 1”"
    assert told_of[("source", "Paper 1")] == "the source Paper 1"


def test_verify_names_an_edited_row_and_explain_shows_the_ledger(
    configured: Callable[..., Path], capsys: pytest.CaptureFixture[str]
) -> None:
    from tests.store.making import make_call

    config = str(configured(feeds=["harbour"]))
    with open_house(Path(config)) as here:
        ledger.append(here.db, [make_call(MORNING - DAY)], at=MORNING - DAY)
        assert run(["verify", "--ledger", "-c", config]) == 0
        assert "ledger: 1 rows" in capsys.readouterr().out
        assert run(["explain", "nvidia_killer", "-c", config, "--as-of", "2026-04-15"]) == 0
        said = " ".join(capsys.readouterr().out.split())
        assert "the percent change of price.x over 90 days is above 0 by 2026-07-13" in said
        assert "No call has been scored yet; 1 open, 0 void." in said
        here.db.executescript("DROP TRIGGER calls_are_never_edited; UPDATE calls SET body = '{}';")
        assert run(["verify", "--ledger", "-c", config]) == 1
        assert "row 1 of the ledger" in capsys.readouterr().err

"""What was computed for an instant, and its deletion."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

from store import briefings, outbox, verdicts
from store.database import Database
from tests.store.making import MORNING, make_verdict

DAY = timedelta(days=1)


def test_a_verdict_is_kept_with_its_pressure_evidence_and_readings(db: Database) -> None:
    verdicts.save(db, make_verdict())
    (pressure,) = db.query("SELECT * FROM pressures")
    assert (pressure["lean"], pressure["n_eff"], pressure["attention"]) == (0.4, 4.5, None)
    assert pressure["limit"] == "press baseline, day 3 of 28"
    assert list(db.query("SELECT support, low, high, coverage FROM evidence")) == [
        {"support": -1.0, "low": -1.0, "high": -0.25, "coverage": 0.5}
    ]
    known, missing = db.query('SELECT "check", value, freshness, reason, observations FROM readings ORDER BY number')
    assert (
        known["observations"]
        == '[["spot_discount.trn1.32xlarge", "2026-04-15T06:00:00Z", 79.0, "2026-04-15T06:00:00Z"]]'
    )
    assert missing == {
        "check": "repricing",
        "value": None,
        "freshness": "UNKNOWN",
        "reason": "not collected",
        "observations": "[]",
    }
    (verdict,) = db.query("SELECT kind, press_for, press_against, data_for, data_against FROM verdicts")
    assert tuple(verdict.values()) == ("PRESS_AHEAD", 5, 0, 0, 6)


def test_saving_again_replaces_what_the_same_contract_said_and_no_other(
    db: Database, dump: Callable[[], object]
) -> None:
    verdicts.save(db, make_verdict())
    before = dump()
    verdicts.save(db, make_verdict())
    assert dump() == before
    verdicts.save(db, make_verdict(lean=0.2, kind="MIXED"))
    verdicts.save(db, make_verdict(lean=-0.3, contract="c2"))
    rows = db.execute("SELECT contract, lean FROM pressures ORDER BY contract").fetchall()
    assert rows == [("c1", 0.2), ("c2", -0.3)]
    assert db.table("readings").count == 4


def test_fewer_readings_leave_none_of_the_old_ones(db: Database) -> None:
    verdict = make_verdict()
    verdicts.save(db, verdict)
    morning = verdict.mornings[0]
    fewer = replace(morning, evidence=replace(morning.evidence, readings=morning.evidence.readings[:1]))
    verdicts.save(db, replace(verdict, mornings=(fewer,)))
    assert db.table("readings").count == 1


def test_clearing_takes_what_can_be_computed_again_and_leaves_deliveries(db: Database) -> None:
    verdicts.save(db, make_verdict())
    briefings.save(db, id="b1", as_of=MORNING, edition="", contracts={}, subject="s", renders={}, at=MORNING)
    outbox.queue(db, briefing="b1", recipients=["a@example.com"], message_ids={"a@example.com": "<1@x>"}, at=MORNING)
    verdicts.clear_derived(db)
    left = {t: db.table(t).count for t in ("readings", "evidence", "pressures", "verdicts", "briefings", "deliveries")}
    assert left == {"readings": 0, "evidence": 0, "pressures": 0, "verdicts": 0, "briefings": 0, "deliveries": 1}

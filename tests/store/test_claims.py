"""The numbers that articles claim, alerts, and labels beside tags."""

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

from core.alerts import Alert, WalkBack
from core.articles import Change
from core.audits import Judged
from core.comparisons import Comparison
from store import alerts, audits, changes, claims
from store.database import Database
from tests.store.making import MORNING, make_article, make_claim, make_tag, press

DAY = timedelta(days=1)
NARRATIVE = "nvidia_killer"


def test_a_claim_is_kept_once_and_found_while_its_article_carries(db: Database) -> None:
    press(db, make_article("a1"), make_tag())
    for _ in range(2):
        claims.save(db, [make_claim(), make_claim(start=40, end=45)], at=MORNING)
    found = claims.in_window(db, NARRATIVE, as_of=MORNING, days=7)
    assert [(c.article, c.start) for c in found] == [("a1", 20), ("a1", 40)]
    assert replace(found[0], id=0) == make_claim()
    assert claims.in_window(db, NARRATIVE, as_of=MORNING - timedelta(seconds=1), days=7) == []
    assert claims.in_window(db, NARRATIVE, as_of=MORNING + 7 * DAY, days=7) == []
    press(db, make_article("a1"), make_tag(carries=False), at=MORNING + DAY, model="m2")
    assert claims.in_window(db, NARRATIVE, as_of=MORNING + DAY, days=7) == []
    assert len(claims.in_window(db, NARRATIVE, as_of=MORNING, days=7)) == 2


def test_the_spans_of_what_carries_now_are_by_article_version_and_narrative(db: Database) -> None:
    press(db, make_article("a1"), make_tag(), make_tag("other", carries=False))
    assert claims.carried(db, ["a1", "nobody"]) == {("a1", 1, NARRATIVE): [(0, 17)]}


def test_a_comparison_is_replaced_by_a_newer_one_of_the_same_contract(db: Database) -> None:
    press(db, make_article("a1"), make_tag())
    claims.save(db, [make_claim()], at=MORNING)
    (claim,) = claims.of_articles(db, ["a1"])
    for contract, gap in (("c1", 0.5), ("c1", 0.25), ("c2", 0.1)):
        claims.save_comparisons(db, [Comparison(claim=claim, contract=contract, as_of=MORNING, actual=2.5, gap=gap)])
    rows = db.execute("SELECT contract, gap, reason FROM comparisons ORDER BY contract").fetchall()
    assert rows == [("c1", 0.25, ""), ("c2", 0.1, "")]


def make_alert(kind: str = "verdict", *, at: int = 0) -> Alert:
    when = MORNING + at * DAY
    return Alert(
        id=f"{kind}{at}",
        narrative=NARRATIVE,
        kind=kind,  # type: ignore[arg-type]
        subject="PRESS_AHEAD",
        at=when,
        contract="c1",
        sentence="It began.",
        a_year=None,
        null_history="not yet estimable",
    )


def test_alerts_come_back_cut_at_both_ends_and_are_never_rewritten(db: Database) -> None:
    alerts.save(db, [make_alert(at=0), make_alert(at=1), make_alert(at=2)])
    alerts.save(db, [replace(make_alert(at=1), sentence="Something else.")])
    assert alerts.given(db, NARRATIVE, as_of=MORNING + DAY) == [make_alert(at=0), make_alert(at=1)]
    assert alerts.given(db, NARRATIVE, as_of=MORNING + DAY, since=MORNING) == [make_alert(at=1)]


def test_a_walk_back_is_found_for_what_the_article_carried_before_or_after(db: Database) -> None:
    for name, carries in (("was", True), ("never", False)):
        press(db, make_article(name), make_tag(carries=carries))
        softer = Change(article=name, old=1, new=2, diff="", share=0.1, marks=frozenset({"softened"}))
        changes.revise(db, make_article(name, version=2, title="Chips may get cheaper"), softer, seen=MORNING + DAY)
    window = {"since": MORNING, "as_of": MORNING + DAY}
    expected = WalkBack(
        article="was", version=2, source="The Daily Example", title="Chips get cheaper", marks="softened"
    )
    assert alerts.walked_back(db, NARRATIVE, **window) == [expected]
    assert alerts.walked_back(db, NARRATIVE, since=MORNING, as_of=MORNING) == []


def test_articles_are_read_again_from_the_first_that_was_not_imported_on(db: Database) -> None:
    press(db, make_article("old", imported=True, first_seen=MORNING - 9 * DAY))
    assert alerts.read_since(db, as_of=MORNING + DAY) is None
    press(db, make_article("new", first_seen=MORNING))
    assert alerts.read_since(db, as_of=MORNING + DAY) == MORNING
    assert alerts.read_since(db, as_of=MORNING - DAY) is None


def test_the_newest_label_by_an_instant_stands_beside_the_tag_of_then(db: Database, tmp_path: Path) -> None:
    press(db, make_article("a1"), make_tag())
    press(db, make_article("a2"), make_tag(carries=False))
    for article, at, tag, stance in (
        ("a1", 0, 1, "promotes"),
        ("a1", 1, 1, "disputes"),
        ("a2", 1, 0, None),
        ("a1", 3, 0, None),
    ):
        row = {
            "narrative": NARRATIVE,
            "article": article,
            "who": "me",
            "at": f"2026-04-{15 + at}T06:00:00Z",
            "tag": tag,
        }
        db.table("labels").insert(row | {"stance": stance, "drawn": "audit"})
    assert audits.judged(db, NARRATIVE, as_of=MORNING + 2 * DAY) == [
        Judged(article="a1", tagged="promotes", labelled="disputes"),
        Judged(article="a2", tagged=None, labelled=None),
    ]
    assert audits.judged(db, NARRATIVE, as_of=MORNING - DAY) == []

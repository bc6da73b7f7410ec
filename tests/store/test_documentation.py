"""docs/database.md says what is there, and its queries run."""

import re
from datetime import timedelta
from pathlib import Path

import pytest

from core.articles import Change
from core.calls import Resolution
from core.comparisons import Comparison
from core.contracts import Measure
from core.settings import FeedSettings
from store import calls, changes, claims, feeds, verdicts
from store.database import Database
from store.views import VIEWS
from tests.store.making import MORNING, make_article, make_call, make_claim, make_tag, make_verdict, press

DAY = timedelta(days=1)


@pytest.fixture
def text(root: Path) -> str:
    return (root / "docs" / "database.md").read_text(encoding="utf-8")


@pytest.fixture
def lived(db: Database) -> Database:
    """A database with a little of everything that the views show."""
    press(db, make_article("wire", owner="Wire Inc"), make_tag(claims=("independence", "cheaper")))
    press(db, make_article("copy", owner="Mill", first_seen=MORNING + DAY), make_tag(), story="wire", copied=0.9)
    press(db, make_article("other", owner="Mill"), make_tag(carries=False))
    for back, kind in ((2, "MIXED"), (1, "PRESS_AHEAD"), (0, "PRESS_AHEAD")):
        verdicts.save(db, make_verdict(MORNING - back * DAY, kind=kind))
    verdicts.save(db, make_verdict(MORNING - timedelta(hours=1), kind="QUIET"))
    softer = Change(article="wire", old=1, new=2, diff="@title - will + may", share=0.1, marks=frozenset({"softened"}))
    changes.revise(db, make_article("wire", owner="Wire Inc", version=2), softer, seen=MORNING + DAY)
    changes.save_release(db, "wire", issuer="Quux Looms", seen=MORNING)
    claim = make_claim(article="wire", low=3.0, high=3.0)
    claims.save(db, [claim], at=MORNING)
    (stored,) = claims.of_articles(db, ["wire"])
    held = {"contract": "c1", "as_of": MORNING, "measure": Measure(kind="level", a="macro.x")}
    claims.save_comparisons(db, [Comparison(claim=stored, actual=2.5, gap=0.5, **held)])  # type: ignore[arg-type] # of three types
    db.execute("INSERT INTO contracts VALUES ('nvidia_killer', '2026-04-01T00:00:00Z', 'c1', '{}')")
    call = make_call(opened=MORNING - 91 * DAY, due=MORNING - DAY, probability=0.6, base_rate=0.5)
    end = Resolution(call=call.id, at=call.due, end=1.0, came_true=True, brier=0.16, base_brier=0.25)
    calls.append(db, [call, make_call(opened=MORNING, void="not known"), end], at=MORNING)
    watched = FeedSettings(url="https://example.com/feed", source="One", owner="O", kind="blog")
    feeds.sync(db, [watched], at=MORNING)
    told = {"entries": 0, "new": 0, "bytes": 0, "run": None}
    feeds.record_fetch(db, url=watched.url, kind="feed", status="failed", reason="timeout", at=MORNING, **told)  # type: ignore[arg-type] # four of one type
    return db


def test_every_table_is_documented_and_no_other(db: Database, text: str) -> None:
    section = text.split("## Tables")[1].split("## Views", maxsplit=1)[0]
    documented = set(re.findall(r"^\| `(\w+)` \|", section, re.MULTILINE))
    ours = {t.name for t in db.tables if not re.match(r"_sqlite|sqlite_|article_versions_fts_", t.name)}
    assert documented == ours


def test_every_view_is_documented_and_no_other(text: str) -> None:
    assert re.findall(r"^### `(\w+)`$", text, re.MULTILINE) == list(VIEWS)


@pytest.mark.parametrize("view", VIEWS)
def test_the_columns_of_a_view_are_as_promised(db: Database, text: str, view: str) -> None:
    section = text.split(f"### `{view}`")[1]
    line = re.search(r"^Columns: (.*)\.$", section, re.MULTILINE)
    assert line
    assert re.findall(r"`(\w+)`", line[1]) == [c.name for c in db[view].columns]


ANSWERS = {
    "tagged_articles": [{"voice": "Wire Inc", "stories": 1, "articles": 2, "promoting": 2}],
    "evidence_spans": [{"article": name, "text": "Chips get cheaper"} for name in ("wire", "copy")],
    "article_changes": [
        {
            "changed": "2026-04-16T06:00:00Z",
            "source": "The Daily Example",
            "title_before": "Chips get cheaper",
            "marks": "softened",
            "diff": "@title - will + may",
        }
    ],
    "story_copies": [{"released_by": "Quux Looms", "title": "Chips get cheaper", "articles": 2, "outlets": 1}],
    "evidence_board": [
        {"narrative": "nvidia_killer", "asks": "Who cuts prices?", "freshness": "UNKNOWN", "reason": "not collected"}
    ],
    "narrative_days": [
        {"day": "2026-04-13", "narrative": "nvidia_killer", "verdict": "MIXED"},
        {"day": "2026-04-14", "narrative": "nvidia_killer", "verdict": "PRESS_AHEAD"},
    ],
    "claims_checked": [
        {
            "source": "The Daily Example",
            "sentence": "The yield stands at 3 percent.",
            "claimed_low": 3.0,
            "actual": 2.5,
            "gap": 0.5,
        }
    ],
    "call_ledger": [{"scored": 1, "brier": 0.16, "base_brier": 0.25, "voids": 1}],
    "source_health": [
        {"kind": "feed", "name": "One", "state": "failing", "reason": "timeout", "failures": 1, "last_ok": None}
    ],
    "article_versions_fts": [
        {"url": f"https://example.com/{name}", "passage": "[Chips] get [cheaper]"} for name in ("copy", "other", "wire")
    ],
}


@pytest.mark.parametrize("asked", ANSWERS)
def test_each_example_query_runs_and_answers(lived: Database, text: str, asked: str) -> None:
    (sql,) = [q for q in re.findall(r"```sql\n(.*?)```", text, re.DOTALL) if re.search(rf"FROM {asked}\b", q)]
    assert list(lived.query(sql)) == ANSWERS[asked]


def test_every_example_is_executed(text: str) -> None:
    assert text.count("```sql") == len(ANSWERS)


def test_a_tagged_article_shows_its_claims_quotation_and_voice(lived: Database) -> None:
    first = next(lived.query("SELECT * FROM tagged_articles ORDER BY first_seen"))
    assert (first["article"], first["claims"], first["quotation"], first["voice"]) == (
        "wire",
        "cheaper independence",
        "Chips get cheaper",
        "Wire Inc",
    )


def test_the_newest_tagged_articles_are_found_through_the_index(db: Database) -> None:
    sql = "SELECT * FROM tagged_articles WHERE narrative = 'nvidia_killer' ORDER BY first_seen DESC LIMIT 20"
    outermost = [row[3] for row in db.execute("EXPLAIN QUERY PLAN " + sql).fetchall() if row[1] == 0]
    assert outermost[0] == "SEARCH t USING INDEX tags_carrying (narrative=?)"
    assert "USE TEMP B-TREE FOR ORDER BY" not in outermost

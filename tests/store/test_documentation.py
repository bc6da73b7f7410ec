"""docs/database.md says what is there, and its queries run."""

import re
from datetime import timedelta
from pathlib import Path

import pytest

from core.settings import FeedSettings
from store import feeds, verdicts
from store.database import Database
from store.views import VIEWS
from tests.store.making import MORNING, make_article, make_tag, make_verdict, press

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
    "evidence_board": [
        {"narrative": "nvidia_killer", "asks": "Who cuts prices?", "freshness": "UNKNOWN", "reason": "not collected"}
    ],
    "narrative_days": [
        {"day": "2026-04-13", "narrative": "nvidia_killer", "verdict": "MIXED"},
        {"day": "2026-04-14", "narrative": "nvidia_killer", "verdict": "PRESS_AHEAD"},
    ],
    "source_health": [
        {"kind": "feed", "name": "One", "state": "failing", "reason": "timeout", "failures": 1, "last_ok": None}
    ],
    "article_versions_fts": [
        {"url": f"https://example.com/{name}", "passage": "[Chips] get [cheaper]"} for name in ("wire", "copy", "other")
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

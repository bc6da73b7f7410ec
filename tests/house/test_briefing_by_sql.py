"""What a briefing says of the press, recomputed from the rows by SQL that knows nothing of our functions.

The rows are the bundled sample's; the figures are compared as they are printed. Those of the data
are held against SQL in `test_readings_by_sql.py`.
"""

import json
from datetime import timedelta
from typing import Any

import pytest

from core.clock import stamp
from counterwire.passes import one_pass
from counterwire.sample import LAST, MORNINGS, SampleWeb, furnish
from counterwire.stages.briefs import composed
from counterwire.stages.judge import Court

# `told`: the articles of the window that carry it; `first`: each story's first; `voices`: a voice of n stories weighs
# min(n, 3). A press release speaks with its issuer's voice, every other story with that of the owner it came from.
PRESS = """
WITH told AS (
    SELECT t.article, t.seen, t.stance, t.own_book, a.source, l.story, l.copied,
        coalesce((SELECT r.issuer FROM releases AS r JOIN lineages AS m USING (article) WHERE m.story = l.story
            ORDER BY r.first_seen LIMIT 1), s.owner) AS voice
    FROM tags AS t JOIN articles AS a ON a.id = t.article JOIN lineages AS l ON l.article = a.id
    JOIN article_versions AS v ON v.article = a.id AND v.version = t.version
    JOIN stories AS s ON s.id = l.story
    WHERE t.carries = 1 AND v.counts = 1 AND t.narrative = :narrative AND t.seen > :since AND t.seen <= :as_of
), ranked AS (SELECT *, row_number() OVER (PARTITION BY story ORDER BY seen, article) AS place FROM told),
first AS (SELECT * FROM ranked WHERE place = 1),
voices AS (
    SELECT min(count(*), 3) * 1.0 AS w, min(count(*), 3) * avg(stance = 'promotes') AS p,
        min(count(*), 3) * avg(stance = 'disputes') AS d, min(count(*), 3) * avg(stance = 'reports') AS r
    FROM first GROUP BY voice
)
"""
FIGURES = {
    "articles": "SELECT count(*) FROM told",
    "stories": "SELECT count(DISTINCT story) FROM told",
    "outlets": "SELECT count(DISTINCT source) FROM told",
    "voices": "SELECT count(*) FROM voices",
    "n_eff": "SELECT sum(w) * sum(w) / sum(w * w) FROM voices",
    "promote": "SELECT sum(p) FROM voices",
    "dispute": "SELECT sum(d) FROM voices",
    "report": "SELECT sum(r) FROM voices",
    "lean": "SELECT (sum(p) - sum(d)) / (sum(p) + sum(d) + sum(r) + 2) FROM voices",
    "echo": "SELECT 100 * avg(copied) FROM told",
    "own_book": "SELECT 100 * avg(own_book) FROM first WHERE stance = 'promotes' AND own_book IS NOT NULL",
}


pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def told(tmp_path_factory: pytest.TempPathFactory) -> dict[str, tuple[dict[str, Any], dict[str, float]]]:
    """For each narrative its card as the briefing's JSON has it, and the figures that SQL gives."""
    house = furnish(tmp_path_factory.mktemp("sample"))
    for morning in MORNINGS[1::3]:
        one_pass(house, now=morning, web=SampleWeb(morning))
    briefing = json.loads(composed(house, Court(house), as_of=LAST).renders["json"])
    found = {}
    for n in briefing["narratives"]:
        given = {"narrative": n["id"], "as_of": stamp(LAST), "since": stamp(LAST - timedelta(days=7))}
        figures = {name: next(house.db.query(f"{PRESS} {sql}", given)) for name, sql in FIGURES.items()}
        found[n["id"]] = (n["card"], {name: next(iter(row.values())) for name, row in figures.items()})
    return found


@pytest.mark.parametrize("narrative", ["nvidia_killer", "wall_street_recovery"])
def test_what_is_printed_of_the_press_is_what_sql_gives(
    told: dict[str, tuple[dict[str, Any], dict[str, float]]], narrative: str
) -> None:
    card, f = told[narrative]
    said = {fact["label"]: fact["text"].replace("\u00a0", " ") for fact in card["facts"]}
    assert said["Coverage"].startswith(
        f"{f['articles']} articles, {f['stories']} stories, {f['outlets']} outlets in the 7 days"
    )
    assert said["Independence"] == f"n_eff {f['n_eff']:.1f} of {f['voices']} voices"
    assert said["Stance"].startswith(
        f"{f['promote']:.1f} promote, {f['dispute']:.1f} dispute, {f['report']:.1f} report"
    )
    assert card["press"]["figure"] == f"{f['lean']:+.2f}".replace("-", "\u2212")
    assert said["Echo"].startswith(f"{f['echo']:.0f} % of the text")
    assert said["Own book"].startswith(f"{f['own_book']:.0f} % of the promoting")
    headline = card["coverage"]["text"].replace("\u00a0", " ")
    assert headline.startswith(
        f"{f['articles']} articles from {f['outlets']} outlets in 7 days, n_eff {f['n_eff']:.1f}"
    )
    assert f["articles"] > f["outlets"] > 3
    assert f["voices"] > 3

"""Tagged as its author meant it, the sample week shows what it was written to show."""

from __future__ import annotations

import csv
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from core import settings
from core.tags import STANCES, Mention, SourceCount
from core.verdicts import Pressure
from ingest.parse import parse
from signals.pressure import pressure

LAST = datetime(2026, 4, 20, 11, tzinfo=UTC)  # 07:00 in New York
MORNINGS = [LAST - timedelta(days=k) for k in reversed(range(7))]
RELEASE = "quillmark-releases:20260413:quellstone-unveils-ember-2"


@pytest.fixture(scope="module")
def week(root: Path) -> dict[str, list[Pressure]]:
    """The pressure of each narrative on the last seven mornings."""
    return {
        n: [_pressure(root / "samples", n, at) for at in MORNINGS] for n in ("nvidia_killer", "wall_street_recovery")
    }


def test_the_press_speaks_for_the_nvidia_killer_on_every_morning(week: dict[str, list[Pressure]]) -> None:
    """Its interval is above zero on all seven, where five are needed."""
    assert [p.low > 0 for p in week["nvidia_killer"]] == [True] * 7


def test_the_press_is_of_two_minds_about_the_recovery(week: dict[str, list[Pressure]]) -> None:
    """The interval holds zero on every morning."""
    assert all(p.low < 0 < p.high for p in week["wall_street_recovery"])


@pytest.mark.parametrize("narrative", ["nvidia_killer", "wall_street_recovery"])
def test_the_last_morning_can_be_measured(week: dict[str, list[Pressure]], narrative: str) -> None:
    """At least three voices, at least five stories expected, and 28 days of baseline."""
    last = week[narrative][-1]
    assert last.n_eff >= 3
    assert last.expected >= 5
    assert last.baseline_days >= 28
    assert last.limit == ""


def test_the_readme_states_what_comes_out(root: Path, week: dict[str, list[Pressure]]) -> None:
    """The figures that samples/README.md prints."""
    text = " ".join((root / "samples" / "README.md").read_text(encoding="utf-8").split())
    loud, mixed = week["nvidia_killer"][-1], week["wall_street_recovery"][-1]
    assert (
        f"Nvidia killer {loud.stories} stories of {loud.voices} voices (`n_eff` {loud.n_eff:.1f}) where "
        f"{loud.expected:.1f} were expected, lean {loud.lean:+.2f} (90 % interval {loud.low:+.2f} to {loud.high:+.2f})"
    ) in text
    assert (
        f"recovery {mixed.stories} stories where {mixed.expected:.1f} were expected, "
        f"lean {mixed.lean:+.2f} ({mixed.low:+.2f} to {mixed.high:+.2f})"
    ) in text


def test_a_copied_release_is_one_story(week: dict[str, list[Pressure]]) -> None:
    """Five articles in five outlets, and one voice: 26 articles make 22 stories."""
    last = week["nvidia_killer"][-1]
    assert (last.articles, last.stories, last.voices, last.outlets) == (26, 22, 7, 8)


def _pressure(samples: Path, narrative: str, as_of: datetime) -> Pressure:
    chosen, _ = settings.load(samples / "config.yaml")
    owners = {feed.source: feed.owner for feed in chosen.feeds}
    published = {
        entry.guid: entry.published
        for feed in chosen.feeds
        for entry in parse(
            (samples / "feeds" / f"{feed.url.split('/')[2].split('.')[0]}.xml").read_bytes(), url=feed.url
        )
    }
    mentions, counts = [], []
    for row in _rows(samples / "intended.csv"):
        moment = published[row["guid"]]
        if moment is None or row["note"] == "stub" or (seen := _morning_after(moment)) > as_of:
            continue
        copy, stance = row["note"] == "copy", next((s for s in STANCES if s == row[narrative]), None)
        if not copy:
            age = (as_of - seen).days
            counts.append(SourceCount(source=row["source"], age=age, stories=1, carrying=int(stance is not None)))
        if stance is not None:
            mentions.append(
                Mention(
                    article=row["guid"],
                    story=RELEASE if copy else row["guid"],
                    source=row["source"],
                    voice=owners["Quillmark Releases" if copy else row["source"]],
                    seen=seen,
                    stance=stance,
                    probability=0.9,
                )
            )
    for row in _rows(samples / "press_counts.csv"):
        if row["narrative"] == narrative and (day := datetime.fromisoformat(row["day"])) <= as_of:
            stories, carrying = int(row["stories"]), int(row["carrying"])
            counts.append(SourceCount(source=row["source"], age=(as_of - day).days, stories=stories, carrying=carrying))
    return pressure(narrative, mentions, counts, as_of=as_of)


def _morning_after(moment: datetime) -> datetime:
    """The pass, at 11:00 UTC, that finds an item in its feed."""
    same = moment.replace(hour=11, minute=0, second=0)
    return same if moment <= same else same + timedelta(days=1)


def _rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(line for line in file if not line.startswith("#")))

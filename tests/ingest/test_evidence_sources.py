"""Two shipped sources read by the general table, on answers in their documented form; made-up figures."""

import json
from datetime import UTC, datetime
from pathlib import Path

import pytest

from core.settings import SourceSettings, load
from ingest.collectors import table
from ingest.collectors.collector import Visit

NOW = datetime(2026, 4, 15, 15, tzinfo=UTC)  # in the middle of a trading day


@pytest.fixture
def shipped(root: Path) -> dict[str, SourceSettings]:
    return {source.id: source for source in load(root / "config.yaml")[0].sources}


def read(source: SourceSettings, body: str) -> dict[tuple[str, str], float]:
    visit = Visit(source=source, now=NOW)
    (request,) = table.requests(visit)
    found = table.read(visit, request, body.encode())
    assert not found.faults
    return {(v.series, f"{v.time:%Y-%m-%d}"): v.value for v in found.values}


def test_share_volume_is_the_last_column_of_stooqs_history_without_the_day_that_still_runs(
    shipped: dict[str, SourceSettings],
) -> None:
    body = (
        "Date,Open,High,Low,Close,Volume\n"
        "2026-04-13,500,505,499,504,61000000\n2026-04-14,504,506,501,502,74000000\n2026-04-15,502,503,501,502,9000000\n"
    )
    source = shipped["share_volume"]
    assert table.requests(Visit(source=source, now=NOW))[0].url == "https://stooq.com/q/d/l/?s=spy.us&i=d"
    assert read(source, body) == {("volume.spy", "2026-04-13"): 61e6, ("volume.spy", "2026-04-14"): 74e6}


def test_every_release_counts_once_on_its_day(shipped: dict[str, SourceSettings]) -> None:
    """GitHub's list of releases, newest first: https://docs.github.com/rest/releases/releases ."""
    told = [
        {"tag_name": "v2.9", "draft": False, "published_at": "2026-04-02T18:04:11Z", "assets": []},
        {"tag_name": "v2.8", "draft": False, "published_at": "2026-01-20T03:00:00Z", "assets": []},
    ]
    assert read(shipped["neuron_releases"], json.dumps(told)) == {
        ("releases.neuron", "2026-04-02"): 1,
        ("releases.neuron", "2026-01-20"): 1,
    }

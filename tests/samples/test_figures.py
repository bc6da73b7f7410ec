"""The sample's counts are a usable baseline, and its figures are real, dated and sourced."""

from __future__ import annotations

import csv
import math
from collections import Counter, defaultdict
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from pathlib import Path

import pytest

from core import settings
from core.clock import from_stamp
from ingest.series import check

SERIES = ("downloads", "macro", "on_demand", "prices", "spot_advisor", "spot_catalogue", "spreads")
CUT = datetime(2026, 4, 20, tzinfo=UTC)
WEEK_BEGINS = datetime(2026, 4, 13, tzinfo=UTC)


@pytest.fixture(scope="module")
def samples(root: Path) -> Path:
    return root / "samples"


def _rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(line for line in file if not line.startswith("#")))


@pytest.fixture(scope="module")
def counts(samples: Path) -> list[dict[str, str]]:
    return _rows(samples / "press_counts.csv")


def test_the_counts_cover_56_days_of_each_source_and_narrative(samples: Path, counts: list[dict[str, str]]) -> None:
    """Up to the midnight at which the sample week begins, without a gap."""
    chosen, _ = settings.load(samples / "config.yaml")
    days = [WEEK_BEGINS - timedelta(days=k) for k in range(56)]
    expected = {
        (feed.source, narrative, day)
        for feed in chosen.feeds
        for narrative in ("nvidia_killer", "wall_street_recovery")
        for day in days
    }
    held = [(row["source"], row["narrative"], from_stamp(row["day"])) for row in counts]
    assert len(held) == len(expected)
    assert set(held) == expected


def test_no_day_carries_more_than_it_has_and_both_narratives_count_the_same_stories(
    counts: list[dict[str, str]],
) -> None:
    """A source's stories of a day do not depend on which narrative one asks for."""
    assert all(0 <= int(row["carrying"]) <= int(row["stories"]) for row in counts)
    stories: dict[tuple[str, str], set[int]] = defaultdict(set)
    for row in counts:
        stories[row["source"], row["day"]].add(int(row["stories"]))
    assert all(len(found) == 1 for found in stories.values())


def test_the_counts_have_weekdays(counts: list[dict[str, str]]) -> None:
    """Fewer stories on a Saturday or Sunday than on any weekday, as a press has it."""
    days = Counter[int]()
    for row in counts:
        days[(from_stamp(row["day"]) - timedelta(seconds=1)).weekday()] += int(row["stories"])
    assert max(days[5], days[6]) < min(days[k] for k in range(5))


def test_the_week_is_loud_for_one_narrative_and_usual_for_the_other(
    samples: Path, counts: list[dict[str, str]]
) -> None:
    """Carrying stories a week, copies aside: Nvidia killer at least doubles, recovery stays within a quarter."""
    week = [row for row in _rows(samples / "intended.csv") if not row["note"]]
    usual: dict[str, float] = defaultdict(float)
    for row in counts:
        usual[row["narrative"]] += int(row["carrying"]) / 8
    found = {narrative: sum(bool(row[narrative]) for row in week) for narrative in usual}
    assert found["nvidia_killer"] > 2 * usual["nvidia_killer"] >= 10
    assert abs(found["wall_street_recovery"] / usual["wall_street_recovery"] - 1) < 0.25


@pytest.mark.parametrize("name", SERIES)
def test_a_file_of_figures_begins_with_its_source(samples: Path, name: str) -> None:
    """Where from, by way of what, and from when on a figure may be used."""
    lines = (samples / "series" / f"{name}.csv").read_text(encoding="utf-8").splitlines()
    head = "\n".join(line for line in lines if line.startswith("#"))
    assert lines[0].startswith("# Real figures. Source: ")
    assert "first_seen" in head
    assert "@" in head  # the commit of the public copy
    assert lines[head.count("\n") + 1] == "series,time,value,first_seen"


def test_there_are_no_other_files(samples: Path) -> None:
    """A file that no test knows would be a file without a source."""
    assert sorted(path.stem for path in (samples / "series").iterdir()) == list(SERIES)


def test_the_settings_name_exactly_the_series_that_have_figures(samples: Path) -> None:
    """So that nothing is due in the sample week, and nothing is stored without unit and source."""
    chosen, _ = settings.load(samples / "config.yaml")
    for source in chosen.sources:
        check(source)
        assert source.every > timedelta(days=10)
    named = {name for source in chosen.sources for name in source.series}
    assert named == {row["series"] for name in SERIES for row in _rows(samples / "series" / f"{name}.csv")}


@pytest.mark.parametrize("name", SERIES)
def test_figures_are_known_only_after_their_publication(samples: Path, name: str) -> None:
    """first_seen is time plus the lag of the settings, and nothing is from after the sample week."""
    chosen, _ = settings.load(samples / "config.yaml")
    lags = {series: s.lag for source in chosen.sources for series, s in source.series.items()}
    rows = _rows(samples / "series" / f"{name}.csv")
    for row in rows:
        time, seen = from_stamp(row["time"]), from_stamp(row["first_seen"])
        assert seen == time + lags[row["series"]], row
        assert seen < CUT, row
        assert math.isfinite(float(row["value"]))
    keys = [(row["series"], row["time"]) for row in rows]
    assert keys == sorted(set(keys))


@pytest.mark.parametrize("series", ["macro.core_cpi", "macro.core_pce", "macro.treasury_10y", "macro.nfci"])
def test_a_check_against_its_own_history_has_ten_years_of_it(samples: Path, series: str) -> None:
    """And one year more, for changes over a year."""
    times = [from_stamp(row["time"]) for row in _rows(samples / "series" / "macro.csv") if row["series"] == series]
    assert times[0] <= CUT - timedelta(days=11 * 365)
    assert max(b - a for a, b in pairwise(times)) <= timedelta(days=62)


@pytest.mark.parametrize(
    ("file", "series", "time", "value"),
    [
        pytest.param("macro", "macro.fed_target", "2026-04-17", 3.75, id="the upper target after December 2025"),
        pytest.param("macro", "macro.fed_target", "2015-12-20", 0.5, id="the first rise after the great recession"),
        pytest.param("prices", "price.nvda", "2026-04-17", 201.68, id="Nvidia's close on the Friday"),
        pytest.param("spot_advisor", "spot_regions.trn1.32xlarge", "2025-06-28", 3, id="Trainium in three regions"),
        pytest.param("spot_advisor", "spot_regions.p5.48xlarge", "2025-06-28", 11, id="H100 in eleven"),
        pytest.param("on_demand", "on_demand.trn1.32xlarge", "2022-10-17", 21.5, id="Trainium's price at the start"),
        pytest.param("on_demand", "on_demand.trn1.32xlarge", "2026-01-21", 21.5, id="and never repriced"),
    ],
)
def test_a_figure_is_the_published_one(samples: Path, file: str, series: str, time: str, value: float) -> None:
    """Spot checks against figures that are public knowledge."""
    found = [row for row in _rows(samples / "series" / f"{file}.csv") if row["series"] == series]
    assert [float(row["value"]) for row in found if row["time"].startswith(time)] == [value]


@pytest.mark.real
def test_prices_and_yields_are_those_of_the_collected_data(samples: Path, real: Path) -> None:
    """Every thinned row stands in the data that it was taken from, digit for digit."""
    with (real / "data/market/prices/daily_closes.csv").open(encoding="utf-8", newline="") as file:
        closes = {(f"price.{r['symbol'].lower()}", r["date"]): r["close"] for r in csv.DictReader(file)}
    for row in _rows(samples / "series" / "prices.csv"):
        assert float(row["value"]) == pytest.approx(float(closes[row["series"], row["time"][:10]]), abs=1e-6)
    with (real / "data/market/macro/macro_tidy_from_2015.csv").open(encoding="utf-8", newline="") as file:
        yields = {r["date"]: r["value"] for r in csv.DictReader(file) if r["series"] == "DGS10"}
    held = [row for row in _rows(samples / "series" / "macro.csv") if row["series"] == "macro.treasury_10y"]
    for row in held:
        if row["time"] >= "2015":
            assert float(row["value"]) == float(yields[row["time"][:10]])


def test_the_sample_is_small(samples: Path) -> None:
    """It travels in every wheel: under 1.5 MB in all, no file over half a megabyte."""
    sizes = {path.name: path.stat().st_size for path in samples.rglob("*") if path.is_file()}
    assert sum(sizes.values()) < 1_500_000
    assert max(sizes.values()) < 500_000

"""Breadth by eleven sector funds, from Yahoo's answers to the reading and its words.

The replayed world has one of the eleven funds, so the answers here are made up, in the form of
`v8/finance/chart` that is documented at the top of ingest/collectors/yahoo.py.
"""

import json
from collections.abc import Callable
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from statistics import fmean, quantiles

import pytest

from core.series import Observation
from core.settings import load
from core.verdicts import Reading
from counterwire.cli import run
from counterwire.house import open_house
from counterwire.known import known
from signals.behind import with_rows
from signals.readings import evidence, needed
from tests.house.small_world import Reply, World

AS_OF = datetime(2026, 4, 15, 11, tzinfo=UTC)
LAST = date(2026, 4, 14)
DAYS = [d for k in range(1800, -1, -1) if (d := LAST - timedelta(days=k)).weekday() < 5]  # almost five years
FUNDS = ("XLB", "XLC", "XLE", "XLF", "XLI", "XLK", "XLP", "XLRE", "XLU", "XLV", "XLY")


def price(fund: str, n: int) -> float:
    """All fall for 500 days; then one fund after the other turns, 60 days apart; the last four never do."""
    turn = 500 + 60 * FUNDS.index(fund) if fund in FUNDS[:7] else len(DAYS)
    return 3000.0 - n if n < turn else 3000.0 - turn + 2 * (n - turn)


def chart(fund: str, days: list[date]) -> Reply:
    result = {
        "meta": {"symbol": fund, "currency": "USD", "exchangeTimezoneName": "America/New_York"},
        "timestamp": [int(datetime.combine(d, time(20), UTC).timestamp()) for d in days],
        "indicators": {"quote": [{"close": [price(fund, DAYS.index(d)) for d in days]}]},
    }
    return Reply(json.dumps({"chart": {"error": None, "result": [result]}}).encode(), kind="application/json")


@pytest.fixture
def config(configured: Callable[..., Path], world: World, root: Path) -> str:
    """The shipped source of the funds, asked of this world."""
    shipped, _ = load(root / "config.yaml")
    yahoo = next(s for s in shipped.sources if s.id == "yahoo")
    funds = {name: s for name, s in yahoo.series.items() if s.key in FUNDS}
    assert sorted(s.key for s in funds.values()) == sorted(FUNDS)
    listed = "".join(f"      {name}: {{key: {s.key}, unit: {s.unit}, lag: 1d}}\n" for name, s in funds.items())
    for fund in FUNDS:
        world.pages[f"/chart/{fund}"] = chart(fund, DAYS)
    return str(
        configured(
            feeds=["harbour"],
            extra=f"  - id: yahoo\n    collector: yahoo\n    url: {world.url}/chart\n    every: 6h\n"
            f"    terms: https://example.com/terms\n    series:\n{listed}",
        )
    )


def collect(config: str) -> None:
    assert run(["series", "collect", "yahoo", "-c", config, "--now", AS_OF.isoformat()]) == 0


def read(config: str) -> Reading:
    with open_house(Path(config)) as house:
        contract = next(c for c in house.contracts if c.id == "wall_street_recovery")
        series = known(house, needed(contract, house.accelerators)[0], as_of=AS_OF)
        found = evidence(contract, series, as_of=AS_OF, accelerators=house.accelerators)
        named = with_rows(found, house.derived, series, accelerators=house.accelerators)
        return next(r for r in named.readings if r.check == "sectors_above_200d")


def by_hand(n: int) -> float:
    """The share on day n, a fund at a time."""
    above = [f for f in FUNDS if price(f, n) > fmean(price(f, k) for k in range(n - 199, n + 1))]
    return 100 * len(above) / len(FUNDS)


def test_seven_of_eleven_sectors_rise_and_the_reading_says_so_and_calls_it_a_proxy(config: str) -> None:
    collect(config)
    got = read(config)
    low, _, high = quantiles([by_hand(n) for n in range(199, len(DAYS))], n=4, method="inclusive")
    assert got.value == pytest.approx(100 * 7 / 11)
    assert got.scale == pytest.approx(high - low)
    assert got.support == pytest.approx(min(1.0, (100 * 7 / 11 - 50) / (high - low)))
    assert got.sentence.startswith(
        "63.64 % of sector funds (2026-04-14, a proxy for the index's members) is 13.64 percentage points above"
    )


def test_the_reading_points_at_the_close_of_every_fund(config: str) -> None:
    collect(config)
    used: tuple[Observation, ...] = read(config).observations
    assert {(o.series, o.time.date(), o.value) for o in used} == {
        (f"price.{f.lower()}", LAST, price(f, len(DAYS) - 1)) for f in FUNDS
    }


def test_a_fund_that_stays_silent_makes_no_share_of_ten(config: str, world: World) -> None:
    """XLK's closes end nine days early: the share ends there too, and is stale for a check of seven days."""
    world.pages["/chart/XLK"] = chart("XLK", [d for d in DAYS if d <= LAST - timedelta(days=9)])
    collect(config)
    got = read(config)
    assert (got.freshness, got.support) == ("STALE", None)
    assert got.observations[0].time.date() == date(2026, 4, 3)  # the Friday before the 5th


def test_without_one_fund_nothing_is_measured(config: str, world: World) -> None:
    del world.pages["/chart/XLRE"]
    collect(config)
    got = read(config)
    assert (got.freshness, got.value) == ("UNKNOWN", None)

"""Ten readings a contract, recomputed from the rows by SQL that knows nothing of our functions.

The rows are the bundled sample's: real figures in a real database. The pairs are written out by
hand from the accelerator table: per cloud and job, the Nvidia part that came out nearest.
"""
# ruff: noqa: S608 -- the SQL is put together from this file's own words

from collections.abc import Mapping
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from core.clock import stamp
from core.verdicts import Reading
from counterwire.house import House
from counterwire.known import known
from counterwire.sample import LAST, furnish
from counterwire.stages.briefs import composed
from counterwire.stages.judge import Court
from signals.readings import evidence, needed
from store.database import writing

DAY = timedelta(days=1)

# What was known: of each time that had come, the vintage seen last.
KNOWN = """
WITH said AS (
    SELECT series, time, value, row_number() OVER (PARTITION BY series, time ORDER BY first_seen DESC) AS place
    FROM observations WHERE first_seen <= :as_of AND time <= :as_of
), known AS (SELECT series, time, value, julianday(time) AS day FROM said WHERE place = 1),
last AS (SELECT k.* FROM known AS k WHERE time = (SELECT max(m.time) FROM known AS m WHERE m.series = k.series))
"""
NEAREST = (
    "(SELECT b.value FROM known AS b WHERE b.series = l.series ORDER BY abs(b.day - (l.day - {days})), b.time LIMIT 1)"
)
BASE_B = "(SELECT b.value FROM known AS b WHERE b.series = '{b}' AND b.time <= {time} ORDER BY b.time DESC LIMIT 1)"


def moved(series: str, days: int, form: str) -> str:
    """A change of the last value against the nearest to `days` before; `form` says how, of v and w."""
    return f"SELECT {form} FROM (SELECT l.value AS v, {NEAREST.format(days=days)} AS w FROM last AS l WHERE l.series = '{series}')"


def difference(a: str, b: str) -> str:
    """a less b where both were known last, at the times of `a`, which has the fewer."""
    return f"SELECT l.value - {BASE_B.format(b=b, time='l.time')} FROM last AS l WHERE l.series = '{a}'"


def against(a: str, b: str, days: int) -> str:
    """The percent change of a / b, both dated alike."""
    ratios = f"SELECT a.time, a.day, a.value / b.value AS q FROM known AS a JOIN known AS b USING (time) WHERE a.series = '{a}' AND b.series = '{b}'"
    return f"""
    SELECT 100 * (n.q / (SELECT q FROM ({ratios}) ORDER BY abs(day - (n.day - {days})), time LIMIT 1) - 1)
    FROM ({ratios}) AS n ORDER BY n.time DESC LIMIT 1"""


def pairs(of: str, *named: tuple[str, str], days: int) -> str:
    """The mean difference of the last values of the pairs of which neither side is older than `days`."""
    rows = ", ".join(f"('{of}.{a}', '{of}.{b}')" for a, b in named)
    return f"""SELECT avg(a.value - b.value) FROM (SELECT column1 AS a, column2 AS b FROM (VALUES {rows})) AS p
    JOIN last AS a ON a.series = p.a JOIN last AS b ON b.series = p.b
    WHERE min(a.day, b.day) >= julianday(:as_of) - {days}"""


AMAZON_PAIRS = (
    ("inf1.24xlarge", "g4dn.12xlarge"),
    ("inf2.48xlarge", "g6.48xlarge"),
    ("dl2q.24xlarge", "g6.48xlarge"),
    ("dl1.24xlarge", "p4de.24xlarge"),
    ("trn1.32xlarge", "p4de.24xlarge"),
    ("trn1n.32xlarge", "p5.48xlarge"),
)
GOOGLE_PAIRS = (
    ("ct5lp-hightpu-8t", "g2-standard-96"),
    ("v2-8", "nvidia-tesla-v100"),
    ("v3-8", "nvidia-tesla-v100"),
    ("ct4p-hightpu-4t", "a2-ultragpu-8g"),
    ("ct5p-hightpu-4t", "a3-megagpu-8g"),
)
ALL_PAIRS = (*AMAZON_PAIRS, *GOOGLE_PAIRS)
LISTED = tuple(pair for pair in AMAZON_PAIRS if pair[0] != "dl2q.24xlarge")  # the price list has no dl2q
CUT = "100 * (l.value / (SELECT b.value FROM known AS b WHERE b.series = l.series AND b.day <= julianday(:as_of) - 365 ORDER BY b.day DESC LIMIT 1) - 1)"
REPRICED = f"""SELECT avg(a.cut - b.cut) FROM (SELECT column1 AS a, column2 AS b FROM
    (VALUES {", ".join(f"('on_demand.{a}', 'on_demand.{b}')" for a, b in LISTED)})) AS p
    JOIN (SELECT l.series, {CUT} AS cut FROM last AS l) AS a ON a.series = p.a
    JOIN (SELECT l.series, {CUT} AS cut FROM last AS l) AS b ON b.series = p.b"""

VALUES: Mapping[str, Mapping[str, str]] = {
    "wall_street_recovery": {
        "core_pce_year": moved("macro.core_pce", 365, "100 * (v / w - 1)"),
        "core_pce_quarter": moved("macro.core_pce", 91, "100 * ((v/w) * (v/w) * (v/w) * (v/w) - 1)"),
        "core_cpi_year": moved("macro.core_cpi", 365, "100 * (v / w - 1)"),
        "long_end": moved("macro.treasury_10y", 365, "v - w"),
        "real_policy_rate": f"SELECT {BASE_B.format(b='macro.fed_target', time='l.time')} - l.value FROM last AS l WHERE l.series = 'macro.breakeven_10y'",
        "curve": difference("macro.treasury_10y", "macro.treasury_2y"),
        "balance_sheet": moved("macro.fed_assets", 182, "100 * (v / w - 1)"),
        "financial_conditions": "SELECT value FROM last WHERE series = 'macro.nfci'",
        "equal_weight": against("price.rsp", "price.spy", 182),
        "tech_drawdown": "SELECT 100 * (l.value / (SELECT max(value) FROM known WHERE series = l.series) - 1) FROM last AS l WHERE series = 'price.qqq'",
        "high_yield": "SELECT value FROM last WHERE series = 'macro.hy_spread'",
        "implied_volatility": "SELECT value FROM last WHERE series = 'macro.vix'",
    },
    "nvidia_killer": {
        "idle_rivals": pairs("spot_discount", *ALL_PAIRS, days=14),
        "reclaimed_rivals": pairs("spot_interruption", *ALL_PAIRS, days=9999),
        "regions_on_offer": pairs("spot_regions", *ALL_PAIRS, days=365),
        "repricing": REPRICED,
        "tpu_runtime": against("downloads.libtpu", "downloads.torch", 91),
        "xla_bridge": against("downloads.torch-xla", "downloads.torch", 91),
        "jax_share": against("downloads.jax", "downloads.torch", 91),
        "vllm": against("downloads.vllm", "downloads.torch", 91),
        "rivals_taken": "SELECT value FROM last WHERE series = 'spot_discount.trn1.32xlarge'",
        "nvidia_shortage": "SELECT value FROM last WHERE series = 'spot_discount.p5.48xlarge'",
    },
}
# Quartile q of the trailing ten years of one series, linear between order statistics.
QUARTILE = """SELECT sum(value * max(0, 1 - abs(place - 1 - {q} * (n - 1)))) FROM (
    SELECT value, row_number() OVER (ORDER BY value) AS place, count(*) OVER () AS n FROM known
    WHERE series = '{series}' AND day > julianday(:as_of) - 3652)"""
OWN_HISTORY = {
    "high_yield": "macro.hy_spread",
    "investment_grade": "macro.ig_spread",
    "implied_volatility": "macro.vix",
}


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> House:
    return furnish(tmp_path_factory.mktemp("sample"))


def ask(house: House, sql: str) -> float:
    ((value,),) = house.db.execute(KNOWN + sql, {"as_of": stamp(LAST)}).fetchall()
    return float(value)


def readings(house: House, narrative: str, *, as_of: datetime = LAST) -> dict[str, Reading]:
    contract = next(c for c in house.contracts if c.id == narrative)
    series = known(house, needed(contract, house.accelerators)[0], as_of=as_of)
    return {r.check: r for r in evidence(contract, series, as_of=as_of, accelerators=house.accelerators).readings}


@pytest.mark.parametrize("narrative", VALUES)
def test_the_values_are_those_of_hand_written_sql(house: House, narrative: str) -> None:
    got = readings(house, narrative)
    assert len(VALUES[narrative]) >= 10
    by_hand = {check: ask(house, sql) for check, sql in VALUES[narrative].items()}
    assert {check: got[check].value for check in by_hand} == pytest.approx(by_hand, rel=1e-9, abs=1e-9)


@pytest.mark.parametrize("check", OWN_HISTORY)
def test_median_and_quartiles_of_own_history_are_those_of_sql(house: House, check: str) -> None:
    """Both are expected below: support is the distance below the median, over the distance of the quartiles."""
    low, median, high = (ask(house, QUARTILE.format(q=q, series=OWN_HISTORY[check])) for q in (0.25, 0.5, 0.75))
    got = readings(house, "wall_street_recovery")[check]
    value = ask(house, f"SELECT value FROM last WHERE series = '{OWN_HISTORY[check]}'")
    assert (got.threshold, got.scale) == pytest.approx((median, high - low))
    assert got.support == pytest.approx(max(-1.0, min(1.0, (median - value) / (high - low))))


def briefed(house: House) -> dict[str, str]:
    return dict(composed(house, Court(house), as_of=LAST).renders)


def test_absurd_observations_of_the_future_change_no_byte(tmp_path: Path) -> None:
    """Every series gets absurd vintages of old times and of new ones, looks and refusals, a second too late."""
    house = furnish(tmp_path)
    before = briefed(house)
    later = stamp(LAST + timedelta(seconds=1))
    with writing(house.db):
        house.db.execute(
            "INSERT INTO observations (series, time, first_seen, value, imported)"
            " SELECT series, time, ?, 1e12, 0 FROM observations GROUP BY series, time",
            [later],
        )
        house.db.execute(
            "INSERT INTO observations (series, time, first_seen, value, imported) SELECT id, ?, ?, -1e12, 0 FROM series",
            [later, later],
        )
        house.db.execute("INSERT INTO sightings (series, seen, held, new) SELECT id, ?, 1, 1 FROM series", [later])
        house.db.execute(
            "INSERT INTO quarantine (series, time, value, first_seen, undated) SELECT id, ?, 1e12, ?, 0 FROM series",
            [later, later],
        )
    assert briefed(house) == before


def test_a_revised_cpi_leaves_the_old_briefing_and_counts_in_the_new(tmp_path: Path) -> None:
    """The last month is raised by 1 %, and the year's rate with it, from the day of the revision on."""
    house = furnish(tmp_path)
    before, revised = briefed(house), LAST + DAY
    old = readings(house, "wall_street_recovery")["core_cpi_year"].value
    assert old is not None
    with writing(house.db):
        house.db.execute(
            "INSERT INTO observations (series, time, first_seen, value, imported)"
            " SELECT series, max(time), ?, value * 1.01, 0 FROM observations WHERE series = 'macro.core_cpi'"
            " AND first_seen <= ?",
            [stamp(revised), stamp(LAST)],
        )
    assert briefed(house) == before
    new = readings(house, "wall_street_recovery", as_of=revised)["core_cpi_year"]
    assert new.value == pytest.approx(101 * (1 + old / 100) - 100)
    after = composed(house, Court(house), as_of=revised).renders["json"]
    assert new.value is not None
    told = f'"figure": "{new.value:.2f}\u00a0%'
    assert (told in after, told in before["json"]) == (True, False)

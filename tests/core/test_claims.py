"""The table of claims: who, when, where, and what it may be used for."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from core import claims
from core.claims import Claim
from core.errors import ConfigError
from core.yaml import read

ROW = "  - {check: cowos, who: A bank, on: 2026-01-23, kind: forecast, says: So., source: 'https://example.com/a'%s}\n"
READ = datetime(2026, 11, 23, tzinfo=UTC)  # the day after the table was put together


@pytest.fixture(scope="module")
def shipped(root: Path) -> tuple[Claim, ...]:
    return claims.load(root / "signals/claims.yaml")


def table(tmp_path: Path, *rows: str) -> tuple[Claim, ...]:
    path = tmp_path / "claims.yaml"
    path.write_text("claims:\n" + "".join(rows), "utf-8")
    return claims.load(path)


@pytest.mark.parametrize(
    ("rows", "says"),
    [
        pytest.param([ROW % ", value: 3"], r"claims\.yaml:2: claims\.0: .*needs its unit", id="a value without a unit"),
        pytest.param([ROW % ", unit: '%'"], r"claims\.yaml:2: .*a unit its value", id="a unit without a value"),
        pytest.param([ROW % ", series: claims.x"], r"claims\.yaml:2: .*needs a value", id="a series without a value"),
        pytest.param(
            [ROW % ", value: 3, unit: x, series: macro.x"],
            r"claims\.yaml:2: claims\.0\.series: ",
            id="a claim that would pass for a measurement",
        ),
        pytest.param([ROW % ", weight: 3"], r"claims\.yaml:2: claims\.0\.weight: ", id="a claim that would be weighed"),
        pytest.param([(ROW % "").replace("forecast", "fact")], r"claims\.yaml:2: claims\.0\.kind: ", id="a fact"),
        pytest.param(
            [(ROW % "").replace("'https://example.com/a'", "a friend")], r"claims\.0\.source: ", id="no address"
        ),
        pytest.param(
            [ROW % ", value: 3, unit: x, series: claims.x", ROW % ", value: 3, unit: y, series: claims.x"],
            "in 'x' and in 'y'",
            id="one series in two units",
        ),
        pytest.param([ROW % ", value: 3, unit: x, series: claims.x"] * 2, "two values on 2026-01-23", id="two at once"),
    ],
)
def test_a_claim_that_is_not_whole_is_refused_with_its_line(tmp_path: Path, rows: list[str], says: str) -> None:
    with pytest.raises(ConfigError, match=says):
        table(tmp_path, *rows)


@pytest.mark.parametrize(
    ("as_of", "expected"),
    [
        pytest.param(datetime(2026, 1, 23, 12, tzinfo=UTC), 0, id="not yet on its own day"),
        pytest.param(datetime(2026, 1, 24, tzinfo=UTC), 1, id="from the next day on"),
    ],
)
def test_a_claim_is_known_once_its_day_is_over(tmp_path: Path, as_of: datetime, expected: int) -> None:
    held = table(tmp_path, ROW % ", value: 3, unit: x, series: claims.x")
    assert len(claims.known(held, "cowos", as_of=as_of)) == expected
    assert len(claims.as_series(held)["claims.x"].known_at(as_of).observations) == expected


def test_the_newest_claim_comes_first_and_another_checks_not_at_all(tmp_path: Path) -> None:
    older = (ROW % "").replace("2026-01-23", "2025-05-01").replace("A bank", "Another")
    held = table(tmp_path, older, ROW % "", (ROW % "").replace("cowos", "antitrust"))
    assert [c.who for c in claims.known(held, "cowos", as_of=READ)] == ["A bank", "Another"]


def test_as_series_hold_their_values_in_order(tmp_path: Path) -> None:
    older = (ROW % ", value: 1, unit: x, series: claims.x").replace("2026-01-23", "2025-05-01")
    series = claims.as_series(table(tmp_path, ROW % ", value: 3, unit: x, series: claims.x", older, ROW % ""))
    assert list(series) == ["claims.x"]
    assert [(o.time, o.value, o.imported) for o in series["claims.x"].observations] == [
        (datetime(2025, 5, 1, tzinfo=UTC), 1, True),
        (datetime(2026, 1, 23, tzinfo=UTC), 3, True),
    ]


# The table that is shipped

BESIDE = {
    "cowos",
    "enterprise_budgets",
    "dgx_cloud",
    "foundry_risk",
    "asic_rigidity",
    "small_models",
    "antitrust",
    "zero_dte",
}


def test_every_context_that_is_only_claimed_has_its_claims(shipped: tuple[Claim, ...]) -> None:
    counts = {check: len(claims.known(shipped, check, as_of=READ)) for check in BESIDE}
    assert min(counts.values()) >= 3, counts
    assert len(shipped) >= 25


def test_the_shipped_claims_stand_beside_checks_that_there_are(shipped: tuple[Claim, ...], root: Path) -> None:
    contracts = [read(path).data for path in sorted((root / "narratives").glob("*.yaml"))]
    checks = [check for one in contracts for check in (*one["checks"], *one["concede_if"])]
    assert {claim.check for claim in shipped} - {check["id"] for check in checks} == set()
    weighed = {check["measure"].get("a") for check in checks if not check.get("context")}
    assert weighed.isdisjoint(claims.as_series(shipped)), "a claim is never weighed"


def test_no_shipped_claim_is_from_after_it_was_read(shipped: tuple[Claim, ...]) -> None:
    assert [c.says for c in shipped if not c.on <= READ.date()] == []


def test_a_vague_date_is_put_at_the_end_of_its_month_or_year(shipped: tuple[Claim, ...]) -> None:
    ends = {(6, 30), (12, 31), (11, 22)}
    assert [c.says for c in shipped if c.dated == "year" and (c.on.month, c.on.day) not in ends] == []
    assert [c.says for c in shipped if c.dated == "month" and c.on.day < 28] == []


def test_the_share_that_expires_on_its_own_day_is_told_twice(shipped: tuple[Claim, ...]) -> None:
    """2.85 of 4.57 million contracts are 62.4 %; both dates are those by which the pages were surely out."""
    shares = claims.as_series(shipped)["claims.zero_dte_share"]
    assert [(f"{o.time:%Y-%m-%d}", o.value) for o in shares.observations] == [
        ("2023-08-31", 43),
        ("2025-12-31", round(100 * 2.85 / 4.57, 1)),
    ]


def test_the_claimed_share_of_packaging_is_one_series_of_what_is_said_of_2026(shipped: tuple[Claim, ...]) -> None:
    shares = claims.as_series(shipped)["claims.cowos_share_nvidia"]
    assert shares.unit == "%"
    assert [o.value for o in shares.observations] == [60, 60, 59]

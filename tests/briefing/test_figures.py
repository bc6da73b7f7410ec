"""Figures and dates are printed in one way."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from briefing import figures

NB = "\u00a0"
M = "\u2212"


@pytest.mark.parametrize(
    ("value", "printed"),
    [
        pytest.param(0.444, "+0.44", id="positive with a plus"),
        pytest.param(-0.41, f"{M}0.41", id="negative with a true minus"),
        pytest.param(0.0, "0.00", id="zero without a sign"),
        pytest.param(-0.001, "0.00", id="what rounds to zero has no sign"),
        pytest.param(0.001, "0.00", id="on either side"),
        pytest.param(None, "unknown", id="missing is never zero"),
        pytest.param(float("nan"), "unknown", id="nor is what is no number"),
    ],
)
def test_signed(value: float | None, printed: str) -> None:
    assert figures.signed(value) == printed


@pytest.mark.parametrize(
    ("value", "unit", "printed"),
    [
        pytest.param(31.4, "percentage points", f"31.40{NB}pp", id="points"),
        pytest.param(-12.5, "percent", f"{M}12.50{NB}%", id="percent"),
        pytest.param(0.0019, "ratio", "0.0019", id="small values keep two digits"),
        pytest.param(6712345.0, "USD million", f"6,712,345{NB}USD million", id="large values lose decimals"),
        pytest.param(0.0, "months", f"0.00{NB}months", id="zero"),
        pytest.param(float("inf"), "", "unknown", id="not finite"),
    ],
)
def test_values_are_printed_as_the_readings_print_them(value: float, unit: str, printed: str) -> None:
    assert figures.with_unit(value, unit) == printed


@pytest.mark.parametrize(("value", "printed"), [(20.0, "20"), (0.5, "0.5"), (-1.25, f"{M}1.25"), (1000.0, "1,000")])
def test_thresholds_are_printed_as_written(value: float, printed: str) -> None:
    assert figures.stated(value, "percent") == f"{printed}{NB}%"


@pytest.mark.parametrize(
    ("text", "printed"),
    [
        ("-0.56 index (2026-04-17)", f"{M}0.56 index (2026-04-17)"),
        ("(support -1.00)", f"(support {M}1.00)"),
        ("3-month, 10-year, A-1", "3-month, 10-year, A-1"),
    ],
)
def test_only_negative_numbers_get_a_minus_sign(text: str, printed: str) -> None:
    assert figures.minus_signs(text) == printed


def test_a_local_moment_is_told_in_the_zone_of_its_reader() -> None:
    moment = datetime(2026, 4, 23, 22, 30, tzinfo=UTC)
    assert figures.instant(moment, ZoneInfo("Europe/Berlin")) == f"Friday 24{NB}Apr{NB}2026, 00:30{NB}CEST"
    assert figures.instant(moment, ZoneInfo("America/Sao_Paulo")).endswith(f"19:30{NB}UTC-03")


def test_an_observation_keeps_its_day_in_every_zone() -> None:
    """March's figure is dated 1 March; west of Greenwich that midnight is still February."""
    assert figures.day(datetime(2026, 3, 1, tzinfo=UTC)) == f"1{NB}Mar{NB}2026"


def test_counts_know_one_from_many() -> None:
    assert figures.count(1, "story", "stories") == f"1{NB}story"
    assert figures.count(1200, "article") == f"1,200{NB}articles"

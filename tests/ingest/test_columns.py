"""History from CSV: what is taken, how it is dated, and which line is at fault."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from core.errors import ConfigError, InputError
from core.imports import Table, load
from ingest.columns import Imported, Rule, read

NOW = datetime(2026, 4, 15, tzinfo=UTC)


def taken(
    text: str, *, plausible: tuple[float, float] | None = None, lag: int = 1, **table: Any
) -> tuple[Imported, ...]:
    given = Table.model_validate({"file": "t.csv", "date": "date", "series": {"a.b": {"value": "value"}}, **table})
    rules = {name: Rule(lag=timedelta(days=lag), plausible=plausible) for name in given.series}
    return read(text.splitlines(keepends=True), given, rules, name="t.csv", now=NOW)


def values(text: str, **more: Any) -> list[tuple[str, float]]:
    return [(f"{o.time:%Y-%m-%d}", o.value) for o in taken(text, **more)[0].observations]


def test_values_come_in_order_and_rows_without_a_number_are_passed_over() -> None:
    text = "# somebody's file\ndate,value\n2026-01-02,2.5\n2026-01-03,.\n2026-01-04,\n2026-01-01,1\n"
    assert values(text) == [("2026-01-01", 1.0), ("2026-01-02", 2.5)]


def test_a_value_was_known_when_its_publication_rule_says_and_at_most_now() -> None:
    (one,) = taken("date,value\n2026-01-01,1\n2026-04-14,2\n", lag=45)
    assert [o.first_seen for o in one.observations] == [datetime(2026, 2, 15, tzinfo=UTC), NOW]
    assert all(o.imported for o in one.observations)


@pytest.mark.parametrize(
    ("take", "value"),
    [("mean", 4.0), ("median", 3.0), ("min", 1.0), ("max", 8.0), ("sum", 12.0), ("count", 3.0), ("spread", 7.0)],
)
def test_rows_of_one_date_are_taken_together(take: str, value: float) -> None:
    text = "date,kind,value\n2026-01-01,x,1\n2026-01-01,x,3\n2026-01-01,x,8\n2026-01-01,y,99\n"
    series = {"a.b": {"value": "value", "where": {"kind": "x"}, "take": take}}
    assert values(text, series=series) == [("2026-01-01", value)]


def test_a_month_may_stand_for_its_last_day_and_a_column_may_divide() -> None:
    series = {"a.b": {"value": "price", "per": "gpus"}}
    got = values("month,price,gpus\n2024-02,80,8\n", date="month", date_format="%Y-%m", month_end=True, series=series)
    assert got == [("2024-02-29", 10.0)]


def test_each_spares_repetition() -> None:
    text = "date,symbol,close\n2026-01-01,spy,1\n2026-01-01,rsp,2\n"
    given: dict[str, Any] = {
        "each": {"s": ["spy", "rsp"]},
        "series": {"price.{s}": {"value": "close", "where": {"symbol": "{s}"}}},
    }
    assert [(one.series, one.observations[0].value) for one in taken(text, **given)] == [
        ("price.spy", 1),
        ("price.rsp", 2),
    ]


def test_what_is_implausible_is_set_apart() -> None:
    (one,) = taken("date,value\n2026-01-01,5\n2026-01-02,5000\n", plausible=(0, 100))
    assert [o.value for o in one.observations] == [5]
    assert [o.value for o in one.refused] == [5000]


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        pytest.param("day,value\n", r"t.csv:1: date: there is no such column, only day, value", id="no date column"),
        pytest.param("date,price\n", r"t.csv:1: value: there is no such column", id="no value column"),
        pytest.param(
            "# x\ndate,value\n2026-01-01,1\n2026-01-02,lots\n",
            r"t.csv:4: value: 'lots' is not a number",
            id="no number",
        ),
        pytest.param("date,value\n2026-01-01,inf\n", r"t.csv:2: value: 'inf' is not a finite number", id="infinite"),
        pytest.param(
            "date,value\n\n1/2/2026,1\n", r"t.csv:3: date: '1/2/2026' is no date of the form 2026-04-15", id="no date"
        ),
        pytest.param("date,value\n2026-01-01,1,2\n", r"t.csv:2: has 3 cells, and the heading 2", id="a cell too many"),
        pytest.param(
            "date,value\n2026-01-01,1\n2026-01-01,2\n", r"t.csv:3: value: is the second value of a.b", id="twice"
        ),
        pytest.param("", r"t.csv:1: date: there is no such column", id="empty"),
    ],
)
def test_a_fault_names_file_line_and_column(text: str, fault: str) -> None:
    with pytest.raises(InputError, match=fault):
        taken(text)


def test_a_mapping_with_a_fault_names_its_line(tmp_path: Any, root: Any) -> None:
    path = tmp_path / "map.yaml"
    path.write_text("files:\n  - file: a.csv\n    date: date\n    series:\n      a.b: {valeu: x}\n", "utf-8")
    with pytest.raises(ConfigError, match=r"map.yaml:5: files.0.series.a.b"):
        load(path)
    assert load(root / "docs" / "market.yaml")

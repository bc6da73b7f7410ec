"""Each kind of measure against values worked out by hand."""

from __future__ import annotations

from datetime import timedelta
from typing import Any, get_args

import pytest

from core.contracts import Measure
from core.series import Series
from signals.measured import Known, Measured, Unmeasured
from signals.measures import MEASURES
from tests.signals.builders import AS_OF, at, book, run, series

MONTHLY = series(
    "macro.cpi",
    {"2025-03-01": 300.0, "2025-12-01": 306.0, "2026-01-01": 307.0, "2026-02-01": 308.0, "2026-03-01": 309.0},
)
WITH_A_HOLE = series("macro.cpi", {"2025-09-01": 300.0, "2025-11-01": 301.0, "2025-12-01": 302.0, "2026-01-01": 303.0})
PRICES = series("on_demand.p5", {"2023-08-08": 98.32, "2025-06-23": 55.04})


def found(held: dict[str, Series], **measure: Any) -> Measured | Unmeasured:
    known = Known(as_of=AS_OF, max_age=timedelta(days=9999), series={k: s.known_at(AS_OF) for k, s in held.items()})
    return MEASURES[measure["kind"]](Measure.model_validate(measure), known)


def value(held: dict[str, Series], **measure: Any) -> float:
    got = found(held, **measure)
    assert isinstance(got, Measured), got
    return got.value


def test_every_kind_a_contract_may_name_is_in_the_registry() -> None:
    assert set(MEASURES) == set(get_args(Measure.model_fields["kind"].annotation))


@pytest.mark.parametrize(
    ("held", "measure", "expected"),
    [
        pytest.param(book(MONTHLY), {"kind": "level", "a": "macro.cpi"}, 309.0, id="level is the newest value"),
        pytest.param(
            book(MONTHLY),
            {"kind": "change", "a": "macro.cpi", "over": "91d"},
            3.0,  # 309 - 306: 91 days before 1 March is 30 November, and the nearest value is 1 December's
            id="change goes back to the nearest month",
        ),
        pytest.param(
            book(MONTHLY),
            {"kind": "percent_change", "a": "macro.cpi", "over": "365d"},
            3.0,  # 309 / 300
            id="percent change over a year",
        ),
        pytest.param(
            book(MONTHLY),
            {"kind": "annualised_change", "a": "macro.cpi", "over": "91d"},
            3.979_617,  # 309/306 = 1.009803922; squared 1.019703960; squared again 1.039796166
            id="three months are annualised with the power four",
        ),
        pytest.param(
            book(MONTHLY),
            {"kind": "annualised_change", "a": "macro.cpi", "over": "365d"},
            3.0,
            id="a year annualised is itself",
        ),
        pytest.param(
            book(PRICES),
            {"kind": "percent_change", "a": "on_demand.p5", "over": "365d"},
            -44.019_53,  # 55.04 / 98.32 = 0.5598047; a list price stands between its changes
            id="a list price is compared with the one that stood a year before",
        ),
        pytest.param(
            book(run("price.a", [10.0, 12.0, 9.0]), run("price.b", [5.0, 4.0, 3.0])),
            {"kind": "ratio", "a": "price.a", "b": "price.b"},
            3.0,
            id="ratio of the newest",
        ),
        pytest.param(
            book(run("price.a", [10.0, 12.0, 9.0]), run("price.b", [5.0, 4.0, 3.0])),
            {"kind": "ratio_change", "a": "price.a", "b": "price.b", "over": "2d"},
            50.0,  # 9/3 against 10/5
            id="change of a ratio",
        ),
        pytest.param(
            book(run("price.a", [10.0, 12.0]), run("price.b", [5.0, 4.0])),
            {"kind": "difference", "a": "price.a", "b": "price.b"},
            8.0,
            id="difference",
        ),
        pytest.param(
            book(run("price.a", [1.0]), run("price.b", [3.0])),
            {"kind": "share", "a": "price.a", "b": "price.b"},
            25.0,
            id="share of the sum",
        ),
        pytest.param(
            book(run("price.a", [50.0, 80.0, 60.0])),
            {"kind": "drawdown", "a": "price.a"},
            -25.0,  # 60 against 80
            id="drawdown from the highest ever",
        ),
        pytest.param(
            book(run("price.a", [100.0, 50.0, 80.0, 60.0])),
            {"kind": "drawdown", "a": "price.a", "over": "3d"},
            -25.0,  # the trailing three days hold 50, 80 and 60
            id="drawdown from the highest of the span",
        ),
        pytest.param(
            book(run("price.a", [1.0] * 10)),
            {"kind": "count", "a": "price.a", "over": "4d"},
            4.0,
            id="count of a span that leaves out its first instant",
        ),
        pytest.param(
            book(run("macro.x", [1.0, 2.0, 2.0, 4.0, 2.0], step_days=400)),
            {"kind": "percentile", "a": "macro.x"},
            50.0,  # one below, three equal: (1 + 1.5) / 5
            id="percentile counts half of the equal ones",
        ),
        pytest.param(
            book(run("macro.x", [2.0, 4.0, 4.0, 6.0, 9.0], step_days=400)),
            {"kind": "zscore", "a": "macro.x"},
            1.511_858,  # mean 5, squares 9+1+1+1+16 = 28, over 4 is 7; 4 / 2.645751
            id="z-score divides by the sample deviation",
        ),
    ],
)
def test_a_measure_is_what_one_works_out_by_hand(
    held: dict[str, Series], measure: dict[str, Any], expected: float
) -> None:
    assert value(held, **measure) == pytest.approx(expected, abs=1e-5)


@pytest.mark.parametrize(
    ("held", "measure", "reason", "detail"),
    [
        pytest.param({}, {"kind": "level", "a": "macro.x"}, "not collected", "macro.x", id="an unheard-of series"),
        pytest.param(
            book(Series(id="macro.x", unit="")),
            {"kind": "level", "a": "macro.x"},
            "not collected",
            "macro.x",
            id="a series without a value",
        ),
        pytest.param(
            book(run("price.a", [1.0])),
            {"kind": "ratio", "a": "price.a", "b": "price.b"},
            "not collected",
            "price.b",
            id="the one of two that is lacking is named",
        ),
        pytest.param(
            book(WITH_A_HOLE),
            {"kind": "annualised_change", "a": "macro.cpi", "over": "91d"},
            "too little history",
            "no value of macro.cpi near 2025-10-02",
            id="a missing month is no neighbour",
        ),
        pytest.param(
            book(run("price.a", [1.0]), run("price.b", [0.0])),
            {"kind": "ratio", "a": "price.a", "b": "price.b"},
            "too little history",
            "no usable value of price.a and price.b at one time",
            id="nothing is divided by zero",
        ),
        pytest.param(
            book(run("macro.x", [1.0, 2.0])),
            {"kind": "percentile", "a": "macro.x"},
            "too little history",
            "0.0 of 3 years",
            id="own history takes three years",
        ),
        pytest.param(
            book(run("macro.x", [2.0] * 5, step_days=400)),
            {"kind": "zscore", "a": "macro.x"},
            "too little history",
            "its own history does not vary",
            id="a constant has no z-score",
        ),
        pytest.param(
            book(series("on_demand.p5", {"2025-06-23": 55.04})),
            {"kind": "percent_change", "a": "on_demand.p5", "over": "365d"},
            "too little history",
            "no value of on_demand.p5 near 2025-04-15",
            id="a list price first seen within the span",
        ),
    ],
)
def test_what_cannot_be_measured_says_why(
    held: dict[str, Series], measure: dict[str, Any], reason: str, detail: str
) -> None:
    assert found(held, **measure) == Unmeasured(reason=reason, detail=detail)


def test_a_change_names_both_observations_it_was_computed_from() -> None:
    got = found(book(MONTHLY), kind="change", a="macro.cpi", over="91d")
    assert isinstance(got, Measured)
    assert [(o.time, o.value) for o in got.used] == [(at("2026-03-01"), 309.0), (at("2025-12-01"), 306.0)]
    assert got.stands == at("2026-03-01")


def test_a_monthly_and_a_daily_series_meet_on_the_monthly_dates() -> None:
    """Of the daily one the last value up to a week before is taken: 1 March 2026 is a Sunday."""
    daily = series("macro.rate", {"2026-02-27": 3.75, "2026-03-02": 3.5, "2026-04-14": 3.25})
    got = found(book(MONTHLY, daily), kind="difference", a="macro.cpi", b="macro.rate")
    assert isinstance(got, Measured)
    assert (got.value, got.stands) == (309.0 - 3.75, at("2026-02-27"))


def test_a_series_that_ended_holds_the_joined_one_back() -> None:
    """A ratio whose denominator died is as old as the denominator, so that it can be called stale."""
    alive, dead = run("price.a", [2.0] * 30), run("price.b", [1.0] * 30, end=AS_OF - timedelta(days=20))
    got = found(book(alive, dead), kind="ratio", a="price.a", b="price.b")
    assert isinstance(got, Measured)
    assert AS_OF - got.stands >= timedelta(days=13)


def test_a_list_price_ratio_holds_between_the_changes_of_either() -> None:
    rival = series("on_demand.trn1", {"2022-10-17": 21.5})
    got = found(book(rival, PRICES), kind="ratio", a="on_demand.trn1", b="on_demand.p5")
    assert isinstance(got, Measured)
    assert got.value == pytest.approx(21.5 / 55.04)
    assert got.dated == AS_OF

"""Calls: opened on an onset, resolved from what was known at the due date, scored beside the base rate."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.calls import Call, Record, Resolution
from core.contracts import Contract, Outcome
from core.series import Observation, Series
from core.verdicts import VerdictKind
from signals.calls import onset, opened, resolved, score, tilt
from tests.signals.builders import AS_OF, book, check, contract, run

AHEAD, BEHIND, MIXED = VerdictKind.PRESS_AHEAD, VerdictKind.PRESS_BEHIND, VerdictKind.MIXED
DAY = timedelta(days=1)


def forecasting(kind: str = "percent_change", direction: str = "up", **measure: Any) -> Contract:
    told = {"kind": kind, "a": "price.x", **({"over": "90d"} if kind == "percent_change" else {}), **measure}
    outcome = Outcome.model_validate({"measure": told, "direction": direction, "horizon": "90d"})
    return contract(check()).model_copy(update={"outcome": outcome})


def call(**changes: Any) -> Call:
    made = opened(forecasting(), AHEAD, book(run("price.x", [100.0] * 400)), as_of=AS_OF)
    return Call(**{f: getattr(made, f) for f in made.__dataclass_fields__} | changes)


@pytest.mark.parametrize(
    ("before", "now", "begins"),
    [
        pytest.param(MIXED, AHEAD, True, id="from mixed to ahead"),
        pytest.param(None, BEHIND, True, id="on the first morning"),
        pytest.param(AHEAD, BEHIND, True, id="from one side to the other"),
        pytest.param(AHEAD, AHEAD, False, id="it only goes on"),
        pytest.param(MIXED, VerdictKind.PRESS_BACKED, False, id="a verdict that does not lean"),
        pytest.param(AHEAD, MIXED, False, id="it ends"),
    ],
)
def test_an_onset_is_a_leaning_verdict_that_was_not_there(
    before: VerdictKind | None, now: VerdictKind, begins: bool
) -> None:
    assert onset(before, now) is begins


@pytest.mark.parametrize(
    ("kind", "stated", "forecast"),
    [
        pytest.param(AHEAD, "up", "up", id="ahead: the contract's own direction"),
        pytest.param(AHEAD, "down", "down", id="ahead, of a contract that says down"),
        pytest.param(BEHIND, "up", "down", id="behind: the opposite"),
        pytest.param(BEHIND, "down", "up", id="behind, of a contract that says down"),
    ],
)
def test_the_direction_follows_from_verdict_and_contract(kind: VerdictKind, stated: str, forecast: str) -> None:
    made = opened(forecasting(direction=stated), kind, book(run("price.x", [100.0] * 200)), as_of=AS_OF)
    assert made.direction == forecast
    assert made.due == AS_OF + 90 * DAY


def test_a_verdict_that_does_not_lean_forecasts_nothing() -> None:
    with pytest.raises(ValueError, match="forecasts nothing"):
        opened(forecasting(), MIXED, {}, as_of=AS_OF)


def test_the_base_rate_counts_non_overlapping_horizons_of_its_own_history() -> None:
    # 451 daily closes, rising: changes exist from day 90 on; at days 450, 360, 270, 180 and 90 they do not overlap.
    rising = run("price.x", [100.0 + i for i in range(451)])
    made = opened(forecasting(), AHEAD, book(rising), as_of=AS_OF)
    assert (made.horizons, made.base_rate) == (5, 5.5 / 6)
    assert made.probability == 0.95  # 0.92 and the tilt of 0.10, held within the extremes
    down = opened(forecasting(), BEHIND, book(rising), as_of=AS_OF)
    assert (down.base_rate, down.tilt, down.calibrated) == (0.5 / 6, 0.1, False)
    assert down.probability == pytest.approx(0.5 / 6 + 0.1)


def test_a_level_is_held_against_its_value_at_the_opening() -> None:
    falling = run("price.x", [500.0 - i for i in range(271)])
    made = opened(forecasting("level"), AHEAD, book(falling), as_of=AS_OF)
    assert (made.start, made.horizons, made.base_rate) == (230.0, 3, 0.5 / 4)
    end = run("price.x", [231.0], end=made.due)
    assert resolved(made, book(end)).came_true is True
    assert resolved(made, book(run("price.x", [230.0], end=made.due))).void == "the outcome did not move"


def test_what_cannot_be_measured_or_rests_on_imports_is_void_from_the_start() -> None:
    assert opened(forecasting(), AHEAD, {}, as_of=AS_OF).void == (
        "the outcome at the opening is unknown: not collected (price.x)"
    )
    old = run("price.x", [100.0] * 200, end=AS_OF - 15 * DAY)
    assert opened(forecasting(), AHEAD, book(old), as_of=AS_OF).void.startswith(
        "the outcome at the opening is unknown: stale"
    )
    whole = book(run("price.x", [100.0] * 200))
    assert opened(forecasting(), AHEAD, whole, as_of=AS_OF, imported=True).void == (
        "the verdict rests on imported articles"
    )


def test_a_call_is_resolved_from_what_was_known_at_its_due_date_and_by_no_later_value() -> None:
    made = call(direction="up", probability=0.6, base_rate=0.5)
    closes = run("price.x", [100.0] * 90 + [110.0], end=made.due)
    crash = Observation(series="price.x", time=made.due, value=1.0, first_seen=made.due + DAY)
    both = Series(id="price.x", unit="", observations=(*closes.observations, crash))
    for series in (closes, both):
        end = resolved(made, book(series))
        assert (end.at, end.came_true, end.void) == (made.due, True, "")
        assert end.end == pytest.approx(10.0)
        assert (end.brier, end.base_brier) == pytest.approx((0.16, 0.25))


def test_a_series_that_is_unknown_at_the_due_date_makes_a_void() -> None:
    made = call()
    assert resolved(made, {}).void == "the outcome at the due date is unknown: not collected (price.x)"
    stale = run("price.x", [100.0] * 200, end=made.due - 15 * DAY)
    assert "stale" in resolved(made, book(stale)).void
    late = run("price.x", [100.0, 120.0], end=made.due, step_days=90)
    seen_late = tuple(
        Observation(series=o.series, time=o.time, value=o.value, first_seen=made.due + DAY) for o in late.observations
    )
    assert resolved(made, book(Series(id="price.x", unit="", observations=seen_late))).void


def settled(n: int, *, true: int, base_rate: float = 0.5, gap: int = 90) -> list[Record]:
    made = []
    for i in range(n):
        start = AS_OF + i * gap * DAY - 10_000 * DAY
        one = call(id=f"c{i}", opened=start, due=start + 90 * DAY, base_rate=base_rate, probability=0.6)
        made.append(Record(call=one, resolution=Resolution(call=one.id, at=one.due, end=1.0, came_true=i < true)))
    return made


def test_the_tilt_is_learnt_from_twenty_calls_on() -> None:
    assert tilt(settled(19, true=19), as_of=AS_OF) == (0.1, False)
    # 20 calls, 15 true, base rate one half: a mean lead of 0.25, shrunk halfway to the stated 0.10
    learnt, calibrated = tilt(settled(20, true=15), as_of=AS_OF)
    assert calibrated
    assert learnt == pytest.approx((20 * 0.25 + 20 * 0.1) / 40)


def test_the_score_shows_sample_voids_open_ones_and_how_many_do_not_overlap() -> None:
    records = settled(4, true=3, gap=45)
    records.append(Record(call=call(id="open")))
    records.append(Record(call=call(id="void", void="not known")))
    told = score(records, as_of=AS_OF)
    assert (told.scored, told.independent, told.open, told.voids, told.share_true) == (4, 2, 1, 1, 0.75)
    assert told.brier == pytest.approx((3 * 0.16 + 0.36) / 4)
    assert told.base_brier == pytest.approx(0.25)
    before = score(records, as_of=AS_OF - 10_000 * DAY + 100 * DAY)
    assert (before.scored, before.open, before.voids) == (1, 2, 0)


closes = st.lists(st.floats(1, 1000), min_size=2, max_size=400)


@given(closes, st.sampled_from(["up", "down"]))
def test_a_proposition_turned_round_makes_the_very_same_forecast(values: list[float], direction: str) -> None:
    """Turned, PRESS_AHEAD becomes PRESS_BEHIND, and the outcome that it forecasts turns with it."""
    series = book(run("price.x", values))
    other = {"up": "down", "down": "up"}[direction]
    one = opened(forecasting(direction=direction), AHEAD, series, as_of=AS_OF)
    turned = opened(forecasting(direction=other), BEHIND, series, as_of=AS_OF)
    for name in ("direction", "probability", "base_rate", "horizons", "start", "due", "void"):
        assert getattr(one, name) == getattr(turned, name)


@given(closes, st.integers(1, 90_000), st.floats(-1e9, 1e9))
def test_absurd_values_first_seen_later_change_no_call(values: list[float], seconds: int, absurd: float) -> None:
    held = run("price.x", values)
    later = Observation(series="price.x", time=AS_OF, value=absurd, first_seen=AS_OF + timedelta(seconds=seconds))
    sown = Series(id="price.x", unit="", observations=(*held.observations, later))
    told = forecasting()
    assert opened(told, AHEAD, book(sown), as_of=AS_OF) == opened(told, AHEAD, book(held), as_of=AS_OF)

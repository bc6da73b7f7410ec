"""Values kept apart, and let in; and when a source was last looked at."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest

from core.errors import InputError
from core.series import Observation
from store import quarantine, series
from store.database import Database
from tests.store.making import MORNING, make_observation

MARCH = datetime(2026, 3, 1, tzinfo=UTC)
DAY = timedelta(days=1)


def hold(db: Database, *refused: Observation) -> int:
    names = {o.series for o in refused}
    return quarantine.hold(db, refused, units=dict.fromkeys(names, "index"), sources=dict.fromkeys(names, "fred"))


def test_a_refused_value_is_kept_apart_from_the_observations(db: Database) -> None:
    assert hold(db, make_observation(9e9, MARCH, MORNING)) == 1
    (held,) = quarantine.held(db, as_of=MORNING)
    assert (held.series, held.time, held.value, held.first_seen, held.released) == (
        "macro.vix",
        MARCH,
        9e9,
        MORNING,
        None,
    )
    assert series.load(db, None, as_of=MORNING + DAY) == {}
    assert quarantine.held(db, as_of=MORNING - DAY) == []


def test_what_a_source_repeats_is_held_once(db: Database, dump: Callable[[], object]) -> None:
    hold(db, make_observation(9e9, MARCH, MORNING), make_observation(-5.0, MORNING, MORNING, "spot_discount.x"))
    before = dump()
    later = MORNING + DAY
    assert hold(db, make_observation(9e9, MARCH, later), make_observation(-5.0, later, later, "spot_discount.x")) == 0
    assert dump() == before
    assert hold(db, make_observation(8e9, MARCH, later), make_observation(-6.0, later, later, "spot_discount.x")) == 2


def test_a_released_value_counts_from_its_release_and_not_before(db: Database) -> None:
    hold(db, make_observation(88.0, MARCH, MORNING))
    quarantine.release(db, "macro.vix", time=MARCH, at=MORNING + 3 * DAY)
    assert series.load(db, None, as_of=MORNING + 2 * DAY) == {}
    held = series.load(db, None, as_of=MORNING + 3 * DAY)["macro.vix"]
    assert [(o.time, o.value, o.first_seen) for o in held.observations] == [(MARCH, 88.0, MORNING + 3 * DAY)]
    assert [q.released for q in quarantine.held(db, as_of=MORNING + 2 * DAY)] == [None]
    assert [q.released for q in quarantine.held(db, as_of=MORNING + 3 * DAY)] == [MORNING + 3 * DAY]


def test_a_released_value_that_the_source_repeats_is_not_held_again(db: Database) -> None:
    hold(db, make_observation(88.0, MARCH, MORNING))
    quarantine.release(db, "macro.vix", time=MARCH, at=MORNING + DAY)
    assert hold(db, make_observation(88.0, MARCH, MORNING + 2 * DAY)) == 0


@pytest.mark.parametrize("times", [0, 1], ids=["never held", "released already"])
def test_there_must_be_something_to_release(db: Database, times: int) -> None:
    hold(db, make_observation(88.0, MARCH, MORNING))
    for _ in range(times):
        quarantine.release(db, "macro.vix", time=MARCH, at=MORNING)
    asked = MARCH if times else MARCH + DAY
    with pytest.raises(InputError, match=f"no value of macro.vix for {asked:%Y-%m-%d}T00:00:00Z is held"):
        quarantine.release(db, "macro.vix", time=asked, at=MORNING)


def test_a_series_comes_with_the_looks_that_were_taken_by_then(db: Database) -> None:
    """An undated value that is seen again unchanged is no vintage, but the look is known."""
    for day in range(3):
        now = MORNING + day * DAY
        one = make_observation(61.0, now, now, "spot_discount.x")
        series.save(db, [one], seen=now, units={one.series: "percent"}, sources={one.series: "advisor"})
    held = series.load(db, None, as_of=MORNING + 2 * DAY)["spot_discount.x"]
    assert [o.time for o in held.observations] == [MORNING]
    assert held.last_sighting == MORNING + 2 * DAY
    assert held.known_at(MORNING + DAY).last_sighting == MORNING + DAY
    assert series.load(db, None, as_of=MORNING + DAY)["spot_discount.x"].last_sighting == MORNING + DAY

"""Vintages, sightings, raw answers."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest

from core.errors import StoreError
from core.series import Observation
from store import series
from store.database import Database
from tests.store.making import MORNING, make_observation

MARCH, APRIL = datetime(2026, 3, 1, tzinfo=UTC), datetime(2026, 4, 1, tzinfo=UTC)
HOUR, DAY = timedelta(hours=1), timedelta(days=1)


def collect(db: Database, *observations: Observation, seen: datetime = MORNING, source: str = "fred") -> int:
    names = {o.series for o in observations}
    return series.save(
        db, observations, seen=seen, units=dict.fromkeys(names, "index"), sources=dict.fromkeys(names, source)
    )


def values(db: Database, as_of: datetime, name: str = "macro.vix") -> list[tuple[datetime, float]]:
    held = series.load(db, [name], as_of=as_of).get(name)
    return [(o.time, o.value) for o in held.known_at(as_of).observations] if held else []


def test_a_series_comes_back_with_unit_and_order(db: Database) -> None:
    late, early = make_observation(20.5, APRIL, MORNING), make_observation(18.0, MARCH, MORNING, imported=True)
    assert collect(db, late, early) == 2
    held = series.load(db, ["macro.vix", "macro.unknown"], as_of=MORNING)
    assert list(held) == ["macro.vix"]
    assert (held["macro.vix"].id, held["macro.vix"].unit) == ("macro.vix", "index")
    assert held["macro.vix"].observations == (early, late)


def test_a_corrected_value_is_a_new_vintage_and_the_old_one_stays(db: Database) -> None:
    collect(db, make_observation(3.1, MARCH, MORNING))
    assert collect(db, make_observation(3.3, MARCH, MORNING + DAY), seen=MORNING + DAY) == 1
    assert values(db, MORNING) == [(MARCH, 3.1)]
    assert values(db, MORNING + DAY) == [(MARCH, 3.3)]


def test_a_value_that_goes_back_to_what_it_was_is_a_vintage_too(db: Database) -> None:
    for day, value in enumerate((3.1, 3.3, 3.1)):
        assert collect(db, make_observation(value, MARCH, MORNING + day * DAY), seen=MORNING + day * DAY) == 1
    assert values(db, MORNING + 2 * DAY) == [(MARCH, 3.1)]


def test_a_value_seen_again_unchanged_is_a_sighting_and_no_vintage(db: Database) -> None:
    collect(db, make_observation(3.1, MARCH, MORNING), make_observation(3.2, APRIL, MORNING))
    again = (make_observation(3.1, MARCH, MORNING + DAY), make_observation(3.2, APRIL, MORNING + DAY))
    assert collect(db, *again, seen=MORNING + DAY) == 0
    rows = [tuple(r.values()) for r in db.query("SELECT series, seen, held, new FROM sightings ORDER BY seen")]
    assert rows == [("macro.vix", "2026-04-15T06:00:00Z", 2, 2), ("macro.vix", "2026-04-16T06:00:00Z", 2, 0)]


def test_saving_twice_changes_nothing(db: Database, dump: Callable[[], object]) -> None:
    for _ in range(2):
        collect(db, make_observation(3.1, MARCH, MORNING), make_observation(61.0, MORNING, MORNING, "spot_discount.x"))
        after = dump()
    first = db.execute("SELECT held, new FROM sightings").fetchall()
    assert first == [(1, 1), (1, 1)]
    collect(db, make_observation(3.1, MARCH, MORNING), make_observation(61.0, MORNING, MORNING, "spot_discount.x"))
    assert dump() == after


def test_an_undated_value_that_stands_still_keeps_the_time_of_its_first_sight(db: Database) -> None:
    """So that it grows old, and reads as stale, however often it is seen again."""
    for day, value in enumerate((61.0, 61.0, 64.0, 61.0)):
        now = MORNING + day * DAY
        collect(db, make_observation(value, now, now, "spot_discount.x"), seen=now)
    assert values(db, MORNING + 9 * DAY, "spot_discount.x") == [
        (MORNING, 61.0),
        (MORNING + 2 * DAY, 64.0),
        (MORNING + 3 * DAY, 61.0),
    ]
    assert db.table("sightings").count == 4


def test_imported_history_goes_before_what_was_collected(db: Database) -> None:
    collect(db, make_observation(3.1, MARCH, MORNING))
    imported = make_observation(3.1, MARCH, MARCH + 14 * DAY, imported=True)
    assert collect(db, imported) == 1
    assert values(db, MARCH + 14 * DAY) == [(MARCH, 3.1)]
    assert collect(db, imported) == 0


def test_a_rule_does_not_improve_on_a_value_that_was_seen_to_arrive(db: Database) -> None:
    """March was there at the first look, April came with the second: a later import may backdate only March."""
    collect(db, make_observation(3.1, MARCH, MORNING))
    collect(db, make_observation(3.2, APRIL, MORNING + DAY), seen=MORNING + DAY)
    rule = [make_observation(v, day, day + 7 * DAY, imported=True) for v, day in ((3.1, MARCH), (3.2, APRIL))]
    assert collect(db, *rule, seen=MORNING + 9 * DAY) == 1
    assert values(db, MORNING) == [(MARCH, 3.1)]
    assert values(db, MARCH + 7 * DAY) == [(MARCH, 3.1)]
    assert values(db, MORNING + DAY) == [(MARCH, 3.1), (APRIL, 3.2)]


def test_a_value_that_two_looks_did_not_give_was_not_known_at_them_whatever_the_rule_says(db: Database) -> None:
    """By the rule April was known between the two looks; a value of after the last look keeps its rule."""
    for day in (0, 9):
        collect(db, make_observation(3.1, MARCH, MORNING + day * DAY), seen=MORNING + day * DAY)
    later = APRIL + 14 * DAY
    rule = [
        make_observation(3.2, APRIL, MORNING + 2 * DAY, imported=True),
        make_observation(3.3, later, MORNING + 12 * DAY, imported=True),
    ]
    assert collect(db, *rule, seen=MORNING + 30 * DAY) == 2
    assert values(db, MORNING + 9 * DAY) == [(MARCH, 3.1)]
    assert values(db, MORNING + 12 * DAY) == [(MARCH, 3.1), (later, 3.3)]
    assert values(db, MORNING + 30 * DAY) == [(MARCH, 3.1), (APRIL, 3.2), (later, 3.3)]


def test_what_was_not_known_then_is_absent(db: Database) -> None:
    collect(db, make_observation(1.0, MARCH, MORNING + HOUR))
    assert series.load(db, None, as_of=MORNING) == {}


@pytest.mark.parametrize(
    ("ids", "prefixes", "loaded"),
    [
        pytest.param(["macro.vix"], (), ["macro.vix"], id="by id"),
        pytest.param([], ["spot_"], ["spot_discount.a", "spot_regions.a"], id="by prefix"),
        pytest.param(["macro.vix"], ["spot_discount."], ["macro.vix", "spot_discount.a"], id="by both"),
        pytest.param(None, (), ["macro.vix", "spot_discount.a", "spot_regions.a"], id="all"),
        pytest.param([], (), [], id="none"),
        pytest.param(["spot_%"], (), [], id="a wildcard is no id"),
    ],
)
def test_series_are_chosen(db: Database, ids: list[str] | None, prefixes: list[str], loaded: list[str]) -> None:
    names = ("spot_regions.a", "macro.vix", "spot_discount.a")
    collect(db, *(make_observation(1.0, MARCH, MORNING, name) for name in names))
    assert list(series.load(db, ids, as_of=MORNING, prefixes=prefixes)) == loaded


def test_a_value_that_is_no_number_is_refused(db: Database) -> None:
    with pytest.raises(StoreError, match="NOT NULL"):
        collect(db, make_observation(float("nan"), MARCH, MORNING))
    assert db.table("series").count == 0


def test_a_source_was_last_collected_when_any_of_its_series_was_seen(db: Database) -> None:
    assert series.last_collected(db) == {}
    collect(db, make_observation(1.0, MARCH, MORNING))
    collect(db, make_observation(1.0, MARCH, MORNING, "macro.nfci"), seen=MORNING + DAY)
    collect(db, make_observation(1.0, MARCH, MORNING, "price.spy"), source="yahoo")
    assert series.last_collected(db) == {"fred": MORNING + DAY, "yahoo": MORNING}

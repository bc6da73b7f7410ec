"""A series cut at an instant: the quick way gives what the slow one does."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from core.series import Observation, Series

START = datetime(2026, 1, 1, tzinfo=UTC)
HOUR = timedelta(hours=1)


def said(time: int, value: float, seen: int, **more: bool) -> Observation:
    return Observation(series="x.y", time=START + time * HOUR, value=value, first_seen=START + seen * HOUR, **more)


def slowly(observations: list[Observation], as_of: datetime) -> list[Observation]:
    """Of each time that has come, the vintage seen last."""
    known = [o for o in observations if o.first_seen <= as_of and o.time <= as_of]
    return [
        max((o for o in known if o.time == time), key=lambda o: o.first_seen)
        for time in sorted({o.time for o in known})
    ]


vintages = st.lists(st.tuples(st.integers(0, 12), st.integers(0, 20)), unique=True, max_size=25)


@given(vintages, st.lists(st.integers(-1, 21), min_size=1, max_size=6))
def test_a_cut_holds_of_each_time_the_vintage_seen_last_by_then(
    rows: list[tuple[int, int]], moments: list[int]
) -> None:
    """Whatever was asked for before: later, earlier, the same."""
    held = [said(time, time + seen / 100, seen) for time, seen in sorted(rows)]
    series = Series(id="x.y", unit="", observations=tuple(held))
    for moment in moments:
        as_of = START + moment * HOUR
        cut = series.known_at(as_of)
        assert list(cut.observations) == slowly(held, as_of)
        assert cut.columns.values.tolist() == [o.value for o in cut.observations]
        assert cut.known_at(as_of) == cut


def test_two_cuts_between_which_nothing_became_known_share_their_observations() -> None:
    series = Series(id="x.y", unit="", observations=(said(0, 1.0, 1), said(5, 2.0, 6)))
    first, second = series.known_at(START + 2 * HOUR), series.known_at(START + 5 * HOUR)
    assert first.observations is second.observations
    assert series.known_at(START + 6 * HOUR).observations is not first.observations


def test_sightings_are_cut_like_everything_else() -> None:
    looks = tuple(START + k * HOUR for k in (1, 2, 3))
    series = Series(id="x.y", unit="", observations=(said(1, 1.0, 1),), sightings=looks)
    assert series.known_at(START + 2 * HOUR).last_sighting == looks[1]
    assert series.known_at(START + 2 * HOUR).sightings == looks[:2]
    assert series.known_at(START).last_sighting is None


def test_a_value_is_undated_if_its_time_is_its_first_sight_and_it_was_lived_through() -> None:
    assert said(1, 1.0, 1).undated
    assert not said(1, 1.0, 2).undated
    assert not said(1, 1.0, 1, imported=True).undated

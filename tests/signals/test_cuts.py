"""What is remembered from one morning to the next changes no reading."""

from __future__ import annotations

from datetime import timedelta

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.contracts import Measure
from core.series import Observation, Series
from signals.cuts import Cut, Memory
from signals.readings import evidence
from signals.tracks import quartiles
from tests.signals.builders import AS_OF, at, book, check, contract, part, series

DAY = timedelta(days=1)


def revised(name: str, *, start: float, every: int, lag: int) -> Series:
    """Four years of values, each corrected a month after it was first seen."""
    made = []
    for k in range(0, 1500, every):
        time = AS_OF - (1500 - k) * DAY
        value = start + (k * 7919 % 100) / 10
        made.append(Observation(series=name, time=time, value=value, first_seen=time + lag * DAY))
        made.append(Observation(series=name, time=time, value=value + 0.5, first_seen=time + (lag + 30) * DAY))
    return Series(id=name, unit="", observations=tuple(made))


def asked() -> dict[str, Measure]:
    return {
        "one": Measure(kind="level", a="macro.a"),
        "two": Measure(kind="annualised_change", a="macro.b", over=timedelta(days=365)),
        "three": Measure(kind="ratio_change", a="macro.a", b="macro.b", over=timedelta(days=182)),
        "four": Measure(kind="difference", a="on_demand.x", b="on_demand.y"),
        "five": Measure(kind="count", a="macro.a", over=timedelta(days=30)),
        "six": Measure(kind="percentile", a="macro.a"),
        "seven": Measure(kind="paired_difference", of="on_demand", a="rival", b="nvidia", over=timedelta(days=365)),
        "eight": Measure(kind="paired_difference", of="spot_discount", a="rival", b="nvidia"),
    }


def test_with_a_memory_every_morning_reads_as_without() -> None:
    held = book(
        revised("macro.a", start=50, every=1, lag=1),
        revised("macro.b", start=200, every=30, lag=14),
        *(
            series(f"{of}.{t}", {"2023-01-01": 9.0 + n, "2026-01-20": 5.0})
            for of in ("on_demand", "spot_discount")
            for n, t in enumerate("xy")
        ),
    )
    parts = (part("X", "rival", "2023-01-01"), part("Y", "nvidia", "2023-06-01"), part("Z", "nvidia", "2026-03-01"))
    questions = contract(
        *(
            check(name, measure=m, threshold="history" if name == "one" else 0, scale="history", max_age="9000d")
            for name, m in asked().items()
        )
    )
    memory = Memory()
    mornings = [AS_OF - k * DAY for k in (90, 60, 59, 58, 30, 31, 7, 6, 0, 5, 0)]
    for morning in mornings:
        fresh = evidence(questions, held, as_of=morning, accelerators=parts)
        assert evidence(questions, held, as_of=morning, accelerators=parts, memory=memory) == fresh


def test_a_cut_has_no_series_of_which_nothing_was_known() -> None:
    cut = Cut(book(series("macro.a", {"2026-01-01": 1.0}), series("macro.b", {"2026-12-01": 1.0})), AS_OF)
    assert list(cut) == ["macro.a"]
    assert len(cut) == 1
    with pytest.raises(KeyError):
        cut["macro.b"]


@settings(max_examples=200)
@given(st.lists(st.floats(-1e9, 1e9), min_size=1, max_size=40))
def test_quartiles_are_those_of_numpy_to_the_bit(values: list[float]) -> None:
    of = np.array(values)
    assert quartiles(of) == tuple(np.quantile(of, (0.25, 0.5, 0.75)).tolist())


def test_an_undated_value_that_stands_still_says_since_when_and_when_it_was_last_seen() -> None:
    """Its age counts from its first sight, however often it is seen again."""
    first = at("2026-03-01")
    one = Observation(series="spot_discount.x", time=first, value=61.0, first_seen=first)
    looks = tuple(first + k * DAY for k in range(60))
    held = book(Series(id="spot_discount.x", unit="", observations=(one,), sightings=looks))
    questions = contract(check(measure=Measure(kind="level", a="spot_discount.x"), max_age="14d"))
    (fresh,) = evidence(questions, held, as_of=at("2026-03-15"), accelerators=()).readings
    (stale,) = evidence(questions, held, as_of=at("2026-04-15"), accelerators=()).readings
    assert fresh.freshness == "FRESH"
    assert stale.freshness == "STALE"
    assert stale.reason == "stands still since 2026-03-01, last seen 2026-04-15; 45 days old, at most 14 count"
    assert "was last seen on 2026-04-15 and is 45 days old" in stale.sentence


def test_a_value_that_nobody_looked_at_again_is_merely_old() -> None:
    first = at("2026-03-01")
    one = Observation(series="spot_discount.x", time=first, value=61.0, first_seen=first)
    held = book(Series(id="spot_discount.x", unit="", observations=(one,), sightings=(first,)))
    questions = contract(check(measure=Measure(kind="level", a="spot_discount.x"), max_age="14d"))
    (stale,) = evidence(questions, held, as_of=at("2026-04-15"), accelerators=()).readings
    assert stale.reason == "45 days old, at most 14 count"

"""A pair that comes or goes is told, and moves no change."""

from __future__ import annotations

from datetime import timedelta

from core.contracts import Measure
from signals.readings import reading
from tests.signals.builders import at, book, check, part, series

PARTS = (
    part("R1", "rival", "2023-01-01"),
    part("N1", "nvidia", "2023-01-01"),
    part("R2", "rival", "2025-01-01"),
    part("N2", "nvidia", "2025-01-01"),
)
AS_OF = at("2026-04-15")


def note(*spot: tuple[str, dict[str, float]], max_age: str = "400d") -> str:
    held = book(*(series(f"spot_discount.{name}", values) for name, values in spot))
    question = check(
        measure=Measure(kind="paired_difference", of="spot_discount", a="rival", b="nvidia"), max_age=max_age
    )
    return reading(question, held, narrative="n", as_of=AS_OF, accelerators=PARTS, weight=1.0).detail


def test_the_pairs_stand_beside_the_sentence_and_not_in_it() -> None:
    """79 - 45 = 34 points above 0: the sentence has the mean, the detail has the two machines."""
    spot = book(series("spot_discount.r1", {"2026-04-14": 79}), series("spot_discount.n1", {"2026-04-14": 45}))
    question = check(measure=Measure(kind="paired_difference", of="spot_discount", a="rival", b="nvidia"))
    got = reading(question, spot, narrative="n", as_of=AS_OF, accelerators=PARTS[:2], weight=1.0)
    assert got.detail == "r1 79.0 against n1 45.0."
    assert "r1" not in got.sentence
    assert got.sentence.startswith("34.00 ")


def test_a_level_says_by_how_much_a_new_pair_moved_it() -> None:
    """R1 - N1 goes from 10 to 12; R2 - N2 comes with 52: the mean goes from 10 to 32, 20 of it by coming."""
    told = note(
        ("r1", {"2026-01-01": 60, "2026-04-10": 62}),
        ("n1", {"2026-01-01": 50}),
        ("r2", {"2026-04-12": 80}),
        ("n2", {"2026-04-12": 28}),
    )
    assert "with r2 against n2, unlike on 2026-03-16: that moved the mean by +20.0, the other pairs by +2.0" in told


def test_a_level_says_by_how_much_a_lost_pair_moved_it() -> None:
    """On 16 March: 10 and 50, mean 30; on 15 April the second is older than 60 days: 10."""
    told = note(
        ("r1", {"2026-02-20": 60}),
        ("n1", {"2026-02-20": 50}),
        ("r2", {"2026-02-10": 80}),
        ("n2", {"2026-02-10": 30}),
        max_age="60d",
    )
    assert "without r2 against n2, unlike on 2026-03-16: that moved the mean by -20.0, the other pairs by +0.0" in told


def test_the_same_pairs_need_no_word() -> None:
    assert "unlike on" not in note(("r1", {"2026-01-01": 60}), ("n1", {"2026-01-01": 50}))


def test_days_without_a_common_pair_are_not_compared() -> None:
    told = note(
        ("r1", {"2026-02-20": 60}),
        ("n1", {"2026-02-10": 50}),
        ("r2", {"2026-04-12": 80}),
        ("n2", {"2026-04-12": 28}),
        max_age="60d",
    )
    assert "so that no pair compares the two days" in told


def test_a_pair_that_came_within_the_span_has_no_vote_in_a_change() -> None:
    held = book(
        series("on_demand.r1", {"2025-01-01": 10}),
        series("on_demand.n1", {"2025-01-01": 10, "2025-12-01": 8}),
        series("on_demand.r2", {"2026-01-01": 10, "2026-02-01": 1}),
        series("on_demand.n2", {"2026-01-01": 10}),
    )
    measure = Measure(kind="paired_difference", of="on_demand", a="rival", b="nvidia", over=timedelta(days=365))
    got = reading(
        check(measure=measure, max_age="3650d"), held, narrative="n", as_of=AS_OF, accelerators=PARTS, weight=1.0
    )
    assert got.value is not None
    assert round(got.value, 9) == 20.0  # the first pair alone: 0 % against -20 %

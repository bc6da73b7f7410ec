"""Derived series by hand: what they are, and what they do when a member is missing."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.accelerators import load as load_accelerators
from core.contracts import Measure
from core.derived import Derived
from core.derived import load as load_derived
from core.errors import ConfigError
from core.series import Observation, Series
from signals.behind import with_rows
from signals.derived import COMBINES, RULES, derive, members, needed
from signals.readings import evidence
from tests.signals.builders import AS_OF, at, book, check, contract, part, series

QUARTERS = ("2025-03-31", "2025-06-30", "2025-09-30", "2025-12-31")


def declared(kind: str, **parts: Any) -> Derived:
    return Derived.model_validate({"id": "made.x", "kind": kind, "unit": "u", "because": "a test", **parts})


def made(one: Derived, *held: Series, accelerators: tuple[Any, ...] = ()) -> dict[str, float]:
    """Dates and values of the derived series as known at AS_OF."""
    got = derive([one], book(*held), [one.id], accelerators=accelerators).get(one.id)
    known = got.known_at(AS_OF).observations if got else ()
    return {f"{o.time:%Y-%m-%d}": round(o.value, 6) for o in known}


def test_a_ratio_has_a_value_only_where_both_have_one() -> None:
    margin = declared("ratio", a="profit.n", b="revenue.n", factor=100)
    profit = series("profit.n", {"2025-04-27": 30, "2025-07-27": 33}, lag_days=30)
    revenue = series("revenue.n", {"2025-01-26": 39, "2025-04-27": 40}, lag_days=30)
    assert made(margin, profit, revenue) == {"2025-04-27": 75.0}
    assert made(margin, profit) == {}


def test_a_difference_is_taken_at_common_times() -> None:
    left = declared("difference", a="cash.n", b="capex.n")
    assert made(left, series("cash.n", {"2025-03-31": 9, "2025-06-30": 8}), series("capex.n", {"2025-03-31": 4})) == {
        "2025-03-31": 5.0
    }


def test_growth_is_against_the_same_quarter_even_in_a_year_of_53_weeks() -> None:
    growth = declared("growth", a="revenue.n", over="364d")
    revenue = series("revenue.n", {"2023-01-29": 10, "2023-04-30": 12, "2024-01-28": 25, "2025-02-02": 30})
    assert made(growth, revenue) == {"2024-01-28": 150.0, "2025-02-02": 20.0}


def test_a_missing_member_makes_no_lower_sum() -> None:
    total = declared("quarter_sum", of=["capex.a", "capex.b"])
    a = series("capex.a", dict.fromkeys(QUARTERS, 10.0))
    b = series("capex.b", {"2025-03-31": 5, "2025-09-30": 7})
    assert made(total, a, b) == {"2025-03-31": 15.0, "2025-09-30": 17.0}
    assert made(total, a) == {}


@pytest.mark.parametrize(
    ("fiscal", "calendar"),
    [
        pytest.param("2025-08-31", "2025-09-30", id="June to August lies in the third quarter"),
        pytest.param("2025-05-31", "2025-06-30", id="March to May in the second"),
        pytest.param("2025-02-28", "2025-03-31", id="December to February in the first"),
        pytest.param("2025-11-30", "2025-12-31", id="September to November in the fourth"),
        pytest.param("2025-01-26", "2024-12-31", id="November to January in the fourth of the year before"),
        pytest.param("2025-06-28", "2025-06-30", id="a quarter that ends on a Saturday stays where it is"),
    ],
)
def test_a_fiscal_quarter_belongs_where_its_middle_lies(fiscal: str, calendar: str) -> None:
    assert made(declared("quarter_sum", of=["capex.a"]), series("capex.a", {fiscal: 3})) == {calendar: 3.0}


def test_a_year_is_everybodys_own_last_four_quarters() -> None:
    """The second company's year ends a month earlier; it counts at each of its own ends too."""
    year = declared("year_sum", of=["capex.a", "capex.b"])
    a = series("capex.a", {**dict.fromkeys(QUARTERS, 10.0), "2026-03-31": 20})
    b = series("capex.b", {"2025-02-28": 1, "2025-05-31": 2, "2025-08-31": 3, "2025-11-30": 4})
    assert made(year, a, b) == {"2025-12-31": 50.0, "2026-03-31": 60.0}


def test_a_year_without_one_of_its_quarters_is_none() -> None:
    year = declared("year_sum", of=["capex.a"])
    gap = series("capex.a", {"2024-09-30": 1, "2024-12-31": 1, "2025-09-30": 1, "2025-12-31": 1})
    assert made(year, gap) == {}


def test_total_return_counts_each_dividend_once_and_runs_as_far_as_they_are_known() -> None:
    """100 to 110 with 1 paid is 11 %; 110 to 99 is -10 %; the dividend of a Sunday counts on Monday."""
    total = declared("total_return", a="price.x", b="dividend.x")
    price = series("price.x", {"2026-01-02": 100, "2026-01-05": 110, "2026-01-06": 99, "2026-01-07": 99})
    paid = series("dividend.x", {"2026-01-02": 0, "2026-01-04": 1, "2026-01-06": 0})
    assert made(total, price, paid) == {"2026-01-02": 100.0, "2026-01-05": 111.0, "2026-01-06": 99.9}
    assert made(total, price) == {}


SHARE = {"of": ["price.a", "price.b"], "window": 3}


def test_the_share_above_their_mean_is_of_each_members_own_last_values() -> None:
    """a: 4 is above the mean 7/3 of 1, 2, 4, and 3 is not above that of 2, 4, 3; b never moves and is never above."""
    share = declared("share_above_mean", **SHARE)
    a = series("price.a", {"2026-01-05": 1, "2026-01-06": 2, "2026-01-07": 4, "2026-01-08": 3})
    b = series("price.b", dict.fromkeys(("2026-01-05", "2026-01-06", "2026-01-07", "2026-01-08"), 0.1))
    assert made(share, a, b) == {"2026-01-07": 50.0, "2026-01-08": 0.0}


def test_a_day_without_one_of_the_members_has_no_share_of_the_others() -> None:
    share = declared("share_above_mean", **SHARE)
    days = ("2026-01-05", "2026-01-06", "2026-01-07", "2026-01-08", "2026-01-09")
    a = series("price.a", dict(zip(days, (1, 2, 3, 4, 5), strict=True)))
    b = series("price.b", {days[0]: 1, days[1]: 2, days[2]: 3, days[4]: 1})
    assert made(share, a, b) == {"2026-01-07": 100.0, "2026-01-09": 50.0}
    assert made(share, a) == {}


def test_a_window_with_a_gap_is_no_window() -> None:
    """Three values may span four days and a half; these span five, and the next three span four."""
    share = declared("share_above_mean", of=["price.a"], window=3)
    a = series("price.a", {"2026-01-05": 1, "2026-01-09": 2, "2026-01-10": 3, "2026-01-13": 4})
    assert made(share, a) == {"2026-01-13": 100.0}


def test_a_share_is_known_when_the_last_of_its_members_is() -> None:
    """b is published two days later than a; a corrected close of b is a vintage of the share."""
    share = declared("share_above_mean", **SHARE)
    days = ("2026-01-05", "2026-01-06", "2026-01-07")
    a = series("price.a", dict(zip(days, (1, 2, 3), strict=True)), lag_days=1)
    b = series("price.b", dict(zip(days, (3, 2, 1), strict=True)), lag_days=3)
    straight = derive([share], book(a, b), ["made.x"], accelerators=())["made.x"]
    assert [(o.value, o.first_seen) for o in straight.observations] == [(50.0, at("2026-01-10"))]
    later = Observation(series="price.b", time=at("2026-01-07"), value=9, first_seen=at("2026-02-01"))
    corrected = replace(b, observations=(*b.observations, later))
    both = derive([share], book(a, corrected), ["made.x"], accelerators=())["made.x"]
    assert [(o.value, o.first_seen) for o in both.observations] == [
        (50.0, at("2026-01-10")),
        (100.0, at("2026-02-01")),
    ]


CHAIN = (part("A", "rival", "2023-01-01"), part("B", "rival", "2023-01-01"), part("C", "nvidia", "2023-01-01"))


def test_a_chain_does_not_jump_when_a_member_comes() -> None:
    """A goes from 60 to 62; B comes with 10 and falls by 4, while A stands: 60, 62, 62, 62 - (4 + 0) / 2."""
    mean = declared("chained_mean", of=["spot_discount"], side="rival")
    a = series("spot_discount.a", {"2026-01-01": 60, "2026-01-02": 62})
    b = series("spot_discount.b", {"2026-01-03": 10, "2026-01-04": 6})
    other = series("spot_discount.c", {"2026-01-01": 1, "2026-01-04": 99})
    assert made(mean, a, b, other, accelerators=CHAIN) == {
        "2026-01-01": 60.0,
        "2026-01-02": 62.0,
        "2026-01-03": 62.0,
        "2026-01-04": 60.0,
    }


def test_an_index_is_the_geometric_mean_of_those_there_on_both_days() -> None:
    """One price is halved, one quartered: the index falls to the root of an eighth."""
    index = declared("chained_index", of=["on_demand"], side="rival")
    a = series("on_demand.a", {"2026-01-01": 20, "2026-01-02": 10})
    b = series("on_demand.b", {"2026-01-01": 40, "2026-01-02": 10})
    assert made(index, a, b, accelerators=CHAIN) == {"2026-01-01": 100.0, "2026-01-02": pytest.approx(35.355339)}


def test_cadence_waits_for_every_line() -> None:
    """365.25 days are twelve months; variants of a generation and other jobs do not count."""
    pace = declared("cadence", lines=[{"maker": "m", "job": "training"}, {"maker": "o", "family": "f"}])
    parts = (
        part("A1", "rival", "2020-01-01"),
        part("A2", "rival", "2022-01-01"),
        part("A2 again", "rival", "2021-12-01", cloud="gcp").model_copy(update={"generation": "A2"}),
        part("I", "rival", "2021-01-01", job="inference"),
        *(
            part(n, "rival", d).model_copy(update={"maker": "o"})
            for n, d in (("B1", "2021-12-31"), ("B2", "2022-12-31"))
        ),
    )
    months = (700 / 30.4375 + 365 / 30.4375) / 2
    assert made(pace, accelerators=parts) == {"2022-12-31": round(months, 6)}


def test_a_corrected_member_makes_a_vintage_and_the_old_one_stays() -> None:
    margin = declared("ratio", a="profit.n", b="revenue.n")
    seen, later = at("2025-05-28"), at("2025-09-01")
    time = at("2025-04-27")
    profit = [Observation(series="profit.n", time=time, value=v, first_seen=s) for v, s in ((30, seen), (24, later))]
    held = book(Series(id="profit.n", unit="", observations=tuple(profit)), series("revenue.n", {"2025-04-27": 40}))
    got = derive([margin], held, ["made.x"], accelerators=())["made.x"]
    assert [(o.value, o.first_seen) for o in got.observations] == [(0.75, seen), (0.6, later)]
    assert got.known_at(seen).observations[0].value == 0.75


def test_one_may_be_derived_from_another_and_needs_its_members() -> None:
    table = (
        declared("quarter_sum", of=["capex.a", "capex.b"]).model_copy(update={"id": "capex.all"}),
        declared("difference", a="cash.a", b="capex.all"),
    )
    assert needed(["made.x"], table, ()) == {"made.x", "cash.a", "capex.all", "capex.a", "capex.b"}
    held = book(*(series(n, {"2025-03-31": v}) for n, v in (("cash.a", 9), ("capex.a", 1), ("capex.b", 2))))
    assert derive(table, held, ["made.x"], accelerators=())["made.x"].observations[0].value == 6


def test_what_is_collected_goes_before_what_is_derived() -> None:
    own = series("made.x", {"2025-03-31": 1})
    held = book(own, series("a.a", {"2025-03-31": 9}), series("b.b", {"2025-03-31": 3}))
    assert derive([declared("ratio", a="a.a", b="b.b")], held, ["made.x"], accelerators=())["made.x"] is own


rows = st.lists(
    st.tuples(st.integers(0, 8), st.integers(0, 30), st.integers(1, 9)), max_size=12, unique_by=lambda r: r[:2]
)


@settings(max_examples=60)
@given(st.sampled_from(sorted(COMBINES)), rows, rows, st.integers(0, 40))
def test_what_was_known_then_does_not_depend_on_what_came_later(
    kind: str, first: list[tuple[int, int, int]], second: list[tuple[int, int, int]], cut: int
) -> None:
    """Derived from everything and cut, or cut and then derived: the same."""
    one = declared(
        kind,
        a="p.a",
        b="p.b",
        of=["p"] if kind.startswith("chained") else ["p.a", "p.b"],
        over="2d",
        window=3,
        **({"side": "rival"} if kind.startswith("chained") else {}),
    )
    begin, as_of = at("2025-01-01"), at("2025-01-01") + timedelta(days=cut)
    held = book(
        *(
            Series(
                id=name,
                unit="",
                observations=tuple(
                    Observation(
                        series=name, time=begin + timedelta(days=t), value=v, first_seen=begin + timedelta(days=t + s)
                    )
                    for t, s, v in sorted(given)
                ),
            )
            for name, given in (("p.a", first), ("p.b", second))
        )
    )
    then = {
        n: replace(s, observations=tuple(o for o in s.observations if o.first_seen <= as_of)) for n, s in held.items()
    }
    of_all = derive([one], held, ["made.x"], accelerators=CHAIN).get("made.x", Series(id="", unit=""))
    of_then = derive([one], then, ["made.x"], accelerators=CHAIN).get("made.x", Series(id="", unit=""))
    assert of_all.known_at(as_of).observations == of_then.known_at(as_of).observations


def test_the_shipped_table_can_be_read_and_every_kind_says_its_rule(root: Path) -> None:
    table = load_derived(root / "signals" / "derived.yaml")
    parts = load_accelerators(root / "signals" / "accelerators.yaml")
    assert {one.kind for one in table} == set(RULES) == {*COMBINES, "cadence"}
    assert all(members(one, parts) or one.lines for one in table)
    assert made(next(one for one in table if one.id == "cadence.nvidia"), accelerators=parts) == {
        "2020-11-02": round(1104 / 30.4375, 6),  # V100 on 2017-10-25 to A100
        "2023-07-26": round(996 / 30.4375, 6),  # to H100
        "2025-03-01": round(584 / 30.4375, 6),  # to B200, first sold by Google
    }


def test_a_table_out_of_order_is_told_with_its_line(tmp_path: Path) -> None:
    path = tmp_path / "derived.yaml"
    rows = [
        "  - {id: a.late, kind: difference, a: a.sum, b: c.d, unit: u, because: x}",
        "  - {id: a.sum, kind: quarter_sum, of: [c.d], unit: u, because: x}",
    ]
    path.write_text("derived:\n" + "\n".join(rows) + "\n", "utf-8")
    with pytest.raises(ConfigError, match=r"derived.yaml:2: derived.0.id: needs a.sum, which does not stand before it"):
        load_derived(path)


def test_a_reading_of_a_derived_series_names_the_rows_behind_it() -> None:
    """Capex over cash of one quarter: four rows of two companies, two of them a fiscal month earlier."""
    table = tuple(
        declared("quarter_sum", of=[f"{name}.a", f"{name}.b"]).model_copy(update={"id": f"{name}.all"})
        for name in ("capex", "cash")
    )
    ends = {"a": "2025-06-30", "b": "2025-05-31"}
    raw = book(
        *(series(f"{name}.{who}", {"2025-03-31": 1, end: 5}) for name in ("capex", "cash") for who, end in ends.items())
    )
    held = derive(table, raw, ["capex.all", "cash.all"], accelerators=())
    asked = contract(check(measure=Measure(kind="ratio", a="capex.all", b="cash.all"), max_age="900d"))
    found = evidence(asked, held, as_of=AS_OF, accelerators=())
    (one,) = with_rows(found, table, held, accelerators=()).readings
    assert {(o.series, f"{o.time:%Y-%m-%d}") for o in one.observations} == {
        (f"{name}.{who}", end) for name in ("capex", "cash") for who, end in ends.items()
    }
    assert (one.value, one.sentence) == (found.readings[0].value, found.readings[0].sentence)


def test_growth_names_both_ends() -> None:
    growth = declared("growth", a="revenue.n", over="364d")
    held = derive(
        [growth], book(series("revenue.n", {"2023-01-29": 10, "2024-01-28": 25})), ["made.x"], accelerators=()
    )
    asked = contract(check(measure=Measure(kind="level", a="made.x"), max_age="9000d"))
    (one,) = with_rows(evidence(asked, held, as_of=AS_OF, accelerators=()), [growth], held, accelerators=()).readings
    assert [o.value for o in one.observations] == [10, 25]

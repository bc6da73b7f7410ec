"""Pairs: who is held against whom, and what stands beside the difference."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

import pytest

from core.accelerators import Accelerator
from core.contracts import Measure
from core.series import Series
from signals.accelerators import matching, pair_series
from signals.measured import Known, Measured, Unmeasured
from signals.pairs import paired_difference
from tests.signals.builders import AS_OF, at, book, part, run, series

TRN1 = part("TRN1", "rival", "2022-10-10")
A100 = part("A100", "nvidia", "2020-11-02")
A100_80 = part("A100-80", "nvidia", "2022-06-01")
H100 = part("H100", "nvidia", "2023-07-26")


@pytest.mark.parametrize(
    ("parts", "day", "pairs", "unmatched"),
    [
        pytest.param(
            [TRN1, A100, A100_80, H100],
            "2026-04-15",
            [("TRN1", "A100-80")],  # 131 days apart, against 289 and 707
            [],
            id="the nearest availability is the partner",
        ),
        pytest.param([TRN1, A100, H100], "2023-01-01", [("TRN1", "A100")], [], id="a part of the future is no partner"),
        pytest.param(
            [TRN1, part("T4", "nvidia", "2022-10-10", job="inference")],
            "2026-04-15",
            [],
            [("TRN1", "no Nvidia part for training on aws")],
            id="another job is no partner",
        ),
        pytest.param(
            [TRN1, part("A100-80", "nvidia", "2022-10-10", cloud="gcp")],
            "2026-04-15",
            [],
            [("TRN1", "no Nvidia part for training on aws")],
            id="another cloud is no partner",
        ),
        pytest.param(
            [TRN1, part("V100", "nvidia", "2017-10-25")],
            "2026-04-15",
            [],
            [("TRN1", "the nearest Nvidia part, V100, is over two years apart")],
            id="two generations apart is no pair",
        ),
        pytest.param(
            [part("TRN1N", "rival", "2023-04-13"), TRN1, A100_80],
            "2026-04-15",
            [("TRN1", "A100-80"), ("TRN1N", "A100-80")],
            [],
            id="two rivals may share a partner and each has one",
        ),
        pytest.param(
            [TRN1, part("B", "nvidia", "2022-10-20"), part("A", "nvidia", "2022-09-30")],
            "2026-04-15",
            [("TRN1", "A")],
            [],
            id="of two equally near the earlier",
        ),
    ],
)
def test_each_rival_gets_the_nvidia_part_of_its_cloud_job_and_age(
    parts: Sequence[Accelerator], day: str, pairs: list[tuple[str, str]], unmatched: list[tuple[str, str]]
) -> None:
    got = matching(parts, as_of=at(day))
    assert [(p.rival.part, p.nvidia.part) for p in got.pairs] == pairs
    assert [(rival.part, why) for rival, why in got.unmatched] == unmatched
    assert matching(tuple(reversed(parts)), as_of=at(day)) == got


def paired(
    parts: Sequence[Accelerator], held: dict[str, Series], *, of: str = "spot_discount", over: str | None = None
) -> Measured | Unmeasured:
    measure = Measure.model_validate({"kind": "paired_difference", "of": of, "a": "rival", "b": "nvidia", "over": over})
    cut = {k: s.known_at(AS_OF) for k, s in held.items()}
    return paired_difference(
        measure, Known(as_of=AS_OF, max_age=timedelta(days=14), series=cut, accelerators=tuple(parts))
    )


def now(kind: str, **values: float) -> dict[str, Series]:
    return book(*(run(f"{kind}.{name}", [value]) for name, value in values.items()))


INF = part("INF", "rival", "2023-04-13", job="inference")
L4 = part("L4", "nvidia", "2024-04-04", job="inference")


def test_every_pair_has_one_vote() -> None:
    got = paired([TRN1, A100, INF, L4], now("spot_discount", trn1=79.0, a100=45.0, inf=70.0, l4=64.0))
    assert isinstance(got, Measured)
    assert got.value == 20.0  # (34 + 6) / 2
    assert got.note == "inf 70.0 against l4 64.0; trn1 79.0 against a100 45.0"
    assert [o.value for o in got.used] == [70.0, 64.0, 79.0, 45.0]


def test_an_accelerator_that_is_not_sold_on_spot_is_unknown_and_never_idle() -> None:
    hidden = part("TRN2", "rival", "2022-10-10", spot=False)
    got = paired([hidden, A100], now("spot_discount", trn2=90.0, a100=45.0))
    assert got == Unmeasured(reason="no spot market", detail="no spot market: TRN2 against A100 on aws")
    dearer = paired([hidden, A100], now("on_demand", trn2=5.0, a100=4.0), of="on_demand")
    assert isinstance(dearer, Measured)
    assert dearer.value == 1.0


def test_a_pair_that_lacks_a_side_has_no_vote_and_is_told() -> None:
    lonely = part("TPU", "rival", "2023-01-01", cloud="gcp")
    parts = [TRN1, A100, INF, L4, lonely]
    got = paired(parts, now("spot_discount", trn1=79.0, a100=45.0, inf=70.0))
    assert isinstance(got, Measured)
    assert got.value == 34.0
    assert got.note == (
        "trn1 79.0 against a100 45.0; not listed: 1 of 2 pairs (aws); "
        "unmatched: TPU on gcp (no Nvidia part for training on gcp)"
    )
    assert paired([INF, L4], {}) == Unmeasured(reason="not collected", detail="not collected: 1 of 1 pairs (aws)")
    assert paired([lonely], {}) == Unmeasured(
        reason="no matched pair", detail="unmatched: TPU on gcp (no Nvidia part for training on gcp)"
    )


def test_a_part_that_a_spot_list_does_not_name_is_not_listed_and_without_a_list_not_collected() -> None:
    """Amazon's list was read, for it names trn1; Google's was not, for nothing of it is known."""
    other = [part("TPU", "rival", "2023-01-01", cloud="gcp"), part("V", "nvidia", "2023-01-01", cloud="gcp")]
    got = paired([TRN1, A100, INF, L4, *other], now("spot_discount", trn1=79.0, a100=45.0))
    assert isinstance(got, Measured)
    assert "not listed: 1 of 3 pairs (aws); not collected: 1 of 3 pairs (gcp)" in got.note
    priced = paired([TRN1, A100, INF, L4], now("on_demand", trn1=9.0, a100=8.0), of="on_demand")
    assert isinstance(priced, Measured)
    assert priced.note.endswith("not collected: 1 of 2 pairs (aws)")  # of price lists only what is watched is kept


def test_pairs_that_share_one_nvidia_machine_say_so() -> None:
    """Two rivals held against one machine are not two witnesses of its price."""
    second = part("TRN1N", "rival", "2022-11-01")
    got = paired([TRN1, second, A100], now("on_demand", trn1=20.0, trn1n=25.0, a100=30.0), of="on_demand")
    assert isinstance(got, Measured)
    assert "2 pairs share the Nvidia machine a100" in got.note
    alone = paired([TRN1, A100], now("on_demand", trn1=20.0, a100=30.0), of="on_demand")
    assert isinstance(alone, Measured)
    assert "share" not in alone.note


def test_a_stale_pair_has_no_vote_beside_a_fresh_one() -> None:
    old = run("spot_discount.inf", [10.0], end=AS_OF - timedelta(days=15))
    held = now("spot_discount", trn1=79.0, a100=45.0, l4=64.0) | book(old)
    got = paired([TRN1, A100, INF, L4], held)
    assert isinstance(got, Measured)
    assert (got.value, got.stands) == (34.0, AS_OF)
    assert got.note.endswith("stale: INF against L4 on aws")
    alone = paired([INF, L4], held)
    assert isinstance(alone, Measured)
    assert alone.stands == AS_OF - timedelta(days=15)


def test_a_part_is_read_at_the_first_of_its_types_that_has_a_value() -> None:
    two = part("TRN1", "rival", "2022-10-10", types=["big", "small"])
    got = paired([two, A100], now("spot_discount", small=60.0, a100=50.0))
    assert isinstance(got, Measured)
    assert got.value == 10.0
    both = paired([two, A100], now("spot_discount", big=80.0, small=60.0, a100=50.0))
    assert isinstance(both, Measured)
    assert both.value == 30.0


def test_list_prices_are_compared_by_their_change_over_the_span() -> None:
    """A cut of Nvidia's price by 44 % and an unchanged rival are 44 points apart."""
    held = book(
        series("on_demand.trn1", {"2022-10-17": 21.5}), series("on_demand.a100", {"2023-08-08": 100, "2025-06-23": 56})
    )
    got = paired([TRN1, A100], held, of="on_demand", over="365d")
    assert isinstance(got, Measured)
    assert got.value == pytest.approx(44.0)
    assert got.dated == AS_OF


def test_spread_between_regions_and_a_moved_list_price_stand_beside_a_discount() -> None:
    held = now("spot_discount", trn1=79.0, a100=45.0) | now("spot_spread", trn1=21.0)
    held |= book(series("on_demand.a100", {"2023-08-08": 100, "2026-03-23": 56}))
    got = paired([TRN1, A100], held)
    assert isinstance(got, Measured)
    assert got.note == (
        "trn1 79.0 against a100 45.0; points between its regions: trn1 21; "
        "the on-demand price of a100 moved by -44 % (seen on 2026-03-23), which moves its discount"
    )


def test_the_series_of_a_discount_include_those_of_its_note() -> None:
    assert pair_series("spot_discount", [TRN1]) == {"spot_discount.trn1", "spot_spread.trn1", "on_demand.trn1"}
    assert pair_series("on_demand", [TRN1, A100]) == {"on_demand.trn1", "on_demand.a100"}

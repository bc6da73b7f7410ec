"""The pair that the data's own notes name, from the real snapshots."""

from __future__ import annotations

import csv
from collections import defaultdict
from datetime import timedelta
from pathlib import Path

import pytest

from core.contracts import Measure
from core.series import Observation, Series
from signals.measured import Known, Measured
from signals.pairs import paired_difference
from tests.signals.builders import at, part


@pytest.mark.real
def test_trainium_stood_34_points_more_discounted_than_h100_in_june_2025(real: Path) -> None:
    """The snapshot's mean discounts are 79.3 % over three regions and 45.4 % over eleven, 34.0 points apart."""
    discounts: dict[str, list[float]] = defaultdict(list)
    with (real / "data/market/aws/aws_spot_advisor_accelerators_3snapshots.csv").open(newline="") as rows:
        for row in csv.DictReader(rows):
            if row["commit_date"] == "2025-06-28":
                discounts[row["instance_type"]].append(float(row["savings_pct_vs_ondemand"]))
    seen = at("2025-06-28")
    held = {}
    for name in ("trn1.32xlarge", "p5.48xlarge"):
        mean = sum(discounts[name]) / len(discounts[name])
        one = Observation(series=f"spot_discount.{name}", time=seen, value=mean, first_seen=seen)
        held[one.series] = Series(id=one.series, unit="%", observations=(one,))
    parts = (
        part("Trainium", "rival", "2022-10-10", types=["trn1.32xlarge"]),
        part("H100", "nvidia", "2023-07-26", types=["p5.48xlarge"]),
    )
    got = paired_difference(
        Measure(kind="paired_difference", of="spot_discount", a="rival", b="nvidia"),
        Known(as_of=at("2025-06-30"), max_age=timedelta(days=14), series=held, accelerators=parts),
    )
    assert (len(discounts["trn1.32xlarge"]), len(discounts["p5.48xlarge"])) == (3, 11)
    assert isinstance(got, Measured)
    assert got.value == pytest.approx(33.97, abs=0.01)

"""The checks of the shipped contracts: complete, capped, and readable with what is collected today."""

from __future__ import annotations

from pathlib import Path

import pytest

from core.contracts import Contract, load
from signals.weighing import FAMILY_CAP, shares

COLLECTED = ("macro.", "price.", "spot_", "on_demand", "downloads.")  # FRED, Yahoo, Spot Advisor, tables
FAMILIES = {
    "wall_street_recovery": {
        "inflation",
        "policy",
        "liquidity",
        "breadth",
        "options",
        "credit",
        "capital_cost",
        "tech",
    },
    "nvidia_killer": {"spot", "reach", "list_price", "software", "rental", "capital", "cadence", "bluff"},
}


@pytest.fixture(params=sorted(FAMILIES))
def shipped(request: pytest.FixtureRequest, root: Path) -> Contract:
    return load(root / "narratives" / f"{request.param}.yaml")


def test_every_row_of_the_design_is_a_family_and_none_exceeds_a_quarter(shipped: Contract) -> None:
    weighed = [c for c in shipped.checks if not c.context]
    held = shares(shipped.checks)
    assert {c.family for c in weighed} == FAMILIES[shipped.id]
    for family in FAMILIES[shipped.id]:
        assert sum(held[c.id] for c in weighed if c.family == family) <= FAMILY_CAP + 1e-12
    assert shipped.concede_if


def test_what_is_collected_today_is_over_half_of_the_evidence_in_five_checks_or_more(shipped: Contract) -> None:
    held = shares(shipped.checks)
    readable = [
        c.id
        for c in shipped.checks
        if not c.context
        and all(
            (s or "macro.").startswith(COLLECTED)
            for s in (c.measure.of or c.measure.a, c.measure.b)
            if s not in ("rival", "nvidia")
        )
    ]
    assert len(readable) >= 5
    assert sum(held[name] for name in readable) > 0.5


def test_every_check_says_why_and_from_where(shipped: Contract) -> None:
    for check in (*shipped.checks, *shipped.concede_if):
        assert check.asks.endswith("?")
        assert check.because.endswith(".")
        assert check.source

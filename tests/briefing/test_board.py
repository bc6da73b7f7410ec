"""The falsifier board: order, standing, dates and cautions."""

from datetime import UTC, datetime
from types import SimpleNamespace
from typing import Any

import pytest

from briefing.board import board
from briefing.model import Board
from core.verdicts import Evidence

NB = "\u00a0"
M = "\u2212"


def shown(make: SimpleNamespace, *held: Any, coverage: float = 1.0) -> Board:
    evidence = Evidence(
        narrative="nvidia_killer", as_of=make.as_of, support=0.0, low=0.0, high=0.0, coverage=coverage, readings=held
    )
    return board(make.contract("nvidia_killer"), evidence)


def test_rows_stand_in_four_parts_the_strongest_first(make: SimpleNamespace) -> None:
    made = shown(make, *make.readings("nvidia_killer"), coverage=0.7)
    # |support| times weight: 1.00 of 25, 0.83 of 14, 0.74 of 14, 0.33 of 8, 0.16 of 9
    assert [r.check for r in made.measured] == ["idle_rivals", "repricing", "software_moat", "cadence", "inference"]
    assert [r.check for r in made.unknown] == ["bluff", "capital_trap", "growth"]
    assert [r.check for r in made.context] == ["allocation", "antitrust"]
    assert [r.check for r in made.concede] == ["shortage"]
    assert made.summary.text.replace(NB, " ") == (
        "5 of 8 weighed checks measured, 70 % of the weight: 3 against, 2 for, 0 neither."
    )


@pytest.mark.parametrize(
    ("given", "standing", "says"),
    [
        pytest.param(
            {"value": 1.0, "support": -0.9, "freshness": "FRESH"}, "against", f"against {M}0.90", id="against"
        ),
        pytest.param({"value": 1.0, "support": 0.4, "freshness": "FRESH"}, "for", "for +0.40", id="for"),
        pytest.param({"value": 1.0, "support": 0.0, "freshness": "FRESH"}, "neither", "neither side", id="neither"),
        pytest.param({}, "unknown", "UNKNOWN(not collected)", id="nothing was collected"),
        pytest.param({"reason": ""}, "unknown", "UNKNOWN(no reason given)", id="nobody says why"),
        pytest.param(
            {"value": 1.0, "reason": "too little history"},
            "unknown",
            "UNKNOWN(too little history)",
            id="a value with nothing to hold it against",
        ),
        pytest.param(
            {"value": 1.0, "freshness": "STALE", "reason": "40 days old"}, "stale", "STALE(40 days old)", id="stale"
        ),
        pytest.param({"value": 1.0, "freshness": "FRESH", "context": True}, "context", "context", id="context"),
        pytest.param({"context": True}, "unknown", "UNKNOWN(not collected)", id="context that is unknown"),
        pytest.param(
            {"value": 1.0, "support": 0.1, "freshness": "FRESH", "concede": True},
            "crossed",
            "crossed: concede",
            id="a concede-if beyond its threshold",
        ),
        pytest.param(
            {"value": 1.0, "support": 0.0, "freshness": "FRESH", "concede": True},
            "clear",
            "not crossed",
            id="a concede-if exactly on it",
        ),
    ],
)
def test_standing(make: SimpleNamespace, given: dict[str, Any], standing: str, says: str) -> None:
    made = shown(make, make.reading("nvidia_killer", "idle_rivals", **given))
    (row,) = (*made.measured, *made.unknown, *made.context, *made.concede)
    assert (row.standing, row.says) == (standing, says)


@pytest.mark.parametrize(
    ("measured", "context", "said"),
    [
        # five are shown, of the two others one speaks for the proposition
        pytest.param(
            [0.9, 0.8, 0.7, -0.6, 0.5, 0.2, -0.1],
            [],
            "2 more checks move less: 1 for, 1 against. They are on the page.",
            id="weaker checks",
        ),
        pytest.param(
            [0.9],
            [1.5, None],
            "Context, without weight: 1 of 2 questions answered. They are on the page.",
            id="context",
        ),
        pytest.param([0.9], [], "", id="all is shown"),
    ],
)
def test_what_the_mail_leaves_to_the_page_is_counted(
    make: SimpleNamespace, measured: list[float], context: list[float | None], said: str
) -> None:
    weighed = [
        make.reading("nvidia_killer", "idle_rivals", value=1.0, support=s, weight=0.1, freshness="FRESH")
        for s in measured
    ]
    beside = [make.reading("nvidia_killer", "allocation", value=v, context=True, freshness="FRESH") for v in context]
    made = shown(make, *weighed, *beside)
    assert made.aside.replace(NB, " ") == said
    assert [r.main for r in made.measured] == [True] * min(5, len(measured)) + [False] * (len(measured) - 5)


def test_a_missing_value_prints_no_figure(make: SimpleNamespace) -> None:
    (row,) = shown(make, make.reading("nvidia_killer", "bluff")).unknown
    assert (row.figure, row.date, row.value) == ("", "", None)


def test_a_row_is_as_old_as_the_oldest_of_its_series(make: SimpleNamespace) -> None:
    """A daily price over a monthly count stands at the month, and a change at its later end."""
    used = (
        make.observation("price.nvda", 1, 100.0),
        make.observation("price.nvda", 90, 80.0),
        make.observation("downloads.neuron", 23, 5.0),
        make.observation("downloads.neuron", 113, 4.0),
    )
    given = {"value": 1.0, "support": 0.5, "freshness": "FRESH", "observations": used}
    (row,) = shown(make, make.reading("nvidia_killer", "idle_rivals", **given)).measured
    assert row.date == f"1{NB}Apr{NB}2026"
    assert used[2].time == datetime(2026, 4, 1, tzinfo=UTC)


def test_a_proxy_is_called_a_proxy(make: SimpleNamespace) -> None:
    made = shown(make, *make.readings("nvidia_killer"))
    assert made.measured[0].proxy == "spot discount"
    assert made.proxies[0] == "A spot discount is the price of spare capacity. It is not a utilisation rate."
    assert not any("accelerators alone" in p for p in made.proxies)  # capex was not collected


def test_full_strength_and_weight_are_printed(make: SimpleNamespace) -> None:
    made = shown(make, *make.readings("nvidia_killer"))
    assert made.measured[0].rule.replace(NB, " ") == "Full strength 20 pp from the threshold. Weight 25 %, spot."
    assert made.measured[2].rule.replace(NB, " ").startswith("Full strength 5 pp from")  # of a value in percent
    assert made.context[0].rule == made.concede[0].rule == ""

"""The verdict's rules in their order."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pytest

from core.verdicts import Morning, VerdictKind
from signals.verdicts import verdict
from tests.signals.builders import AS_OF, check, contract, morning

FOR, AGAINST, SILENT = (0.1, 0.5), (-0.5, -0.1), (-0.1, 0.5)
STORY = contract(check())


def week(*, press: Sequence[tuple[float, float]], data: Sequence[tuple[float, float]], **fields: Any) -> list[Morning]:
    return [morning(i, press=p, data=d, **fields) for i, (p, d) in enumerate(zip(press, data, strict=True))]


@pytest.mark.parametrize(
    ("press", "data", "kind"),
    [
        pytest.param(FOR, AGAINST, VerdictKind.PRESS_AHEAD, id="the contrarian case"),
        pytest.param(FOR, FOR, VerdictKind.PRESS_BACKED, id="the data back the press"),
        pytest.param(AGAINST, FOR, VerdictKind.PRESS_BEHIND, id="the press doubts what the data show"),
        pytest.param(AGAINST, AGAINST, VerdictKind.PRESS_RIGHTLY_DOUBTS, id="both against"),
        pytest.param(SILENT, AGAINST, VerdictKind.MIXED, id="a silent press"),
        pytest.param(FOR, SILENT, VerdictKind.MIXED, id="silent data"),
        pytest.param((0.0, 0.5), FOR, VerdictKind.MIXED, id="an interval that touches zero is silent"),
    ],
)
def test_what_press_and_data_say_together(
    press: tuple[float, float], data: tuple[float, float], kind: VerdictKind
) -> None:
    assert verdict(STORY, week(press=[press] * 7, data=[data] * 7)).kind is kind


def test_five_of_seven_mornings_speak_and_four_do_not() -> None:
    five = verdict(STORY, week(press=[SILENT] * 2 + [FOR] * 5, data=[AGAINST] * 5 + [SILENT] * 2))
    assert (five.kind, five.press, five.data) == (VerdictKind.PRESS_AHEAD, (5, 0), (0, 5))
    assert five.reason == "the press spoke for it on 5 of 7 mornings, the data against it on 5"
    four = verdict(STORY, week(press=[AGAINST] + [SILENT] * 2 + [FOR] * 4, data=[AGAINST] * 7))
    assert four.kind is VerdictKind.MIXED
    assert four.reason == "the press is silent (for it on 4, against it on 1 of 7 mornings, 5 needed)"


def test_only_the_last_seven_mornings_count() -> None:
    got = verdict(STORY, week(press=[FOR] * 9 + [SILENT] * 3, data=[AGAINST] * 12))
    assert (got.kind, got.press, len(got.mornings)) == (VerdictKind.MIXED, (4, 0), 7)


def test_mornings_that_are_lacking_are_silent() -> None:
    assert verdict(STORY, week(press=[FOR] * 4, data=[AGAINST] * 4)).kind is VerdictKind.MIXED
    assert verdict(STORY, [morning(data=None)]).data == (0, 0)


@pytest.mark.parametrize(
    ("fields", "reason"),
    [
        pytest.param({"n_eff": 2.9}, "2.9 independent voices, 3 needed", id="too few voices"),
        pytest.param({"coverage": 0.49}, "49% of the evidence is known, 50% needed", id="too little evidence"),
        pytest.param({"baseline_days": 9}, "press baseline, day 9 of 28", id="no baseline"),
        pytest.param(
            {"n_eff": 0.0, "coverage": 0.0, "baseline_days": 0},
            "0.0 independent voices, 3 needed; 0% of the evidence is known, 50% needed; press baseline, day 0 of 28",
            id="all of it",
        ),
    ],
)
def test_insufficient_evidence_comes_first_with_every_reason(fields: dict[str, Any], reason: str) -> None:
    got = verdict(STORY, week(press=[FOR] * 7, data=[AGAINST] * 7, attention=0.01, **fields))
    assert (got.kind, got.reason) == (VerdictKind.INSUFFICIENT_EVIDENCE, reason)


def test_enough_is_enough() -> None:
    got = verdict(STORY, week(press=[FOR] * 7, data=[AGAINST] * 7, n_eff=3.0, coverage=0.5, baseline_days=28))
    assert got.kind is VerdictKind.PRESS_AHEAD


def test_quiet_comes_before_what_the_few_stories_say() -> None:
    mornings = [morning(i, press=FOR, data=AGAINST, attention=0.09 if i < 5 else 0.1) for i in range(7)]
    got = verdict(STORY, mornings)
    assert (got.kind, got.quiet, got.reason) == (VerdictKind.QUIET, 5, "attention under 0.1 on 5 of 7 mornings")
    assert verdict(STORY, mornings[1:]).kind is VerdictKind.PRESS_AHEAD


def test_attention_that_cannot_be_measured_is_not_quiet() -> None:
    got = verdict(STORY, week(press=[FOR] * 7, data=[AGAINST] * 7, attention=None))
    assert (got.kind, got.quiet) == (VerdictKind.PRESS_AHEAD, 0)


def test_a_verdict_names_its_contract_and_instant() -> None:
    got = verdict(STORY, [morning()])
    assert (got.narrative, got.contract, got.as_of) == ("story", STORY.hash, AS_OF)


def test_no_morning_and_mornings_out_of_order_are_refused() -> None:
    with pytest.raises(ValueError, match="at least one morning"):
        verdict(STORY, [])
    with pytest.raises(ValueError, match="order of time"):
        verdict(STORY, [morning(1), morning(0)])

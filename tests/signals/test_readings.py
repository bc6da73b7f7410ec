"""Readings: support, freshness, own history, sentence; and evidence put together from them."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from core.contracts import Measure
from core.series import Observation, Series
from core.verdicts import Reading
from signals.readings import clipped_share, evidence, needed, reading
from tests.signals.builders import AS_OF, book, check, contract, part, run, series


def read(held: dict[str, Series], **fields: Any) -> Reading:
    concede = fields.pop("concede", False)
    return reading(check(**fields), held, narrative="story", as_of=AS_OF, accelerators=(), weight=0.5, concede=concede)


@pytest.mark.parametrize(
    ("value", "if_true", "support"),
    [
        pytest.param(6.0, "above", 0.4, id="four of ten above the threshold supports"),
        pytest.param(6.0, "below", -0.4, id="the other sign turns it"),
        pytest.param(-1.0, "above", -0.3, id="below the threshold refutes"),
        pytest.param(50.0, "above", 1.0, id="clipped at one"),
        pytest.param(-50.0, "above", -1.0, id="clipped at minus one"),
        pytest.param(2.0, "below", 0.0, id="at the threshold for neither"),
    ],
)
def test_support_is_the_signed_distance_over_the_scale(value: float, if_true: str, support: float) -> None:
    got = read(book(run("macro.x", [value])), if_true=if_true, threshold=2)
    assert got.freshness == "FRESH"
    assert got.support == pytest.approx(support)
    assert str(got.support) != "-0.0"
    assert (got.value, got.threshold, got.scale, got.weight) == (value, 2.0, 10.0, 0.5)


def test_the_sentence_has_figure_unit_date_threshold_and_meaning() -> None:
    got = read(book(run("macro.x", [3.25])), if_true="below", threshold=2)
    assert got.sentence == (
        "3.25 % (2026-04-15) is 1.25 percentage points above the threshold of 2.00 %; "
        "the proposition expects it below, so it speaks against it (support -0.12)."
    )


def test_a_change_of_a_ratio_says_relative_to_what() -> None:
    """A grows by a half while B stands: their ratio is up by 50 %, A itself might have done otherwise."""
    measure = Measure.model_validate({"kind": "ratio_change", "a": "downloads.a", "b": "downloads.b", "over": "10d"})
    held = book(run("downloads.a", [100.0, 150.0], step_days=10), run("downloads.b", [5.0, 5.0], step_days=10))
    got = read(held, measure=measure)
    assert got.sentence.startswith("50.00 % (2026-04-15, relative to downloads.b) is ")


def test_a_conceded_point_is_said_to_be_one() -> None:
    crossed = read(book(run("macro.x", [3.0])), threshold=2, concede=True)
    held = read(book(run("macro.x", [1.0])), threshold=2, concede=True)
    assert crossed.concede
    assert crossed.sentence.endswith("the contrarian must concede this.")
    assert held.sentence.endswith("nothing to concede here.")


def test_an_old_value_is_stale_shown_and_without_support() -> None:
    got = read(book(run("macro.x", [3.0], end=AS_OF - timedelta(days=15))))
    assert (got.freshness, got.value, got.support) == ("STALE", 3.0, None)
    assert got.reason == "15 days old, at most 14 count"
    assert got.sentence == "Stale: 3.00 % (2026-03-31) is 15 days old, and at most 14 count."
    exactly = read(book(run("macro.x", [3.0], end=AS_OF - timedelta(days=14))))
    assert exactly.freshness == "FRESH"


def test_a_series_without_a_value_is_unknown_and_never_zero() -> None:
    got = read({})
    assert (got.freshness, got.reason, got.value, got.support) == ("UNKNOWN", "not collected", None, None)
    assert got.sentence == "Unknown: not collected (macro.x)."
    later = Observation(series="macro.x", time=AS_OF, value=1.0, first_seen=AS_OF + timedelta(seconds=1))
    assert read(book(Series(id="macro.x", unit="", observations=(later,)))).reason == "not collected"


def test_context_is_shown_and_takes_no_side() -> None:
    got = read(book(run("macro.x", [3.0])), context=True, if_true=None, threshold=None, scale=None)
    assert (got.freshness, got.value, got.support) == ("FRESH", 3.0, None)
    assert got.sentence == "3.00 % (2026-04-15); context, without weight."


def test_own_history_is_median_and_quartile_distance_with_its_length_in_the_sentence() -> None:
    """Values 1 to 9 over 8 x 200 days: median 5, quartiles 3 and 7, 1600 / 365.25 = 4.4 years."""
    held = book(run("macro.x", [1, 9, 2, 8, 3, 7, 4, 6, 5], step_days=200))
    got = read(held, threshold="history", scale="history")
    assert (got.threshold, got.scale, got.support) == (5.0, 4.0, 0.0)
    assert "is exactly at the threshold of 5.00 %, the median of its own 4.4 years" in got.sentence


def test_own_history_is_the_trailing_ten_years_only() -> None:
    """Of 12 yearly values 1 to 12 the last eleven lie within 3652 days, the second 3650 days back."""
    got = read(
        book(run("macro.x", [float(n) for n in range(1, 13)], step_days=365)), threshold="history", scale="history"
    )
    assert got.threshold == 7.0  # 2 to 12


def test_own_history_under_three_years_is_unknown_but_the_value_is_shown() -> None:
    got = read(book(run("macro.x", [1.0, 2.0, 3.0], step_days=100)), threshold="history", scale="history")
    assert (got.freshness, got.reason, got.value, got.support) == ("UNKNOWN", "too little history", 3.0, None)
    assert got.sentence == "3.00 % (2026-04-15), but what it means is unknown: too little history (0.5 of 3 years)."


def test_three_years_that_begin_after_a_weekend_are_three_years() -> None:
    """A source that serves a moving window of three years begins up to four days late."""
    got = read(book(run("macro.x", [1.0, 2.0, 4.0, 3.0], step_days=364)), threshold="history", scale="history")
    assert got.freshness == "FRESH"


def test_a_history_that_never_varies_gives_no_scale() -> None:
    got = read(book(run("macro.x", [2.0] * 5, step_days=400)), scale="history")
    assert (got.freshness, got.reason) == ("UNKNOWN", "too little history")
    assert "its own history does not vary" in got.sentence


def test_a_corrected_value_counts_from_when_it_was_seen() -> None:
    first = Observation(
        series="macro.x", time=AS_OF - timedelta(days=5), value=1.0, first_seen=AS_OF - timedelta(days=5)
    )
    better = Observation(series="macro.x", time=first.time, value=2.0, first_seen=AS_OF - timedelta(days=1))
    held = book(Series(id="macro.x", unit="", observations=(first, better)))
    assert read(held).value == 2.0
    before = reading(check(), held, narrative="story", as_of=AS_OF - timedelta(days=2), accelerators=(), weight=1.0)
    assert before.value == 1.0


def test_clipped_share_tells_a_scale_that_is_too_small() -> None:
    """Of 1 to 9 around 5, distance 2 or more: 1, 2, 3, 7, 8, 9, six of nine; distance 4 or more: 1 and 9."""
    held = book(run("macro.x", [1, 9, 2, 8, 3, 7, 4, 6, 5], step_days=200))
    assert clipped_share(check(threshold=5, scale=2), held, as_of=AS_OF) == pytest.approx(6 / 9)
    assert clipped_share(check(threshold="history", scale="history"), held, as_of=AS_OF) == pytest.approx(2 / 9)
    assert clipped_share(check(), {}, as_of=AS_OF) is None
    assert clipped_share(check(), book(run("macro.x", [1.0, 2.0])), as_of=AS_OF) is None


def test_evidence_reads_checks_and_concede_ifs_in_the_contracts_order() -> None:
    story = contract(
        check("one", family="a"),
        check("two", family="b", measure={"kind": "level", "a": "macro.y"}),
        check("three", family="c"),
        check("four", family="d"),
        concede_if=[check("five", family="a")],
    )
    got = evidence(story, book(run("macro.x", [4.0])), as_of=AS_OF, accelerators=())
    assert [(r.check, r.weight, r.concede) for r in got.readings] == [
        ("one", 0.25, False),
        ("two", 0.25, False),
        ("three", 0.25, False),
        ("four", 0.25, False),
        ("five", 0.0, True),
    ]
    # three of four known at +0.4: missing at -0.5 and +0.5 give (0.3 -+ 0.125) / 1
    assert [got.support, got.coverage] == pytest.approx([0.4, 0.75])
    assert [got.low, got.high] == pytest.approx([0.175, 0.425])


def test_needed_names_every_series_of_checks_concede_ifs_outcome_and_numbers() -> None:
    story = contract(
        check("one"),
        check("two", measure={"kind": "ratio", "a": "price.a", "b": "price.b"}),
        check("three", measure={"kind": "paired_difference", "of": "spot_regions", "a": "rival", "b": "nvidia"}),
        concede_if=[check("four", measure={"kind": "level", "a": "macro.z"})],
    )
    ids, prefixes = needed(story, [part("TRN1", "rival", "2022-10-10", types=["trn1.32xlarge"])])
    assert ids == {"macro.x", "price.a", "price.b", "spot_regions.trn1.32xlarge", "macro.z", "price.x"}
    assert prefixes == ()


def test_a_reading_is_the_same_whatever_else_is_in_the_book() -> None:
    held = book(run("macro.x", [4.0]))
    assert read(held) == read(held | book(series("macro.other", {"2026-01-01": 9.0})))

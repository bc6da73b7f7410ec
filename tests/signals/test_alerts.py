"""Alerts: what begins, given once, with how often chance would have given it."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from core.alerts import Alert, WalkBack
from core.verdicts import Morning, Reading, Verdict
from signals.alerts import Onset, alert, null_rate, onsets, silenced, walk_back_rate
from signals.verdicts import verdict
from tests.signals.builders import AS_OF, check, contract, morning

DAY = timedelta(days=1)
STORY = contract(check())
FOR, AGAINST, SILENT = (0.1, 0.9), (-0.9, -0.1), (-0.5, 0.5)
RATE = (None, "not yet estimable")


def concede(support: float | None) -> Reading:
    return Reading(
        check="lost",
        narrative="story",
        as_of=AS_OF,
        family="f",
        asks="Is it lost?",
        value=1.0,
        unit="%",
        threshold=0.0,
        scale=1.0,
        support=support,
        weight=0.0,
        context=False,
        concede=True,
        freshness="UNKNOWN" if support is None else "FRESH",
        reason="",
        sentence="It is 1 %.",
    )


def lived(
    press: tuple[float, float],
    data: tuple[float, float],
    *,
    attention: float | None = 0.5,
    baseline_days: int = 56,
    end: int = 0,
) -> Verdict:
    days = (end - k for k in reversed(range(7)))
    told = {"press": press, "data": data, "attention": attention, "baseline_days": baseline_days}
    return verdict(STORY, [morning(day, **told) for day in days])  # type: ignore[arg-type] # of several types


def begun(before: Verdict, now: Verdict) -> list[tuple[str, str]]:
    return [(o.kind, o.subject) for o in onsets(before, now)]


QUIET_DAY = lived(SILENT, SILENT, end=-1)


@pytest.mark.parametrize(
    ("before", "now", "found"),
    [
        pytest.param(QUIET_DAY, lived(FOR, AGAINST), [("verdict", "PRESS_AHEAD")], id="a verdict begins"),
        pytest.param(lived(FOR, AGAINST, end=-1), lived(FOR, AGAINST), [], id="a verdict goes on"),
        pytest.param(lived(FOR, AGAINST, end=-1), lived(SILENT, AGAINST), [], id="a verdict ends"),
        pytest.param(lived(FOR, AGAINST, end=-1), lived(FOR, FOR), [("verdict", "PRESS_BACKED")], id="it turns"),
        pytest.param(QUIET_DAY, lived(SILENT, SILENT, attention=0.99), [("burst", "attention")], id="a burst"),
        pytest.param(
            lived(SILENT, SILENT, attention=None, baseline_days=27, end=-1),
            lived(SILENT, SILENT, attention=1.0),
            [],
            id="a burst out of the unknown",
        ),
        pytest.param(
            lived(SILENT, SILENT, attention=None, end=-1),
            lived(SILENT, SILENT, attention=1.0),
            [("burst", "attention")],
            id="a burst where too little was expected the day before",
        ),
    ],
)
def test_what_begins_between_two_days(before: Verdict, now: Verdict, found: list[tuple[str, str]]) -> None:
    assert begun(before, now) == found


def conceding(supports: str, *, end: int = 0) -> Verdict:
    """Seven mornings, the newest last: `+` is crossed, `-` not, `0` just touched, `?` unknown."""
    value = {"+": 0.2, "-": -0.2, "0": 0.0, "?": None}
    made = [morning(end - k, press=SILENT, data=SILENT) for k in reversed(range(7))]
    told = [
        replace(m, evidence=replace(m.evidence, readings=(concede(value[s]),)))
        for m, s in zip(made, supports, strict=True)
    ]
    return verdict(STORY, told)


@pytest.mark.parametrize(
    ("before", "now", "begins"),
    [
        pytest.param("---++++", "--+++++", True, id="on the fifth morning of seven"),
        pytest.param("-------", "------+", False, id="on the first morning"),
        pytest.param("-+-++++", "+-+++++", False, id="it has lasted already"),
        pytest.param("--+-+++", "-+-++++", True, id="with a gap"),
        pytest.param("00-0++0", "0-0++00", False, id="touched"),
        pytest.param("???++++", "??+++++", False, id="out of the unknown"),
        pytest.param("--+++++", "-+++++-", False, id="it ends"),
        pytest.param("-------", "+++++++", True, id="while nobody looked"),
    ],
)
def test_a_line_is_crossed_once_it_has_lasted(before: str, now: str, begins: bool) -> None:
    found = begun(conceding(before, end=-1), conceding(now))
    assert found == ([("concede", "lost")] if begins else [])


def test_a_lines_rate_counts_what_lasted() -> None:
    """Two years: one crossing of a single morning, one of thirty."""
    quiet = years_of(731, press_on=range(0), data_on=range(0))
    history = [
        replace(m, evidence=replace(m.evidence, readings=(concede(0.2 if i == 50 or 300 <= i < 330 else -0.2),)))
        for i, m in enumerate(quiet)
    ]
    rate, _ = null_rate(STORY, Onset(kind="concede", subject="lost", sentence="."), history)
    assert rate == pytest.approx(365.25 / 731)


def test_a_walk_back_names_outlet_title_and_marks() -> None:
    back = WalkBack(article="a1", version=2, source="The Daily Example", title="It will win", marks="softened")
    (found,) = onsets(QUIET_DAY, lived(SILENT, SILENT), [back])
    assert (found.kind, found.subject) == ("walk_back", "a1 2")
    assert found.sentence == "The Daily Example walks back “It will win” in version 2: softened."


def given(kind: str, subject: str, *, days: int) -> Alert:
    return replace(alert(STORY, Onset(kind=kind, subject=subject, sentence="."), RATE, at=AS_OF - days * DAY))  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("held", "silent"),
    [
        pytest.param(given("verdict", "PRESS_AHEAD", days=6), True, id="given within the week"),
        pytest.param(given("verdict", "PRESS_AHEAD", days=7), False, id="given a week ago"),
        pytest.param(given("verdict", "PRESS_BEHIND", days=1), False, id="of another verdict"),
        pytest.param(given("burst", "PRESS_AHEAD", days=1), False, id="of another kind"),
    ],
)
def test_an_alarm_is_not_repeated_within_a_week(held: Alert, silent: bool) -> None:
    found = [Onset(kind="verdict", subject="PRESS_AHEAD", sentence=".")]
    assert (silenced(found, [held], at=AS_OF) == []) is silent


def test_a_walk_back_is_told_once_for_good() -> None:
    found = [Onset(kind="walk_back", subject="a1 2", sentence=".")]
    assert silenced(found, [given("walk_back", "a1 2", days=300)], at=AS_OF) == []


VERDICT = Onset(kind="verdict", subject="PRESS_AHEAD", sentence=".")
BURST = Onset(kind="burst", subject="attention", sentence=".")


def years_of(days: int, *, press_on: range, data_on: range, attention: tuple[float, ...] = (0.5,)) -> list[Morning]:
    return [
        morning(
            i,
            press=FOR if i in press_on else SILENT,
            data=AGAINST if i in data_on else SILENT,
            attention=attention[i % len(attention)],
        )
        for i in range(days)
    ]


@pytest.mark.parametrize(
    ("days", "told"),
    [
        pytest.param(
            364,
            "not yet estimable: 364 of 365 days of press, 6 of 10 independent blocks of evidence",
            id="too little press",
        ),
        pytest.param(
            599,
            "not yet estimable: 599 of 365 days of press, 9 of 10 independent blocks of evidence",
            id="too few blocks",
        ),
    ],
)
def test_too_short_a_history_gives_no_rate(days: int, told: str) -> None:
    history = years_of(days, press_on=range(0), data_on=range(0))
    assert null_rate(STORY, VERDICT, history) == (None, told)


def test_the_null_turns_the_press_round_against_the_evidence() -> None:
    """Both speak on days 300 to 329 only; turned by a whole block they never meet, so chance gives none."""
    history = years_of(720, press_on=range(300, 330), data_on=range(300, 330))
    assert null_rate(STORY, VERDICT, history) == (0.0, "0.0 a year by chance, over 11 turns of press against evidence")


def test_evidence_that_always_speaks_makes_every_push_of_the_press_an_onset() -> None:
    history = years_of(720, press_on=range(300, 330), data_on=range(720))
    rate, _ = null_rate(STORY, VERDICT, history)
    assert rate == pytest.approx(365.25 / 720)


def test_a_burst_has_the_rate_of_its_own_history() -> None:
    history = years_of(720, press_on=range(0), data_on=range(0), attention=(0.5,) * 179 + (0.995,))
    assert null_rate(STORY, BURST, history) == (4 * 365.25 / 720, "2.0 a year in its own history of 2.0 years")


@pytest.mark.parametrize(
    ("seen", "days", "expected"),
    [
        pytest.param(
            3, 364, (None, "not yet estimable: articles have been read again on 364 of 365 days"), id="a day too short"
        ),
        pytest.param(3, 1461, (0.75, "0.8 a year in its own history of 4.0 years"), id="three in four years"),
        pytest.param(0, 1461, (0.0, "0.0 a year in its own history of 4.0 years"), id="none in four years"),
    ],
)
def test_walk_backs_have_the_rate_of_the_time_in_which_articles_were_read_again(
    seen: int, days: int, expected: tuple[float | None, str]
) -> None:
    assert walk_back_rate(seen, days=days) == expected

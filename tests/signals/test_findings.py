"""What is found beside the verdict: cases, what would change it, contradictions, what is absent, audits."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.audits import Judged
from core.contracts import Contract, Expected
from core.press import Counts, PressRun, Stood
from core.series import Series
from core.tags import Mention, SourceCount
from core.verdicts import Morning, Verdict, VerdictKind
from signals.absent import expectations
from signals.audited import audited
from signals.auditing import wilson
from signals.cases import cases
from signals.contradictions import contradictions
from signals.pressure import pressure
from signals.readings import evidence
from signals.sensitivity import what_if
from signals.verdicts import verdict
from tests.signals.builders import AS_OF, book, check, contract, daily, mention, run

DAY = timedelta(days=1)
FAMILIES = "abcd"
AGAINST = {f"macro.{f}": -10.0 for f in FAMILIES}


def four_checks(**changes: Any) -> Contract:
    made = [check(f, family=f, measure={"kind": "level", "a": f"macro.{f}"}, **changes) for f in FAMILIES]
    return contract(*made)


def told(n: int, stance: str = "promotes", **more: Any) -> list[Mention]:
    """One story a voice, early enough to be in the window of each of the seven mornings."""
    return [mention(f"{stance}{i}", stance, voice=f"v{i}", seen=AS_OF - 6.5 * DAY, **more) for i in range(n)]  # type: ignore[arg-type]


COUNTS = daily("wire", range(7), stories=10, carrying=1) + daily("wire", range(7, 75), stories=10, carrying=1)


def judged(
    story: Contract, series: dict[str, Series], mentions: list[Mention], counts: list[SourceCount]
) -> tuple[Verdict, PressRun]:
    """The verdict on mornings that are each computed alone, and the press of all seven."""
    mornings = []
    for k in reversed(range(7)):
        as_of = AS_OF - k * DAY
        aged = [replace(c, age=c.age - k) for c in counts if c.age >= k]
        mornings.append(
            Morning(
                as_of=as_of,
                pressure=pressure(story.id, mentions, aged, as_of=as_of),
                evidence=evidence(story, series, as_of=as_of, accelerators=()),
            )
        )
    press = PressRun(
        mornings=tuple(m.as_of for m in mornings),
        mentions=tuple(Stood(mention=m, first=0, until=7) for m in sorted(mentions, key=lambda m: (m.seen, m.article))),
        counts=Counts.of(counts, mornings=7),
    )
    return verdict(story, mornings), press


def held(values: dict[str, float]) -> dict[str, Series]:
    return book(*(run(name, [value] * 14) for name, value in values.items()))


def test_leaving_out_the_one_thing_that_a_verdict_hangs_on_changes_it() -> None:
    """Two families of four speak: with either gone, coverage is a third and the verdict has too little to go by."""
    story, half = four_checks(), {f"macro.{f}": -10.0 for f in "ab"}
    given_, press = judged(story, held(half), told(30), COUNTS)
    assert given_.kind is VerdictKind.PRESS_AHEAD
    found = what_if(story, given_, press)
    assert found.tried == (4, 30, 30)
    assert [(a.left_out, a.id, a.kind.value) for a in found.alternatives] == [
        ("check", "a", "INSUFFICIENT_EVIDENCE"),
        ("check", "b", "INSUFFICIENT_EVIDENCE"),
    ]
    assert "without the check a it would be INSUFFICIENT_EVIDENCE" in found.sentence


def test_a_verdict_that_hangs_on_no_one_thing_says_so() -> None:
    given_, press = judged(four_checks(), held(AGAINST), told(30), COUNTS)
    found = what_if(four_checks(), given_, press)
    assert found.alternatives == ()
    assert found.sentence == ("It stays PRESS_AHEAD on leaving out any one of 4 checks, 30 sources and 30 stories.")


@pytest.mark.parametrize("n", [4, 6, 9, 12])
def test_every_alternative_is_what_a_whole_recomputation_gives(n: int) -> None:
    """Against the long way round: a world that never had the check, the source or the story."""
    story, series = four_checks(), held(AGAINST)
    mentions = [*told(n), *told(1, "disputes")]
    given_, press = judged(story, series, mentions, COUNTS)
    changed = {(a.left_out, a.id): a.kind for a in what_if(story, given_, press).alternatives}
    for c in story.checks:
        less = story.model_copy(update={"checks": tuple(x for x in story.checks if x.id != c.id)})
        assert changed.get(("check", c.id), given_.kind) is judged(less, series, mentions, COUNTS)[0].kind
    for name in {m.source for m in mentions}:
        left = [m for m in mentions if m.source != name]
        assert changed.get(("source", name), given_.kind) is judged(story, series, left, COUNTS)[0].kind
    for name in {m.story for m in mentions}:
        left = [m for m in mentions if m.story != name]
        assert changed.get(("story", name), given_.kind) is judged(story, series, left, COUNTS)[0].kind


values = st.lists(st.one_of(st.none(), st.floats(-15, 15)), min_size=4, max_size=4)


@given(values, st.integers(0, 12), st.integers(0, 12))
def test_turned_round_steelman_and_counter_swap_exactly_and_so_does_what_would_change_it(
    drawn: list[float | None], promoting: int, disputing: int
) -> None:
    series = held({f"macro.{f}": v for f, v in zip(FAMILIES, drawn, strict=True) if v is not None})
    story = four_checks()
    turned = four_checks(if_true="below").model_copy(update={"steelman": story.counter, "counter": story.steelman})
    swap = {"promotes": "disputes", "disputes": "promotes"}
    mentions = [
        *told(promoting),
        *(
            replace(m, article=f"d{m.article}", story=f"d{m.story}", voice=f"d{m.voice}")
            for m in told(disputing, "disputes")
        ),
    ]
    other = [replace(m, stance=swap[m.stance]) for m in mentions]  # type: ignore[arg-type]
    one, press = judged(story, series, mentions, COUNTS)
    two, press_turned = judged(turned, series, other, COUNTS)
    told_one, told_two = cases(story, one), cases(turned, two)
    sides = {"for": "against", "against": "for", "neither": "neither"}
    assert told_two.leads == sides[told_one.leads]
    assert told_two.steelman.text == told_one.counter.text
    assert told_two.steelman.checks == tuple((c, -term) for c, term in told_one.counter.checks)
    assert told_two.counter.checks == tuple((c, -term) for c, term in told_one.steelman.checks)
    kinds = {
        "PRESS_AHEAD": "PRESS_BEHIND",
        "PRESS_BEHIND": "PRESS_AHEAD",
        "PRESS_BACKED": "PRESS_RIGHTLY_DOUBTS",
        "PRESS_RIGHTLY_DOUBTS": "PRESS_BACKED",
    }
    a, b = what_if(story, one, press), what_if(turned, two, press_turned)
    assert [(x.left_out, x.id, kinds.get(x.kind.value, x.kind.value)) for x in a.alternatives] == [
        (x.left_out, x.id, x.kind.value) for x in b.alternatives
    ]


def test_a_case_shows_its_three_strongest_checks_by_weight_times_support() -> None:
    series = held({"macro.a": 10.0, "macro.b": 5.0, "macro.c": -2.0, "macro.d": 1.0})
    given_, _ = judged(four_checks(), series, told(30), COUNTS)
    found = cases(four_checks(), given_)
    assert [c for c, _ in found.steelman.checks] == ["a", "b", "d"]
    assert [term for _, term in found.steelman.checks] == pytest.approx([0.25, 0.125, 0.025])
    assert found.counter.checks == (("c", -0.05),)


def test_an_outlet_that_says_both_within_a_fortnight_in_its_own_voice_contradicts_itself() -> None:
    one = mention("p", "promotes", voice="a", seen=AS_OF - 10 * DAY)
    other = mention("d", "disputes", voice="a", seen=AS_OF - 1 * DAY)
    (found,) = contradictions("story", [one, other], as_of=AS_OF)
    assert (found.outlet, found.promotes, found.disputes) == ("a", "p", "d")
    assert found.sentence == ("a, in its own voice: read as promoting it on 5 Apr 2026, as disputing it 9 days later.")


@pytest.mark.parametrize(
    "change",
    [
        pytest.param({"speaker": "An analyst"}, id="somebody is quoted"),
        pytest.param({"copied": 0.8}, id="in a wire's words"),
        pytest.param({"source": "b"}, id="in another outlet"),
        pytest.param({"seen": AS_OF - 17 * DAY}, id="more than a fortnight before"),
        pytest.param({"stance": "reports"}, id="a report takes no side"),
        pytest.param({"probability": 0.6}, id="by a tag that barely carries"),
    ],
)
def test_what_is_no_contradiction(change: dict[str, Any]) -> None:
    one = mention("p", "promotes", voice="a", seen=AS_OF - 10 * DAY)
    other = mention("d", "disputes", voice="a", seen=AS_OF - 1 * DAY)
    assert contradictions("story", [replace(one, **change), other], as_of=AS_OF) == []


def expecting(**item: Any) -> Contract:
    made = Expected.model_validate({"by": date(2026, 3, 31), "what": "It is there.", **item})
    return contract(check()).model_copy(update={"expected": (made,)})


BELOW_TWO = {"measure": {"kind": "level", "a": "macro.x"}, "if_true": "below", "threshold": 2.0}
LASTING = BELOW_TWO | {"lasting": "2d"}


@pytest.mark.parametrize(
    ("item", "values", "standing", "since"),
    [
        pytest.param({"by": date(2026, 12, 31)}, [], "waits", None, id="not due"),
        pytest.param({"by": AS_OF.date()}, [], "waits", None, id="its own day is still in time"),
        pytest.param({}, [], "unknown", None, id="due, and nobody has looked"),
        pytest.param({"seen": date(2026, 2, 1)}, [], "there", date(2026, 2, 1), id="an analyst recorded it"),
        pytest.param({"seen": date(2026, 5, 1)}, [], "unknown", None, id="recorded for a day to come"),
        pytest.param(BELOW_TWO, [1, 3, 1, 1], "there", date(2026, 4, 14), id="there since the last run began"),
        pytest.param(BELOW_TWO, [1, 1, 2], "absent", date(2026, 3, 31), id="due, and exactly at the line"),
        pytest.param(BELOW_TWO | {"by": date(2026, 12, 31)}, [3], "waits", None, id="measured, and not due"),
        pytest.param(BELOW_TWO, [], "unknown", None, id="due, and not measurable"),
        pytest.param(LASTING, [3, 1, 1, 1], "there", date(2026, 4, 15), id="there once it had lasted two days"),
        pytest.param(LASTING, [1, 1, 3, 1, 1], "absent", date(2026, 3, 31), id="it has lasted one day of two"),
    ],
)
def test_what_should_exist_by_now_and_since_when_it_does_not(
    item: dict[str, Any], values: list[float], standing: str, since: date | None
) -> None:
    (found,) = expectations(expecting(**item), book(run("macro.x", values)), as_of=AS_OF)
    assert (found.standing, found.since) == (standing, since)
    assert found.sentence


def labels(**pairs: int) -> list[Judged]:
    """`promotes_disputes=3`: three articles tagged as promoting that people found to dispute."""
    made: list[Judged] = []
    for name, n in pairs.items():
        tagged, said = (None if part == "none" else part for part in name.split("_"))
        made += [Judged(article=f"{name}{i}", tagged=tagged, labelled=said) for i in range(n)]  # type: ignore[arg-type]
    return made


def pressed(promotes: float = 10.0, disputes: float = 2.0, reports: float = 4.0) -> Any:
    base = pressure("story", told(5), COUNTS, as_of=AS_OF)
    lean = (promotes - disputes) / (promotes + disputes + reports + 2)
    return replace(
        base, promotes=promotes, disputes=disputes, reports=reports, lean=lean, low=lean - 0.2, high=lean + 0.2
    )


def test_without_an_audit_nothing_is_corrected() -> None:
    found = audited(pressed(), [])
    assert (found.lean, found.limit) == (None, "not audited")
    assert audited(pressed(), labels(promotes_promotes=29)).limit == "29 of 30 labels of tagged articles"
    assert found.sentence == "How often the tags are wrong is not known: not audited."


def test_tags_that_are_always_right_leave_the_lean_as_it_is() -> None:
    found = audited(pressed(), labels(promotes_promotes=20, disputes_disputes=20, reports_reports=20))
    assert found.lean == pytest.approx(8 / 18)
    assert (found.low, found.high) == pytest.approx((8 / 18 - 0.2, 8 / 18 + 0.2))
    assert found.rates.recall is None


def test_the_lean_is_spread_over_what_people_said() -> None:
    # of 39 promoting tags (and one invented that agrees): 30 promote, 10 carry nothing -> 10 * 30/40 promote
    found = audited(pressed(), labels(promotes_promotes=29, promotes_none=10))
    assert found.lean == pytest.approx((7.5 - 2) / (7.5 + 2 + 4 + 2))
    assert found.rates.precision is not None
    assert found.rates.precision[0] == pytest.approx(29 / 39)
    assert found.low is not None
    assert found.lean is not None
    assert found.low < found.lean - 0.2  # the audit's own error makes the interval wider


def test_what_was_missed_makes_every_side_larger() -> None:
    found = audited(pressed(), labels(promotes_promotes=40, none_promotes=40, none_none=100))
    assert found.rates.recall is not None
    assert found.rates.recall[0] == 0.5
    assert found.lean == pytest.approx((20 - 4) / (20 + 4 + 8 + 2))


def test_wilson_as_in_the_textbook() -> None:
    # 8 of 10 at 90 %: (0.8 + 0.13528) / 1.27055 -+ 1.64485 sqrt(0.016 + 0.0067639) / 1.27055, by hand
    share, low, high = wilson(0.8, 10)
    assert (share, round(low, 4), round(high, 4)) == (0.8, 0.5408, 0.9314)


@given(st.integers(0, 30), st.integers(0, 30), st.integers(30, 60))
def test_a_swapped_audit_of_a_swapped_press_swaps_the_lean(wrong: int, nothing: int, right: int) -> None:
    one = audited(pressed(9, 3), labels(promotes_promotes=right, promotes_disputes=wrong, disputes_none=nothing))
    other = audited(pressed(3, 9), labels(disputes_disputes=right, disputes_promotes=wrong, promotes_none=nothing))
    assert (one.lean, one.low, one.high) == pytest.approx((-other.lean, -other.high, -other.low))  # type: ignore[operator]

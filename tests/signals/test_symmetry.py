"""Turning the proposition round turns everything round, to the bit; and the future changes nothing."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from hypothesis import given
from hypothesis import strategies as st

from core.contracts import Check, Contract
from core.series import Observation, Series
from core.tags import Mention, Stance
from core.verdicts import Morning, VerdictKind
from signals.pressure import pressure
from signals.readings import evidence
from signals.verdicts import verdict
from tests.signals.builders import AS_OF, book, check, contract, daily, mention, morning, run

OTHER_STANCE: dict[Stance, Stance] = {"promotes": "disputes", "disputes": "promotes", "reports": "reports"}
OTHER_KIND = {
    VerdictKind.PRESS_AHEAD: VerdictKind.PRESS_BEHIND,
    VerdictKind.PRESS_BEHIND: VerdictKind.PRESS_AHEAD,
    VerdictKind.PRESS_BACKED: VerdictKind.PRESS_RIGHTLY_DOUBTS,
    VerdictKind.PRESS_RIGHTLY_DOUBTS: VerdictKind.PRESS_BACKED,
}
COUNTS = [*daily("wire", range(63), stories=10, carrying=1)]

mentions = st.lists(
    st.tuples(
        st.integers(0, 30),
        st.sampled_from(sorted(OTHER_STANCE)),
        st.integers(0, 20),
        st.integers(0, 8),
        st.integers(0, 9),
    ),
    max_size=40,
).map(
    lambda rows: [
        mention(f"a{a}", stance, story=f"s{s}", voice=f"v{v}", seen=AS_OF - timedelta(days=d))
        for a, stance, s, v, d in rows
    ]
)


def turned(m: Mention) -> Mention:
    return replace(m, stance=OTHER_STANCE[m.stance])


@given(mentions)
def test_swapped_stances_swap_lean_and_pressure(told: list[Mention]) -> None:
    one = pressure("story", told, COUNTS, as_of=AS_OF)
    other = pressure("story", [turned(m) for m in told], COUNTS, as_of=AS_OF)
    assert other == replace(
        one,
        lean=-one.lean,
        low=-one.high,
        high=-one.low,
        pressure=-one.pressure if one.pressure is not None else None,
        promotes=one.disputes,
        disputes=one.promotes,
        own_book=other.own_book,
    )
    assert "-0.0" not in (str(one.lean), str(other.lean))


def once_each(told: list[Mention]) -> list[Mention]:
    return list({m.article: m for m in told}.values())


@given(mentions.map(once_each).flatmap(lambda told: st.tuples(st.just(told), st.permutations(told))))
def test_the_order_of_mentions_changes_no_bit(orders: tuple[list[Mention], list[Mention]]) -> None:
    one, other = orders
    assert pressure("story", one, COUNTS, as_of=AS_OF) == pressure("story", other, COUNTS, as_of=AS_OF)


@given(mentions)
def test_lean_stays_within_one_and_inside_its_interval(told: list[Mention]) -> None:
    got = pressure("story", told, COUNTS, as_of=AS_OF)
    assert -1 < got.lean < 1
    assert got.low <= got.lean <= got.high
    assert 0 <= got.n_eff <= got.voices + 1e-9


checks = st.lists(
    st.tuples(
        st.sampled_from("abcdef"),
        st.sampled_from(["above", "below"]),
        st.floats(-5, 5),
        st.floats(0.1, 9),
        st.floats(0.1, 5),
        st.one_of(st.none(), st.floats(-10, 10)),
    ),
    min_size=1,
    max_size=12,
)


def built(rows: list[tuple[str, str, float, float, float, float | None]]) -> tuple[Contract, dict[str, Series]]:
    made: list[Check] = []
    held: list[Series] = []
    for i, (family, side, threshold, scale, weight, value) in enumerate(rows):
        measure = {"kind": "level", "a": f"macro.s{i}"}
        made.append(
            check(
                f"c{i}", family=family, if_true=side, threshold=threshold, scale=scale, weight=weight, measure=measure
            )
        )
        if value is not None:
            held.append(run(f"macro.s{i}", [value]))
    return contract(*made), book(*held)


@given(checks)
def test_turned_signs_swap_every_support_and_the_interval(
    rows: list[tuple[str, str, float, float, float, float | None]],
) -> None:
    story, held = built(rows)
    turned_round = story.model_copy(
        update={
            "checks": tuple(
                c.model_copy(update={"if_true": "below" if c.if_true == "above" else "above"}) for c in story.checks
            )
        }
    )
    one = evidence(story, held, as_of=AS_OF, accelerators=())
    other = evidence(turned_round, held, as_of=AS_OF, accelerators=())
    for a, b in zip(one.readings, other.readings, strict=True):
        assert (a.support is None) == (b.support is None)
        assert a.support is None or a.support == -(b.support or 0.0)
    if one.support is None or one.low is None or one.high is None:
        assert (other.support, other.low, other.high) == (None, None, None)
    else:
        assert (other.support, other.low, other.high) == (-one.support, -one.high, -one.low)
        assert -1 <= one.low <= one.support <= one.high <= 1
    assert other.coverage == one.coverage


interval = st.tuples(st.floats(-1, 1), st.floats(-1, 1)).map(lambda ends: (min(ends), max(ends)))
days = st.lists(st.tuples(interval, interval, st.sampled_from([0.05, 0.5])), min_size=1, max_size=9)


@given(days)
def test_turned_mornings_swap_the_verdict(
    rows: list[tuple[tuple[float, float], tuple[float, float], float]],
) -> None:
    def lived(*, turn: bool) -> list[Morning]:
        ends = [((p, d) if not turn else ((-p[1], -p[0]), (-d[1], -d[0])), a) for p, d, a in rows]
        return [morning(i, press=p, data=d, attention=a) for i, ((p, d), a) in enumerate(ends)]

    story = contract(check())
    one, other = verdict(story, lived(turn=False)), verdict(story, lived(turn=True))
    assert other.kind is OTHER_KIND.get(one.kind, one.kind)
    assert (other.press, other.data) == (one.press[::-1], one.data[::-1])


absurd = st.lists(st.tuples(st.integers(-400, 400), st.floats(-1e9, 1e9), st.integers(1, 90_000)), max_size=8)


@given(checks, absurd)
def test_absurd_values_first_seen_later_change_no_bit(
    rows: list[tuple[str, str, float, float, float, float | None]], planted: list[tuple[int, float, int]]
) -> None:
    story, held = built(rows)
    later = tuple(
        Observation(
            series="macro.s0",
            time=AS_OF + timedelta(days=day),
            value=value,
            first_seen=AS_OF + timedelta(seconds=seconds),
        )
        for day, value, seconds in planted
    )
    before = held.get("macro.s0", Series(id="macro.s0", unit=""))
    both = tuple(sorted((*before.observations, *later), key=lambda o: (o.time, o.first_seen)))
    sown = held | {"macro.s0": Series(id="macro.s0", unit="", observations=both)}
    assert evidence(story, sown, as_of=AS_OF, accelerators=()) == evidence(story, held, as_of=AS_OF, accelerators=())

"""The falsifier board: what was asked of the data, and what they answered."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime

from briefing.bars import side_of
from briefing.clean import clean
from briefing.figures import NBSP, count, day, minus_signs, share, signed, stated, unit, with_unit
from briefing.model import Board, Ref, Row, Sentence, Standing
from briefing.refs import of_observation, ref
from briefing.sparks import NO_SPARK, spark, values
from briefing.words import PROXIES
from core.contracts import Check, Contract
from core.verdicts import Evidence, Reading

LONGEST_QUESTION = 160  # characters, three lines on a phone
LONGEST_UNIT = 20  # characters; with its figure it takes half a phone's width
LONGEST_WORD = 12  # characters of a unit's word, which is not broken: `proceedings` has 11
LONGEST_SENTENCE = 500  # characters
LONGEST_DETAIL = 6000  # characters; a reading that lists forty pairs needs about 4,000
MAIN = 5  # rows that the mail shows; the rest is counted there, and the page has them all


def board(contract: Contract, evidence: Evidence, course: Sequence[Evidence] = ()) -> Board:
    """Sort a contract's readings: measured by what they move, then unknown, context, concede-if.

    `course` is the evidence of past mornings, the oldest first, for the sparklines.
    """
    weighed = [r for r in evidence.readings if not (r.context or r.concede)]
    found = sorted((r for r in weighed if r.support is not None), key=_moves, reverse=True)
    missing = [r for r in weighed if r.support is None]
    checks = {False: {c.id: c for c in contract.checks}, True: {c.id: c for c in contract.concede_if}}

    past = values(course)

    def rows(readings: Iterable[Reading]) -> tuple[Row, ...]:
        return tuple(
            _row(r, checks[r.concede].get(r.check), past.get((r.concede, r.check), ()), main=number < MAIN)
            for number, r in enumerate(readings)
        )

    return Board(
        summary=_summary(evidence, weighed),
        aside=_aside(found, evidence.readings),
        measured=rows(found),
        unknown=rows(missing),
        context=rows(r for r in evidence.readings if r.context and not r.concede),
        concede=rows(r for r in evidence.readings if r.concede),
        proxies=_proxies(checks, evidence.readings),
    )


def crossed(evidence: Evidence) -> tuple[Reading, ...]:
    """The concede-if readings that now stand against the contrarian."""
    return tuple(r for r in evidence.readings if r.concede and (r.support or 0) > 0)


def missing_by_reason(readings: Iterable[Reading]) -> dict[str, list[Reading]]:
    """Weighed readings without support, by the words that say why, in the order of the contract."""
    found: dict[str, list[Reading]] = {}
    for reading in readings:
        if reading.support is None and not reading.context and not reading.concede:
            found.setdefault(_lack(reading), []).append(reading)
    return found


def _moves(reading: Reading) -> float:
    return abs(reading.support or 0) * reading.weight


def _summary(evidence: Evidence, weighed: list[Reading]) -> Sentence:
    found = [r for r in weighed if r.support is not None]
    against, for_it = (sum(1 for r in found if sign * (r.support or 0) > 0) for sign in (-1, 1))
    text = (
        f"{len(found)} of {count(len(weighed), 'weighed check')} measured, {share(evidence.coverage)} of the weight: "
        f"{against} against, {for_it} for, {len(found) - against - for_it}{NBSP}neither."
    )
    return Sentence(
        text=text if weighed else "The contract has no weighed check.",
        refs=(ref("verdicts", narrative=evidence.narrative, as_of=evidence.as_of), *(_of(r) for r in weighed)),
    )


def _aside(found: Sequence[Reading], readings: Iterable[Reading]) -> str:
    """How many measured rows and rows without weight only the page shows, and whom the former speak for."""
    said = []
    if lesser := found[MAIN:]:
        against, for_it = (sum(1 for r in lesser if sign * (r.support or 0) > 0) for sign in (-1, 1))
        said.append(
            f"{count(len(lesser), 'more check moves', 'more checks move')} less: {for_it} for, {against} against."
        )
    if context := [r for r in readings if r.context and not r.concede]:
        known = sum(r.value is not None for r in context)
        said.append(f"Context, without weight: {known} of {count(len(context), 'question')} answered.")
    return " ".join((*said, "They are on the page.")) if said else ""


def _row(reading: Reading, check: Check | None, past: Sequence[float | None], *, main: bool) -> Row:
    standing, says = _standing(reading)
    stands = _stands(reading)
    known = reading.value is not None
    return Row(
        check=reading.check,
        asks=clean(reading.asks, LONGEST_QUESTION),
        figure=with_unit(reading.value, _unit(reading)) if known else "",
        unit=_unit(reading),
        standing=standing,
        says=says,
        date=day(stands) if stands else ("no date on record" if known else ""),
        sentence=_short(reading, check),
        detail=_detail(reading),
        rule=_rule(reading),
        proxy=_proxy(reading, check),
        spark=spark(past, _unit(reading)) if known else NO_SPARK,
        main=main,
        value=reading.value,
        support=reading.support,
        refs=(_of(reading), *(of_observation(o) for o in reading.observations)),
    )


def _short(reading: Reading, check: Check | None) -> str:
    """What the proposition expects of the value; "" where nothing is weighed."""
    bar = reading.threshold
    if reading.value is None or bar is None or reading.support is None:
        return ""
    name = _unit(reading)
    own = ", the median of its own history" if check and check.threshold == "history" else ""
    line = f"{with_unit(bar, name) if own else stated(bar, name)}{own}"
    if check and check.if_true:
        return f"Proposition: {check.if_true} {line}."
    return f"Threshold: {line}."


def _detail(reading: Reading) -> tuple[str, ...]:
    """What the signals say in full, then everything beside it, a part at a time."""
    parts = [clean(reading.sentence, LONGEST_SENTENCE), *clean(reading.detail, LONGEST_DETAIL).split("; ")]
    return tuple(minus_signs(part) for part in parts if part)


def _unit(reading: Reading) -> str:
    words = clean(reading.unit, LONGEST_UNIT).split(" ")
    return " ".join(w if len(w) <= LONGEST_WORD else f"{w[: LONGEST_WORD - 1]}\u2026" for w in words)


def _stands(reading: Reading) -> datetime | None:
    """The time of the oldest value that had to be new: each series is as old as its newest observation used."""
    newest: dict[str, datetime] = {}
    for o in reading.observations:
        newest[o.series] = max(o.time, newest.get(o.series, o.time))
    return min(newest.values(), default=None)


def _standing(reading: Reading) -> tuple[Standing, str]:
    support = reading.support
    if reading.value is not None and reading.freshness == "STALE":
        return "stale", _lack(reading)
    if reading.value is None or reading.freshness != "FRESH" or (support is None and not reading.context):
        return "unknown", _lack(reading)
    if support is None or reading.context:
        return "context", "context"
    if reading.concede:
        return ("crossed", "crossed: concede") if support > 0 else ("clear", "not crossed")
    side = side_of(support)
    return side, "neither side" if side == "neither" else f"{side} {signed(support)}"


def _lack(reading: Reading) -> str:
    word = reading.freshness if reading.freshness == "STALE" else "UNKNOWN"
    return f"{word}({clean(reading.reason, 120) or 'no reason given'})"


def _rule(reading: Reading) -> str:
    if reading.context or reading.concede:
        return ""
    weight = f"Weight {share(reading.weight)}, {clean(reading.family, 40)}."
    if not reading.scale:
        return weight
    name = _unit(reading)
    reach = stated(
        float(f"{reading.scale:.3g}"), "pp" if unit(name) == "%" else name
    )  # percentages are that many points apart
    return f"Full strength {reach} from the threshold. {weight}"


def _series(reading: Reading, check: Check | None) -> list[str]:
    named = [] if check is None else [check.measure.of, check.measure.a, check.measure.b]
    return [s for s in (*named, *(o.series for o in reading.observations)) if s]


def _proxy(reading: Reading, check: Check | None) -> str:
    kinds = dict.fromkeys(s.split(".", 1)[0] for s in _series(reading, check))
    return ", ".join(PROXIES[k][0] for k in kinds if k in PROXIES)


def _proxies(checks: Mapping[bool, Mapping[str, Check]], readings: Iterable[Reading]) -> tuple[str, ...]:
    kinds: dict[str, None] = {}
    for reading in readings:
        if reading.value is not None:  # a caution about what is not shown would only be noise
            series = _series(reading, checks[reading.concede].get(reading.check))
            kinds.update(dict.fromkeys(s.split(".", 1)[0] for s in series))
    return tuple(PROXIES[k][1] for k in kinds if k in PROXIES)


def _of(reading: Reading) -> Ref:
    return ref("readings", narrative=reading.narrative, check=reading.check, as_of=reading.as_of)

"""A backtest in words, figures and pictures."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Any

from briefing.render import page
from briefing.words import MEANINGS
from core.calls import Record, worded
from core.clock import stamp
from core.verdicts import Verdict
from counterwire import __version__, paths
from counterwire.backtest import Backtest
from counterwire.backtest_plot import drawing, intervals
from counterwire.house import House
from signals.event_study import Study

SURE = 0.05  # of a corrected p; over it chance is explanation enough
LABELS = {kind: meaning.label for kind, meaning in MEANINGS.items()}


@dataclass(frozen=True, slots=True, kw_only=True)
class Stretch:
    """Mornings in a row with one verdict, and the reason of the last."""

    first: str
    last: str
    mornings: int
    verdict: str
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Chapter:
    """One narrative as the page shows it; `drawn` and `studied` are SVG elements ("" for none), all else is text.

    `short` is the whole of it in a sentence or two.
    """

    id: str
    title: str
    short: str
    horizon: int
    proposition: str
    contract: str
    summary: str
    rests_on: str
    drawn: str
    studied: str
    stretches: Sequence[Stretch]
    calls: Sequence[str]
    score: str
    studies: Sequence[str]
    limit: str


def report(house: House, found: Sequence[Backtest]) -> str:
    """The page; the same rows, contracts and span give the same bytes."""
    first, last = found[0].verdicts[0].as_of, found[0].verdicts[-1].as_of
    values = {
        "span": f"{first:%Y-%m-%d} to {last:%Y-%m-%d}",
        "mornings": len(found[0].verdicts),
        "version": __version__,
        "sample": house.sample,
        "tried": _tried(found),
        "chapters": [_chapter(one, pictures=True) for one in found],
    }
    return page("backtest.html", values, templates=paths.TEMPLATES, overrides=house.settings.templates)


def in_words(one: Backtest) -> list[str]:
    """One narrative in a few lines, for a terminal."""
    said = _chapter(one, pictures=False)
    lines = (said.rests_on, *said.calls, said.score, *said.studies, said.limit)
    return [f"{said.title} ({said.contract}): {said.summary}", *(f"  {line}" for line in lines if line)]


def in_figures(found: Sequence[Backtest]) -> dict[str, Any]:
    """The same for scripts."""
    return {
        one.contract.id: {
            "contract": one.contract.hash,
            "configurations_tried": one.tried,
            "articles": one.articles,
            "imported_articles": one.imported,
            "imported_weight": one.imported_weight,
            "limit": one.limit,
            "mornings": [_morning(v, moved) for v, moved in zip(one.verdicts, one.moved, strict=True)],
            "calls": [_call(r) for r in one.calls],
            "score": {name: getattr(one.score, name) for name in one.score.__slots__},
            "studies": [{name: getattr(s, name) for name in s.__slots__} for s in one.studies],
        }
        for one in found
    }


def _chapter(one: Backtest, *, pictures: bool) -> Chapter:
    days = one.contract.outcome.horizon.days
    return Chapter(
        id=one.contract.id,
        title=one.contract.title,
        short=_short(one),
        horizon=days,
        proposition=one.contract.proposition,
        contract=one.contract.hash,
        summary=_summary(one.verdicts),
        rests_on=(
            f"{_many(one.articles, 'article')} carried it, {one.imported} of them imported;"
            f" {one.imported_weight:.0%} of the weight of the readings rests on imported values."
        ),
        drawn=_drawn(one, days) if pictures else "",
        studied=_studied(one, days) if pictures else "",
        stretches=stretches(one.verdicts),
        calls=[r.sentence for r in one.calls],
        score=one.score.sentence if one.calls else "",
        studies=[] if one.limit else [told(s, days) for s in one.studies],
        limit=one.limit,
    )


def _short(one: Backtest) -> str:
    """Verdicts, calls and studies, each in one sentence."""
    opened = (
        f"{_many(len(one.calls), 'call')} would have been opened. {one.score.sentence}"
        if one.calls
        else "No call would have been opened."
    )
    sure = [LABELS[s.kind] for s in one.studies if s.corrected is not None and s.corrected < SURE]
    if one.limit or all(s.p is None for s in one.studies):
        followed = "What followed cannot be told from chance on so little history."
    elif sure:
        followed = f"More than chance followed on {', '.join(sure)}."
    else:
        followed = "Chance is explanation enough for what followed."
    return f"{_summary(one.verdicts)} {opened} {followed}"


def _drawn(one: Backtest, days: int) -> str:
    outcome = one.contract.outcome.measure
    words = worded(outcome) if outcome.over else f"{worded(outcome)}, {days} days later less then"
    return drawing(one.verdicts, LABELS, moved=one.moved, calls=one.calls, outcome=words)


def _studied(one: Backtest, days: int) -> str:
    rows = [
        (LABELS[s.kind], s.after - s.usual, s.low, s.high)
        for s in one.studies
        if s.after is not None and s.usual is not None and s.low is not None and s.high is not None
    ]
    return intervals(rows, unit=f"the outcome over {days} days") if rows else ""


def stretches(verdicts: Sequence[Verdict]) -> list[Stretch]:
    """The path of verdicts, one line for each change."""
    found = []
    for kind, group in groupby(verdicts, key=lambda v: v.kind):
        held = list(group)
        found.append(
            Stretch(
                first=f"{held[0].as_of:%Y-%m-%d}",
                last=f"{held[-1].as_of:%Y-%m-%d}",
                mornings=len(held),
                verdict=LABELS[kind],
                reason=held[-1].reason,
            )
        )
    return found


def told(study: Study, days: int) -> str:
    """One study in a sentence or two."""
    label, p = LABELS[study.kind], study.corrected
    if study.after is None or study.usual is None or study.low is None or study.high is None or p is None:
        return f"{label}: {study.limit}."
    judged = "More than chance explains." if p < SURE else "Chance is explanation enough."
    return (
        f"{label}: began {_many(study.onsets, 'time')}. The outcome then moved by {study.after:+.2f} over {days} days on"
        f" average, after any morning by {study.usual:+.2f}: {study.after - study.usual:+.2f} apart (90 % interval"
        f" {study.low:+.2f} to {study.high:+.2f}; p {study.p:.3f}, corrected {p:.3f}; {study.horizons} horizons that do"
        f" not overlap). {judged}"
    )


def _summary(verdicts: Sequence[Verdict]) -> str:
    counts = Counter(v.kind for v in verdicts)
    return (
        ", ".join(f"{LABELS[kind]} on {n}" for kind, n in counts.most_common())
        + f" of {_many(len(verdicts), 'morning')}."
    )


def _tried(found: Sequence[Backtest]) -> str:
    each = "; ".join(f"{one.contract.title}: {one.tried}" for one in found)
    tests = sum(s.p is not None for one in found for s in one.studies)
    counted = f"Configurations (contract, span, version of the program) ever tried on this database: {each}."
    if not tests:
        return f"{counted} Nothing is tested in this report."
    return (
        f"{counted} There are {_many(tests, 'test')} in this report: each p is corrected by Holm's method over them, and"
        " multiplied by the largest of these numbers."
    )


def _many(n: int, what: str) -> str:
    return f"{n} {what}" if n == 1 else f"{n} {what}s"


def _morning(v: Verdict, moved: float | None) -> Mapping[str, Any]:
    return {
        "as_of": stamp(v.as_of),
        "verdict": v.kind.value,
        "reason": v.reason,
        "lean": [v.pressure.low, v.pressure.lean, v.pressure.high],
        "attention": v.pressure.attention,
        "n_eff": v.pressure.n_eff,
        "support": [v.evidence.low, v.evidence.support, v.evidence.high],
        "coverage": v.evidence.coverage,
        "outcome_one_horizon_later": moved,
    }


def _call(record: Record) -> Mapping[str, Any]:
    call, end = record.call, record.resolution
    return {
        "opened": stamp(call.opened),
        "due": stamp(call.due),
        "verdict": call.kind.value,
        "direction": call.direction,
        "probability": call.probability,
        "base_rate": call.base_rate,
        "void": record.void,
        "came_true": end.came_true if end else None,
        "brier": end.brier if end else None,
        "told": record.sentence,
    }

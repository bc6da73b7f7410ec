"""What would change a verdict: its kind with any one check, source or story left out, computed again exactly."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from core.contracts import Contract
from core.findings import Alternative, WhatIf
from core.tags import Mention, SourceCount
from core.verdicts import Evidence, Morning, Pressure, Verdict, VerdictKind
from signals.pressure import pressure
from signals.verdicts import verdict
from signals.weighing import shares, weigh

# One story fewer in the window moves z by at most (1 + its share) / sqrt(E), with E of 5 stories or more by less than
# 0.9: attention of 0.4 (z = -0.25) or more stays above 0.1 (z = -1.28) without it, and the verdict reads only that.
SAFE_ATTENTION = 0.4


@dataclass(frozen=True, slots=True, kw_only=True)
class Press:
    """What the pressure of one morning was computed from."""

    mentions: Sequence[Mention]
    counts: Sequence[SourceCount]


def what_if(contract: Contract, given: Verdict, press: Mapping[datetime, Press]) -> WhatIf:
    """The verdict's kind with each check, source and story left out in turn; `press` by morning.

    A check is left out as if the contract had never had it: the weights of the others grow by the
    rule of `shares`. A source takes its stories and its baseline with it. A story takes all its
    articles, in the window and in its source's count. Only sources and stories that carry the
    narrative on one of the mornings are tried. Ids in order; raises KeyError for a morning without press.
    """
    checks = [c.id for c in contract.checks if not c.context]
    told = [m for morning in given.mornings for m in _inside(press[morning.as_of].mentions, given, morning.as_of)]
    sources, stories = sorted({m.source for m in told}), sorted({m.story for m in told})

    def again(changed: Callable[[Morning], Morning]) -> VerdictKind:
        return verdict(contract, [changed(m) for m in given.mornings]).kind

    def tried() -> Iterator[Alternative]:
        for check in checks:
            weights = shares([c for c in contract.checks if c.id != check])
            kind = again(lambda m, w=weights: replace(m, evidence=_reweighed(m.evidence, w)))  # type: ignore[misc]
            yield Alternative(left_out="check", id=check, kind=kind)
        for source in sources:
            kind = again(lambda m, s=source: replace(m, pressure=_without_source(m, press[m.as_of], s)))  # type: ignore[misc]
            yield Alternative(left_out="source", id=source, kind=kind)
        for story in stories:
            kind = again(lambda m, s=story: replace(m, pressure=_without_story(m, press[m.as_of], s)))  # type: ignore[misc]
            yield Alternative(left_out="story", id=story, kind=kind)

    return WhatIf(
        kind=given.kind,
        tried=(len(checks), len(sources), len(stories)),
        alternatives=tuple(one for one in tried() if one.kind is not given.kind),
    )


def _inside(mentions: Sequence[Mention], given: Verdict, as_of: datetime) -> list[Mention]:
    return [m for m in mentions if (as_of - m.seen).total_seconds() < given.pressure.window_days * 86_400]


def _reweighed(evidence: Evidence, weights: Mapping[str, float]) -> Evidence:
    readings = tuple(replace(r, weight=weights.get(r.check, 0.0)) for r in evidence.readings if r.check in weights)
    together = weigh(readings)
    return replace(
        evidence,
        support=together.support,
        low=together.low,
        high=together.high,
        coverage=together.coverage,
        readings=readings,
    )


def _without_source(morning: Morning, press: Press, source: str) -> Pressure:
    mentions = [m for m in press.mentions if m.source != source]
    counts = [c for c in press.counts if c.source != source]
    return _pressure(morning, mentions, counts)


def _without_story(morning: Morning, press: Press, story: str) -> Pressure:
    mentions = [m for m in press.mentions if m.story != story]
    if len(mentions) == len(press.mentions):
        return morning.pressure
    if (morning.pressure.attention or 0.0) >= SAFE_ATTENTION:
        made = _pressure(morning, mentions, ())
        return replace(
            made, attention=morning.pressure.attention, baseline_days=morning.pressure.baseline_days, limit=""
        )
    origin = next((m for m in press.mentions if m.article == story), None)
    counts = [
        replace(c, stories=c.stories - 1, carrying=c.carrying - 1) if origin and _begins(c, origin, morning) else c
        for c in press.counts
    ]
    return _pressure(morning, mentions, counts)


def _begins(count: SourceCount, origin: Mention, morning: Morning) -> bool:
    age = int((morning.as_of - origin.seen).total_seconds() // 86_400)
    return count.source == origin.source and count.age == age and count.carrying > 0


def _pressure(morning: Morning, mentions: Sequence[Mention], counts: Sequence[SourceCount]) -> Pressure:
    return pressure(
        morning.pressure.narrative,
        mentions,
        counts,
        as_of=morning.as_of,
        window_days=morning.pressure.window_days,
    )

"""What would change a verdict: its kind with any one check, source or story left out, computed again exactly."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache

from core.contracts import Contract
from core.findings import Alternative, LeftOut, WhatIf
from core.press import PressRun
from core.tags import Mention
from core.verdicts import Evidence, Morning, Verdict
from signals.attention import Attention, Sums, measured, sums
from signals.pressure import SIDES, Leaning, Told, Voice, kinds, leaning, voice, voices_of, windows
from signals.verdicts import verdict
from signals.weighing import shares, weigh

# One story fewer in the window moves z by at most (1 + its share) / sqrt(E), with E of 5 stories or more by less than
# 0.9: attention of 0.4 (z = -0.25) or more stays above 0.1 (z = -1.28) without it, and the verdict reads only that.
SAFE_ATTENTION = 0.4


def what_if(contract: Contract, given: Verdict, press: PressRun) -> WhatIf:
    """The verdict's kind with each check, source and story left out in turn; `press` of its mornings.

    A check is left out as if the contract had never had it: the weights of the others grow by the
    rule of `shares`. A source takes its stories and its baseline with it. A story takes all its
    articles, in the window and in its source's count. Only sources and stories that carry the
    narrative on one of the mornings are tried. Ids in order; raises ValueError for the press of other mornings.
    """
    if press.mornings != tuple(m.as_of for m in given.mornings):
        raise ValueError("the press is not that of the verdict's mornings")
    checks = [c.id for c in contract.checks if not c.context]
    days = given.pressure.window_days
    told, counted = windows(press, days), sums(press.counts, mornings=len(given.mornings), window_days=days)
    sources, stories = (sorted({getattr(m, name) for window in told for m in window}) for name in ("source", "story"))
    heard = [_heard(k, *one) for k, one in enumerate(zip(given.mornings, told, counted, strict=True))]

    def tried() -> Iterator[tuple[LeftOut, str, list[Morning]]]:
        for check in checks:
            yield "check", check, _without_check(given.mornings, shares([c for c in contract.checks if c.id != check]))
        for source in sources:
            yield "source", source, [_without_source(one, press, source) for one in heard]
        for story in stories:
            yield "story", story, [_without_story(one, press, story) for one in heard]

    kinds = [(what, id_, verdict(contract, mornings).kind) for what, id_, mornings in tried()]
    return WhatIf(
        kind=given.kind,
        tried=(len(checks), len(sources), len(stories)),
        alternatives=tuple(
            Alternative(left_out=what, id=id_, kind=kind) for what, id_, kind in kinds if kind is not given.kind
        ),
    )


def _without_check(mornings: Sequence[Morning], weights: Mapping[str, float]) -> list[Morning]:
    return [replace(m, evidence=_reweighed(m.evidence, weights)) for m in mornings]


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


@dataclass(frozen=True, slots=True, kw_only=True)
class _Heard:
    """One of the mornings: its number, the stories of its window with their mentions in order, and their voices.

    A source or a story moves few voices; the others are not counted again for each one that is left out.
    """

    number: int
    morning: Morning
    stories: Mapping[str, Sequence[Mention]]
    voices: Mapping[str, Told]
    kinds: Counter[Voice]
    counted: Sums


def _heard(number: int, morning: Morning, told: Sequence[Mention], counted: Sums) -> _Heard:
    stories: dict[str, list[Mention]] = defaultdict(list)
    for m in told:
        stories[m.story].append(m)
    voices = voices_of(first for first, *_ in stories.values())
    return _Heard(number=number, morning=morning, stories=stories, voices=voices, kinds=kinds(voices), counted=counted)


def _without_source(heard: _Heard, press: PressRun, source: str) -> Morning:
    moved = {
        told[0]: next((m for m in told if m.source != source), None)
        for told in heard.stories.values()
        if told[0].source == source
    }
    attention = _attention(heard.morning)
    if source in press.counts.sources:
        attention = measured(heard.counted.without(press.counts.sources.index(source)))
    return _pressed(heard, moved, attention)


def _without_story(heard: _Heard, press: PressRun, story: str) -> Morning:
    was = heard.morning
    if story not in heard.stories:
        return was
    moved, attention = {heard.stories[story][0]: None}, _attention(was)
    origin = next((m for m in heard.stories[story] if m.article == story), None)
    safe = (was.pressure.attention or 0.0) >= SAFE_ATTENTION
    if not safe and origin is not None and _begins(press, heard.number, origin):
        attention = measured(heard.counted.less(press.counts.sources.index(origin.source)))
    return _pressed(heard, moved, attention)


def _begins(press: PressRun, number: int, origin: Mention) -> bool:
    """Whether the counts of the morning of this number know of a story that the origin's source began on its day."""
    counts = press.counts
    if origin.source not in counts.sources:
        return False
    age = int((press.mornings[-1] - origin.seen).total_seconds() // 86_400)
    there = (counts.age == age) & (counts.source == counts.sources.index(origin.source))
    there &= (counts.first <= number) & (number < counts.until)
    return bool(counts.carrying[there].sum() > 0)


def _attention(of: Morning) -> Attention:
    """What the morning's attention was measured to be."""
    p = of.pressure
    return Attention(
        attention=p.attention,
        limit=p.limit,
        observed=p.observed,
        expected=p.expected,
        dispersion=p.dispersion,
        baseline_days=p.baseline_days,
    )


def _pressed(heard: _Heard, moved: Mapping[Mention, Mention | None], told: Attention) -> Morning:
    """The morning with other origins of these stories, or none; of its pressure what the verdict reads."""
    changed: dict[str, list[int]] = {}
    for origin, other in moved.items():
        for m, n in ((origin, -1), (other, 1)):
            if m is not None:
                stories = changed.setdefault(m.voice, list(heard.voices.get(m.voice, (0, 0, 0))))
                stories[SIDES[m.stance]] += n
    now = heard.kinds.copy()
    for name, (p, d, r) in changed.items():
        if name in heard.voices:
            now[voice(*heard.voices[name])] -= 1
        if p + d + r:
            now[voice(p, d, r)] += 1
    leans = _leaning(frozenset((+now).items()))
    pressure = replace(
        heard.morning.pressure,
        lean=leans.lean,
        low=leans.low,
        high=leans.high,
        n_eff=leans.n_eff,
        attention=told.attention,
        baseline_days=told.baseline_days,
    )
    return replace(heard.morning, pressure=pressure)


@lru_cache(maxsize=1024)  # a hundred stories left out of a morning leave a dozen different ones
def _leaning(voices: frozenset[tuple[Voice, int]]) -> Leaning:
    return leaning(Counter(dict(voices)))

"""Source health and what could not be checked: the part that keeps the rest honest."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from zoneinfo import ZoneInfo

from briefing.board import missing_by_reason
from briefing.changes import name_of
from briefing.clean import clean
from briefing.figures import count, day, share
from briefing.model import Problem, Ref, Sentence, Sources
from briefing.refs import ref
from briefing.words import UNAUDITED
from core.articles import SourceHealth
from core.contracts import Contract
from core.verdicts import Verdict

DEGRADED = 0.5  # share of sources in trouble from which the day is called degraded at the top

BASELINE = 28  # days that a source needs before its usual share counts

PARTLY = 80  # characters of what a source left out

_STATES = {"failing": "failing", "stale": "stale", "never": "never answered", "ok": "with a remark"}
_KINDS = {"feed": "Feeds", "series": "Series"}


def sources(health: Sequence[SourceHealth], *, zone: ZoneInfo) -> Sources:
    """Every source that is not well, by name, grouped by its trouble; those that are well, counted.

    One that left something out, or has moved, is in order, and is named last with what it says.
    """
    groups: dict[tuple[str, str, str], list[SourceHealth]] = {}
    for source in sorted(health, key=lambda s: (s.kind, s.state, s.reason, s.name, s.url)):
        if source.state != "ok":
            groups.setdefault((source.kind, source.state, source.reason), []).append(source)
    for source in sorted(health, key=lambda s: (s.kind, s.name, s.url)):
        if source.state == "ok" and source.reason:  # each leaves out something else, so all stand together
            groups.setdefault((source.kind, "ok", ""), []).append(source)
    return Sources(
        summary=_summary(health),
        problems=tuple(
            Problem(
                what=_what(*key),
                names=tuple(_named(s, zone) for s in group),
                refs=tuple(_of(s) for s in group),
            )
            for key, group in groups.items()
        ),
    )


def condition(health: Sequence[SourceHealth], verdicts: Sequence[Verdict]) -> tuple[Sentence, ...]:
    """One paragraph for the top of the page on an empty, a degraded or a first-month day; none on any other."""
    parts = [part for part in (_degraded(health), _empty(verdicts), _young(verdicts)) if part]
    refs = tuple(ref for _, rows in parts for ref in rows)
    return (Sentence(text=" ".join(text for text, _ in parts), refs=refs),) if parts else ()


def _degraded(health: Sequence[SourceHealth]) -> tuple[str, tuple[Ref, ...]] | None:
    """Too few sources answered to trust the day."""
    ill = [s for s in health if s.state != "ok"]
    if not health:
        return "No source is on record: nothing has been collected yet.", ()
    if len(ill) < DEGRADED * len(health):
        return None
    well = len(health) - len(ill)
    text = (
        f"Only {well} of {count(len(health), 'source')} are in order. The figures below rest on what was known before."
    )
    return text, tuple(_of(s) for s in ill)


def _empty(verdicts: Sequence[Verdict]) -> tuple[str, tuple[Ref, ...]] | None:
    """No article carried any narrative."""
    if not verdicts or any(v.pressure.articles for v in verdicts):
        return None
    text = "No article carried any of the narratives in the window: there is no press to hold against the data."
    return text, tuple(ref("pressures", narrative=v.narrative, as_of=v.as_of) for v in verdicts)


def _young(verdicts: Sequence[Verdict]) -> tuple[str, tuple[Ref, ...]] | None:
    """The press has no baseline yet, so that no verdict on it can be given."""
    young = [v for v in verdicts if v.pressure.attention is None and v.pressure.baseline_days < BASELINE]
    if not young or len(young) < len(verdicts):
        return None
    days = min(v.pressure.baseline_days for v in young)
    text = (
        f"The press baseline is on day {days} of {BASELINE}. Until it is whole, attention cannot be measured and "
        "no gap between press and data is called. The evidence boards hold from the first day."
    )
    return text, tuple(ref("pressures", narrative=v.narrative, as_of=v.as_of) for v in young)


def unchecked(
    contracts: Mapping[str, Contract], verdicts: Sequence[Verdict], *, audited: bool = False
) -> tuple[Sentence, ...]:
    """What the briefing could not check, a narrative at a time; `audited`: how often the tags are wrong is told elsewhere."""
    said: list[Sentence] = []
    for verdict in verdicts:
        title = name_of(contracts[verdict.narrative])
        for lack, readings in missing_by_reason(verdict.evidence.readings).items():
            names = " ".join(clean(r.asks, 120) for r in readings)
            text = f"{title}, {lack}, {share(sum(r.weight for r in readings))} of the weight: {names}"
            refs = tuple(ref("readings", narrative=r.narrative, check=r.check, as_of=r.as_of) for r in readings)
            said.append(Sentence(text=text, refs=refs))
    return tuple(said) if audited else (*said, Sentence(text=UNAUDITED))


def _summary(health: Sequence[SourceHealth]) -> Sentence:
    parts = []
    for kind, one, many in (("feed", "feed", "feeds"), ("series", "series source", "series sources")):
        held = [s for s in health if s.kind == kind]
        if held:
            parts.append(f"{sum(s.state == 'ok' for s in held)} of {count(len(held), one, many)}")
    text = f"{' and '.join(parts)} are in order." if parts else "No source is on record."
    return Sentence(text=text, refs=tuple(_of(s) for s in health))


def _what(kind: str, state: str, reason: str) -> str:
    why = clean(reason, 160)
    return f"{_KINDS[kind]} {_STATES[state]}" + (f": {why}" if why else "")


def _named(source: SourceHealth, zone: ZoneInfo) -> str:
    if source.state == "ok":
        return f"{clean(source.name, 80) or clean(source.url, 80)} ({clean(source.reason, PARTLY)})"
    last = f"last good {day(source.last_ok, zone)}" if source.last_ok else "never good"
    tries = f"{count(source.failures, 'failure')}, " if source.failures else ""
    return f"{clean(source.name, 80) or clean(source.url, 80)} ({tries}{last})"


def _of(source: SourceHealth) -> Ref:
    if source.look is None:  # never looked at: all there is to point at is that it is watched
        return ref("feeds", url=source.url)
    return ref("fetches", id=source.look)

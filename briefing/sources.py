"""Source health and what could not be checked: the part that keeps the rest honest."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
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

_STATES = {"failing": "failing", "stale": "stale", "never": "never answered"}
_KINDS = {"feed": "Feeds", "series": "Series"}


def sources(health: Sequence[SourceHealth], *, as_of: datetime, zone: ZoneInfo) -> Sources:
    """Every source that is not well, by name, grouped by its trouble; those that are well, counted."""
    groups: dict[tuple[str, str, str], list[SourceHealth]] = {}
    for source in sorted(health, key=lambda s: (s.kind, s.state, s.reason, s.name, s.url)):
        if source.state != "ok":
            groups.setdefault((source.kind, source.state, source.reason), []).append(source)
    return Sources(
        summary=_summary(health, as_of),
        problems=tuple(
            Problem(
                what=_what(*key),
                names=tuple(_named(s, zone) for s in group),
                refs=tuple(_of(s, as_of) for s in group),
            )
            for key, group in groups.items()
        ),
    )


def degraded(health: Sequence[SourceHealth], *, as_of: datetime) -> tuple[Sentence, ...]:
    """One sentence for the top of the page when too few sources answered to trust the day."""
    ill = [s for s in health if s.state != "ok"]
    if not health:
        return (Sentence(text="No source is on record: nothing has been collected yet."),)
    if len(ill) < DEGRADED * len(health):
        return ()
    well = len(health) - len(ill)
    text = (
        f"Only {well} of {count(len(health), 'source')} are in order. The figures below rest on what was known before."
    )
    return (Sentence(text=text, refs=tuple(_of(s, as_of) for s in ill)),)


def unchecked(contracts: Mapping[str, Contract], verdicts: Sequence[Verdict]) -> tuple[Sentence, ...]:
    """What the briefing could not check, a narrative at a time, and what nobody has audited."""
    said: list[Sentence] = []
    for verdict in verdicts:
        title = name_of(contracts[verdict.narrative])
        for lack, readings in missing_by_reason(verdict.evidence.readings).items():
            names = " ".join(clean(r.asks, 120) for r in readings)
            text = f"{title}, {lack}, {share(sum(r.weight for r in readings))} of the weight: {names}"
            refs = tuple(ref("readings", narrative=r.narrative, check=r.check, as_of=r.as_of) for r in readings)
            said.append(Sentence(text=text, refs=refs))
    return (*said, Sentence(text=UNAUDITED))


def _summary(health: Sequence[SourceHealth], as_of: datetime) -> Sentence:
    parts = []
    for kind, one, many in (("feed", "feed", "feeds"), ("series", "series source", "series sources")):
        held = [s for s in health if s.kind == kind]
        if held:
            parts.append(f"{sum(s.state == 'ok' for s in held)} of {count(len(held), one, many)}")
    text = f"{' and '.join(parts)} are in order." if parts else "No source is on record."
    return Sentence(text=text, refs=tuple(_of(s, as_of) for s in health))


def _what(kind: str, state: str, reason: str) -> str:
    why = clean(reason, 160)
    return f"{_KINDS[kind]} {_STATES[state]}" + (f": {why}" if why else "")


def _named(source: SourceHealth, zone: ZoneInfo) -> str:
    last = f"last good {day(source.last_ok, zone)}" if source.last_ok else "never good"
    tries = f"{count(source.failures, 'failure')}, " if source.failures else ""
    return f"{clean(source.name, 80) or clean(source.url, 80)} ({tries}{last})"


def _of(source: SourceHealth, as_of: datetime) -> Ref:
    return ref("source_health", name=clean(source.name, 80), kind=source.kind, as_of=as_of)

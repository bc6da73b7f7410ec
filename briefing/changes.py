"""What changed since the last briefing, and whether anybody should care."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from zoneinfo import ZoneInfo

from briefing.beside import alerts as alarms
from briefing.clean import clean
from briefing.figures import ARROW, NBSP, count, day, signed
from briefing.model import Change, Sentence
from briefing.refs import ref
from briefing.words import MEANINGS
from core.alerts import Alert
from core.contracts import Contract
from core.verdicts import PastVerdict, Verdict, VerdictKind

GAPS = frozenset({VerdictKind.PRESS_AHEAD, VerdictKind.PRESS_BEHIND})


def name_of(contract: Contract) -> str:
    """A narrative's title, as long as a line of the text form allows beside a mark."""
    return clean(contract.title, 60)


def changes_title(verdicts: Sequence[Verdict], previous: Mapping[str, PastVerdict], *, zone: ZoneInfo) -> str:
    """`What changed since 23 Apr 2026`, or that this is the first briefing."""
    since = _newest(verdicts, previous)
    return f"What changed since {day(since, zone)}" if since else "First briefing"


def changes(
    contracts: Mapping[str, Contract],
    verdicts: Sequence[Verdict],
    previous: Mapping[str, PastVerdict],
    *,
    alerts: Mapping[str, Sequence[Alert]],
    zone: ZoneInfo,
) -> tuple[Change, ...]:
    """One sentence a narrative and its alerts since then, those whose verdict moved first."""
    since = _newest(verdicts, previous)
    told = []
    for verdict in verdicts:
        past = previous.get(verdict.narrative)
        older = f" since {day(past.as_of, zone)}" if past and past.as_of != since else ""
        given = [a for a in alerts.get(verdict.narrative, ()) if past is None or a.at > past.as_of]
        told.append(_change(contracts[verdict.narrative], verdict, past, older, alarms(given, zone=zone)))
    return tuple(sorted(told, key=lambda c: not c.moved))


def headline(
    contracts: Mapping[str, Contract],
    verdicts: Sequence[Verdict],
    previous: Mapping[str, PastVerdict],
) -> str:
    """The mail in one line: what moved, or that nothing did."""
    if not verdicts:
        return "No narrative has a verdict"
    known = [v for v in verdicts if v.narrative in previous]
    if not known:
        return "First briefing. " + "; ".join(_named(contracts[v.narrative], v, "") for v in verdicts)
    moved = [v for v in known if previous[v.narrative].kind is not v.kind]
    new = [v for v in verdicts if v.narrative not in previous]
    if moved or new:
        said = [
            _named(contracts[v.narrative], v, f" (was {MEANINGS[previous[v.narrative].kind].short})") for v in moved
        ]
        return "; ".join(said + [_named(contracts[v.narrative], v, " (new)") for v in new])
    return "No verdict changed. " + "; ".join(_named(contracts[v.narrative], v, "") for v in verdicts)


def gaps(contracts: Mapping[str, Contract], verdicts: Sequence[Verdict]) -> Sentence:
    """Where press and data part, named; that is what the briefing is for."""
    open_gaps = [v for v in verdicts if v.kind in GAPS]
    names = ", ".join(name_of(contracts[v.narrative]) for v in open_gaps)
    refs = tuple(ref("verdicts", narrative=v.narrative, as_of=v.as_of) for v in verdicts)
    if not verdicts:
        return Sentence(text="There is no verdict to report.")
    if not open_gaps:
        lacking = sum(v.kind is VerdictKind.INSUFFICIENT_EVIDENCE for v in verdicts)
        told = f" On {lacking} of them there is too little evidence to tell." if lacking else ""
        text = f"No gap between press and data is shown on {count(len(verdicts), 'narrative')}.{told}"
        return Sentence(text=text, refs=refs)
    n = f"{len(open_gaps)} of {count(len(verdicts), 'narrative')}"
    return Sentence(text=f"Press and data part on {n}: {names}.", refs=refs)


def _newest(verdicts: Sequence[Verdict], previous: Mapping[str, PastVerdict]) -> datetime | None:
    return max((previous[v.narrative].as_of for v in verdicts if v.narrative in previous), default=None)


def _named(contract: Contract, verdict: Verdict, word: str) -> str:
    return f"{name_of(contract)}: {MEANINGS[verdict.kind].short}{word}"


def _change(
    contract: Contract, verdict: Verdict, past: PastVerdict | None, older: str, alerts: tuple[Sentence, ...]
) -> Change:
    row = ref("verdicts", narrative=verdict.narrative, as_of=verdict.as_of)
    pressed = ref("pressures", narrative=verdict.narrative, as_of=verdict.as_of)
    label = MEANINGS[verdict.kind].label
    lean = signed(verdict.pressure.lean) if verdict.pressure.articles else "unknown"
    support = signed(verdict.evidence.support)
    if past is None:
        text = f"{label}, the first verdict on it. Press lean {lean}, data support {support}."
        sentence = Sentence(text=text, refs=(row, pressed))
        return Change(narrative=contract.id, title=name_of(contract), moved=True, sentence=sentence, alerts=alerts)
    moved = past.kind is not verdict.kind
    was = MEANINGS[past.kind]
    verb = f"{was.label} {ARROW} {label}." if moved else f"Still: {was.short}."
    text = (
        f"{verb} Press lean {signed(past.lean)}{NBSP}{ARROW}{NBSP}{lean}, "
        f"data support {signed(past.support)}{NBSP}{ARROW}{NBSP}{support}{older}."
    )
    before = ref("verdicts", narrative=past.narrative, as_of=past.as_of)
    sentence = Sentence(text=text, refs=(row, pressed, before))
    return Change(narrative=contract.id, title=name_of(contract), moved=moved, sentence=sentence, alerts=alerts)

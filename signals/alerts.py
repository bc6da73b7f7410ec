"""What is worth a mail between briefings, and how often chance alone would have sent one."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

import numpy as np

from core.alerts import Alert, AlertKind, WalkBack
from core.clock import stamp
from core.contracts import Contract
from core.verdicts import Morning, Verdict, VerdictKind
from signals.attention import LEAST_DAYS
from signals.verdicts import MORNINGS, SPEAKS_ON, verdict

BURST = 0.99  # attention: more stories than on 99 of 100 usual mornings
SILENCE = timedelta(days=7)  # the same alarm is not given twice within a window: repeats are what readers complain of
PRESS_DAYS = 365  # of press with a baseline, or a rate a year is a guess
BLOCK = 60  # days after which the evidence is taken to be independent of itself; the slowest checks are monthly
BLOCKS = 10
SPEAKING = frozenset(
    {
        VerdictKind.PRESS_AHEAD,
        VerdictKind.PRESS_BACKED,
        VerdictKind.PRESS_BEHIND,
        VerdictKind.PRESS_RIGHTLY_DOUBTS,
    }
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Onset:
    """Something that began: what kind of alarm, about what, and the sentence that says so."""

    kind: AlertKind
    subject: str
    sentence: str


def onsets(before: Verdict, now: Verdict, walked_back: Iterable[WalkBack] = ()) -> list[Onset]:
    """What began between two verdicts on one narrative, whole days apart, and the articles walked back since.

    A verdict: one in which both sides speak, and another than before. A concede-if: crossed (support
    above 0) now and on five of the last seven mornings, as a side must speak, and known not to be
    crossed on one of these or of those before. Told on the first day, ten-year yields alone would
    have alarmed 3.1 times a year since 2017, often by a basis point; so it is 1.2. A burst: attention
    at `BURST` or above, and before below it, or too little expected for it to be measured. What was
    unknown before has not begun.
    """
    found: list[Onset] = []
    if now.kind in SPEAKING and now.kind is not before.kind:
        found.append(
            Onset(
                kind="verdict",
                subject=now.kind.value,
                sentence=f"The verdict is now {now.kind}, after {before.kind}: {now.reason}.",
            )
        )
    for r in now.evidence.readings:
        if r.concede and _lasts(now.mornings, r.check) and not _lasts(before.mornings, r.check):
            supports = [_support(m, r.check) for m in (*before.mornings, *now.mornings)]
            if r.support is not None and r.support > 0 and any(s is not None and s <= 0 for s in supports):
                found.append(Onset(kind="concede", subject=r.check, sentence=f"{r.asks} {r.sentence}"))
    p, old_p = now.pressure, before.pressure
    known_before = old_p.attention is not None or old_p.baseline_days >= LEAST_DAYS
    if p.attention is not None and known_before and p.attention >= BURST > (old_p.attention or 0.0):
        sentence = (
            f"The press carries it far more than usual: {p.observed} stories in {p.window_days} days,"
            f" {p.expected:.1f} expected (attention {p.attention:.3f})."
        )
        found.append(Onset(kind="burst", subject="attention", sentence=sentence))
    for w in walked_back:
        sentence = f"{w.source} walks back “{w.title}” in version {w.version}: {w.marks}."
        found.append(Onset(kind="walk_back", subject=f"{w.article} {w.version}", sentence=sentence))
    return found


def silenced(found: Sequence[Onset], held: Collection[Alert], *, at: datetime) -> list[Onset]:
    """Those of which no alert with the same kind and subject was given within `SILENCE` before `at`.

    A walk-back is given once for good.
    """
    recent = {(a.kind, a.subject) for a in held if a.kind == "walk_back" or a.at > at - SILENCE}
    return [one for one in found if (one.kind, one.subject) not in recent]


def alert(contract: Contract, onset: Onset, rate: tuple[float | None, str], *, at: datetime) -> Alert:
    """An onset as an alert, with its rate by chance as `null_rate` gives it."""
    a_year, told = rate
    return Alert(
        id=f"{contract.id}:{onset.kind}:{onset.subject}@{stamp(at)}",
        narrative=contract.id,
        kind=onset.kind,
        subject=onset.subject,
        at=at,
        contract=contract.hash,
        sentence=onset.sentence,
        a_year=a_year,
        null_history=told,
    )


def too_short(press_days: int, evidence_days: int | None) -> str:
    """Why rates cannot be estimated yet, "" when they can; evidence that nobody counted (None) is not told of."""
    blocks = None if evidence_days is None else evidence_days // BLOCK
    if press_days >= PRESS_DAYS and blocks is not None and blocks >= BLOCKS:
        return ""
    told = "" if blocks is None else f", {blocks} of {BLOCKS} independent blocks of evidence"
    return f"not yet estimable: {press_days} of {PRESS_DAYS} days of press{told}"


def null_rate(contract: Contract, onset: Onset, history: Sequence[Morning]) -> tuple[float | None, str]:
    """Onsets a year of this kind and subject on the narrative's null history, and that in words.

    `history` has one morning a day, oldest first. A verdict's null turns the press round against
    the evidence by whole blocks of `BLOCK` days, so that neither can follow the other while each
    keeps its own persistence, and takes the mean over all turns. The press keeps its real lean in
    it, so that the rate is rather too high than too low. A burst and a concede-if have one side
    only: their rate is that of the history itself. A walk-back is no state of a morning: `walk_back_rate`.
    """
    press_days = sum(m.pressure.attention is not None for m in history)
    evidence_days = sum(m.evidence.support is not None for m in history)
    lacking = too_short(press_days, evidence_days)
    if lacking:
        return None, lacking
    years = len(history) / 365.25
    if onset.kind == "verdict":
        turned = [_turned(history, by) for by in range(BLOCK, len(history) - BLOCK + 1, BLOCK)]
        rates = [_begun(_is(contract, one, onset.subject)) / years for one in turned]
        rate = float(np.mean(rates))
        return rate, f"{rate:.1f} a year by chance, over {len(turned)} turns of press against evidence"
    rate = _begun(_crossed(history, onset)) / years
    return rate, f"{rate:.1f} a year in its own history of {years:.1f} years"


def walk_back_rate(seen: int, *, days: int) -> tuple[float | None, str]:
    """Walk-backs a year, of `seen` in so many days in which articles were read again, and that in words.

    It needs press and no evidence, so only the days are asked for. Imported articles are never read again.
    """
    if days < PRESS_DAYS:
        return None, f"not yet estimable: articles have been read again on {days} of {PRESS_DAYS} days"
    years = days / 365.25
    return seen / years, f"{seen / years:.1f} a year in its own history of {years:.1f} years"


def _turned(history: Sequence[Morning], by: int) -> list[Morning]:
    return [
        Morning(as_of=m.as_of, pressure=history[(i + by) % len(history)].pressure, evidence=m.evidence)
        for i, m in enumerate(history)
    ]


def _is(contract: Contract, mornings: Sequence[Morning], kind: str) -> Iterator[bool]:
    return (verdict(contract, mornings[max(0, i - 6) : i + 1]).kind.value == kind for i in range(len(mornings)))


def _crossed(history: Sequence[Morning], onset: Onset) -> Iterator[bool]:
    if onset.kind == "burst":
        return ((m.pressure.attention or 0.0) >= BURST for m in history)
    return (_lasts(history[max(0, i - MORNINGS + 1) : i + 1], onset.subject) for i in range(len(history)))


def _lasts(mornings: Sequence[Morning], check: str) -> bool:
    return sum((_support(m, check) or 0.0) > 0 for m in mornings) >= SPEAKS_ON


def _support(morning: Morning, check: str) -> float | None:
    return next((r.support for r in morning.evidence.readings if r.concede and r.check == check), None)


def _begun(states: Iterable[bool]) -> int:
    held = list(states)
    return sum(now and not before for before, now in zip([True, *held], held, strict=False))

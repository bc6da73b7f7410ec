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
from signals.verdicts import verdict

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
    """What began between two verdicts on one narrative, a day apart, and the articles walked back since.

    A verdict: one in which both sides speak, and another than before. A concede-if: crossed (support
    above 0) and known not to be crossed before. A burst: attention at `BURST` or above, and known to
    be below it before. What was unknown before has not begun.
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
    was = {r.check: r.support for r in before.evidence.readings if r.concede}
    for r in now.evidence.readings:
        old = was.get(r.check)
        if r.concede and r.support is not None and r.support > 0 and old is not None and old <= 0:
            found.append(Onset(kind="concede", subject=r.check, sentence=f"{r.asks} {r.sentence}"))
    p, old_p = now.pressure, before.pressure
    if p.attention is not None and old_p.attention is not None and p.attention >= BURST > old_p.attention:
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
    it, so that the rate is rather too high than too low. A burst, a concede-if and a walk-back have
    one side only: their rate is that of the history itself (a walk-back's is not kept, and unknown).
    """
    press_days = sum(m.pressure.attention is not None for m in history)
    evidence_days = sum(m.evidence.support is not None for m in history)
    lacking = too_short(press_days, evidence_days)
    if lacking:
        return None, lacking
    if onset.kind == "walk_back":
        return None, "not yet estimable: no history of walk-backs is kept"
    years = len(history) / 365.25
    if onset.kind == "verdict":
        turned = [_turned(history, by) for by in range(BLOCK, len(history) - BLOCK + 1, BLOCK)]
        rates = [_begun(_is(contract, one, onset.subject)) / years for one in turned]
        rate = float(np.mean(rates))
        return rate, f"{rate:.1f} a year by chance, over {len(turned)} turns of press against evidence"
    rate = _begun(_crossed(history, onset)) / years
    return rate, f"{rate:.1f} a year in its own history of {years:.1f} years"


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
    return (
        any(r.concede and r.check == onset.subject and (r.support or 0.0) > 0 for r in m.evidence.readings)
        for m in history
    )


def _begun(states: Iterable[bool]) -> int:
    held = list(states)
    return sum(now and not before for before, now in zip([True, *held], held, strict=False))

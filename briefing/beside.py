"""What is found beside a verdict, in the briefing's words, each with its rows."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import UTC, datetime, time
from zoneinfo import ZoneInfo

from briefing.clean import clean
from briefing.figures import count, day, interval, minus_signs, number, share, signed
from briefing.model import Fact, Ref, Section, Sentence
from briefing.refs import of_observation, ref
from briefing.words import CHANGE, MEANINGS
from core.alerts import Alert
from core.calls import Record
from core.comparisons import Comparison
from core.findings import Beside, Expectation, Pairing, WhatIf
from core.verdicts import Pressure, Verdict

LONGEST = 320  # characters of a sentence
COMPARED = 3  # claims that the data contradict or bear out; the rest are counted
CALLS = 4  # of the ledger, the newest; the score is over all
ALTERNATIVES = 12  # things that would change the verdict; a verdict on the edge has a story after another
ARTICLES = 12  # of those that carry both of a pair, as rows behind the sentence


def said(text: str) -> str:
    """A sentence of another room as it is printed: one line, true minus signs."""
    return minus_signs(clean(text, LONGEST))


def numbers(found: Sequence[Comparison]) -> Section:
    """Claims against numbers: the widest gaps first, then what holds; what cannot be compared is counted."""
    held = sorted((c for c in found if c.gap is not None), key=_gap)
    lacking = len(found) - len(held)
    notes = []
    if len(held) > COMPARED:
        notes.append(f"{count(len(held) - COMPARED, 'more number')} could be compared.")
    if lacking:
        notes.append(f"{count(lacking, 'number')} that the press gave could not be compared with anything measured.")
    return Section(
        title="Claims against numbers",
        sentences=tuple(Sentence(text=said(c.sentence), refs=_of_claim(c)) for c in held[:COMPARED]),
        note=" ".join(notes) or "" if found else "No number that the contract can check was claimed in the window.",
    )


def book(verdict: Verdict, contradicting: Iterable[Sentence]) -> Section:
    """How much of what promotes is said by those who gain from it, and who says both."""
    own = verdict.pressure.own_book
    refs = (ref("pressures", narrative=verdict.narrative, as_of=verdict.as_of),)
    told = (
        (Sentence(text=f"{share(own)} of the promoting assertions come from interested parties.", refs=refs),)
        if own is not None
        else ()
    )
    return Section(
        title="Own book",
        sentences=(*told, *contradicting),
        note="" if own is not None else "Whether those who promote it gain from it is not known.",
    )


def contradicting(found: Beside) -> tuple[Sentence, ...]:
    """Outlets that promote and dispute the same within a fortnight."""
    return tuple(
        Sentence(text=said(c.sentence), refs=(ref("articles", id=c.promotes), ref("articles", id=c.disputes)))
        for c in found.contradictions
    )


def absent(expectations: Sequence[Expectation]) -> Section:
    """What should exist by now if the proposition holds, and what is there; what is not due yet is counted."""
    due = [e for e in expectations if e.standing != "waits"]
    waits = sorted((e for e in expectations if e.standing == "waits"), key=lambda e: e.by)
    note = "" if expectations else "The contract names nothing that should exist by a date."
    if waits:
        by = datetime.combine(waits[0].by, time(), UTC)
        note = f"{count(len(waits), 'thing')} that should exist by a date {'is' if len(waits) == 1 else 'are'} not due yet, the first by {day(by)}."
    return Section(
        title="What is absent",
        sentences=tuple(Sentence(text=said(e.sentence)) for e in due),
        note=note,
        rest=tuple(Sentence(text=said(e.sentence)) for e in waits),
    )


def change(found: WhatIf, verdict: Verdict) -> Section:
    """What would change the verdict, by leaving out one thing at a time."""
    refs = (ref("verdicts", narrative=verdict.narrative, as_of=verdict.as_of),)
    checks, sources, stories = found.tried
    scope = f"any one of {count(checks, 'check')}, {count(sources, 'source')} and {count(stories, 'story', 'stories')}"
    if not found.alternatives:
        text = f"The verdict stays “{MEANINGS[found.kind].short}” without {scope}."
    else:
        first = found.alternatives[0]
        n = len(found.alternatives)
        text = (
            f"Without {scope} in turn, {n} would change the verdict: without "
            f"{clean(first.told, 90)} it would be “{MEANINGS[first.kind].short}”."
        )
    others = (
        Sentence(text=f"Without {clean(a.told, 90)}: “{MEANINGS[a.kind].short}”.", refs=refs)
        for a in found.alternatives[1:ALTERNATIVES]
    )
    return Section(title=CHANGE, sentences=(Sentence(text=text, refs=refs),), rest=tuple(others))


def wide(pressure: Pressure) -> Fact:
    """The press over the other window, as a fact of the card."""
    refs = (ref("wide_pressures", narrative=pressure.narrative, as_of=pressure.as_of),)
    attention = "unknown" if pressure.attention is None else number(pressure.attention, 2)
    text = (
        f"lean {signed(pressure.lean)} ({interval(pressure.low, pressure.high)}), attention {attention}, "
        f"{count(pressure.articles, 'article')}"
    )
    return Fact(label=f"{pressure.window_days} days", text=text, refs=refs)


def pairs(found: Iterable[Pairing]) -> Section:
    """One line for each two narratives of which one needs the other."""
    told: dict[frozenset[str], Sentence] = {}
    for one in found:
        refs = tuple(ref("articles", id=article) for article in one.both_articles[:ARTICLES])
        told.setdefault(frozenset((one.first, one.second)), Sentence(text=said(one.sentence), refs=refs))
    return Section(title="The pair", sentences=tuple(told.values()))


def ledger(found: Sequence[Beside]) -> Section:
    """The newest calls, the score over all of them, and the head of the chain that no row can be taken from."""
    if not found:
        return Section(title="The ledger", sentences=(), note="No call has been opened yet.")
    records = sorted((r for b in found for r in b.calls), key=lambda r: (r.call.opened, r.call.id), reverse=True)
    shown = tuple(Sentence(text=said(r.sentence), refs=_of_call(r)) for r in records[:CALLS])
    rows, head = found[0].ledger
    refs = (ref("calls", hash=head),) if rows else ()
    score = Sentence(text=said(found[0].score.sentence), refs=refs)
    tail = Sentence(text=f"The ledger has {count(rows, 'row')}; the hash of the last begins {head[:12]}.", refs=refs)
    return Section(
        title="The ledger and its score",
        sentences=(*shown, score, *((tail,) if rows else ())),
    )


def audits(found: Iterable[tuple[str, Beside]]) -> Section:
    """Precision and recall of the tags as people audited them, a narrative at a time."""
    told = []
    for title, b in found:
        refs = (ref("labels", narrative=b.narrative),) if b.audited.labels else ()
        told.append(Sentence(text=f"{title}: {said(b.audited.sentence)}", refs=refs))
    return Section(title="How often the tags are wrong", sentences=tuple(told))


def alerts(found: Iterable[Alert], *, zone: ZoneInfo) -> tuple[Sentence, ...]:
    """What gave alarm since the last briefing, with how often chance would have."""
    told = []
    for a in found:
        sentence = clean(a.sentence, LONGEST)
        for kind, meaning in MEANINGS.items():
            sentence = sentence.replace(str(kind), f"“{meaning.short}”")
        text = f"{day(a.at, zone)}: {minus_signs(sentence)} Alerts like it: {clean(a.null_history, 120)}."
        told.append(Sentence(text=text, refs=(ref("alerts", id=a.id),)))
    return tuple(told)


def _gap(one: Comparison) -> tuple[float, str, int]:
    actual = abs(one.actual or 0) or 1.0
    return (-abs(one.gap or 0) / actual, one.claim.article, one.claim.start)


def _of_claim(one: Comparison) -> tuple[Ref, ...]:
    claim = one.claim
    row = ref(
        "numeric_claims", article=claim.article, version=claim.version, narrative=claim.narrative, starts=claim.start
    )
    return (row, *(of_observation(o) for o in one.observations))


def _of_call(one: Record) -> tuple[Ref, ...]:
    opened = ref("calls", call=one.call.id, act="opened")
    return (opened, ref("calls", call=one.call.id, act="resolved")) if one.resolution else (opened,)

"""The verdict card: one sentence, press against data, and what limits both."""

from __future__ import annotations

from zoneinfo import ZoneInfo

from briefing.bars import bar
from briefing.beside import wide
from briefing.board import crossed, missing_by_reason
from briefing.clean import clean
from briefing.figures import count, day, number, share, signed
from briefing.model import Card, Fact, Ref, Sentence
from briefing.refs import ref
from briefing.words import CONCEDE, MEANINGS
from core.findings import Origin
from core.verdicts import Pressure, Verdict, VerdictKind


def card(verdict: Verdict, *, zone: ZoneInfo, wider: Pressure | None = None, origin: Origin | None = None) -> Card:
    """Put a verdict in words and figures, each with the rows it comes from.

    `wider` is the press over the other window, `origin` that of the largest story in this one.
    """
    meaning = MEANINGS[verdict.kind]
    row = ref("verdicts", narrative=verdict.narrative, as_of=verdict.as_of)
    pressed = ref("pressures", narrative=verdict.narrative, as_of=verdict.as_of)
    pressure, evidence = verdict.pressure, verdict.evidence
    return Card(
        kind=verdict.kind.value,
        label=meaning.label,
        side=meaning.side,
        sentence=Sentence(text=_sentence(verdict), refs=(row,)),
        tally=Sentence(text=_tally(verdict), refs=(row,)),
        coverage=_coverage(pressure, origin, pressed),
        stance=meaning.stance,
        press=bar(
            "Press lean",
            pressure.lean if pressure.articles else None,
            pressure.low,
            pressure.high,
            means=f"90{chr(0xA0)}% interval",
            unknown="UNKNOWN(no article carried it)",
            refs=(pressed,),
        ),
        data=bar(
            "Data support",
            evidence.support,
            evidence.low,
            evidence.high,
            means="range",
            unknown="UNKNOWN(no check could be measured)",
            refs=(row,),
        ),
        facts=(*_facts(pressure, zone=zone, refs=(pressed,)), *((wide(wider),) if wider and wider.articles else ())),
        concessions=(Sentence(text=CONCEDE, refs=_readings(verdict)),) if crossed(evidence) else (),
        limits=_limits(verdict, refs=(row, pressed)),
    )


def _sentence(verdict: Verdict) -> str:
    sentence, reason = MEANINGS[verdict.kind].sentence, clean(verdict.reason, 300).rstrip(".")
    if verdict.kind is VerdictKind.INSUFFICIENT_EVIDENCE:
        return f"{sentence}: {reason}." if reason else f"{sentence}."
    return sentence


def _tally(verdict: Verdict) -> str:
    reason = clean(verdict.reason, 300).rstrip(".")
    if reason and verdict.kind is not VerdictKind.INSUFFICIENT_EVIDENCE:
        return f"{reason[0].upper()}{reason[1:]}."
    (press_for, press_against), (data_for, data_against) = verdict.press, verdict.data
    n = len(verdict.mornings)
    when = f"Of {n} mornings" if n > 1 else "On the one morning on record"
    return (
        f"{when}, the press spoke clearly for it on {press_for} and against it on {press_against}; "
        f"the data for it on {data_for} and against it on {data_against}."
    )


def _coverage(pressure: Pressure, origin: Origin | None, row: Ref) -> Sentence:
    window = count(pressure.window_days, "day")
    if not pressure.articles:
        return Sentence(text=f"No article carried it in {window}.", refs=(row,))
    usual = "" if pressure.attention is None else f" Attention {number(pressure.attention, 2)} (0.50 is usual)."
    said = (
        f"{count(pressure.articles, 'article')} from {count(pressure.outlets, 'outlet')} in {window}, "
        f"n_eff {number(pressure.n_eff, 1)}"
    )
    if origin is None:
        return Sentence(text=f"{said}.{usual}", refs=(row,))
    if origin.articles == 1:
        return Sentence(text=f"{said}; no story was told twice.{usual}", refs=(row, *_of_origin(origin)))
    issuer, outlet = clean(origin.issuer, 80), clean(origin.outlet, 80)
    began = f"as a press release of {issuer}" if issuer else f"at {outlet}"
    text = f"{said}; the largest story ({count(origin.articles, 'article')}) began {began}.{usual}"
    return Sentence(text=text, refs=(row, *_of_origin(origin)))


def _of_origin(origin: Origin) -> tuple[Ref, ...]:
    release = (ref("releases", article=origin.release),) if origin.release else ()
    return (ref("stories", id=origin.story), ref("articles", id=origin.article), *release)


def _facts(pressure: Pressure, *, zone: ZoneInfo, refs: tuple[Ref, ...]) -> tuple[Fact, ...]:
    window = f"{count(pressure.window_days, 'day')} to {day(pressure.as_of, zone)}"
    if not pressure.articles:
        return (Fact(label="Coverage", text=f"no article in the {window}", refs=refs), _attention(pressure, refs))
    facts = [
        Fact(
            label="Coverage",
            text=f"{count(pressure.articles, 'article')}, {count(pressure.stories, 'story', 'stories')}, "
            f"{count(pressure.outlets, 'outlet')} in the {window}",
            refs=refs,
        ),
        Fact(
            label="Independence",
            text=f"n_eff {number(pressure.n_eff, 1)} of {count(pressure.voices, 'voice')}",
            refs=refs,
        ),
        Fact(
            label="Stance",
            text=f"{number(pressure.promotes, 1)} promote, {number(pressure.disputes, 1)} dispute, "
            f"{number(pressure.reports, 1)} report (voice weights)",
            refs=refs,
        ),
        _attention(pressure, refs),
    ]
    if pressure.pressure is not None:
        facts.append(Fact(label="Pressure", text=f"{signed(pressure.pressure)} (lean times attention)", refs=refs))
    if pressure.echo is not None:
        facts.append(Fact(label="Echo", text=f"{share(pressure.echo)} of the text had been printed before", refs=refs))
    if pressure.own_book is not None:
        text = f"{share(pressure.own_book)} of the promoting assertions come from interested parties"
        facts.append(Fact(label="Own book", text=text, refs=refs))
    return tuple(facts)


def _attention(pressure: Pressure, refs: tuple[Ref, ...]) -> Fact:
    if pressure.attention is None:
        text = f"UNKNOWN({clean(pressure.limit, 160) or 'not measurable'})"
    else:
        text = (
            f"{number(pressure.attention, 2)} (0.50 is usual): {count(pressure.observed, 'story', 'stories')}, "
            f"{number(pressure.expected, 1)} expected from a baseline of {count(pressure.baseline_days, 'day')}"
        )
    return Fact(label="Attention", text=text, refs=refs)


def _limits(verdict: Verdict, *, refs: tuple[Ref, ...]) -> tuple[Sentence, ...]:
    limits = []
    limit = clean(verdict.pressure.limit, 200)
    if limit and limit not in clean(verdict.reason) and verdict.pressure.attention is not None:
        limits.append(Sentence(text=f"Press: {limit}.", refs=refs))
    missing = missing_by_reason(verdict.evidence.readings)
    if missing:
        lost = sum(r.weight for rs in missing.values() for r in rs)
        n = sum(len(rs) for rs in missing.values())
        text = f"{count(n, 'weighed check')} with {share(lost)} of the weight could not be read."
        limits.append(Sentence(text=text, refs=refs))
    return tuple(limits)


def _readings(verdict: Verdict) -> tuple[Ref, ...]:
    return tuple(
        ref("readings", narrative=r.narrative, check=r.check, as_of=r.as_of) for r in crossed(verdict.evidence)
    )

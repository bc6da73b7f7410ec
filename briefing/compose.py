"""One briefing from verdicts, contracts and what is known of the sources. Pure: same input, same briefing."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from zoneinfo import ZoneInfo

from briefing.board import board, crossed
from briefing.card import card
from briefing.changes import changes, changes_title, gaps, headline, name_of
from briefing.claimed import claimed
from briefing.clean import clean, link
from briefing.figures import NBSP, day, instant, number
from briefing.model import Argument, Briefing, Narrative, Quote, Sentence
from briefing.refs import of_quotation
from briefing.sources import degraded, sources, unchecked
from briefing.words import MEANINGS, NO_QUOTES, READING, SAMPLE, SAMPLE_NOTICE, TITLES
from core.articles import Quotation, SourceHealth
from core.claims import Claim
from core.clock import stamp
from core.contracts import Contract
from core.verdicts import PastVerdict, Verdict

QUOTES = 3  # a narrative; more would be read as a count of voices
LONGEST_QUOTE = 420  # characters, about five lines at 600 px
LONGEST_CASE = 900  # characters of a contract's proposition, steelman or counter
HEADLINE = "its headline"  # where the passage is the headline, it is not printed twice
LONGEST_SUBJECT = 110  # characters; phones show 40 to 60 of them
LONGEST_PREHEADER = 140

_QUOTE_MARKS = frozenset("\"'\u201c\u201d\u201e\u2018\u00ab")


def compose(
    *,
    as_of: datetime,
    zone: ZoneInfo,
    contracts: Sequence[Contract],
    verdicts: Sequence[Verdict],
    previous: Mapping[str, PastVerdict],
    quotations: Mapping[str, Sequence[Quotation]],
    health: Sequence[SourceHealth],
    claims: Sequence[Claim] = (),
    sample: bool,
    version: str,
) -> Briefing:
    """The briefing of `as_of`, its times in `zone`, narratives in the order of `verdicts`.

    `previous` and `quotations` are keyed by narrative and may lack any. Raises ValueError for a
    verdict whose contract is not among `contracts`.
    """
    held = {c.id: c for c in contracts}
    for verdict in verdicts:
        if verdict.narrative not in held:
            raise ValueError(f"no contract was given for the verdict on {verdict.narrative!r}")
    mark = SAMPLE if sample else ""
    moved = changes(held, verdicts, previous, zone=zone)
    head = headline(held, verdicts, previous)
    notices = (Sentence(text=SAMPLE_NOTICE),) if sample else ()
    return Briefing(
        as_of=as_of,
        sample=sample,
        mark=mark,
        subject=clean(f"{mark} Counterwire {day(as_of, zone)} | {head}", LONGEST_SUBJECT),
        preheader=clean(f"{mark} {_preheader(held, verdicts)}", LONGEST_PREHEADER),
        title="Counterwire",
        dateline=instant(as_of, zone),
        headline=head,
        notices=(*notices, *degraded(health, as_of=as_of)),
        changes_title=changes_title(verdicts, previous, zone=zone),
        changes=moved,
        gaps=gaps(held, verdicts),
        narratives=tuple(
            _narrative(held[v.narrative], v, quotations.get(v.narrative, ()), claims, zone=zone, mark=mark)
            for v in verdicts
        ),
        sources=sources(health, as_of=as_of, zone=zone),
        unchecked=unchecked(held, verdicts),
        reading=READING,
        command=f"counterwire brief --as-of {stamp(as_of)}",
        provenance=_provenance(verdicts, version),
    )


def _narrative(
    contract: Contract,
    verdict: Verdict,
    quotations: Sequence[Quotation],
    claims: Sequence[Claim],
    *,
    zone: ZoneInfo,
    mark: str,
) -> Narrative:
    arguments, side = _arguments(contract), MEANINGS[verdict.kind].side
    return Narrative(
        id=contract.id,
        title=name_of(contract),
        proposition=clean(contract.proposition, LONGEST_CASE),
        mark=mark,
        contract=verdict.contract,
        card=card(verdict, zone=zone),
        board=board(contract, verdict.evidence),
        lead=tuple(a for a in arguments if a.side == side),
        arguments=tuple(a for a in arguments if a.side != side),
        claimed=claimed(contract, claims, as_of=verdict.as_of),
        quotes=tuple(_quote(q, contract, zone=zone, mark=mark) for q in quotations[:QUOTES]),
        quotes_note="" if quotations else NO_QUOTES,
    )


def _arguments(contract: Contract) -> tuple[Argument, ...]:
    return (
        Argument(side="for", title=TITLES["for"], text=clean(contract.steelman, LONGEST_CASE)),
        Argument(side="against", title=TITLES["against"], text=clean(contract.counter, LONGEST_CASE)),
    )


def _quote(quotation: Quotation, contract: Contract, *, zone: ZoneInfo, mark: str) -> Quote:
    claims = {c.id: c.says for c in contract.claims}
    return Quote(
        text=_quoted(clean(quotation.text, LONGEST_QUOTE)),
        says=clean(claims.get(quotation.says, quotation.says), 120).rstrip("."),
        title=HEADLINE if quotation.text == quotation.title else clean(quotation.title, 160),
        source=clean(quotation.source, 80),
        date=day(quotation.first_seen, zone),
        probability=f"tagged with probability{NBSP}{number(quotation.probability, 2)}",
        url=link(quotation.url),
        mark=mark,
        refs=of_quotation(quotation, contract.id),
    )


def _quoted(text: str) -> str:
    """In quotation marks, unless the passage brings its own."""
    return text if text[:1] in _QUOTE_MARKS else f"“{text}”"


def _preheader(contracts: Mapping[str, Contract], verdicts: Sequence[Verdict]) -> str:
    said = [f"{name_of(contracts[v.narrative])}: {MEANINGS[v.kind].sentence.rstrip('.')}." for v in verdicts]
    conceded = ["A concede-if line is crossed."] if any(crossed(v.evidence) for v in verdicts) else []
    return " ".join((*conceded, *said)) or "No narrative has a verdict."


def _provenance(verdicts: Sequence[Verdict], version: str) -> str:
    held = ", ".join(f"{v.narrative}{NBSP}{v.contract}" for v in verdicts)
    return f"Counterwire{NBSP}{version}" + (f"; contracts {held}." if held else ".")

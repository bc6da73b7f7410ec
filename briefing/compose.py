"""One briefing from verdicts, contracts and what is known of the sources. Pure: same input, same briefing."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from urllib.parse import quote, urlencode
from zoneinfo import ZoneInfo

from briefing.beside import absent, audits, book, change, contradicting, ledger, numbers, pairs
from briefing.board import board, crossed
from briefing.card import card
from briefing.changes import changes, changes_title, gaps, headline, name_of
from briefing.claimed import claimed
from briefing.clean import clean, link
from briefing.courses import check_pictures, course_picture, gap_picture
from briefing.figures import NBSP, day, instant, number
from briefing.model import Argument, Briefing, Narrative, Quote, Section, Sentence, Side
from briefing.refs import of_quotation
from briefing.sources import condition, sources, unchecked
from briefing.words import CHANGE, MEANINGS, MORE, NO_QUOTES, READING, SAMPLE, SAMPLE_NOTICE, TITLES, WRONG_TAG
from core.articles import Quotation, SourceHealth
from core.claims import Claim
from core.clock import stamp
from core.contracts import Contract
from core.findings import Beside, Case
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
    beside: Mapping[str, Beside] | None = None,
    courses: Mapping[str, Sequence[Verdict]] | None = None,
    wrong_tag: str = "",
    page: str = "",
    edition: str = "",
    sample: bool,
    version: str,
) -> Briefing:
    """The briefing of `as_of`, its times in `zone`, narratives in the order of `verdicts`.

    `previous`, `quotations`, `beside` and `courses` are keyed by narrative and may lack any. `courses`
    are the verdicts of past mornings, the oldest first, for pictures and sparklines. `wrong_tag` is
    where a reader says that a tag is wrong (`wrong`), `page` the address of the archive page ("" for
    none), `edition` the one that has to be named to make
    this again ("" for the daily one). Raises ValueError for a verdict whose contract is not among
    `contracts`.
    """
    held = {c.id: c for c in contracts}
    for verdict in verdicts:
        if verdict.narrative not in held:
            raise ValueError(f"no contract was given for the verdict on {verdict.narrative!r}")
    mark = SAMPLE if sample else ""
    found, courses = beside or {}, courses or {}
    shown = [found[v.narrative] for v in verdicts if v.narrative in found]
    moved = changes(held, verdicts, previous, alerts={n: b.alerts for n, b in found.items()}, zone=zone)
    head = headline(held, verdicts, previous)
    notices = (Sentence(text=SAMPLE_NOTICE),) if sample else ()
    return Briefing(
        as_of=as_of,
        url=link(page),
        sample=sample,
        mark=mark,
        subject=clean(f"{mark} Counterwire {day(as_of, zone)} | {head}", LONGEST_SUBJECT),
        preheader=clean(f"{mark} {_preheader(held, verdicts)}", LONGEST_PREHEADER),
        title="Counterwire",
        dateline=instant(as_of, zone),
        headline=head,
        notices=(*notices, *condition(health, verdicts)),
        changes_title=changes_title(verdicts, previous, zone=zone),
        changes=moved,
        gaps=gaps(held, verdicts),
        narratives=tuple(
            _narrative(
                held[v.narrative],
                v,
                quotations.get(v.narrative, ()),
                claims=claims,
                beside=found.get(v.narrative),
                course=courses.get(v.narrative, ()),
                wrong_tag=wrong_tag,
                page=link(page),
                zone=zone,
                mark=mark,
            )
            for v in verdicts
        ),
        pairs=pairs(p for b in shown for p in b.pairings),
        ledger=ledger(shown),
        sources=sources(health, zone=zone),
        audits=audits([(name_of(held[b.narrative]), b) for b in shown]),
        unchecked=unchecked(held, verdicts, audited=bool(shown)),
        more=MORE,
        reading=READING,
        command=f"counterwire brief --as-of {stamp(as_of)}" + (f" --edition {edition}" if edition else ""),
        provenance=_provenance(verdicts, version),
    )


def _narrative(
    contract: Contract,
    verdict: Verdict,
    quotations: Sequence[Quotation],
    *,
    claims: Sequence[Claim],
    beside: Beside | None,
    course: Sequence[Verdict],
    wrong_tag: str,
    page: str,
    zone: ZoneInfo,
    mark: str,
) -> Narrative:
    arguments, side = _arguments(contract, beside), MEANINGS[verdict.kind].side
    rows = board(contract, verdict.evidence, [v.evidence for v in course])
    return Narrative(
        id=contract.id,
        url=f"{page}#{contract.id}" if page else "",
        title=name_of(contract),
        proposition=clean(contract.proposition, LONGEST_CASE),
        mark=mark,
        contract=verdict.contract,
        card=card(verdict, zone=zone, wider=beside.wide if beside else None, origin=beside.origin if beside else None),
        board=rows,
        lead=tuple(a for a in arguments if a.side == side),
        arguments=tuple(a for a in arguments if a.side != side),
        claimed=claimed(contract, claims, as_of=verdict.as_of),
        quotes=tuple(_quote(q, contract, wrong_tag=wrong_tag, zone=zone, mark=mark) for q in quotations[:QUOTES]),
        quotes_note="" if quotations else NO_QUOTES,
        numbers=numbers(beside.comparisons if beside else ()),
        book=book(verdict, contradicting(beside) if beside else ()),
        absent=absent(beside.expectations if beside else ()),
        change=change(beside.what_if, verdict) if beside else Section(title=CHANGE, sentences=()),
        course=course_picture(contract, course, zone=zone),
        gap=gap_picture(contract, course),
        multiples=check_pictures(contract, course, rows.measured),
    )


def _arguments(contract: Contract, beside: Beside | None) -> tuple[Argument, ...]:
    asked = {c.id: clean(c.asks, 120) for c in contract.checks}
    sides: tuple[tuple[Side, str, Case | None], ...] = (
        ("for", contract.steelman, beside.cases.steelman if beside else None),
        ("against", contract.counter, beside.cases.counter if beside else None),
    )
    return tuple(
        Argument(
            side=side,
            title=TITLES[side],
            text=clean(text, LONGEST_CASE),
            checks=tuple(asked[check] for check, _ in case.checks if check in asked) if case else (),
        )
        for side, text, case in sides
    )


def _quote(quotation: Quotation, contract: Contract, *, wrong_tag: str, zone: ZoneInfo, mark: str) -> Quote:
    claims = {c.id: c.says for c in contract.claims}
    return Quote(
        text=_quoted(clean(quotation.text, LONGEST_QUOTE)),
        says=clean(claims.get(quotation.says, quotation.says), 120).rstrip("."),
        title=HEADLINE if quotation.text == quotation.title else clean(quotation.title, 160),
        source=clean(quotation.source, 80),
        date=day(quotation.first_seen, zone),
        probability=f"probability{NBSP}{number(quotation.probability, 2)}",
        url=link(quotation.url),
        wrong=wrong(wrong_tag, narrative=contract.id, article=quotation.article),
        mark=mark,
        refs=of_quotation(quotation, contract.id),
    )


def wrong(where: str, *, narrative: str, article: str) -> str:
    """The address at which a reader says that an article's tag is wrong, "" where there is nowhere to say it.

    `where` is the address of `counterwire web`, or `mailto:` and an address.
    """
    if not where:
        return ""
    if where.startswith("mailto:"):
        words = {"subject": f"Wrong tag: {narrative} {article}", "body": WRONG_TAG}
        return f"{where}?{urlencode(words, quote_via=quote)}"
    return link(f"{where}/label?{urlencode({'narrative': narrative, 'article': article}, quote_via=quote)}")


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

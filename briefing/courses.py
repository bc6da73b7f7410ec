"""What the pictures of a briefing show, in words: press against data, the checks, the spot-discount gap."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import groupby
from zoneinfo import ZoneInfo

from briefing.clean import clean
from briefing.figures import NBSP, count, day, measured, signed
from briefing.model import Picture, Row
from briefing.sparks import FEWEST, values
from briefing.words import MEANINGS
from core.contracts import Check, Contract
from core.verdicts import Verdict

WIDTH = 544  # pixels: the mail's 600 less its margins
COURSE, CHECKS, GAP = "course", "checks", "gap"
MOST = 8  # small multiples, four a line
HEIGHTS = {COURSE: 170, CHECKS: 122, GAP: 104}  # pixels; of the checks, a line of four


def name(contract: Contract, what: str) -> str:
    """What a picture is called in the mail, on the page and in the database."""
    return f"{contract.id}-{what}"


def course_picture(contract: Contract, course: Sequence[Verdict], *, zone: ZoneInfo) -> tuple[Picture, ...]:
    """Press against data, with the verdicts; none where neither was known on three mornings."""
    lean = [v.pressure.lean if v.pressure.articles else None for v in course]
    support = [v.evidence.support for v in course]
    if max(_known(lean), _known(support)) < FEWEST:
        return ()
    alt = " ".join(
        (
            f"{count(len(course), 'morning')} to {day(course[-1].as_of, zone)}.",
            f"Press lean {_went(lean)}; data support {_went(support)}.",
            f"Verdicts: {_verdicts(course)}.",
        )
    )
    return (_picture(contract, COURSE, f"Press against data, {len(course)}{NBSP}days", alt, lines=1),)


def check_pictures(contract: Contract, course: Sequence[Verdict], rows: Iterable[Row]) -> tuple[Picture, ...]:
    """The strongest checks as small multiples, as far as they have a course."""
    chosen = main_checks(rows)
    if not chosen:
        return ()
    told = "; ".join(f"{label(r.check)} {r.spark.said}" for r in chosen)
    lines = -(-len(chosen) // (MOST // 2))
    title = f"The strongest checks, {len(course)}{NBSP}days"
    return (_picture(contract, CHECKS, title, f"Small charts of {count(len(chosen), 'check')}: {told}.", lines),)


def gap_picture(contract: Contract, course: Sequence[Verdict]) -> tuple[Picture, ...]:
    """The gap between matched spot discounts, where the contract has such a check and three mornings knew it."""
    gap = gap_check(contract)
    past = values([v.evidence for v in course]).get((False, gap.id), []) if gap else []
    if _known(past) < FEWEST:
        return ()
    alt = (
        f"Spot discount of rivals less that of their Nvidia partners, in points, {_went(past, signs=False)}. "
        "Above 0 the rivals' capacity is the idler."
    )
    title = f"The matched spot-discount gap, {len(course)}{NBSP}days"
    return (_picture(contract, GAP, title, alt, lines=1),)


def main_checks(rows: Iterable[Row]) -> list[Row]:
    """The strongest rows of a board that have a course to draw."""
    return [r for r in rows if r.spark.drawn][:MOST]


def gap_check(contract: Contract) -> Check | None:
    """The check that compares spot discounts in matched pairs, if the contract has one."""
    return next(
        (c for c in contract.checks if c.measure.kind == "paired_difference" and c.measure.of == "spot_discount"), None
    )


def label(check: str) -> str:
    """A check's id as it is printed."""
    return clean(check.replace("_", " "), 40)


def _picture(contract: Contract, what: str, title: str, alt: str, lines: int) -> Picture:
    return Picture(name=name(contract, what), title=title, alt=alt, width=f"{WIDTH}", height=f"{HEIGHTS[what] * lines}")


def _known(past: Sequence[float | None]) -> int:
    return sum(v is not None for v in past)


def _went(past: Sequence[float | None], *, signs: bool = True) -> str:
    known = [v for v in past if v is not None]
    if not known:
        return "unknown throughout"
    told = [signed(v) if signs else measured(v) for v in (known[0], known[-1], min(known), max(known))]
    gaps = len(past) - len(known)
    lacking = f", unknown on {count(gaps, 'morning')}" if gaps else ""
    return f"from {told[0]} to {told[1]}, between {told[2]} and {told[3]}{lacking}"


def _verdicts(course: Sequence[Verdict]) -> str:
    runs = [(kind, len(list(run))) for kind, run in groupby(course, key=lambda v: v.kind)]
    return ", then ".join(f"“{MEANINGS[kind].short}” on {count(n, 'morning')}" for kind, n in runs[-4:])

"""Numeric claims against measures: what is claimed, what it was as known then, and the gap.

Whatever the contract does not map, or maps to something that is said in another quantity, unit or
period, is "not comparable", with its reason: a wrong comparison accuses somebody.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta

from core.accelerators import Accelerator
from core.comparisons import Comparison, NumericClaim
from core.contracts import Contract, Measure, Number
from core.series import Series
from signals.measured import Measured, Unmeasured
from signals.measuring import measured, reason

MAX_AGE = timedelta(days=160)  # a quarter stands until the next is filed: 91 days, and 60 more for a year's report
FORTNIGHT = 14  # days; a column of March 2026 told a year's gain as it had stood nine days before it was read
NEAR = 60  # characters between a phrase and its number: about ten words, past which another clause has begun
BESIDE = (
    30  # characters on either side of a phrase in which another country or thing is named: "Germany's 10-year yield"
)
UNITS = {"percent": "percent", "usd": "usd", "ratio": "times"}  # of a count, what is counted
CHANGES = frozenset({"change", "percent_change", "annualised_change", "ratio_change"})
PERIODS: Mapping[str, tuple[int, int]] = {  # days that a measure's span may have to be the period that was said
    "day": (1, 3),
    "week": (5, 9),
    "month": (28, 31),
    "quarter": (84, 98),
    "year": (360, 370),  # 364 days are four quarters of thirteen weeks
}
# A level is introduced so ("fell to 4.1 %", "yield of 4.1 %", "VIX at 20"); a change is not ("fell 4.1 %").
_LEVEL = re.compile(
    r"\b(?:to|at|of|near|around|about|roughly|above|below|over|under|than|is|was|were|are|stands|stood|hit|reached|"
    r"topped|yielding|yields|yielded|from)\s*(?:(?:about|around|roughly|nearly|almost|just|only|over|under)\s*)*$",
    re.IGNORECASE,
)
# "This year" is the calendar's and "in 2025" may be anything; only these are the twelve months before.
_TWELVE_MONTHS = re.compile(
    r"\b(?:from|than|versus|compared with) (?:a|one) year (?:ago|earlier|before)|\ba year (?:ago|earlier)|"
    r"\byear[ -](?:over|on)[ -]year|\b(?:past|last|previous|trailing) (?:year|12 months|twelve months)|"
    r"\b(?:12|twelve) months (?:to|through|ended|ending)|\bannual(?:ly|i[sz]ed)?\b",
    re.IGNORECASE,
)
_FORMERLY = re.compile(
    r"\b(?:from|compared with|compared to|versus|against|previously|earlier)\s*(?:about\s*)?$", re.IGNORECASE
)
_MONTHS = "January|February|March|April|May|June|July|August|September|October|November|December"
_ON_A_DAY = re.compile(
    rf"^[^,.;]{{0,12}}\b(?:(?:in|on|since|as of|at the end of)\s+(?:early |late |mid-)?(?:{_MONTHS}|(?:19|20)\d\d)|(?<!from )(?<!than )a (?:year|month|week) (?:ago|earlier))\b"
)
_CHANGE = re.compile(
    r"\b(?:up|down|rose|fell|gained|lost|climbed|dropped|jumped|slid|added|shed|by|higher|lower)\s*"
    r"(?:(?:about|around|roughly|nearly|almost|just|another|a further|more than)\s*)*$",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Found:
    number: Number
    phrase: str
    start: int
    end: int
    away: int


def compared(
    contract: Contract,
    claim: NumericClaim,
    series: Mapping[str, Series],
    *,
    accelerators: Sequence[Accelerator] = (),
) -> Comparison:
    """One claim against the measure that the contract's `numbers` name for it, as known when it was first seen.

    The phrase nearest to the number counts, at most `NEAR` characters away. gap = claimed - actual,
    taken to the nearest end of what is claimed: [low, high] for "=" and "~", above low for ">", below
    high for "<". Both ends are wider by half of the last digit that was said, and by a twentieth for "~".
    A text tells of a day in the fortnight before it, mostly without naming it: of what was known on each
    of those days, the one nearest to the claim counts, the newest of equals.
    """
    found = _mapped(contract, claim)
    if found is None:
        return _not(contract, claim, "the contract's numbers do not speak of it")
    measure = found.number.measure
    fault = _elsewhere(found, claim) or _fault(found.number, claim)
    if fault:
        return _not(contract, claim, fault, measure)
    days = [claim.first_seen - timedelta(days=k) for k in range(FORTNIGHT + 1)]
    known = [measured(measure, series, as_of=day, max_age=MAX_AGE, accelerators=accelerators) for day in days]
    if isinstance(known[0], Unmeasured):
        return _not(contract, claim, f"the actual figure was unknown then: {reason(known[0])}", measure)
    actual = min((k for k in known if isinstance(k, Measured)), key=lambda k: abs(_gap(claim, k.value)))
    return Comparison(
        claim=claim,
        contract=contract.hash,
        as_of=claim.first_seen,
        measure=measure,
        actual=actual.value,
        gap=_gap(claim, actual.value),
        observations=actual.used,
    )


def _mapped(contract: Contract, claim: NumericClaim) -> _Found | None:
    at = claim.start - claim.sentence_start
    end = claim.end - claim.sentence_start
    sentence = claim.sentence.lower()
    found = [
        _Found(
            number=number,
            phrase=phrase,
            start=match.start(),
            end=match.end(),
            away=max(match.start() - end, at - match.end(), 0),
        )
        for number in contract.numbers
        for phrase in number.phrases
        for match in re.finditer(rf"(?<!\w){re.escape(phrase.lower())}(?!\w)", sentence)
    ]
    near = [f for f in found if f.away <= NEAR]
    return min(near, key=lambda f: (f.away, -len(f.phrase), f.phrase), default=None)


def _elsewhere(found: _Found, claim: NumericClaim) -> str:
    """Whether something else is spoken of, or a day gone by, or of what is not to be seen."""
    near = claim.sentence[max(0, found.start - BESIDE) : found.end + BESIDE]
    other = next((n for n in found.number.not_ if re.search(rf"(?<!\w){re.escape(n)}(?!\w)", near, re.IGNORECASE)), "")
    if other:
        return f"said of something else ({other})"
    before, after = (
        claim.sentence[: claim.start - claim.sentence_start],
        claim.sentence[claim.end - claim.sentence_start :],
    )
    if "…" in claim.sentence.rstrip("… "):
        return "said in a text that was cut off"
    return "said of a day gone by" if _FORMERLY.search(before) or _ON_A_DAY.match(after) else ""


def _fault(number: Number, claim: NumericClaim) -> str:
    if claim.quantity != number.quantity:
        return f"claimed as {_kind(claim.quantity)}, measured as {_kind(number.quantity)}"
    if claim.unit != UNITS.get(number.quantity, claim.unit):
        return f"claimed in {claim.unit}, measured in {UNITS[number.quantity]}"
    measure, before = number.measure, claim.sentence[: claim.start - claim.sentence_start]
    if number.period is not None and claim.period != number.period:
        return f"said of {claim.period or 'no period'}, measured of a {number.period}"
    if measure.kind not in CHANGES:
        return (
            "" if _LEVEL.search(before) and not _CHANGE.search(before) else "a change is claimed, a level is measured"
        )
    return _period_fault(measure, claim)


def _period_fault(measure: Measure, claim: NumericClaim) -> str:
    days, period = measure.over.days if measure.over else 0, claim.period
    twelve = _TWELVE_MONTHS.search(_around(claim))
    if not period and twelve:
        period = "year"
    if not period:
        return f"no period is said, and {days} days are measured"
    if period == "year" and not twelve:
        return f"said of a calendar year, measured over {days} days"
    least, most = PERIODS.get(period, (0, 0))
    return "" if least <= days <= most else f"said of a {period}, measured over {days} days"


def _around(claim: NumericClaim) -> str:
    """The words on either side of the number, as far as the next number: what that one is said of is another matter."""
    start, end = claim.start - claim.sentence_start, claim.end - claim.sentence_start
    before = re.split(r"[\d;…]", claim.sentence[max(0, start - NEAR) : start].replace("12 months", "twelve months"))[-1]
    after = re.split(r"[\d;…]", claim.sentence[end : end + NEAR].replace("12 months", "twelve months"))[0]
    return f"{before}|{after}"


def _gap(claim: NumericClaim, actual: float) -> float:
    low, high, slack = claim.low, claim.high, _half_a_digit(claim)
    if claim.comparator == "~":
        slack = max(slack, abs(high) / 20)
    if claim.comparator != "<" and actual < low - slack:
        return low - actual
    if claim.comparator != ">" and actual > high + slack:
        return high - actual
    return 0.0


def _half_a_digit(claim: NumericClaim) -> float:
    """Half of the last digit that was said: 0.05 for 4.1 percent, 50 million for $5.1 billion."""
    said = re.search(r"(\d[\d,]*)(?:\.(\d+))?", claim.sentence[claim.start - claim.sentence_start :])
    value = float(said[0].replace(",", "")) if said else 0.0
    if said is None or value == 0:
        return 0.0
    scale = min(abs(claim.low), abs(claim.high)) / value
    return (0.5 + 1e-9) * 10.0 ** -len(said[2] or "") * scale  # 3.25 is 3.3 as much as 3.2, whatever binary makes of it


def _not(contract: Contract, claim: NumericClaim, why: str, measure: Measure | None = None) -> Comparison:
    return Comparison(claim=claim, contract=contract.hash, as_of=claim.first_seen, measure=measure, reason=why)


def _kind(quantity: str) -> str:
    return {"percent": "a percentage", "usd": "an amount", "count": "a count", "ratio": "a multiple"}[quantity]

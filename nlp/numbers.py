"""Numbers that a sentence claims: quantity, unit, period, comparator, subject. A pure reading of English press style."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal

Kind = Literal["percent", "usd", "count", "ratio"]  # those of core.contracts.Number
Comparator = Literal["=", ">", "<", "~"]

SCALES = {"thousand": 1e3, "k": 1e3, "million": 1e6, "mn": 1e6, "m": 1e6, "billion": 1e9, "bn": 1e9, "b": 1e9}
SCALES |= {"trillion": 1e12, "tn": 1e12, "t": 1e12}
SCALE = r"(?:\s?-?(?P<scale>trillion|billion|million|thousand|tn|bn|mn|[TBMKtbmk])\b)?"
VALUE = r"(?P<value>\d{1,3}(?:,\d{3})+(?:\.\d+)?|\d+(?:\.\d+)?)"
UPTO = r"(?:\s?%?\s?(?:-|\u2013|to|and)\s?\$?(?P<high>\d+(?:\.\d+)?))?"
PATTERNS: tuple[tuple[Kind, re.Pattern[str]], ...] = (
    ("usd", re.compile(rf"(?:US)?\${VALUE}{UPTO}{SCALE}")),
    (
        "percent",
        re.compile(
            rf"(?<![\w.$]){VALUE}{UPTO}\s?(?P<unit>%|percent\b|per cent\b|percentage points?\b|basis points?\b|bps\b)"
        ),
    ),
    ("ratio", re.compile(rf"(?<![\w.$]){VALUE}{UPTO}(?:\s?(?P<unit>x)\b(?!\d)|\s(?P<times>times)\b)")),
    (
        "count",
        re.compile(
            rf"(?<![\w.$]){VALUE}(?:\s(?P<scale>million|billion|thousand))?\s(?P<unit>chips|GPUs|accelerators|units|shares|jobs|points|megawatts|gigawatts)\b"
        ),
    ),
)
MORE = re.compile(r"(?:more than|over|at least|above|exceed(?:s|ed|ing)?|upwards of)\s*$", re.IGNORECASE)
LESS = re.compile(r"(?:less than|under|below|at most|up to|as much as|no more than|fewer than)\s*$", re.IGNORECASE)
ABOUT = re.compile(
    r"(?:about|around|roughly|nearly|almost|some|approximately|close to|an estimated)\s*$", re.IGNORECASE
)
DOWN = re.compile(
    r"\b(?:fell|falls?|fallen|drop(?:s|ped)?|declin\w+|down|lost|loses?|shed|slid|slumped|cut|cuts|reduc\w+|slash\w*|"
    r"tumbled|sank|plunged|shrank|decreas\w+)\b[^.;,]{0,25}$",
    re.IGNORECASE,
)
# "Fell to 4.1 %" and "fell below 4 %" name a level, which is no fall of 4 %.
REACHED = re.compile(
    r"\b(?:(?<!up )to|at|below|above|from|near)\s*(?:(?:about|around|roughly|nearly|almost|just)\s*)*$",
    re.IGNORECASE,
)
LOWER = re.compile(r"^\s*(?:cheaper|lower|less|fewer|below|discount|decline|drop|decrease|cut)\b", re.IGNORECASE)
PERIODS: tuple[tuple[str, re.Pattern[str]], ...] = (
    ("hour", re.compile(r"^\s*(?:an|per|a|/)\s?-?(?:GPU-)?hour\b|^/h\b", re.IGNORECASE)),
    (
        "month",
        re.compile(r"^\s*(?:[\w ]{0,20})\b(?:a|per|each) month\b|^[^.;]{0,30}\bmonth over month\b", re.IGNORECASE),
    ),
    (
        "year",
        re.compile(
            r"^[^.;]{0,40}\b(?:a year|per year|annually|annual|from a year (?:ago|earlier)|year[ -](?:over|on)[ -]year|"
            r"this year|last year|in (?:19|20)\d\d)\b",
            re.IGNORECASE,
        ),
    ),
    ("quarter", re.compile(r"^[^.;]{0,40}\bquarter\b", re.IGNORECASE)),
    ("week", re.compile(r"^[^.;]{0,30}\b(?:this|last|a|the|for the) week\b", re.IGNORECASE)),
    ("day", re.compile(r"^[^.;]{0,30}\b(?:today|on (?:Mon|Tues|Wednes|Thurs|Fri)day)\b", re.IGNORECASE)),
)
CLAUSE = re.compile(r"[.;:]\s|,\s(?:and|but|while|as)\s|\bthat\b|\bsaid\b|\bsays\b")
VERB = re.compile(
    r"\s(?:is|are|was|were|has|have|had|will|would|could|can|rose|fell|gained|lost|dropped|grew|costs?|cut|cuts|offers?|"
    r"delivers?|jumped|climbed|hit|stood|stands|reached|increased|declined|totall?ed|sold|shipped|spent|slid|added)\b",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Claimed:
    """One number. `low` and `high` differ for a range; a fall is negative for `percent`; `unit` is "percent",
    "points", "usd", "times" or what is counted; `period` is "" if none is said; offsets are those of the number.
    """

    kind: Kind
    low: float
    high: float
    unit: str
    period: str
    comparator: Comparator
    subject: str
    start: int
    end: int


def claimed(sentence: str) -> tuple[Claimed, ...]:
    """The numbers of a sentence in reading order; years, dates and bare numbers are none."""
    found: list[Claimed] = []
    for kind, pattern in PATTERNS:
        for match in pattern.finditer(sentence):
            if not any(c.start < match.end() and match.start() < c.end for c in found):
                found.append(_claim(kind, match, sentence))
    return tuple(sorted(found, key=lambda c: c.start))


def _claim(kind: Kind, match: re.Match[str], sentence: str) -> Claimed:
    parts = match.groupdict()
    before, after = sentence[: match.start()], sentence[match.end() :]
    factor = SCALES.get((parts.get("scale") or "").lower(), 1.0)
    said = (parts.get("unit") or "").lower()
    if said in {"bps", "basis point", "basis points"}:
        factor = 0.01
    low = float(match["value"].replace(",", "")) * factor
    high = float(parts["high"]) * factor if parts.get("high") else low
    if kind == "percent" and ((DOWN.search(before) and not REACHED.search(before)) or LOWER.match(after)):
        low, high = -high, -low
    return Claimed(
        kind=kind,
        low=round(low, 6),
        high=round(high, 6),
        unit=_unit(kind, said),
        period=next((name for name, pattern in PERIODS if pattern.search(after)), ""),
        comparator=_comparator(before),
        subject=_subject(before),
        start=match.start(),
        end=match.end(),
    )


def _unit(kind: Kind, said: str) -> str:
    if kind == "percent":
        return "percent" if said in {"%", "percent", "per cent"} else "points"
    return {"usd": "usd", "ratio": "times"}.get(kind, said)


def _comparator(before: str) -> Comparator:
    if MORE.search(before):
        return ">"
    if LESS.search(before):
        return "<"
    return "~" if ABOUT.search(before) else "="


def _subject(before: str) -> str:
    """What stands before the clause's first verb, "" if nothing does."""
    clause = CLAUSE.split(before)[-1]
    found = VERB.search(clause)
    return clause[: found.start()].strip(" ,“”\"'") if found else ""

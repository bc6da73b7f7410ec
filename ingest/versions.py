"""What changed between two versions of an article, and whether it takes something back. Pure."""

from __future__ import annotations

import difflib
import re
from collections import Counter
from dataclasses import dataclass
from typing import Literal

from core.articles import Article

__all__ = ["Change", "Mark", "compare"]

Mark = Literal["correction", "softened", "numbers removed", "numbers changed", "claim removed", "headline changed"]
WALK_BACKS: frozenset[Mark] = frozenset({"correction", "softened", "numbers removed", "claim removed"})

TRIMMED = 0.5  # a version with less than half of the words is another excerpt, and what it lacks was not taken back
SHOWN = 240  # characters of one changed passage that a diff keeps

_WORDS = re.compile(r"\S+")
_SENTENCE = re.compile(r"(?<=[.!?\u2026])[\"\u201d\u2019)]?\s+|\n+")
_NUMBER = re.compile(
    r"(?<![\w.])[$\u20ac\u00a3\u00a5]?\d[\d,]*(?:\.\d+)?(?:\s?(?:%|per cent|percent|bn|billion|million|trillion|bps))?",
    re.IGNORECASE,
)
_CORRECTION = re.compile(
    r"\b(?:corrections?|clarifications?|editor(?:'|\u2019)s note)\s*(?::|\u2014|-\s)"
    r"|\b(?:an? )?(?:earlier|previous|prior|original) version of (?:this|the) (?:article|story|report|headline|post)"
    r"|\b(?:this|the) (?:article|story|report|headline|post) (?:has been|was) (?:corrected|amended|clarified|updated to (?:correct|clarify|reflect))"
    r"|\((?:corrects|refiles to correct|this .{0,40} corrects)\b|\bcorrects (?:paragraph|headline|to say|figure|spelling|name)"
    r"|\bwe (?:regret the error|have corrected)|\b(?:story|article|report) (?:withdrawn|retracted)\b|\bretract(?:s|ed|ion)\b.{0,40}\b(?:story|article|report)",
    re.IGNORECASE,
)
# From firm to guarded: what was asserted is now only possible. Stems, matched at a word's beginning.
_FIRM = re.compile(
    r"\b(?:will|won't|has|have|is|are|confirm\w*|prov(?:es|ed|en)|show(?:s|ed)|announc\w+|soar\w*|crush\w*|surg\w+|plung\w+|collaps\w+|dominat\w+|guarantee\w*|certain(?:ly)?|kill\w*|end(?:s|ed)|replac\w+)\b",
    re.IGNORECASE,
)
_GUARDED = re.compile(
    r"\b(?:may|might|could|would|reportedly|allegedly|possibl[ey]|potential(?:ly)?|appear\w*|seem\w*|suggest\w*|expect\w*|consider\w*|weigh\w*|explor\w+|in talks|aim\w*|plan\w*|likely|unclear|said to|sources? sa(?:y|id))\b",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """One version against the one before it.

    `diff` is compact and readable: one changed passage a line, `@title` or `@word N` (from 0, in the
    old text), then `-` what went and `+` what came, each cut at 240 characters. `share` is the part of
    the old words that is gone, 0 to 1. `marks` say what kind of change it is.
    """

    article: str
    old: int
    new: int
    diff: str
    share: float
    marks: frozenset[Mark]

    @property
    def walks_back(self) -> bool:
        """Whether the newer version takes something back: a correction, a softer verb, a number or claim gone."""
        return bool(self.marks & WALK_BACKS)


def compare(old: Article, new: Article) -> Change | None:
    """What the newer version says otherwise; None if its words are the same, whatever became of its spaces.

    A text that is merely longer or much shorter (another excerpt, a page instead of a feed's summary)
    has its headline compared and any correction marked, but lost sentences are no walk-back then.
    Raises ValueError for versions of two different articles.
    """
    if old.id != new.id:
        raise ValueError(f"{old.id} and {new.id} are not versions of one article")
    title = _passages(old.title, new.title)
    text = _passages(old.text, new.text)
    if not title and not text:
        return None
    before, after = len(_WORDS.findall(old.text)), len(_WORDS.findall(new.text))
    gone = sum(len(_WORDS.findall(was)) for _, was, _ in text)
    comparable = old.text_kind == new.text_kind and after >= TRIMMED * before
    lines = [_line("title", was, now) for _, was, now in title] + [
        _line(f"word {at}", was, now) for at, was, now in text
    ]
    return Change(
        article=old.id,
        old=old.version,
        new=new.version,
        diff="\n".join(lines),
        share=gone / before if before else 0.0,
        marks=_marks(old, new, title + (text if comparable else [])),
    )


Passage = tuple[int, str, str]


def _passages(old: str, new: str) -> list[Passage]:
    """What was replaced: where in the old words, what it was, what it is. Sentence by sentence, then by word."""
    if old.split() == new.split():
        return []
    one, two = (_SENTENCE.split(t) for t in (old, new))
    starts = [0]
    for sentence in one:
        starts.append(starts[-1] + len(sentence.split()))
    found: list[Passage] = []
    for kind, a, b, c, d in difflib.SequenceMatcher(None, one, two, autojunk=False).get_opcodes():
        if kind != "equal":
            found += _by_word(" ".join(one[a:b]), " ".join(two[c:d]), starts[a])
    return found


def _by_word(old: str, new: str, start: int) -> list[Passage]:
    one, two = old.split(), new.split()
    matcher = difflib.SequenceMatcher(None, one, two, autojunk=False)
    if matcher.ratio() < 0.5:  # rewritten, not edited: word for word it would be unreadable
        return [(start, old, new)] if one != two else []
    return [
        (start + a, " ".join(one[a:b]), " ".join(two[c:d]))
        for kind, a, b, c, d in matcher.get_opcodes()
        if kind != "equal"
    ]


def _line(where: str, was: str, now: str) -> str:
    parts = [f"@{where}"] + [f"{sign} {_short(text)}" for sign, text in (("-", was), ("+", now)) if text]
    return " ".join(parts)


def _short(text: str) -> str:
    return text if len(text) <= SHOWN else text[: SHOWN - 1] + "\u2026"


def _marks(old: Article, new: Article, passages: list[Passage]) -> frozenset[Mark]:
    marks: set[Mark] = set()
    if len(_CORRECTION.findall(f"{new.title}\n{new.text}")) > len(_CORRECTION.findall(f"{old.title}\n{old.text}")):
        marks.add("correction")
    if old.title.split() != new.title.split():
        marks.add("headline changed")
    kept = Counter(_numbers(f"{new.title} {new.text}"))
    for _, was, now in passages:
        lost = [n for n in _numbers(was) if n not in kept]
        if lost:
            marks.add("numbers changed" if _numbers(now) else "numbers removed")
        if _softer(was, now):
            marks.add("softened")
        if not now and len(was.split()) >= 6 and was.rstrip().endswith((".", "!", "?", "\u201d", '"')):
            marks.add("claim removed")
    return frozenset(marks)


def _softer(was: str, now: str) -> bool:
    """A guarded word came where there was none, and a firm one went or a sentence stood unguarded."""
    if not was or not now:
        return False
    came = len(_GUARDED.findall(now)) > len(_GUARDED.findall(was))
    went = len(_FIRM.findall(was)) > len(_FIRM.findall(now))
    return came and went


def _numbers(text: str) -> list[str]:
    return [re.sub(r"[,\s]", "", n.lower()) for n in _NUMBER.findall(text)]

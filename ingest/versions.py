"""What changed between two versions of an article; whether that takes something back is told in `walkbacks`. Pure."""

from __future__ import annotations

import difflib
import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from core.articles import COUNTED, Article, Change
from ingest.stamps import is_stamp
from ingest.walkbacks import Passage, corrections, marks

__all__ = ["Change", "compare", "page_due", "retold", "too_soon"]

PAUSE = timedelta(minutes=15)  # a live page is another every minute
AGAIN = (timedelta(hours=6), timedelta(hours=24), timedelta(hours=72))  # after it came, a page is read again
TRIMMED = 0.5  # a version with less than half of the words is another excerpt, and what it lacks was not taken back
REWRITTEN = 0.5  # with more than half of the words gone it is another text, of which no sentence was softened
READ = 100_000  # characters that are compared, about 16,000 words; a longer text is a transcript or a book
BY_WORD = 250_000  # pairs of words that are worth comparing one by one: two passages of 500 words
SHOWN = 240  # characters of one changed passage that a diff keeps
LABEL = 12  # words of a line without a full stop: a crosshead, a link to another story

_WORDS = re.compile(r"\S+")
_KEY = re.compile(r"[$\u20ac\u00a3\u00a5]?\w+(?:[.,:'-]\w+)*%?|\?")
_SENTENCE = re.compile(r"(?<=[.!?\u2026])[\"\u201d\u2019)]?\s+|\n+")
_ENDS = re.compile(r"[.!?:\u2026\"\u201d\u2019)]$")
_CUT = re.compile(r"(?:\u2026|\.\.\.)[\])]?$|[^.!?:\u2026\"\u201d\u2019)\]]$")  # a text that breaks off


@dataclass(frozen=True, slots=True)
class _Sentence:
    """A sentence or line, where it begins (in words), and its words without case, quotes and stops."""

    at: int
    text: str
    key: tuple[str, ...]


def compare(old: Article, new: Article) -> Change | None:
    """What the newer version says otherwise; None if that is nothing.

    Nothing are: spaces, case and punctuation, a time stamp, sentences in another order, a line that
    is no sentence, and (of one kind of text) an excerpt that was cut shorter. A text that is merely
    longer, another excerpt or rewritten has its headline compared and any correction marked, but
    lost sentences are no walk-back then. Raises ValueError for versions of two different articles.
    """
    if old.id != new.id:
        raise ValueError(f"{old.id} and {new.id} are not versions of one article")
    title = [] if _key(old.title) == _key(new.title) else _by_word(old.title, new.title, 0)
    before, after = len(_WORDS.findall(old.text)), len(_WORDS.findall(new.text))
    same_kind = old.text_kind == new.text_kind
    corrected = corrections(_read(new)) > corrections(_read(old))
    cut = same_kind and not corrected and (after < TRIMMED * before or _is_excerpt(old, new))
    text = [] if cut else _passages(old.text[:READ], new.text[:READ])
    if not title and not text:
        return None
    share = min(1.0, sum(len(_WORDS.findall(was)) for _, was, _ in text) / before) if before else 0.0
    whole = max(len(old.text), len(new.text)) <= READ
    edited = same_kind and whole and after >= TRIMMED * before and share <= REWRITTEN
    lines = [_line("title", was, now) for _, was, now in title] + [
        _line(f"word {at}", was, now) for at, was, now in text
    ]
    found = marks(old, new, title + (_whole(text, old, new) if edited else []))
    found |= {"correction"} if corrected else set()
    found |= {"headline changed"} if title else set()
    return Change(
        article=old.id, old=old.version, new=new.version, diff="\n".join(lines), share=share, marks=frozenset(found)
    )


def retold(held: Article, told: Article) -> tuple[Article, Change] | None:
    """The next version of a held article that its feed now tells otherwise; None while it says the same.

    A text that came from the page stays beside the feed's new headline: a summary is no later
    version of it. What turned into a wall or a stub is none either.
    """
    if told.quality not in COUNTED and held.quality in COUNTED:
        return None
    found = replace(held, title=told.title, version=held.version + 1)
    if held.text_kind != "full":
        found = replace(
            found,
            text=told.text,
            text_kind=told.text_kind,
            quality=told.quality,
            language=told.language,
            author=told.author or held.author,
        )
    change = compare(held, found)
    return (found, change) if change else None


def too_soon(held: Article, *, since: datetime, now: datetime) -> bool:
    """Whether a next version must wait: each stands for 15 minutes more than the one before, from its first sight on.

    A page that is rewritten all day so has about 14 versions in a day and 20 in two; what is still
    changed when the time has come is kept.
    """
    return now - since < PAUSE * held.version


def page_due(first_seen: datetime, last_read: datetime, *, now: datetime) -> bool:
    """Whether an article's page is to be read again: 6, 24 and 72 hours after the article came, once each."""
    return any(last_read < first_seen + age <= now for age in AGAIN)


def _key(text: str) -> tuple[str, ...]:
    return tuple(_KEY.findall(text.casefold().replace("\u2019", "'").replace("\u2018", "'")))


def _read(article: Article) -> str:
    return f"{article.title}\n{article.text[:READ]}"


def _whole(passages: list[Passage], old: Article, new: Article) -> list[Passage]:
    """Without the end of a text that breaks off, before or after: what went there was cut, and not taken back."""
    if not (_CUT.search(old.text.rstrip()) or _CUT.search(new.text.rstrip())):
        return passages
    end = len(_WORDS.findall(old.text))
    return [(at, was, now) for at, was, now in passages if at + len(_WORDS.findall(was)) < end]


def _is_excerpt(old: Article, new: Article) -> bool:
    """Whether a feed's text is the beginning of what it was; its last word may be cut."""
    if old.text_kind == "full":
        return False
    was, now = _key(old.text), _key(new.text)
    return len(now) < len(was) and now[:-1] == was[: max(0, len(now) - 1)]


def _passages(old: str, new: str) -> list[Passage]:
    """What was replaced, sentence by sentence, then by word; what only moved was not."""
    one, two = _sentences(old), _sentences(new)
    was, now = [s.key for s in one], [s.key for s in two]
    if Counter(was) == Counter(now):
        return []
    held, kept = set(was), set(now)
    found: list[Passage] = []
    for kind, a, b, c, d in difflib.SequenceMatcher(None, was, now).get_opcodes():
        if kind == "equal":
            continue
        gone = [s for s in one[a:b] if s.key not in kept]
        came = [s for s in two[c:d] if s.key not in held]
        if len(one) > 3:
            gone, came = _told(gone), _told(came)
        if gone or came:
            at = gone[0].at if gone else one[a].at if a < len(one) else len(_WORDS.findall(old))
            found += _by_word(_joined(gone), _joined(came), at)
    return found


def _sentences(text: str) -> list[_Sentence]:
    found, at = [], 0
    for sentence in _SENTENCE.split(text):
        key = _key(sentence)
        if key and not is_stamp(sentence):
            found.append(_Sentence(at, sentence, key))
        at += len(_WORDS.findall(sentence))
    return found


def _told(sentences: Iterable[_Sentence]) -> list[_Sentence]:
    """Without the lines that are no sentences: crossheads, and headlines of other stories."""
    return [s for s in sentences if _ENDS.search(s.text) or len(s.text.split()) > LABEL]


def _joined(sentences: Iterable[_Sentence]) -> str:
    return " ".join(s.text for s in sentences)


def _by_word(old: str, new: str, start: int) -> list[Passage]:
    one, two = old.split(), new.split()
    if one == two:
        return []
    matcher = difflib.SequenceMatcher(None, one, two, autojunk=False)
    rewritten = len(one) * len(two) > BY_WORD or matcher.quick_ratio() < 0.5 or matcher.ratio() < 0.5
    if rewritten:  # not edited: word for word it would be unreadable
        return [(start, old, new)]
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

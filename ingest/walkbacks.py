"""Whether an edit takes something back: a guarded verb for a firm one, a number that is gone, a correction. Pure.

Measured by reading 150 pairs of real texts that are edits of one article, among them wire updates, recaps and pages
that are rewritten all day, and the headlines of 130 of them in reverse order, where what was confirmed is only
reported: 12 take something back, of which 9 are marked, with 7 others (before these rules were widened by what that
reading showed, 1 with 13 others; the 9 are no fresh sample). Not seen: a sentence that goes while the rest is
rewritten, an actor who is no longer named, "in" for "directed". Falsely marked: a recap without an aside, a page of
quotes, a number that only the headline gave up, a market report of an hour later, "reportedly" for a paper's name.
"""

from __future__ import annotations

import re

from core.articles import Article, ChangeMark
from ingest.stamps import undated

__all__ = ["Passage", "corrections", "marks"]

SHORT = 10  # words of an edit in which a guarded word stands for a firm one; what is longer is another sentence
LONGER = 4  # words that a guarded wording has more than the firm one ("sources familiar with it say")
SENTENCE = 6  # words of a sentence that is missed

Passage = tuple[int, str, str]  # where in the old words, what it was, what it is

_CORRECTION = re.compile(
    r"(?:^|(?<=[.!?\u201d*]\s)|(?<=[(\[*]))(?:corrections?|corrected|clarifications?)\s*(?::|\u2014|-|to\b)"
    r"|\beditor(?:'|\u2019)s note\b[^\n]{0,200}?\b(?:correct\w*|incorrect\w*|clarif\w+|misstat\w+|misidentif\w+|inaccura\w+|erroneous\w*|in error|wrong\w*|retract\w*)\b"
    r"|\b(?:an? )?(?:earlier|previous|prior|original) version of (?:this|the) (?:article|story|report|headline|post)"
    r"|\b(?:this|the) (?:article|story|report|headline|post) (?:has been|was) (?:corrected|amended|clarified|(?:updated|refiled) to (?:correct|clarify))"
    r"|\((?:corrects|refiles to correct|this .{0,40} corrects)\b|\bcorrects (?:paragraph|headline|to say|figure|spelling|name)"
    r"|\bwe (?:regret the error|have corrected)|\b(?:story|article|report) (?:withdrawn|retracted)\b|\bretract(?:s|ed|ion)\b.{0,40}\b(?:story|article|report)",
    re.IGNORECASE | re.MULTILINE,
)
_MAY = r"(?<!in )(?<!since )(?<!until )(?<!by )(?<!of )(?<!last )may"  # the verb
# From firm to guarded: what was asserted is now only possible, planned, seen by someone, or put off.
_FIRM = re.compile(
    r"\b(?:will|won't|has|have|is|are|confirm\w*|prov(?:es|ed|en)|show(?:s|ed)|announc\w+|soar\w*|crush\w*|surg\w+|plung\w+|collaps\w+|dominat\w+|guarantee\w*|certain(?:ly)?|kill\w*|end(?:s|ed)|replac\w+|cancel\w*|called? off|calls off|scrap(?:s|ped)|ban(?:s|ned))\b",
    re.IGNORECASE,
)
_GUARDED = re.compile(
    rf"(?<![\w-])(?:{_MAY}|might|could|would|reportedly|alleged(?:ly)?|possibl[ey]|potential(?:ly)?|appear(?:s|ed)?|seem(?:s|ed)?|suggest(?:s|ed)?|expect(?:s|ed)?|consider(?:s|ed|ing)?|weigh(?:s|ed|ing)?|explor(?:es|ed|ing)|in talks|aim(?:s|ed|ing)?|plan(?:s(?! for)| to|ned|ning)|likely|unclear|sees|seen|looks|eye[sd]|mull(?:s|ed|ing)?|seek(?:s|ing)?|sought|hop(?:es|ed|ing) to|tr(?:ies|ied|ying) to|attempt(?:s|ed|ing)?|propos(?:es|ed|ing)|said to|up to|(?:sources?|reports?|media|newspapers?) sa(?:ys?|id))\b",
    re.IGNORECASE,
)
_PUT_OFF = re.compile(r"\b(?:postpon\w+|suspend\w*|delay\w*|paus(?:es|ed|ing))\b", re.IGNORECASE)
# Words that guard a sentence by themselves when they are put into it.
_HEDGE = re.compile(
    rf"\b(?:{_MAY}|might|could|reportedly|allegedly|alleged|possibly|potentially|likely|unclear|up to|(?:seen|expected|said|seems?|appears?) to|(?:sources?|reports?|media|newspapers?) sa(?:ys?|id))\b",
    re.IGNORECASE,
)
_MAGNITUDES = {"trillion": 12, "tn": 12, "billion": 9, "bln": 9, "bn": 9, "b": 9, "million": 6, "mln": 6, "mn": 6, "m": 6, "thousand": 3, "k": 3}  # fmt: skip
_NUMBER = re.compile(
    r"(?<![\w.])(\d[\d,]*(?:\.\d+)?)(?:(?:\s|-)?(trillion|tn|billion|bln|bn|million|mln|mn|thousand)\b|([bmk])\b)?(?!st\b|nd\b|rd\b|th\b)(?:\s?(%|per cent|percent|bps))?",
    re.IGNORECASE,
)
_CURRENCY = re.compile(r"\b(?:us|nt|hk|au?|ca?|s|usd|eur|euros?|gbp|jpy|yen|rmb|cny|krw|inr|rs|hkd|twd)\.?[$\u20ac\u00a3\u00a5]?(?=\d)", re.IGNORECASE)  # fmt: skip
_PLACE = re.compile(r"\b(?:paragraphs?|part|page|chapter|section|volume|no\.|number)\s\d+\b", re.IGNORECASE)
_YEAR = re.compile(r"(?<![$\u20ac\u00a3\u00a5\d.,])\b(?:19|20)\d\d(?![,.]?\d|\s?(?:%|per ?cent|million|billion))")
_MOVED = re.compile(
    r"\b(?:up|down|higher|lower|r[io]s(?:e|es|en|ing)|f[ae]ll(?:s|en|ing)?|gain(?:s|ed|ing)?|los(?:t|es|ing)|add(?:s|ed|ing)|climb(?:s|ed|ing)?|sl(?:id|ips?|ipped|iding)|jump(?:s|ed|ing)?|drop(?:s|ped|ping)?|advanc(?:es|ed|ing)|declin(?:es|ed|ing)|shed|surged|soared|plunged)\s(?:by |about |past |nearly |almost |another |some )?\d[\d.]*\s?(?:%|per ?cent)",
    re.IGNORECASE,
)
_TRADED = re.compile(r"\b(?:shares?|stocks?|futures|receipts|index)\b", re.IGNORECASE)
_WORDS_FOR = {"two": "2", "three": "3", "four": "4", "five": "5", "six": "6", "seven": "7", "eight": "8", "nine": "9", "ten": "10", "eleven": "11", "twelve": "12"}  # fmt: skip
_SPELT = re.compile(rf"\b(?:{'|'.join(_WORDS_FOR)})\b", re.IGNORECASE)


def corrections(text: str) -> int:
    """How many notices of a correction there are."""
    return len(_CORRECTION.findall(text))


def marks(old: Article, new: Article, passages: list[Passage]) -> set[ChangeMark]:
    """What the passages that were replaced take back; a number that stands elsewhere in the new text is not gone."""
    found: set[ChangeMark] = set()
    kept = set(_numbers(f"{new.title} {new.text}"))
    for _, was, now in passages:
        if [n for n in _numbers(was, claimed=True) if n not in kept]:
            found.add("numbers changed" if _numbers(now) else "numbers removed")
        if _softer(was, now, another=was == old.title):
            found.add("softened")
        if not now and len(was.split()) >= SENTENCE and was.rstrip().endswith((".", "!", "?", "\u201d", '"')):
            found.add("claim removed")
    return found


def _softer(was: str, now: str, *, another: bool = False) -> bool:
    """A hedge was put in, or a few words became guarded ones, or a firm word gave way to a guarded one.

    In a long passage, or another headline with hardly a word of the first, only the last counts.
    """
    was, now = undated(was).strip(), undated(now).strip()
    before, after = len(was.split()), len(now.split())
    if not was:
        return after <= LONGER and _HEDGE.search(now) is not None
    came = len(_GUARDED.findall(now)) > len(_GUARDED.findall(was))
    if came and not another and before <= SHORT and after <= before + LONGER:
        return True
    put_off = len(_PUT_OFF.findall(now)) > len(_PUT_OFF.findall(was))
    return (came or put_off) and len(_FIRM.findall(was)) > len(_FIRM.findall(now))


def _numbers(text: str, *, claimed: bool = False) -> list[str]:
    """The quantities of a text, each written one way; no dates, times, years, ordinals or paragraph numbers.

    With `claimed` without what a share rose or fell by: an hour later that is another number, and the first was true.
    Without it a number that is spelt out counts as well.
    """
    plain = _YEAR.sub(" ", _PLACE.sub(" ", _CURRENCY.sub(" ", undated(text))))
    if not claimed:
        plain = _SPELT.sub(lambda found: _WORDS_FOR[found[0].casefold()], plain)
    elif _TRADED.search(plain):
        plain = _MOVED.sub(" ", plain)
    return [_written(found) for found in _NUMBER.finditer(plain)]


def _written(found: re.Match[str]) -> str:
    digits, word, letter, unit = found.groups()
    value = float(digits.replace(",", "")) * 10.0 ** _MAGNITUDES.get((word or letter or "").casefold(), 0)
    return f"{value:.6g}{'bps' if unit and unit.casefold() == 'bps' else '%' if unit else ''}"

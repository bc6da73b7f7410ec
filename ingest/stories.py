"""Stories by shared text lineage: what was copied is one story, what was reported twice is two. Pure.

What proves a copy is text that both have and *others have not*. A mill's template, a company's description, a
consent notice stand in many stories; so a shared shingle counts for 1 / n^2 if n > 1 other stories among the
candidates have it too, and a headline's word for 1 / n. Nothing of an outlet needs to be learnt or kept.
The figures behind the thresholds: docs/stories.md; to measure again: benchmarks/stories.py.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from core.articles import Article, Lineage, Signature
from ingest.sketches import WORD32, Sketch, jaccard, signature, sketch

__all__ = ["jaccard", "join", "signature"]

COPIES = timedelta(days=7)  # news is copied within days; what is alike for longer is an outlet's own template
SAME_HOUSE = timedelta(hours=60)  # an outlet takes its own text up again within two days: an update, a repeat
UPDATE = timedelta(hours=12)
KNOWN, SUBJECT = 0.3, 0.6  # of a headline's words in its own text; of those, in the other text as well
SISTER = 0.22  # of two sisters' headlines in both; one desk's template fills half of what they print
LONG = 200  # shingles
SOON = timedelta(hours=24)  # a rewrite under about the same headline appears within a day
SAME_TITLE = timedelta(hours=48)  # for a headline without a text, at another outlet
# Within one source, a headline that comes back the next day is a column ("Stocks making the
# biggest moves midday"); one that comes back within hours was published again.
SAME_COLUMN = timedelta(hours=12)
RAW = 0.08  # of the shorter text; less is not looked at
TRIED = 6  # members of one story; in a story of many the nearest few decide
PROOF = 12.0  # shingles of the sketch that no other story has
LITTLE = 5.0  # the same under about the same headline


@dataclass(frozen=True, slots=True)
class _Known:
    """A candidate: its sketch, its place, when it was first seen, and what it has in common with mine."""

    sketch: Sketch
    shingles: int
    bands: tuple[str, ...]
    lineage: Lineage
    seen: datetime


def join(
    article: Article,
    signature: Signature,
    candidates: Sequence[tuple[Signature, Lineage, datetime]],
    *,
    now: datetime,
) -> Lineage:
    """The article's place in the story of the text it shares most with, or in one of its own.

    `candidates` are signatures that share a band key, their lineage, and when they were first seen;
    the more of those with much in common are among them, the better is a template known as one.
    `copied` is the largest share of this article's text that one article of the story held.
    """
    alone = Lineage(article=article.id, story=article.id, copied=0.0, joined=now)
    others = [
        _Known(sketch(theirs), theirs.shingles, theirs.bands, lineage, seen)
        for theirs, lineage, seen in candidates
        if theirs.article != article.id and abs(article.first_seen - seen) <= COPIES
    ]
    if not others:
        return alone
    mine = _Known(sketch(signature), signature.shingles, signature.bands, alone, article.first_seen)
    found = [(_proof(mine, theirs, others), theirs) for theirs in _worth(mine, others)]
    # The best proof decides; equal ones (a copy of a copy) by the story's id, so that a rerun agrees.
    proved = [((share, _held(mine, theirs), theirs.lineage.story), theirs) for share, theirs in found if share]
    if not proved:
        return alone
    story = max(proved, key=lambda p: p[0])[1].lineage.story
    copied = max(_held(mine, theirs) for _, theirs in proved if theirs.lineage.story == story)
    return Lineage(article=article.id, story=story, copied=copied, joined=now)


def _worth(mine: _Known, others: Sequence[_Known]) -> list[_Known]:
    """Those for which a proof is worth looking for: of each story the `TRIED` with most in common."""
    stories: defaultdict[str, list[tuple[int, _Known]]] = defaultdict(list)
    for theirs in others:
        if (common := _in_common(mine, theirs)) is not None:
            stories[theirs.lineage.story].append((common, theirs))
    return [known for tried in stories.values() for _, known in sorted(tried, key=_first)[:TRIED]]


def _first(tried: tuple[int, _Known]) -> tuple[int, str]:
    return -tried[0], tried[1].lineage.article


def _in_common(mine: _Known, theirs: _Known) -> int | None:
    """Shingles of the sketch that both have; None if they are too few, or the headlines speak against it."""
    if _contradict(mine.sketch.tickers, theirs.sketch.tickers) or _contradict(
        mine.sketch.numbers, theirs.sketch.numbers
    ):
        return None
    if not (mine.shingles and theirs.shingles):
        return 0
    limit = min(mine.sketch.limit, theirs.sketch.limit)
    both = mine.sketch.shingles & theirs.sketch.shingles
    if len(both) < LITTLE:
        return None
    shorter = min(mine.shingles, theirs.shingles) * limit / WORD32  # expected in the sample
    common = sum(h < limit for h in both) if limit < WORD32 else len(both)
    return common if common >= max(LITTLE, RAW * shorter) else None


def _contradict(one: frozenset[int], two: frozenset[int]) -> bool:
    """Both headlines name some, and most are not the same: two price targets, two companies."""
    return bool(one and two) and 2 * len(one & two) < len(one | two)


def _proof(mine: _Known, theirs: _Known, others: Sequence[_Known]) -> float:
    """How well it is proved that the two share a lineage: a share in (0, 1], or 0 for not at all."""
    apart = abs(mine.seen - theirs.seen)
    if not (mine.shingles and theirs.shingles):
        return 1.0 if _same_headline(mine, theirs, apart) else 0.0
    seen = _elsewhere(others, theirs.lineage.story)
    share, weight = _shared_text(mine.sketch, theirs.sketch, seen)
    common, alike = _shared_title(mine.sketch, theirs.sketch, others, theirs.lineage.story)
    if not _same_subject(mine, theirs, alike):
        return 0.0
    if mine.sketch.source == theirs.sketch.source:
        long = min(mine.shingles, theirs.shingles) >= LONG
        return share if _taken_up(share, weight, common, alike, apart, long=long) else 0.0
    if mine.sketch.owner == theirs.sketch.owner and alike < SISTER and share < 0.75:
        return 0.0
    return share if _copied(share, weight, common, alike, apart) else 0.0


def _same_subject(mine: _Known, theirs: _Known, alike: float) -> bool:
    """Whether the longer text, too, is about what the shorter one's headline says.

    A copy keeps the subject: of the headline's words that its own text has, the other has nearly all.
    A template or a notice does not; and a text that hardly knows its own headline is furniture.
    """
    if alike >= 0.7:
        return True
    shorter, longer = sorted((mine, theirs), key=_length)
    own, other = shorter.sketch.knows(shorter.sketch.title), longer.sketch.knows(shorter.sketch.title)
    return own >= KNOWN and other >= SUBJECT * own


def _length(known: _Known) -> int:
    return known.shingles


def _copied(share: float, weight: float, common: float, alike: float, apart: timedelta) -> bool:
    """At another outlet: the more the headlines have in common, the less of the text must be shared."""
    if weight >= PROOF and (share >= 0.6 or (share >= 0.45 and common >= 0.15) or (share >= 0.33 and common >= 0.35)):
        return True
    if apart > SOON:
        return False
    if weight >= LITTLE and share >= 0.22 and common >= 0.5:
        return True
    return weight >= 10 and share >= 0.14 and alike >= 0.4


def _taken_up(share: float, weight: float, common: float, alike: float, apart: timedelta, *, long: bool) -> bool:
    """In the same house, whose articles are alike anyway: its text again, an update, or a long text inside another."""
    if weight < PROOF or share < 0.6 or apart > SAME_HOUSE:
        return False
    if share >= 0.8 and (alike >= 0.7 or (long and weight >= 3 * PROOF and apart <= UPDATE * 3)):
        return True
    return common >= 0.5 and alike >= 0.3 and apart <= UPDATE


def _same_headline(mine: _Known, theirs: _Known, apart: timedelta) -> bool:
    common = set(mine.bands) & set(theirs.bands)
    if any(key.startswith("s:") for key in common):
        return apart <= SAME_COLUMN
    return apart <= SAME_TITLE and any(key.startswith("t:") for key in common)


def _held(mine: _Known, theirs: _Known) -> float:
    if not (mine.shingles and theirs.shingles):
        return 1.0
    one, two = _comparable(mine.sketch, theirs.sketch)
    return len(one & two) / max(1, len(one))


def _comparable(one: Sketch, two: Sketch) -> tuple[frozenset[int], frozenset[int]]:
    """The two samples cut to the sparser one's share."""
    limit = min(one.limit, two.limit)
    return (
        one.shingles if one.limit == limit else frozenset(h for h in one.shingles if h < limit),
        two.shingles if two.limit == limit else frozenset(h for h in two.shingles if h < limit),
    )


def _shared_text(one: Sketch, two: Sketch, seen: Mapping[int, int]) -> tuple[float, float]:
    """The weighted share of the shorter text that both have, and that weight in shingles of the sketch."""
    mine, theirs = _comparable(one, two)
    weight = _weight(mine & theirs, seen)
    shorter = min(_weight(mine, seen), _weight(theirs, seen))
    return (weight / shorter if shorter else 0.0), weight


def _shared_title(one: Sketch, two: Sketch, others: Sequence[_Known], story: str) -> tuple[float, float]:
    """The headlines' weighted words in common: as a share of the shorter, and of both together."""
    seen = _counts(others, story, of_title=True)
    weight = _weight(one.title & two.title, seen, 1)
    shorter = min(_weight(one.title, seen, 1), _weight(two.title, seen, 1))
    either = _weight(one.title | two.title, seen, 1)
    return (weight / shorter if shorter else 0.0), (weight / either if either else 0.0)


def _elsewhere(others: Sequence[_Known], story: str) -> Mapping[int, int]:
    return _counts(others, story, of_title=False)


def _counts(others: Sequence[_Known], story: str, *, of_title: bool) -> Mapping[int, int]:
    """In how many stories but this one each hash stands."""
    stories: defaultdict[str, set[int]] = defaultdict(set)
    for known in others:
        if known.lineage.story != story:
            stories[known.lineage.story] |= known.sketch.title if of_title else known.sketch.shingles
    counts: Counter[int] = Counter()
    for hashes in stories.values():
        counts.update(hashes)
    return counts


def _weight(hashes: frozenset[int], seen: Mapping[int, int], power: int = 2) -> float:
    return sum(1 / max(1, seen.get(h, 0)) ** power for h in hashes) if seen else float(len(hashes))

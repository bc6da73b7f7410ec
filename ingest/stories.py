"""Stories by shared text lineage: what was copied is one story, what was reported twice is two. Pure.

What proves a copy is text that both have and *others have not*. A mill's template, a company's description, a
consent notice stand in many stories; so a shared shingle counts for 1 / n^2 if n > 1 other stories among the
candidates have it too, and a headline's word for 1 / n. Nothing of an outlet needs to be learnt or kept.
Measured on 578 pairs labelled by reading: precision 0.99, recall 0.85 (1.00 and 0.83 on the half that tuned nothing);
to measure again: `python -m benchmarks.stories quality`.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import chain

from core.articles import Article, Lineage, Signature
from ingest.sketches import WORD32, Sketch, jaccard, signature, sketch

__all__ = ["jaccard", "join", "signature"]

COPIES = timedelta(days=7)  # news is copied within days; what is alike for longer is an outlet's own template
SAME_HOUSE = timedelta(hours=60)  # an outlet takes its own text up again within two days: an update, a repeat
UPDATE = timedelta(hours=12)
KNOWN, SUBJECT = 0.3, 0.6  # of a headline's words in its own text; of those, in the other text as well
HOUSE_SUBJECT = 0.85  # one desk's template has all but the names in common
SISTER = 0.3  # of two sisters' headlines in both; one desk's template fills half of what they print
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
    around = _Around.of(others)
    found = [(_proof(mine, theirs, around), theirs) for theirs in _worth(mine, others)]
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
    common = len(mine.sketch.shingles & theirs.sketch.shingles)  # what both samples hold is below both limits
    shorter = min(mine.shingles, theirs.shingles) * min(mine.sketch.limit, theirs.sketch.limit) / WORD32  # expected
    return common if common >= max(LITTLE, RAW * shorter) else None


def _contradict(one: frozenset[int], two: frozenset[int]) -> bool:
    """Both headlines name some, and most are not the same: two price targets, two companies."""
    return bool(one and two) and 2 * len(one & two) < len(one | two)


def _proof(mine: _Known, theirs: _Known, around: _Around) -> float:
    """How well it is proved that the two share a lineage: a share in (0, 1], or 0 for not at all."""
    apart = abs(mine.seen - theirs.seen)
    if not (mine.shingles and theirs.shingles):
        return 1.0 if _same_headline(mine, theirs, apart) else 0.0
    story = theirs.lineage.story
    common, alike = _shared_title(mine.sketch, theirs.sketch, around.titles, story)
    if not _same_subject(mine, theirs, alike):  # asked first: it is cheap, and most of a template's siblings end here
        return 0.0
    share, weight = _shared_text(mine.sketch, theirs.sketch, around.texts, story)
    if mine.sketch.source == theirs.sketch.source:
        long = min(mine.shingles, theirs.shingles) >= LONG
        return share if _taken_up(share, weight, common, alike, apart, long=long) else 0.0
    if mine.sketch.owner == theirs.sketch.owner and alike < SISTER and share < 0.8:
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
    house = mine.sketch.owner == theirs.sketch.owner
    return own >= KNOWN and other >= (HOUSE_SUBJECT if house else SUBJECT) * own


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


def _shared_text(one: Sketch, two: Sketch, texts: _Stories, story: str) -> tuple[float, float]:
    """The weighted share of the shorter text that both have, and that weight in shingles of the sketch."""
    mine, theirs = _comparable(one, two)
    weight = texts.weight(mine & theirs, story, 2)
    if weight < LITTLE:
        return 0.0, weight
    shorter = min(texts.weight(mine, story, 2), texts.weight(theirs, story, 2))
    return weight / shorter, weight


def _shared_title(one: Sketch, two: Sketch, titles: _Stories, story: str) -> tuple[float, float]:
    """The headlines' weighted words in common: as a share of the shorter, and of both together."""
    weight = titles.weight(one.title & two.title, story, 1)
    if not weight:
        return 0.0, 0.0
    mine, theirs = titles.weight(one.title, story, 1), titles.weight(two.title, story, 1)
    return weight / min(mine, theirs), weight / (mine + theirs - weight)


@dataclass(frozen=True, slots=True)
class _Stories:
    """The hashes of each candidate story, and in how many stories each hash stands."""

    held: Mapping[str, frozenset[int]]
    counts: Mapping[int, int]

    @staticmethod
    def of(parts: Iterable[tuple[str, frozenset[int]]]) -> _Stories:
        held: dict[str, frozenset[int]] = {}
        for story, hashes in parts:
            held[story] = held[story] | hashes if story in held else hashes
        return _Stories(held, Counter(chain.from_iterable(held.values())))

    def weight(self, hashes: frozenset[int], story: str, power: int) -> float:
        """The hashes counted as 1 / n^power, n being the stories but this one that have them, at least 1."""
        if len(self.held) <= 2:  # at most one other story: nothing is known to be common
            return float(len(hashes))
        own, counts = self.held[story], self.counts
        total = 0.0
        for h in hashes:
            n = counts.get(h, 0) - (h in own)
            total += 1.0 if n < 2 else 1.0 / n**power
        return total


@dataclass(frozen=True, slots=True)
class _Around:
    """The candidates' headlines and texts, story by story."""

    titles: _Stories
    texts: _Stories

    @staticmethod
    def of(others: Sequence[_Known]) -> _Around:
        return _Around(
            _Stories.of((k.lineage.story, k.sketch.title) for k in others),
            _Stories.of((k.lineage.story, k.sketch.shingles) for k in others),
        )

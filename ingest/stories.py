"""Stories by shared text lineage: what was copied is one story, what was reported twice is two. Pure.

What proves a copy is text that both have and *others have not*. A mill's template, a company's description, a
consent notice stand in many stories; so a shared shingle counts for 1 / (1 + n)^2 if n other stories among the
candidates have it too, and a headline's word for 1 / (1 + n)^2 likewise. Nothing of an outlet needs to be learnt or kept.
The figures behind the thresholds: docs/stories.md; to measure again: benchmarks/stories.py.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from core.articles import Article, Lineage, Signature
from ingest.sketches import Sketch, jaccard, signature, sketch

__all__ = ["jaccard", "join", "signature"]

COPIES = timedelta(days=7)  # news is copied within days; what is alike for longer is an outlet's own template
SAME_HOUSE = timedelta(hours=60)  # an outlet takes its own text up again within two days: an update, a repeat
SOON = timedelta(hours=24)  # a rewrite under about the same headline appears within a day
SAME_TITLE = timedelta(hours=48)  # for a headline without a text, at another outlet
# Within one source, a headline that comes back the next day is a column ("Stocks making the
# biggest moves midday"); one that comes back within hours was published again.
SAME_COLUMN = timedelta(hours=12)
RAW = 0.08  # of the shorter text; less is not looked at
PROOF = 12.0  # shingles of the sketch that no other story has
LITTLE = 5.0  # the same under about the same headline


@dataclass(frozen=True, slots=True)
class _Known:
    """A candidate: its sketch, its place, when it was first seen, and what it has in common with mine."""

    sketch: Sketch
    bare: bool
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
        _Known(sketch(theirs), not theirs.shingles, theirs.bands, lineage, seen)
        for theirs, lineage, seen in candidates
        if theirs.article != article.id and abs(article.first_seen - seen) <= COPIES
    ]
    if not others:
        return alone
    mine = _Known(sketch(signature), not signature.shingles, signature.bands, alone, article.first_seen)
    found = [(_proof(mine, theirs, others), theirs) for theirs in others if _may(mine, theirs)]
    # The best proof decides; equal ones (a copy of a copy) by the story's id, so that a rerun agrees.
    proved = [((share, _held(mine, theirs), theirs.lineage.story), theirs) for share, theirs in found if share]
    if not proved:
        return alone
    story = max(proved, key=lambda p: p[0])[1].lineage.story
    copied = max(_held(mine, theirs) for _, theirs in proved if theirs.lineage.story == story)
    return Lineage(article=article.id, story=story, copied=copied, joined=now)


def _may(mine: _Known, theirs: _Known) -> bool:
    """Whether a proof is worth looking for: nothing in the headlines speaks against it, and much is alike."""
    if _contradict(mine.sketch.tickers, theirs.sketch.tickers) or _contradict(mine.sketch.numbers, theirs.sketch.numbers):
        return False
    if mine.bare or theirs.bare:
        return True
    one, two = _comparable(mine.sketch, theirs.sketch)
    return len(one & two) >= max(LITTLE, RAW * min(len(one), len(two)))


def _contradict(one: frozenset[int], two: frozenset[int]) -> bool:
    """Both headlines name some, and most are not the same: two price targets, two companies."""
    return bool(one and two) and 2 * len(one & two) < len(one | two)


def _proof(mine: _Known, theirs: _Known, others: Sequence[_Known]) -> float:
    """How well it is proved that the two share a lineage: a share in (0, 1], or 0 for not at all."""
    apart = abs(mine.seen - theirs.seen)
    house = mine.sketch.source == theirs.sketch.source or mine.sketch.owner == theirs.sketch.owner
    if mine.bare or theirs.bare:
        return 1.0 if _same_headline(mine, theirs, apart) else 0.0
    seen = _elsewhere(others, theirs.lineage.story)
    share, weight = _shared_text(mine.sketch, theirs.sketch, seen)
    common, alike = _shared_title(mine.sketch, theirs.sketch, others, theirs.lineage.story)
    if house:
        return share if apart <= SAME_HOUSE and _taken_up(share, weight, common) else 0.0
    return share if _copied(share, weight, common, alike, apart) else 0.0


def _copied(share: float, weight: float, common: float, alike: float, apart: timedelta) -> bool:
    """At another outlet: the more the headlines have in common, the less of the text must be shared."""
    if weight >= PROOF and (share >= 0.6 or (share >= 0.45 and common >= 0.15) or (share >= 0.33 and common >= 0.35)):
        return True
    if apart > SOON:
        return False
    return (weight >= LITTLE and share >= 0.22 and alike >= 0.4) or (weight >= 10 and share >= 0.14 and alike >= 0.4)


def _taken_up(share: float, weight: float, common: float) -> bool:
    """In the same house nearly all of the shorter text, for an outlet's articles are alike anyway."""
    return weight >= PROOF and (share >= 0.8 or (share >= 0.6 and common >= 0.35))


def _same_headline(mine: _Known, theirs: _Known, apart: timedelta) -> bool:
    common = set(mine.bands) & set(theirs.bands)
    if any(key.startswith("s:") for key in common):
        return apart <= SAME_COLUMN
    return apart <= SAME_TITLE and any(key.startswith("t:") for key in common)


def _held(mine: _Known, theirs: _Known) -> float:
    if mine.bare or theirs.bare:
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
    weight = _weight(one.title & two.title, seen)
    shorter, either = min(_weight(one.title, seen), _weight(two.title, seen)), _weight(one.title | two.title, seen)
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


def _weight(hashes: frozenset[int], seen: Mapping[int, int]) -> float:
    return sum(1 / (1 + seen.get(h, 0)) ** 2 for h in hashes) if seen else float(len(hashes))

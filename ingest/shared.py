"""What two articles have in common, weighed by how many others have it too. Pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from itertools import chain

from core.articles import Signature
from ingest.sketches import Sketch, sketch

LITTLE = 5.0  # shingles of the sketch that few others have; fewer prove nothing


@dataclass(frozen=True, slots=True)
class Known:
    """An article whose text is known: its sketch, its story, and when it was first seen."""

    article: str
    sketch: Sketch
    shingles: int
    story: str
    seen: datetime


def known(signature: Signature, story: str, seen: datetime) -> Known:
    """An article as it is compared; of one that is still to join, the story is its own."""
    return Known(signature.article, sketch(signature), signature.shingles, story, seen)


class Around:
    """The candidates' headlines and texts, story by story; counted when they are asked for."""

    def __init__(self, others: Sequence[Known]) -> None:
        self._others = others

    def text(self, mine: Known, theirs: Known) -> tuple[float, float, float]:
        """The weighted share of the shorter text that both have, that weight in shingles of the sketch, and what
        share of the shingles that both have it is: 1 if no other story has any of them.
        """
        one, two = _comparable(mine.sketch, theirs.sketch)
        both = one & two
        weight = self._texts.weight(both, theirs.story, 2)
        if weight < LITTLE:
            return 0.0, weight, 0.0
        shorter = min(self._texts.weight(one, theirs.story, 2), self._texts.weight(two, theirs.story, 2))
        return weight / shorter, weight, weight / len(both)

    def headline(self, mine: Known, theirs: Known) -> tuple[float, float]:
        """The headlines' weighted words in common: as a share of the shorter, and of both together."""
        one, two = mine.sketch.title, theirs.sketch.title
        weight = self._titles.weight(one & two, theirs.story, 1)
        if not weight:
            return 0.0, 0.0
        first, second = self._titles.weight(one, theirs.story, 1), self._titles.weight(two, theirs.story, 1)
        return weight / min(first, second), weight / (first + second - weight)

    @cached_property
    def _titles(self) -> _Stories:
        return _Stories.of((k.story, k.sketch.title) for k in self._others)

    @cached_property
    def _texts(self) -> _Stories:
        return _Stories.of((k.story, k.sketch.shingles) for k in self._others)


def held(mine: Known, theirs: Known) -> float:
    """What share of my text theirs has too; all of it where only headlines are known."""
    if not (mine.shingles and theirs.shingles):
        return 1.0
    one, two = _comparable(mine.sketch, theirs.sketch)
    return len(one & two) / max(1, len(one))


def subject(mine: Known, theirs: Known) -> tuple[float, float]:
    """What share of the shorter text's headline stands in its own text, and in the other one."""
    shorter, longer = sorted((mine, theirs), key=_length)
    headline = shorter.sketch.headline
    return shorter.sketch.knows(headline), longer.sketch.knows(headline)


def _length(known: Known) -> int:
    return known.shingles


def _comparable(one: Sketch, two: Sketch) -> tuple[frozenset[int], frozenset[int]]:
    """The two samples cut to the sparser one's share."""
    limit = min(one.limit, two.limit)
    return (
        one.shingles if one.limit == limit else frozenset(h for h in one.shingles if h < limit),
        two.shingles if two.limit == limit else frozenset(h for h in two.shingles if h < limit),
    )


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

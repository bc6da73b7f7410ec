"""What the press said of a narrative on one morning after another, each as it was known then."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

import numpy as np
from numpy.typing import NDArray

from core.tags import Mention, SourceCount

Ints = NDArray[np.int64]


@dataclass(frozen=True, slots=True, kw_only=True)
class Stood:
    """A mention as it stood on the mornings numbered `first` to `until - 1`."""

    mention: Mention
    first: int
    until: int


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Counts:
    """Stories by source and day on a run of mornings, as columns of one length that are to be added up.

    `source` numbers the name in `sources`. `age` is in whole days before the *last* morning, 0 its
    last 24 hours. A row counts on the mornings numbered `first` to `until - 1`.
    """

    sources: tuple[str, ...]
    source: Ints
    age: Ints
    first: Ints
    until: Ints
    stories: Ints
    carrying: Ints

    @classmethod
    def of(cls, counts: Sequence[SourceCount], *, mornings: int = 1) -> Counts:
        """Such as were known on all of them, as soon as their day was over."""
        sources = tuple(sorted({c.source for c in counts}))
        number = {name: i for i, name in enumerate(sources)}
        rows = [(number[c.source], c.age, 0, mornings, c.stories, c.carrying) for c in counts]
        return cls.of_rows(sources, rows)

    @classmethod
    def of_rows(cls, sources: tuple[str, ...], rows: Sequence[tuple[int, ...]]) -> Counts:
        """From rows of the columns, in their order."""
        columns = np.array(rows, dtype=np.int64).reshape(-1, len(_COLUMNS)).T
        return cls(sources=sources, **dict(zip(_COLUMNS, columns, strict=True)))

    def later(self, mornings: int) -> Counts:
        """The same without the first mornings, so many."""
        there = self.until > mornings
        columns = {name: getattr(self, name)[there] for name in _COLUMNS}
        columns["first"] = np.maximum(0, columns["first"] - mornings)
        columns["until"] = columns["until"] - mornings
        return Counts(sources=self.sources, **columns)


_COLUMNS = ("source", "age", "first", "until", "stories", "carrying")


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class PressRun:
    """What was known of a narrative's press on each of these mornings, oldest first, a day apart to the second.

    `mentions` are in the order in which they were seen, those of one instant by article.
    """

    mornings: tuple[datetime, ...]
    mentions: tuple[Stood, ...]
    counts: Counts

    def last(self, mornings: int) -> PressRun:
        """The same of its last mornings, so many."""
        before = len(self.mornings) - mornings
        return PressRun(
            mornings=self.mornings[before:],
            mentions=tuple(
                Stood(mention=s.mention, first=max(0, s.first - before), until=s.until - before)
                for s in self.mentions
                if s.until > before
            ),
            counts=self.counts.later(before),
        )

    @classmethod
    def of_one(cls, mentions: Sequence[Mention], counts: Sequence[SourceCount], *, as_of: datetime) -> PressRun:
        """A run of one morning."""
        told = sorted(mentions, key=lambda m: (m.seen, m.article))
        stood = tuple(Stood(mention=m, first=0, until=1) for m in told)
        return cls(mornings=(as_of,), mentions=stood, counts=Counts.of(counts))

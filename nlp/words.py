"""Hashed words: they know no meaning and cost next to nothing, so they say which articles are worth reading."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from itertools import pairwise
from typing import Any

import numpy as np
from murmurhash.mrmr import hash as murmur
from numpy.typing import NDArray

BUCKETS = 2**14  # of words and word pairs, once for headlines and once for texts; twice as many scored the same
WIDTH = 2 * BUCKETS
SIGNS = 5  # values of `signs`
WORD = re.compile(r"\b\w\w+\b")


class Words:
    """Turns headlines and texts into sparse rows of WIDTH values, each half of length 1 (or 0 where it is empty).

    A word or pair of words falls into the bucket of its hash, whose sign says whether it adds or subtracts (Weinberger and
    others 2009); buckets and signs are those of scikit-learn's HashingVectorizer, which takes a second to import.
    """

    def rows(self, titles: Sequence[str], texts: Sequence[str]) -> Any:
        """A sparse matrix, one row an article: its headline, then the sentences that speak of the narrative."""
        from scipy.sparse import hstack

        return hstack([self.half(titles), self.half(texts)], format="csr")

    def half(self, texts: Sequence[str]) -> Any:
        """Rows of BUCKETS values; repeated words count by their logarithm."""
        from scipy.sparse import csr_matrix

        counts = [_counts(text) for text in texts]
        ends = np.cumsum([0, *map(len, counts)])
        buckets = np.array([bucket for row in counts for bucket in row], dtype=np.int32)
        values = np.array([count for row in counts for count in row.values()], dtype=np.float64)
        values = np.sign(values) * np.log1p(np.abs(values))
        rows = csr_matrix((values, buckets, ends), shape=(len(texts), BUCKETS))
        lengths = np.sqrt(rows.multiply(rows).sum(axis=1).A1)
        rows.data /= np.repeat(np.where(lengths > 0, lengths, 1), np.diff(ends))
        return rows


def _counts(text: str) -> dict[int, int]:
    """The buckets of a text's words and pairs in ascending order, with the sum of their signs."""
    words = WORD.findall(text.lower())
    found: dict[int, int] = {}
    for term, count in Counter([*words, *map(" ".join, pairwise(words))]).items():
        number = murmur(term)
        bucket = abs(number) % BUCKETS
        found[bucket] = found.get(bucket, 0) + (count if number >= 0 else -count)
    return dict(sorted(found.items()))


def logits(rows: Any, weights: NDArray[np.float64]) -> NDArray[np.float64]:
    """What `weights` (WIDTH and an intercept) say of rows."""
    return np.asarray(rows @ weights[:-1] + weights[-1])


def signs(logit: float, hits: Sequence[tuple[int, int]], *, title: int, sentences: int, speaking: int) -> list[float]:
    """What the screen rests on (SIGNS,): the logit by words, log of one plus the number of phrases, whether one stands
    in the headline (of `title` characters), log of one plus the number of sentences, the share of them with a phrase."""
    return [
        logit,
        float(np.log1p(len(hits))),
        float(any(start < title for start, _ in hits)),
        float(np.log1p(sentences)),
        speaking / sentences,
    ]

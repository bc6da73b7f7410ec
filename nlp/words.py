"""Hashed words: they know no meaning and cost next to nothing, so they say which articles are worth reading."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

BUCKETS = 2**14  # of words and word pairs, once for headlines and once for texts; twice as many scored the same
WIDTH = 2 * BUCKETS
SIGNS = 5  # values of `signs`


class Words:
    """Turns headlines and texts into sparse rows of WIDTH values, each half of length 1 (or 0 where it is empty)."""

    def __init__(self) -> None:
        from sklearn.feature_extraction.text import HashingVectorizer

        self._vectorizer: Any = HashingVectorizer(n_features=BUCKETS, ngram_range=(1, 2), norm=None)

    def rows(self, titles: Sequence[str], texts: Sequence[str]) -> Any:
        """A sparse matrix, one row an article: its headline, then the sentences that speak of the narrative."""
        from scipy.sparse import hstack

        return hstack([self.half(titles), self.half(texts)], format="csr")

    def half(self, texts: Sequence[str]) -> Any:
        """Rows of BUCKETS values; repeated words count by their logarithm."""
        from sklearn.preprocessing import normalize

        counts = self._vectorizer.transform(texts)
        counts.data = np.sign(counts.data) * np.log1p(np.abs(counts.data))
        return normalize(counts, copy=False)


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

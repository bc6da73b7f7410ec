"""The seam behind which sentences become vectors."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import cache
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from nlp.encoder import LONGEST, Encoder

Vectors = NDArray[np.float32]

HASHED = 4096  # buckets of the fallback; twice as many moved its cross-validated score by less than 0.01


class Embedder(Protocol):
    """What turns sentences into vectors. `name` changes whenever the vectors would."""

    @property
    def name(self) -> str:
        """A short stable name with the version of the weights."""

    @property
    def plain(self) -> int:
        """How many of a row's values, the first ones, no labels taught."""

    def encode(self, sentences: Sequence[str]) -> Vectors:
        """One row of length 1 a sentence, in the order given; the same sentence gives the same row in any company."""


class HashedWords:
    """Words, word pairs and character triples to quintuples, hashed: no meaning, but it runs anywhere."""

    name = "hashed-words-1"
    plain = HASHED

    def __init__(self) -> None:
        from sklearn.feature_extraction.text import HashingVectorizer

        half = HASHED // 2
        self._words: Any = HashingVectorizer(n_features=half, ngram_range=(1, 2), norm="l2")
        self._characters: Any = HashingVectorizer(n_features=half, analyzer="char_wb", ngram_range=(3, 5), norm="l2")

    def encode(self, sentences: Sequence[str]) -> Vectors:
        """See `Embedder`."""
        if not sentences:
            return np.zeros((0, HASHED), dtype=np.float32)
        cut = [s[:LONGEST] for s in sentences]
        both = np.hstack([v.transform(cut).toarray() for v in (self._words, self._characters)])
        return np.asarray(both / np.maximum(np.linalg.norm(both, axis=1, keepdims=True), 1e-9), dtype=np.float32)


PREFERRED: tuple[Callable[[], Embedder], ...] = (Encoder, HashedWords)


@cache
def load_embedder(preferred: tuple[Callable[[], Embedder], ...] = PREFERRED) -> tuple[Embedder, str]:
    """The first of `preferred` that loads, and a warning in words ("" when it was the first); loaded once a process."""
    troubles: list[str] = []
    for make in preferred:
        try:
            embedder = make()
        except (ImportError, OSError, RuntimeError) as error:
            troubles.append(f"{getattr(make, '__name__', 'embedder')} did not load ({error})")
            continue
        return embedder, f"{'; '.join(troubles)}; tagging with {embedder.name}" if troubles else ""
    raise RuntimeError("; ".join(troubles))

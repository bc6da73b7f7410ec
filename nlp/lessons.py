"""Fitting `nlp.taught` on real articles that somebody read: which sentences carry a narrative, and which words."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from core.contracts import Contract
from core.tags import STANCES
from nlp.embedding import Vectors
from nlp.passages import Passage

Values = NDArray[np.float64]

SPREAD = 8.0  # vectors of this embedder family lie close together; their differences times this are of order one
C_CARRIES = 10.0
C_WORDS = 10.0
OVERLAP = 0.5  # of the shorter of sentence and quotation; more than this, and the sentence says what is quoted


@dataclass(frozen=True, slots=True, kw_only=True)
class Lesson:
    """One article and narrative as a reader saw it: `said` maps sentences that were quoted to their stance.

    `sentences` are those that may teach; only a headline that stands alone teaches a tag without a quotation.
    """

    tag: bool
    sentences: tuple[Passage, ...]
    said: Mapping[int, str]
    only_headline: bool


def quoted(held: Iterable[Passage], spans: Iterable[tuple[int, int, str]]) -> dict[int, str]:
    """Sentences (by index) that the spans (start, end, stance) quote."""
    out: dict[int, str] = {}
    found = tuple(spans)
    for passage in held:
        for start, end, says in found:
            common = min(end, passage.end) - max(start, passage.start)
            if common > 0 and common >= OVERLAP * min(end - start, passage.end - passage.start):
                out[passage.index] = says
    return out


def sentence_weights(
    contract: Contract, lessons: Sequence[Lesson], vectors: Mapping[str, Any], *, length: int
) -> Values:
    """`Taught.sentence` (1, d + 1) from the contract's examples and the lessons; `vectors` by text cut to `length`.

    Sentences of an article that carries the narrative teach only if they are quoted: a reader quotes three at most.
    An article's other sentences share its weight by their root, so that long articles do not drown short ones.
    """
    from sklearn.linear_model import LogisticRegression

    x: list[Any] = []
    held: list[tuple[int, float]] = []
    for lesson in lessons:
        for passage in lesson.sentences:
            vector, says = vectors[passage.text[:length]], lesson.said.get(passage.index)
            if lesson.tag and (says is not None or lesson.only_headline):
                x.append(vector)
                held.append((1, 1.0))
            elif not lesson.tag:
                x.append(vector)
                held.append((0, len(lesson.sentences) ** -0.5))
    for stance in STANCES:
        for sentence in getattr(contract.examples, stance):
            x.append(vectors[sentence[:length]])
            held.append((1, 1.0))
    for sentence in contract.examples.unrelated:
        x.append(vectors[sentence[:length]])
        held.append((0, 1.0))

    stacked, y, weights = np.array(x, dtype=np.float64), np.array([h[0] for h in held]), np.array([h[1] for h in held])
    weights[y == 1] *= weights[y == 0].sum() / weights[y == 1].sum() / 2  # one sentence in three carries it
    centre = stacked.mean(axis=0)
    carries = LogisticRegression(C=C_CARRIES, max_iter=500)
    carries.fit((stacked - centre) * SPREAD, y, sample_weight=weights)
    slopes = carries.coef_ * SPREAD
    offsets = carries.intercept_ - slopes @ centre
    return np.hstack([slopes, offsets[:, None]])


def word_weights(rows: Any, tags: Sequence[bool]) -> Values:
    """`Taught.words` (WIDTH + 1), not yet calibrated, from rows of `nlp.words`."""
    from sklearn.linear_model import LogisticRegression

    model = LogisticRegression(C=C_WORDS, max_iter=500, class_weight="balanced").fit(rows, np.array(tags, dtype=int))
    return np.append(model.coef_[0], model.intercept_[0])


def calibration(unseen: Values, tags: Sequence[bool]) -> tuple[float, float]:
    """Slope and offset that calibrate the logits of articles not learnt from."""
    from sklearn.linear_model import LogisticRegression

    platt = LogisticRegression(C=1e6).fit(unseen[:, None], np.array(tags, dtype=int))
    return float(platt.coef_[0, 0]), float(platt.intercept_[0])


def calibrated(weights: Values, slope: float, offset: float) -> Values:
    """The same weights with their logits times `slope` plus `offset`."""
    scaled = weights * slope
    scaled[-1] += offset
    return np.asarray(scaled)


def vectors_of(texts: Iterable[str], encode: Any, known: dict[str, Any], *, length: int) -> dict[str, Any]:
    """`known` with the vectors of all texts (cut to `length`) that it lacked."""
    lacking = sorted({t[:length] for t in texts} - known.keys(), key=lambda t: (len(t), t))
    for at in range(0, len(lacking), 256):
        part = lacking[at : at + 256]
        rows: Vectors = encode(part)
        known.update(zip(part, rows, strict=True))
    return known

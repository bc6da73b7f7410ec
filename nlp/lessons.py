"""Fitting `nlp.taught` on real articles that somebody read: which sentences carry a narrative, and which words."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from core.tags import STANCES
from nlp.embedding import Vectors
from nlp.passages import Passage

Values = NDArray[np.float64]

SPREAD = 8.0  # vectors of this embedder family lie close together; their differences times this are of order one
C_CARRIES = 10.0
C_WORDS = 10.0
C_STANCE = 0.1
RIDGE = 3.0  # of `bag_weights`; 1 and 10 scored within .005
EXAMPLE = 0.5  # weight of an example beside an article's of 1, in `bag_weights`
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


@dataclass(frozen=True, slots=True, kw_only=True)
class Bag:
    """The vectors of an article's sentences (k, d), those of its sentences that were quoted, and its tag."""

    vectors: Any
    quoted: tuple[Any, ...]
    tag: bool


Example = tuple[Any, str]  # the vector of a sentence that was written as an example, and one of STANCES or "unrelated"


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
    examples: Sequence[Example], lessons: Sequence[Lesson], vectors: Mapping[str, Any], *, length: int
) -> Values:
    """`Taught.sentence` (1, d + 1) from examples and lessons; `vectors` of the latter by text cut to `length`.

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
    for vector, says in examples:
        x.append(vector)
        held.append((int(says in STANCES), 1.0))

    stacked, y, weights = np.array(x, dtype=np.float64), np.array([h[0] for h in held]), np.array([h[1] for h in held])
    weights[y == 1] *= weights[y == 0].sum() / weights[y == 1].sum() / 2  # one sentence in three carries it
    centre = stacked.mean(axis=0)
    carries = LogisticRegression(C=C_CARRIES, max_iter=500)
    carries.fit((stacked - centre) * SPREAD, y, sample_weight=weights)
    slopes = carries.coef_ * SPREAD
    offsets = carries.intercept_ - slopes @ centre
    return np.hstack([slopes, offsets[:, None]])


def bag_weights(examples: Sequence[Example], bags: Sequence[Bag]) -> Values:
    """Weights (1, d + 1) under which the articles' labels are likeliest, an article being as likely as its sentences
    together: the log of the sum of their odds. Sentences that were quoted and the examples are articles of
    one sentence. With the weights of `sentence_weights` alone the average precision of the tag was .01 to .02 lower.
    """
    from scipy.optimize import minimize

    held: list[tuple[Any, float, float]] = [(bag.vectors, float(bag.tag), 1.0) for bag in bags]
    held += [(vector[None], 1.0, 1.0) for bag in bags for vector in bag.quoted]
    held += [(vector[None], float(says in STANCES), EXAMPLE) for vector, says in examples]
    centre = np.concatenate([bag.vectors for bag in bags]).mean(axis=0, dtype=np.float64)
    x = np.concatenate([h[0] for h in held]).astype(np.float32)
    x -= centre.astype(np.float32)
    x *= SPREAD
    y, weights = np.array([h[1] for h in held]), np.array([h[2] for h in held])
    sizes = np.array([len(h[0]) for h in held])
    starts, of = np.concatenate([[0], np.cumsum(sizes)[:-1]]), np.repeat(np.arange(len(held)), sizes)

    def cost(w: Values) -> tuple[float, Values]:
        s = x @ w[:-1].astype(np.float32) + w[-1]
        top = np.maximum.reduceat(s, starts)
        odds = np.exp(s - top[of])
        total = np.add.reduceat(odds, starts)
        logit = top + np.log(total)
        p = 1 / (1 + np.exp(-logit))
        missed = -(weights * (y * np.log(p + 1e-12) + (1 - y) * np.log(1 - p + 1e-12))).sum()
        pull = (weights * (p - y))[of] * odds / total[of]
        slope = x.T @ pull.astype(np.float32) + RIDGE * w[:-1]
        return float(missed + RIDGE / 2 * w[:-1] @ w[:-1]), np.append(slope, pull.sum()).astype(np.float64)

    start = np.append(np.zeros(x.shape[1]), -3.0)  # one sentence in twenty
    found = minimize(cost, start, jac=True, method="L-BFGS-B", options={"maxiter": 200}).x
    slopes = found[:-1] * SPREAD
    return np.append(slopes, found[-1] - slopes @ centre)[None]


def stance_weights(told: Sequence[tuple[Any, str]], examples: Sequence[Example]) -> Values:
    """`Taught.stance` (3, 2 d + 1) from articles (`nlp.heads.both`, stance) and examples."""
    from sklearn.linear_model import LogisticRegression

    held = [(x, STANCES.index(stance), 1.0) for x, stance in told]
    held += [(np.tile(vector, 2), STANCES.index(says), 1.0) for vector, says in examples if says in STANCES]
    x, y, weights = np.array([h[0] for h in held]), np.array([h[1] for h in held]), np.array([h[2] for h in held])
    weights /= np.sqrt([weights[y == k].sum() for k in range(len(STANCES))])[y]  # rare ones count by their root
    centre = x.mean(axis=0)
    model = LogisticRegression(C=C_STANCE, max_iter=500)
    model.fit((x - centre) * SPREAD, y, sample_weight=weights / weights.mean())
    slopes = model.coef_ * SPREAD
    return np.hstack([slopes, (model.intercept_ - slopes @ centre)[:, None]])


def word_weights(rows: Any, tags: Sequence[bool]) -> Values:
    """`Taught.words` (WIDTH + 1), not yet calibrated, from rows of `nlp.words`."""
    from sklearn.linear_model import LogisticRegression

    model = LogisticRegression(C=C_WORDS, max_iter=500, class_weight="balanced").fit(rows, np.array(tags, dtype=int))
    return np.append(model.coef_[0], model.intercept_[0])


def screen_weights(signs: Values, tags: Values) -> Values:
    """`Taught.screen` from rows of `nlp.words.signs` of articles with a text."""
    from sklearn.linear_model import LogisticRegression

    centre, spread = signs.mean(axis=0), np.maximum(signs.std(axis=0), 1e-9)
    model = LogisticRegression(C=1.0, max_iter=500).fit((signs - centre) / spread, np.asarray(tags, dtype=int))
    slopes = model.coef_[0] / spread
    return np.append(slopes, model.intercept_[0] - slopes @ centre)


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

"""Fitting the weights of `nlp.aggregation` on labelled articles, and measuring them on articles they have not seen."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from core.tags import STANCES, Stance
from nlp.aggregation import Aggregator
from nlp.heads import Values

FOLDS = 10
SEED = 0
RARE = 0.3  # power of a stance's rarity by which its articles weigh more; by cross-validation from {.3, .5, .7}
C_CARRIES = 1.0
C_STANCE = 0.1

# Each article is learnt from a second time with promoting and disputing exchanged, so that the weights are symmetric:
# left to itself the fit took from the few articles that disputing is the likelier of the two, whatever was said.
MIRROR = [1, 0, 3, 2, 5, 4, 6, 8, 7, 10, 9]  # of `stance_features`
OPPOSITE = [1, 0, 2]  # of STANCES


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Row:
    """One article and narrative: what its sentences gave by step (none: the gate was shut) and what a reader said."""

    article: str
    narrative: str
    features: Mapping[str, Values]
    stance_features: Values | None
    tag: bool
    stance: Stance | None
    weight: float = 1.0


def fit_aggregator(held: Sequence[Row], *, threshold: float, headline: float) -> Aggregator:
    """Logistic regressions on standardised features, the standardisation folded into the weights; one a step."""
    said = [r for r in held if r.stance is not None and r.stance_features is not None]
    mass = {s: sum(r.weight for r in said if r.stance == s) for s in STANCES}
    leaning = (mass["promotes"] + mass["disputes"]) / 2
    mass |= {"promotes": leaning, "disputes": leaning}
    carries = {}
    for step in sorted({step for r in held for step in r.features}):
        at = [(r.features[step], int(r.tag), r.weight) for r in held if step in r.features]
        carries[step] = _tuple(_logistic(at, C_CARRIES)[0])
    told = [(r.stance_features, STANCES.index(r.stance), r.weight / mass[r.stance] ** RARE) for r in said if r.stance]
    told += [(x[MIRROR], OPPOSITE[k], weight) for x, k, weight in told if x is not None]
    stance = _logistic(told, C_STANCE)
    return Aggregator(
        carries=carries, stance=tuple(_tuple(row) for row in stance), threshold=threshold, headline=headline
    )


def unseen(held: Sequence[Row]) -> Mapping[tuple[str, str], tuple[Mapping[str, float], Stance | None]]:
    """Probabilities by step and the likeliest stance of each (article, narrative), by weights fitted without that article."""
    articles = sorted({r.article for r in held})
    order = np.random.default_rng(SEED).permutation(len(articles))
    fold = {articles[int(i)]: k % FOLDS for k, i in enumerate(order)}
    out: dict[tuple[str, str], tuple[Mapping[str, float], Stance | None]] = {}
    for k in range(FOLDS):
        fitted = fit_aggregator([r for r in held if fold[r.article] != k], threshold=0.5, headline=0.5)
        for r in held:
            if fold[r.article] != k:
                continue
            likeliest = None
            if r.stance_features is not None:
                likeliest = STANCES[int(np.argmax(fitted.stances(r.stance_features)))]
            out[r.article, r.narrative] = ({s: fitted.probability(x, s) for s, x in r.features.items()}, likeliest)
    return out


def _logistic(taught: Sequence[tuple[Any, int, float]], strength: float) -> Values:
    """One row of weights and intercept (two classes) or one a class, for features as they come."""
    from sklearn.linear_model import LogisticRegression

    x, y, weights = np.array([t[0] for t in taught]), np.array([t[1] for t in taught]), np.array([t[2] for t in taught])
    centre, spread = x.mean(axis=0), np.maximum(x.std(axis=0), 1e-9)
    model = LogisticRegression(C=strength, max_iter=1000)
    model.fit((x - centre) / spread, y, sample_weight=weights / weights.mean())
    scaled = model.coef_ / spread
    return np.hstack([scaled, (model.intercept_ - scaled @ centre)[:, None]])


def _tuple(values: Values) -> tuple[float, ...]:
    return tuple(round(float(v), 4) for v in values)

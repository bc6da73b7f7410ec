"""Fit the decision whether two texts of two outlets share a lineage (ingest/lineage.json).

    python -m benchmarks.stories_fit      # needs COUNTERWIRE_REAL; about two minutes

A logistic regression over eight measures (`ingest.lineage.MEASURES`) of the labelled pairs that are weighed, all but
those drawn last. Folds leave out whole groups, within which an article or a story connects the pairs. The threshold is
the lowest from which on `PRECISION` of the pairs left out share a lineage. What is measured of a pair depends on the
stories told so far, and they on the decision: run it until the file stands still (it took three times).
"""

from __future__ import annotations

import json
import os
import sys
import zlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import StratifiedGroupKFold
from sklearn.pipeline import Pipeline, make_pipeline
from sklearn.preprocessing import StandardScaler

from benchmarks.stories import FRESH, PAIRS, ROOT, WEIGHED, Pair, corpus, joined, pairs
from core.articles import Article
from ingest.lineage import FILE, MEASURES, Decision, between
from ingest.shared import Around
from ingest.stories import recent, worth

TAUGHT = (PAIRS, FRESH, WEIGHED)
FOLDS, DRAWS, STRENGTH = 10, 4, 1.0
PRECISION = 0.95

Numbers = NDArray[np.float64]


@dataclass(frozen=True, slots=True, kw_only=True)
class Lesson:
    """The pairs that are weighed: what was measured, whether they share a lineage, which group each is in."""

    measures: Numbers
    same: NDArray[np.bool_]
    groups: NDArray[np.int64]


def lesson(articles: Sequence[Article], labelled: Sequence[Pair]) -> Lesson:
    """What is weighed of the labelled pairs of two outlets, with the stories that the shipped decision tells."""
    guids = {article.id: article.guid for article in articles}
    labels = {frozenset(p[:2]): p[3] for p in labelled if p[3] != "unclear"}
    asked = {guid for pair in labels for guid in pair}
    rows: dict[frozenset[str], tuple[float, ...]] = {}
    stories: dict[str, str] = {}
    for article, mine, candidates, lineage in joined(articles):
        stories[article.guid] = lineage.story
        if article.guid not in asked or not mine.shingles:
            continue
        others = recent(mine, candidates)
        around = Around(others)
        for theirs in worth(mine, others):
            pair = frozenset((article.guid, guids[theirs.article]))
            if pair not in labels or not theirs.shingles or mine.sketch.source == theirs.sketch.source:
                continue
            if (shared := between(mine, theirs, around)) is not None:
                rows[pair] = shared.measures()
    known = sorted(rows, key=sorted)
    return Lesson(
        measures=np.array([rows[p] for p in known]),
        same=np.array([labels[p] == "same" for p in known]),
        groups=_groups(known, list(labels), stories),
    )


def _groups(
    known: Sequence[frozenset[str]], labelled: Sequence[frozenset[str]], stories: Mapping[str, str]
) -> NDArray[np.int64]:
    """A number for each pair; pairs that an article or a story connects have the same one."""
    roots: dict[str, str] = {}

    def root(name: str) -> str:
        while (above := roots.setdefault(name, name)) != name:
            name = above
        return name

    for pair in labelled:
        first, *others = (*sorted(pair), *(f"story {stories[guid]}" for guid in sorted(pair)))
        for other in others:
            roots[root(other)] = root(first)
    names = [root(min(pair)) for pair in known]
    numbers = {name: n for n, name in enumerate(sorted(set(names)))}
    return np.array([numbers[name] for name in names])


def left_out(taught: Lesson) -> Numbers:
    """The log odds of each pair by models of the other folds: the mean of `DRAWS` draws of folds."""
    odds = np.zeros(len(taught.same))
    for draw in range(DRAWS):
        folds = StratifiedGroupKFold(FOLDS, shuffle=True, random_state=draw)
        for others, some in folds.split(taught.measures, taught.same, taught.groups):
            model = _model().fit(taught.measures[others], taught.same[others])
            odds[some] += model.decision_function(taught.measures[some]) / DRAWS
    return odds


def threshold(odds: Numbers, same: NDArray[np.bool_]) -> float:
    """The lowest log odds from which on `PRECISION` of the pairs share a lineage."""
    order = np.argsort(-odds, kind="stable")
    right = np.cumsum(same[order]) / np.arange(1, len(order) + 1)
    good = np.flatnonzero(right >= PRECISION)
    return float(odds[order[good[-1]]]) if len(good) else float(odds.max() + 1)


def fitted(taught: Lesson, least: float) -> Decision:
    """The decision from these pairs that asks for log odds of `least`."""
    model = _model().fit(taught.measures, taught.same)
    scaler, regression = model[0], model[1]
    weights = regression.coef_[0] / scaler.scale_
    constant = regression.intercept_[0] - weights @ scaler.mean_ - least
    return Decision(weights=tuple(round(float(w), 4) for w in weights), constant=round(float(constant), 4))


def card(taught: Lesson, odds: Numbers, least: float) -> dict[str, Any]:
    """What the decision was fitted on, and what its like say of the pairs left out."""
    said = odds >= least
    right = int((said & taught.same).sum())
    return {
        "data": f"{zlib.crc32(b''.join(file.read_bytes() for file in TAUGHT)):08x}",
        "pairs_weighed": len(taught.same),
        "of_one_lineage": int(taught.same.sum()),
        "fitted_by": "python -m benchmarks.stories_fit",
        "model": f"logistic regression, L2, C = {STRENGTH:g}, on measures of unit variance",
        "threshold": f"precision {PRECISION} on pairs left out, {FOLDS} folds by article and story, {DRAWS} draws",
        "left_out": {
            "precision": round(right / int(said.sum()), 3),
            "recall": round(right / int(taught.same.sum()), 3),
        },
    }


def _model() -> Pipeline:
    return make_pipeline(StandardScaler(), LogisticRegression(C=STRENGTH, max_iter=1000))


def main() -> None:
    """Fit, and write the file that `ingest.lineage` reads."""
    real = Path(os.environ.get("COUNTERWIRE_REAL", str(ROOT.parent / "shared")))
    if not (real / "data").is_dir():
        sys.exit(f"no real data at {real} (set COUNTERWIRE_REAL)")
    taught = lesson(corpus(real), [p for file in TAUGHT for p in pairs(file)])
    odds = left_out(taught)
    least = threshold(odds, taught.same)
    decision = fitted(taught, least)
    told = {
        "card": card(taught, odds, least),
        "weights": dict(zip(MEASURES, decision.weights, strict=True)),
        "constant": decision.constant,
    }
    FILE.write_text(json.dumps(told, indent=1) + "\n", encoding="utf-8")
    print(FILE.read_text(encoding="utf-8"))


if __name__ == "__main__":
    main()

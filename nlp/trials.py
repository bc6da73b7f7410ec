"""A contract's examples put to the test: which of them are misread by a model that learnt from the others."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from core.contracts import Contract
from core.tags import STANCES
from nlp.background import BACKGROUND
from nlp.embedding import Embedder, load_embedder
from nlp.heads import FOLDS, GAMMA, SEED, C


@dataclass(frozen=True, slots=True, kw_only=True)
class Misread:
    """An example of class `kind` that reads like one of class `read_as`."""

    sentence: str
    kind: str
    read_as: str


def misread(contract: Contract, embedder: Embedder | None = None) -> tuple[Misread, ...]:
    """The examples that cross-validation misreads, in their order: as the heads of `nlp.heads` are fitted, in FOLDS parts.

    First whether a sentence carries the narrative at all, then, for one that does, what it says of it.
    """
    kinds = (*STANCES, "unrelated")
    held = [(sentence, kind) for kind in kinds for sentence in getattr(contract.examples, kind)]
    vectors = (embedder or load_embedder()[0]).encode([*(s for s, _ in held), *BACKGROUND]).astype(np.float64)
    x = vectors - vectors.mean(axis=0)
    x /= np.maximum(np.linalg.norm(x, axis=1, keepdims=True), 1e-9)
    carries = np.array([kind != "unrelated" for _, kind in held] + [False] * len(BACKGROUND))
    found = _margins(x, carries)[: len(held)] > 0
    told = [k for k, (_, kind) in enumerate(held) if kind != "unrelated"]
    said = np.stack([_margins(x[told], np.array([held[k][1] == s for k in told])) for s in STANCES])
    stance = dict(zip(told, said.argmax(axis=0), strict=True))
    read = [(STANCES[stance[k]] if k in stance else "a carrier") if found[k] else "unrelated" for k in range(len(held))]
    return tuple(
        Misread(sentence=sentence, kind=kind, read_as=given)
        for (sentence, kind), given in zip(held, read, strict=True)
        if kind != given
    )


def _margins(x: Any, is_it: Sequence[bool] | Any) -> Any:
    from sklearn.model_selection import StratifiedKFold, cross_val_predict
    from sklearn.svm import SVC

    folds = StratifiedKFold(FOLDS, shuffle=True, random_state=SEED)
    machine = SVC(C=C, gamma=GAMMA, class_weight="balanced")
    return cross_val_predict(machine, x, np.asarray(is_it, dtype=int), cv=folds, method="decision_function")

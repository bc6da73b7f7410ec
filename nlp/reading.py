"""The component that embeds an article's sentences, a few first, more only while the tag is open."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import islice
from typing import TYPE_CHECKING, Any

import numpy as np

from nlp.aggregation import Aggregator, features
from nlp.embedding import Embedder
from nlp.encoder import LONGEST
from nlp.heads import Heads
from nlp.passages import HEADLINE, STEPS, Scores, speaking

if TYPE_CHECKING:
    from spacy.tokens import Doc

BATCH = 64  # documents whose sentences are embedded together

# An article under UNLIKELY at one step is not read further, nor is one over LIKELY that has enough for a stance.
# By cross-validation 4.3 sentences an article do as well as twelve.
UNLIKELY = 0.08
LIKELY = 0.9
ENOUGH = STEPS[1]


class SentenceScores:
    """Sets `doc._.scores`: per narrative that passed gate and screen the sentences that were read, with their scores."""

    def __init__(self, heads: Mapping[str, Heads], aggregators: Mapping[str, Aggregator], embedder: Embedder) -> None:
        self._heads, self._aggregators, self._embedder = heads, aggregators, embedder

    def __call__(self, doc: Doc) -> Doc:
        """One document."""
        self._read([doc])
        return doc

    def pipe(self, stream: Iterable[Doc], batch_size: int = BATCH) -> Iterator[Doc]:
        """Many, their sentences embedded together, those of like length side by side."""
        for docs in batched(stream, batch_size):
            self._read(docs)
            yield from docs

    def _read(self, docs: Sequence[Doc]) -> None:
        open_ = []
        for doc in docs:
            doc._.scores = {}
            open_ += [(doc, narrative) for narrative in doc._.considered]
        known: dict[str, Any] = {}
        for limit in STEPS:
            texts = {
                doc._.passages[i].text[:LONGEST]
                for doc, narrative in open_
                for i in doc._.considered[narrative][:limit]
            }
            lacking = sorted(texts - known.keys(), key=lambda text: (len(text), text))
            known.update(zip(lacking, self._embedder.encode(lacking), strict=True))
            for doc, narrative in open_:
                doc._.scores[narrative] = scored(doc, narrative, limit, self._heads[narrative], known)
            open_ = [(doc, narrative) for doc, narrative in open_ if self._goes_on(doc, narrative, limit)]

    def _goes_on(self, doc: Doc, narrative: str, limit: int) -> bool:
        if len(doc._.considered[narrative]) <= limit:
            return False
        scores = doc._.scores[narrative]
        probability = self._aggregators[narrative].probability(features(scores, doc._.article), scores.step)
        return probability >= UNLIKELY and (probability <= LIKELY or limit < ENOUGH)


def scored(doc: Doc, narrative: str, limit: int, heads: Heads, vectors: Mapping[str, Any]) -> Scores:
    """The first `limit` sentences that a narrative considers, scored; `vectors` by text cut to LONGEST."""
    held = tuple(doc._.passages[i] for i in sorted(doc._.considered[narrative][:limit]))
    stacked = np.stack([vectors[p.text[:LONGEST]] for p in held])
    logits, stances = heads.score(stacked)
    claims, near = heads.nearest_claims(stacked)
    hits = doc._.hits[narrative]
    return Scores(
        passages=held,
        hits=hits,
        logits=logits,
        stances=stances,
        claims=claims,
        near=near,
        examples=heads.nearest_examples(stacked),
        step=HEADLINE if not doc._.article.text.strip() else str(limit),
        sentences=len(doc._.passages),
        speaking=len(speaking(doc._.passages, hits)),
        words=doc._.words.get(narrative, 0.0),
        lean=heads.leaning(stacked, logits),
    )


def batched(stream: Iterable[Doc], size: int) -> Iterator[list[Doc]]:
    """Lists of `size` documents, the last one shorter."""
    held = iter(stream)
    while docs := list(islice(held, size)):
        yield docs

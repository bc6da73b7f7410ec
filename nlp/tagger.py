"""Articles in, tags out: the door of this room."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from core.articles import Article
from core.contracts import Contract
from core.errors import FormatError
from core.tags import TaggedArticle
from nlp import heads
from nlp.aggregators import aggregator
from nlp.embedding import Embedder, load_embedder
from nlp.heads import Heads, from_bytes, to_bytes


def model_id(contract: Contract, embedder: Embedder | None = None) -> str:
    """The id of the model that `fit` would give, for asking a store whether it is there; fits nothing."""
    return heads.model_id(contract, (embedder or load_embedder()[0]).name)


def fit(contract: Contract, embedder: Embedder | None = None) -> bytes:
    """A model of one narrative from its contract's examples, as bytes without pickle; the same contract, the same bytes."""
    return to_bytes(heads.fit(contract, embedder or load_embedder()[0]))


def card(model: bytes) -> dict[str, Any]:
    """What a model was fitted on and how it scored; raises FormatError for anything that is no model."""
    held = from_bytes(model)
    return {"id": held.model, "narrative": held.narrative, **held.card}


def load(contracts: Sequence[Contract], fitted: Mapping[str, bytes], embedder: Embedder | None = None) -> Tagger:
    """A tagger for these contracts; `fitted` has one model a contract, by narrative id.

    Without `embedder` the preferred one that loads is taken. Raises FormatError for a model that is none, is missing,
    or belongs to another contract, embedder or version.
    """
    chosen, warning = (embedder, "") if embedder else load_embedder()
    models: dict[str, Heads] = {}
    for contract in contracts:
        wanted = heads.model_id(contract, chosen.name)
        if contract.id not in fitted:
            raise FormatError("no model is given", url=wanted)
        models[contract.id] = from_bytes(fitted[contract.id], name=wanted)
        if models[contract.id].model != wanted:
            raise FormatError(f"this is {models[contract.id].model}", url=wanted)
    return Tagger(contracts, models, chosen, warning)


class Tagger:
    """Tags articles for every contract. `model` names embedder and content; `warning` is for the reader, "" if none."""

    def __init__(
        self, contracts: Sequence[Contract], models: Mapping[str, Heads], embedder: Embedder, warning: str
    ) -> None:
        from nlp.entities import patterns
        from nlp.language import build

        self._language = build(contracts, models, embedder)
        weights = [repr(aggregator(embedder.name, taught=kind)) for kind in (False, True)]
        told = "\n".join([*(models[c.id].model for c in contracts), *weights, repr(patterns())])
        self.model = f"{embedder.name}:{hashlib.sha256(told.encode()).hexdigest()[:12]}"
        self.embedder = embedder.name
        self.warning = warning

    def tag(self, articles: Iterable[Article]) -> Iterator[TaggedArticle]:
        """One TaggedArticle an article, in order, with a tag for each contract; the same article, the same tags."""
        from nlp.language import document
        from nlp.reading import BATCH

        for doc in self._language.pipe((document(self._language, article) for article in articles), batch_size=BATCH):
            article: Article = doc._.article
            yield TaggedArticle(
                article=article.id, version=article.version, model=self.model, tags=doc._.tags, skipped=doc._.skipped
            )

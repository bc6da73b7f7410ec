"""The spaCy pipeline: sentences, gate, candidates, sentence scores, article tag. One pass over documents is the stage.

Extension attributes of a `Doc`: `article` (core.articles.Article, set by `document`), `skipped` (why it is not
read, "" if it is), `passages` (offsets of its sentences), `hits` and `scores` (by narrative), `tags`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from spacy.lang.en import English
from spacy.matcher import PhraseMatcher
from spacy.tokens import Doc

from core.articles import COUNTED, Article
from core.contracts import Contract
from nlp.aggregation import article_tag
from nlp.aggregators import aggregator
from nlp.embedding import Embedder
from nlp.heads import Heads
from nlp.passages import Hits, Passage, Scores, considered, foreign, passages

if TYPE_CHECKING:
    from spacy.language import Language

MAX_CHARACTERS = 20_000  # of an article; what follows 3,000 words is comments and other headlines
ATTRIBUTES = ("article", "skipped", "passages", "hits", "scores", "tags")


class PressLanguage(English):  # type: ignore[no-untyped-call]  # spaCy's __init_subclass__ has no types
    """English with what its components need: the contracts, their fitted heads and the embedder."""

    def __init__(self, contracts: Sequence[Contract], heads: Mapping[str, Heads], embedder: Embedder) -> None:
        super().__init__()
        self.contracts, self.heads, self.embedder = tuple(contracts), dict(heads), embedder


def build(contracts: Sequence[Contract], heads: Mapping[str, Heads], embedder: Embedder) -> PressLanguage:
    """The pipeline for these contracts; `heads` has one entry a contract, by id, fitted with this embedder."""
    for attribute in ATTRIBUTES:
        Doc.set_extension(attribute, default=None, force=True)
    language = PressLanguage(contracts, heads, embedder)
    for name in ("sentencizer", "passages", "gate", "sentence_scores", "article_tag"):
        language.add_pipe(name)
    return language


def document(language: Language, article: Article) -> Doc:
    """The article as a `Doc` whose character offsets are those of `article.body`, empty where it is not read."""
    why = "" if article.quality in COUNTED else f"quality {article.quality}"
    if not why and (article.language.lower().split("-")[0] not in {"", "en"} or foreign(article.body)):
        why = "not English"
    doc = language.make_doc("" if why else article.body[:MAX_CHARACTERS])
    doc._.article, doc._.skipped = article, why
    return doc


class Gate:
    """Finds the contracts' entities and terms; a hit inside a `not` phrase is none. No hit, no further cost."""

    def __init__(self, language: PressLanguage) -> None:
        self._matcher = PhraseMatcher(language.vocab, attr="LOWER")
        self._narratives = tuple(c.id for c in language.contracts)
        for contract in language.contracts:
            about = contract.about
            for kind, phrases in (("is", (*about.entities, *about.terms)), ("not", about.not_)):
                if phrases:
                    self._matcher.add(f"{contract.id} {kind}", [language.make_doc(p) for p in phrases])

    def __call__(self, doc: Doc) -> Doc:
        """Set `doc._.hits`: per narrative the character offsets of its phrases."""
        found: dict[str, list[tuple[int, int]]] = {f"{n} {k}": [] for n in self._narratives for k in ("is", "not")}
        for key, start, end in self._matcher(doc):
            found[doc.vocab.strings[key]].append((start, end))
        hits: dict[str, Hits] = {}
        for narrative in self._narratives:
            vetoed = {i for a, b in found[f"{narrative} not"] for i in range(a, b)}
            kept = [(a, b) for a, b in found[f"{narrative} is"] if not vetoed.issuperset(range(a, b))]
            hits[narrative] = tuple((doc[a].idx, doc[b - 1].idx + len(doc[b - 1])) for a, b in kept)
        doc._.hits = hits
        return doc


class SentenceScores:
    """Embeds the sentences that some narrative considers, once each, and scores them with each narrative's heads."""

    def __init__(self, language: PressLanguage) -> None:
        self._heads, self._embedder = language.heads, language.embedder

    def __call__(self, doc: Doc) -> Doc:
        """Set `doc._.scores`: per narrative that passed the gate its considered sentences with their scores."""
        held: tuple[Passage, ...] = doc._.passages
        wanted = {n: considered(held, hits) for n, hits in doc._.hits.items() if hits}
        needed = sorted({i for indices in wanted.values() for i in indices})
        scores: dict[str, Scores] = {}
        if needed:
            vectors = self._embedder.encode([held[i].text for i in needed])
            row = {i: k for k, i in enumerate(needed)}
            for narrative, indices in wanted.items():
                logits, stances = self._heads[narrative].score(vectors[[row[i] for i in indices]])
                scores[narrative] = Scores(
                    passages=tuple(held[i] for i in indices),
                    hits=doc._.hits[narrative],
                    logits=logits,
                    stances=stances,
                )
        doc._.scores = scores
        return doc


class ArticleTag:
    """Turns the sentence scores into one tag a narrative."""

    def __init__(self, language: PressLanguage) -> None:
        self._heads, self._aggregator = language.heads, aggregator(language.embedder.name)

    def __call__(self, doc: Doc) -> Doc:
        """Set `doc._.tags`, in the order of the contracts."""
        article, scores = doc._.article, doc._.scores
        doc._.tags = tuple(article_tag(self._heads[n], scores.get(n), article, self._aggregator) for n in doc._.hits)
        return doc


def _passages(doc: Doc) -> Doc:
    doc._.passages = passages(doc)
    return doc


@PressLanguage.factory("passages")
def _make_passages(nlp: Any, name: str) -> Any:
    return _passages


@PressLanguage.factory("gate")
def _make_gate(nlp: Any, name: str) -> Any:
    return Gate(nlp)


@PressLanguage.factory("sentence_scores")
def _make_scores(nlp: Any, name: str) -> Any:
    return SentenceScores(nlp)


@PressLanguage.factory("article_tag")
def _make_tag(nlp: Any, name: str) -> Any:
    return ArticleTag(nlp)

"""The spaCy pipeline: sentences, gate, screen, entities, sentence scores, article tag. One pass over documents is the stage.

Extension attributes of a `Doc`: `article` (core.articles.Article, set by `document`), `skipped` (why it is not
read, "" if it is), `passages` (offsets of its sentences), by narrative `hits`, `words`, `considered` and `scores`,
`tags`.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

import numpy as np
from spacy.lang.en import English
from spacy.matcher import PhraseMatcher
from spacy.tokens import Doc

from core.articles import COUNTED, Article
from core.contracts import Contract
from core.languages import language_of
from core.tags import STANCES
from nlp.aggregation import article_tag
from nlp.aggregators import aggregator
from nlp.embedding import Embedder
from nlp.encoder import LONGEST
from nlp.entities import Entities, organisations
from nlp.heads import Heads
from nlp.passages import STEPS, Hits, considered, passages, speaking
from nlp.reading import BATCH, SentenceScores, batched
from nlp.words import BUCKETS, Words, signs

MAX_CHARACTERS = 20_000  # of an article; what follows 3,000 words is comments and other headlines
ATTRIBUTES = ("article", "skipped", "passages", "hits", "words", "considered", "scores", "tags")

# Articles with a text that words and phrases alone make less likely than this (a logit; 1 in 27) are not read further:
# by cross-validation it keeps 97 of 100 that carry a narrative, and a third of the others that pass the gate.
UNLIKELY = -3.25


class PressLanguage(English):  # type: ignore[no-untyped-call]  # spaCy's __init_subclass__ has no types
    """English with what its components need: the contracts, their fitted heads and the embedder."""

    def __init__(self, contracts: Sequence[Contract], heads: Mapping[str, Heads], embedder: Embedder) -> None:
        super().__init__()
        self.contracts, self.heads, self.embedder = tuple(contracts), dict(heads), embedder
        self.aggregators = {n: aggregator(embedder.name, taught=h.is_taught) for n, h in heads.items()}
        phrases = {p.lower() for c in contracts for p in (*c.about.entities, *c.about.terms)}
        self._phrases = {p: re.compile(rf"(?<!\w){re.escape(p)}(?!\w)") for p in sorted(phrases)}

    def has_phrase(self, text: str) -> bool:
        """Whether a text has any phrase of a contract; 0.2 ms, where to split it into words takes 5."""
        plain = text.lower().replace("\u2019", "'")
        return any(phrase in plain and whole.search(plain) for phrase, whole in self._phrases.items())


def build(contracts: Sequence[Contract], heads: Mapping[str, Heads], embedder: Embedder) -> PressLanguage:
    """The pipeline for these contracts; `heads` has one entry a contract, by id, fitted with this embedder."""
    for attribute in ATTRIBUTES:
        Doc.set_extension(attribute, default=None, force=True)
    language = PressLanguage(contracts, heads, embedder)
    for name in ("sentencizer", "passages", "gate", "screen", "entities", "sentence_scores", "article_tag"):
        language.add_pipe(name)
    return language


def document(language: PressLanguage, article: Article) -> Doc:
    """The article as a `Doc` whose character offsets are those of `article.body`, empty where it is not read.

    A text without any phrase of a contract is not even split into words: that is most of the press.
    """
    why = _unread(language, article)
    doc = language.make_doc("" if why else article.body[:MAX_CHARACTERS])
    doc._.article, doc._.skipped = article, why
    return doc


def _unread(language: PressLanguage, article: Article) -> str:
    if article.quality not in COUNTED:
        return f"quality {article.quality}"
    tongue = article.language or language_of(article.title, article.text)
    if tongue.lower().split("-")[0] != "en":
        return "not English"
    return "" if language.has_phrase(article.body[:MAX_CHARACTERS]) else "no phrase of a contract"


class Gate:
    """Finds the contracts' entities and terms; a hit inside a `not` phrase is none. No hit, no further cost."""

    def __init__(self, language: PressLanguage) -> None:
        self._matcher = PhraseMatcher(language.vocab, attr="NORM")
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
            kept = [(a, b) for a, b in sorted(found[f"{narrative} is"]) if not vetoed.issuperset(range(a, b))]
            hits[narrative] = tuple((doc[a].idx, doc[b - 1].idx + len(doc[b - 1])) for a, b in kept)
        doc._.hits = hits
        return doc


class Screen:
    """Weighs the words of articles that passed the gate, for narratives that real articles taught.

    Sets `doc._.words` (narrative -> logit, where it was weighed) and `doc._.considered` (narrative -> sentences to
    read, none for an article whose words are too unlikely).
    """

    def __init__(self, language: PressLanguage, unlikely: float = UNLIKELY) -> None:
        self._heads, self._words, self._unlikely = language.heads, Words(), unlikely

    def __call__(self, doc: Doc) -> Doc:
        """One document."""
        self._weigh([doc])
        return doc

    def pipe(self, stream: Iterable[Doc], batch_size: int = BATCH) -> Iterator[Doc]:
        """Many, weighed together."""
        for docs in batched(stream, batch_size):
            self._weigh(docs)
            yield from docs

    def _weigh(self, docs: Sequence[Doc]) -> None:
        for doc in docs:
            doc._.words, doc._.considered = {}, {}
        for narrative, heads in self._heads.items():
            passed = [doc for doc in docs if doc._.hits[narrative] and doc._.passages]
            own = [speaking(doc._.passages, doc._.hits[narrative]) for doc in passed]
            if passed and heads.is_taught:
                titles = [doc._.passages[0].text for doc in passed]
                texts = [" ".join(_texts(doc, o)) for doc, o in zip(passed, own, strict=True)]
                for doc, logit in zip(passed, heads.by_words(self._words.rows(titles, texts)), strict=True):
                    doc._.words[narrative] = float(logit)
                kept = [k for k, doc in enumerate(passed) if self._likely(doc, narrative, len(own[k]))]
                passed, own = (
                    [passed[k] for k in kept],
                    self._ranked([passed[k] for k in kept], [own[k] for k in kept], heads),
                )
            for doc, best in zip(passed, own, strict=True):
                head = (0,) if doc._.hits[narrative][0][0] < doc._.passages[0].end else ()
                doc._.considered[narrative] = considered(doc._.passages, (*head, *best))

    def _likely(self, doc: Doc, narrative: str, speaking: int) -> bool:
        """Whether to read on; a headline alone costs no more than one sentence, and is always read."""
        article: Article = doc._.article
        if not article.text.strip():
            return True
        held = signs(
            doc._.words[narrative],
            doc._.hits[narrative],
            title=len(article.title),
            sentences=len(doc._.passages),
            speaking=speaking,
        )
        weights = self._heads[narrative].screen
        logit = float(np.dot(held, weights[:-1]) + weights[-1])
        if logit < self._unlikely:
            doc._.words[narrative] = logit  # the last word on this article, and so its probability
        return logit >= self._unlikely

    def _ranked(self, docs: Sequence[Doc], own: Sequence[tuple[int, ...]], heads: Heads) -> list[tuple[int, ...]]:
        """The sentences of each document by what their words say, the likeliest first."""
        many = [k for k, o in enumerate(own) if len(o) >= STEPS[0]]
        if not many:
            return list(own)
        said = self._words.half([t for k in many for t in _texts(docs[k], own[k])]) @ heads.words[BUCKETS:-1]
        ranked, at = list(own), 0
        for k in many:
            order = np.argsort(-said[at : at + len(own[k])], kind="stable")
            ranked[k], at = tuple(own[k][i] for i in order), at + len(own[k])
        return ranked


class ArticleTag:
    """Turns the sentence scores into one tag a narrative."""

    def __init__(self, language: PressLanguage) -> None:
        self._heads = language.heads
        self._interests = {c.id: c.interests for c in language.contracts}
        self._claims = {c.id: tuple(claim.id for claim in c.claims) for c in language.contracts}
        self._examples: dict[str, dict[str, Sequence[str]]] = {
            c.id: {s: getattr(c.examples, s) for s in STANCES} for c in language.contracts
        }
        self._aggregators = language.aggregators

    def __call__(self, doc: Doc) -> Doc:
        """Set `doc._.tags`, in the order of the contracts."""
        article, scores, known = doc._.article, doc._.scores, organisations(doc)
        doc._.tags = tuple(
            article_tag(
                self._heads[n],
                scores.get(n),
                article,
                self._aggregators[n],
                words=doc._.words.get(n),
                interests=self._interests[n],
                claims=self._claims[n],
                examples=self._examples[n],
                known=known,
            )
            for n in doc._.hits
        )
        return doc


def _texts(doc: Doc, indices: Sequence[int]) -> list[str]:
    return [doc._.passages[i].text[:LONGEST] for i in indices]


def _passages(doc: Doc) -> Doc:
    doc._.passages = passages(doc)
    return doc


@PressLanguage.factory("passages")
def _make_passages(nlp: Any, name: str) -> Any:
    return _passages


@PressLanguage.factory("gate")
def _make_gate(nlp: Any, name: str) -> Any:
    return Gate(nlp)


@PressLanguage.factory("screen")
def _make_screen(nlp: Any, name: str) -> Any:
    return Screen(nlp)


@PressLanguage.factory("entities")
def _make_entities(nlp: Any, name: str) -> Any:
    return Entities(nlp)


@PressLanguage.factory("sentence_scores")
def _make_scores(nlp: Any, name: str) -> Any:
    return SentenceScores(nlp.heads, nlp.aggregators, nlp.embedder)


@PressLanguage.factory("article_tag")
def _make_tag(nlp: Any, name: str) -> Any:
    return ArticleTag(nlp)

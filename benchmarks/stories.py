"""How well stories are told apart, and what joining costs.

    python -m benchmarks.stories quality      # the labelled pairs (needs COUNTERWIRE_REAL)
    python -m benchmarks.stories cost         # joining beside 50,000 and 500,000 articles kept, in a real SQLite file

The pairs were labelled by reading: `same` where one text was copied or rewritten from the other or both from a third
(a wire story, a press release, a speech), `other` where it is not so (a template, furniture, a quotation or the event
in common), `unclear` where two careful readers could differ. They were drawn four times (tests/data):

- `story_pairs.csv`, 597 pairs by band of exact containment, before the joining was built;
- `story_pairs_fresh.csv`, 168 by band, at most two of the same two outlets in a band, 57 without the mills;
- `story_pairs_weighed.csv`, 312 hard ones: where two decisions disagreed, by their score, and what a fitted one joined
  besides (nothing of them says how often one errs);
- `story_pairs_last.csv`, 117 by band, of articles that stood in no pair before, labelled before anything was scored
  on them and looked at once. What is easily found had been drawn before, so they are harder than the first.

The decision between two outlets was fitted on all but the last (`python -m benchmarks.stories_fit`).
"""

from __future__ import annotations

import argparse
import csv
import gzip
import json
import os
import random
import sys
import tempfile
import time
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

from core.articles import Article, Lineage
from core.clock import stamp
from core.families import load as load_families
from counterwire.stages.stories import BATCH, place
from ingest.history import articles_from_jsonl
from ingest.lineage import Decision
from ingest.stories import Known, join, known, signature
from ingest.voices import owner
from store import articles as stored
from store.database import Database, open_database, writing
from store.keys import BEST, PER_KEY, add_run

ROOT = Path(__file__).resolve().parent.parent
PAIRS = ROOT / "tests/data/story_pairs.csv"
FRESH = ROOT / "tests/data/story_pairs_fresh.csv"
WEIGHED = ROOT / "tests/data/story_pairs_weighed.csv"
LAST = ROOT / "tests/data/story_pairs_last.csv"
CHUNK = 50_000  # articles written at once; their 1.7 million keys are sorted first
ARRIVALS = datetime(2026, 4, 10, tzinfo=UTC)

Pair = tuple[str, str, str, str]  # two guids, the band they were drawn from, the label
Step = tuple[Article, Known, Sequence[Known], Lineage]  # an article joined: as it is compared, beside whom, where to


@dataclass(frozen=True, slots=True, kw_only=True)
class Score:
    """Joins of labelled pairs: right, wrong, missed."""

    right: int
    wrong: int
    missed: int

    @property
    def precision(self) -> float:
        """Of the joins, the share that is right."""
        return self.right / max(1, self.right + self.wrong)

    @property
    def recall(self) -> float:
        """Of the pairs that share a lineage, the share that is joined."""
        return self.right / max(1, self.right + self.missed)


def corpus(real: Path) -> list[Article]:
    """The corpus's articles in the order of their first sighting, with their owners."""
    families = load_families(ROOT / "ingest/families.yaml")
    with gzip.open(real / "data/news/corpus.jsonl.gz", "rt", encoding="utf-8") as lines:
        read = articles_from_jsonl(lines, name="corpus", lag=timedelta(minutes=30))
        found = [replace(a, owner=owner(a.source, families)) for a in read if isinstance(a, Article)]
    return sorted(found, key=lambda a: (a.first_seen, a.id))


def joined(articles: Iterable[Article], decision: Decision | None = None) -> Iterator[Step]:
    """Each article joined in order, beside the candidates that the store would have found for it."""
    index: defaultdict[bytes, list[int]] = defaultdict(list)
    before: list[Known] = []
    for article in articles:
        own = signature(article)
        keys = [own.bands[i : i + 8] for i in range(0, len(own.bands), 8)]
        hits = Counter(i for key in keys for i in index[key][-PER_KEY:])
        best = sorted(hits, key=lambda i: (-hits[i], -i))[:BEST]
        mine = known(own, article.id, article.first_seen)
        candidates = [before[i] for i in best]
        lineage = join(mine, candidates, now=article.first_seen, decision=decision)
        yield article, mine, candidates, lineage
        for key in keys:
            index[key].append(len(before))
        before.append(replace(mine, story=lineage.story))


def told(articles: Iterable[Article], decision: Decision | None = None) -> dict[str, str]:
    """Each article's story by its guid."""
    return {article.guid: lineage.story for article, _, _, lineage in joined(articles, decision)}


def pairs(file: Path = PAIRS) -> list[Pair]:
    """The labelled pairs: two ids, the band they were drawn from, the label."""
    with file.open(encoding="utf-8", newline="") as rows:
        return [(row["a"], row["b"], row["band"], row["label"]) for row in csv.DictReader(rows)]


def score(stories: dict[str, str], chosen: Sequence[Pair]) -> Score:
    """How the joins agree with the labels of these pairs; unclear ones are left out."""
    counts: Counter[tuple[bool, str]] = Counter((stories[a] == stories[b], label) for a, b, _, label in chosen)
    return Score(right=counts[True, "same"], wrong=counts[True, "other"], missed=counts[False, "same"])


def interval(hits: int, of: int) -> str:
    """Wilson's 95 % interval of a share."""
    if not of:
        return "no data"
    z, p = 1.96, hits / of
    middle, width = p + z * z / (2 * of), z * (p * (1 - p) / of + z * z / (4 * of * of)) ** 0.5
    return f"{(middle - width) / (1 + z * z / of):.3f} to {(middle + width) / (1 + z * z / of):.3f}"


def quality(real: Path) -> None:
    """Print precision and recall of the labelled pairs, draw by draw."""
    stories = told(corpus(real))
    drawn = {file.stem: pairs(file) for file in (PAIRS, FRESH, WEIGHED, LAST)}
    print(f"{len(stories):,} articles, {len(set(stories.values())):,} stories")
    drawn["story_pairs and story_pairs_fresh"] = drawn[PAIRS.stem] + drawn[FRESH.stem]
    for name, chosen in drawn.items():
        got = score(stories, chosen)
        found, true = got.right + got.wrong, got.right + got.missed
        print(f"  {name}: {len(chosen)} pairs, {true} of one lineage")
        print(f"    precision {got.precision:.3f} ({interval(got.right, found)}), {got.wrong} wrong of {found} joins")
        print(f"    recall    {got.recall:.3f} ({interval(got.right, true)}), {got.missed} missed")
    same_headline = [p for chosen in (PAIRS, LAST) for p in pairs(chosen) if ".text" in p[2] or p[2] == "headline.like"]
    wrong = score(stories, same_headline).wrong
    print(f"  same headline over texts: {wrong} of another event joined, of {len(same_headline)} pairs")


def synthetic(count: int, *, seed: int) -> Iterator[Article]:
    """Invented articles of about 320 words: of ten, six new, two copies with another opening, two of a template."""
    draw = random.Random(seed)  # noqa: S311 -- no secret, and it must come out the same every time
    words = ["".join(draw.choices("abcdefghiklmnoprstuvw", k=draw.randint(3, 9))) for _ in range(6000)]
    template = " ".join(draw.choices(words, k=260))
    recent: list[str] = []
    for number in range(count):
        kind = number % 10
        fresh = " ".join(draw.choices(words, k=60))
        if kind in (3, 7) and recent:
            text = f"{fresh} {draw.choice(recent)}"
        elif kind in (1, 5):
            text = f"{fresh} {template}"
        else:
            text = " ".join(draw.choices(words, k=320))
            recent = [*recent[-50:], text]
        title = " ".join(draw.choices(words, k=10)).capitalize()
        seen = ARRIVALS + timedelta(seconds=number)
        source = f"Example {draw.randint(1, 400)}"
        yield Article(
            id=f"{seed:04x}{number:012x}",
            source=source,
            owner=source,
            feed="",
            guid=str(number),
            url="",
            title=title,
            text=text,
            text_kind="full",
            quality="good",
            language="en",
            author="",
            published=seen,
            first_seen=seen,
        )


def fill(db: Database, count: int, already: int, days: float) -> None:
    """Rows as `count` articles would have left them, spread over `days`; their keys are random, as hashes are."""
    draw = random.Random(already)  # noqa: S311 -- as above
    hashes = draw.randbytes(4 * 240)
    numbers = range(already + 1, already + count + 1)
    seen = {n: ARRIVALS - timedelta(days=days * draw.random()) for n in numbers}
    name = {n: f"{draw.getrandbits(64):016x}" for n in numbers}
    run = db.conn.executemany
    with writing(db):
        run(
            "INSERT INTO articles (id, source, owner, feed, guid, url, first_seen, marks, imported, version)"
            " VALUES (?, 's', 'o', '', '', '', ?, '', 0, 1)",
            ((name[n], stamp(seen[n])) for n in numbers),
        )
        run(
            "INSERT INTO stories (id, article, source, owner, first_seen, joined, counts) VALUES (?1, ?1, 's', 'o', ?2, ?2, 1)",
            ((name[n], stamp(seen[n])) for n in numbers),
        )
        run(
            "INSERT INTO lineages (article, joined, story, copied) VALUES (?1, ?2, ?1, 0)",
            ((name[n], stamp(seen[n])) for n in numbers),
        )
        run(
            "INSERT INTO sketches (id, article, first_seen, shingles, hashes) VALUES (?, ?, ?, 300, ?)",
            ((n, name[n], stamp(seen[n]), hashes) for n in numbers),
        )
        for start in range(0, count, BATCH):
            some = numbers[start : start + BATCH]
            add_run(db, [draw.randbytes(8 * 34) for _ in some], some, [seen[n] for n in some])


def pace(db: Database, arrived: Sequence[Article]) -> tuple[float, float]:
    """Articles joined a second, of wall time and of CPU time; storing the articles themselves is not counted."""
    families = load_families(ROOT / "ingest/families.yaml")
    wall = cpu = 0.0
    for start in range(0, len(arrived), BATCH):
        batch = arrived[start : start + BATCH]
        with writing(db):
            stored.add(db, batch)
        began, spent = time.perf_counter(), time.process_time()
        with writing(db):
            place(db, batch, families=families, issuers=set(), now=batch[-1].first_seen)
        wall += time.perf_counter() - began
        cpu += time.process_time() - spent
    return len(arrived) / wall, len(arrived) / cpu


def cost(sizes: Sequence[int], measured: int, days: float) -> None:
    """Print the pace beside each number of articles kept."""
    with tempfile.TemporaryDirectory() as folder:
        db = open_database(Path(folder) / "stories.sqlite")
        kept = 0
        for step, size in enumerate(sizes):
            while kept < size:
                fill(db, min(CHUNK, size - kept), kept, days)
                kept = min(size, kept + CHUNK)
            db.conn.execute("PRAGMA wal_checkpoint(TRUNCATE)")
            arrived = list(synthetic(measured, seed=step + 1))
            wall, cpu = pace(db, arrived)
            kept = db.execute("SELECT max(id) FROM sketches").fetchone()[0]
            print(f"  beside {size:>9,} kept: {wall:7,.0f} articles/s of wall time, {cpu:7,.0f} of CPU time")


def main() -> None:
    """Run what was asked."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("what", choices=["quality", "cost"])
    parser.add_argument("--sizes", type=json.loads, default=[50_000, 500_000], help="JSON list of articles kept")
    parser.add_argument("--measured", type=int, default=20_000, help="articles joined at each size")
    parser.add_argument("--days", type=float, default=7, help="days over which those kept are spread")
    asked = parser.parse_args()
    if asked.what == "cost":
        cost(asked.sizes, asked.measured, asked.days)
        return
    real = Path(os.environ.get("COUNTERWIRE_REAL", str(ROOT.parent / "shared")))
    if not (real / "data").is_dir():
        sys.exit(f"no real data at {real} (set COUNTERWIRE_REAL)")
    quality(real)


if __name__ == "__main__":
    main()

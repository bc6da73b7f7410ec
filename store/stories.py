"""Stories, the lineage of the articles in them, and the signatures that find copies."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from core.articles import Article, Lineage, Signature
from core.clock import from_stamp, stamp
from store.database import Database, saving
from store.keys import add_run, nearest

Joined = tuple[Signature, Lineage, Article]


@dataclass(frozen=True, slots=True, kw_only=True)
class Kept:
    """A signature that is kept, the story its article is in now, and when that was first seen."""

    signature: Signature
    story: str
    first_seen: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Neighbours:
    """What might share text with the articles of a batch.

    `numbers` are the batch's own, in its order; `near` the numbers of each one's candidates, those with most
    keys in common first: articles before it in the batch, or in `kept` (some may be there no more).
    """

    numbers: Sequence[int]
    near: Sequence[Sequence[int]]
    kept: Mapping[int, Kept]


def neighbours(db: Database, signatures: Sequence[Signature], *, since: datetime, until: datetime) -> Neighbours:
    """What might share text with each of a batch: signatures with a key in common, kept or before it in the batch.

    Of those kept, articles first seen from `since` to `until`.
    """
    known = _numbers(db, signatures)
    first = _next(db)
    fresh = [s.article not in known for s in signatures]
    numbers, number = [], first
    for s, new in zip(signatures, fresh, strict=True):
        numbers.append(number if new else known[s.article])
        number += new
    near = nearest(db, [s.bands for s in signatures], fresh, first, since=since, until=until)
    wanted = {n for found in near for n in found if n < first} | set(known.values())
    return Neighbours(numbers=numbers, near=near, kept=_kept(db, wanted, since=since, until=until))


def save_lineages(db: Database, joined: Sequence[Joined]) -> None:
    """Put articles into stories, in this order; the first one to join is the story's origin and stays it.

    Joining the story that it is in already changes nothing; joining another one later is a new
    row, in force from its `joined` on. An imported article joins when it counts as first seen, so
    that imported history can be lived through.
    """
    dated = _dated(joined)
    with saving(db):
        db.conn.executemany(
            """
            INSERT INTO stories (id, article, source, owner, first_seen, joined, counts)
            VALUES (?, ?, ?, ?, ?, ?, ?) ON CONFLICT (id) DO NOTHING
            """,
            [
                (lineage.story, article.id, article.source, article.owner, seen, at, article.counts)
                for lineage, article, seen, at in sorted(dated, key=lambda row: row[0].story)
            ],
        )
        db.conn.executemany(
            """
            INSERT INTO lineages (article, joined, story, copied)
            SELECT ?1, ?2, ?3, ?4
            WHERE ?3 IS NOT (SELECT story FROM lineages WHERE article = ?1 ORDER BY joined DESC LIMIT 1)
            ON CONFLICT (article, joined) DO NOTHING
            """,
            [
                (lineage.article, at, lineage.story, lineage.copied)
                for lineage, _, _, at in sorted(dated, key=lambda row: row[0].article)
            ],
        )
        _save_signatures(db, joined)


def prune_signatures(db: Database, *, before: datetime) -> int:
    """Forget the signatures of articles first seen before then, about 1.5 KB each; returns how many.

    A story may only be joined for a week, so older ones are never candidates. Articles, stories
    and lineages stay. Keys go with the last article of their run.
    """
    with saving(db):
        db.execute("DELETE FROM key_runs WHERE newest < ?", [stamp(before)])
        return int(db.execute("DELETE FROM sketches WHERE first_seen < ?", [stamp(before)]).rowcount)


def _dated(joined: Sequence[Joined]) -> list[tuple[Lineage, Article, str, str]]:
    """With when the article was first seen, and when it joined."""
    seen = [stamp(article.first_seen) for _, _, article in joined]
    return [
        (lineage, article, at, at if article.imported else stamp(lineage.joined))
        for (_, lineage, article), at in zip(joined, seen, strict=True)
    ]


def _save_signatures(db: Database, joined: Sequence[Joined]) -> None:
    known = _numbers(db, [signature for signature, _, _ in joined])
    new = [(signature, article) for signature, _, article in joined if signature.article not in known]
    if not new:
        return
    first = _next(db)
    db.conn.executemany(
        "INSERT INTO sketches (id, article, first_seen, shingles, hashes) VALUES (?, ?, ?, ?, ?)",
        [(n, s.article, stamp(a.first_seen), s.shingles, s.hashes) for n, (s, a) in enumerate(new, first)],
    )
    add_run(db, [s.bands for s, _ in new], range(first, first + len(new)), [a.first_seen for _, a in new])


def _next(db: Database) -> int:
    return int(db.execute("SELECT coalesce(max(id), 0) + 1 FROM sketches").fetchone()[0])


def _numbers(db: Database, signatures: Sequence[Signature]) -> dict[str, int]:
    """The numbers of those that are kept already."""
    asked = json.dumps(sorted(s.article for s in signatures))
    rows = db.execute(
        "SELECT article, id FROM sketches WHERE article IN (SELECT value FROM json_each(?))", [asked]
    ).fetchall()
    return dict(rows)


def _kept(db: Database, numbers: set[int], *, since: datetime, until: datetime) -> dict[int, Kept]:
    rows = db.execute(
        """
        SELECT s.id, s.article, s.shingles, s.hashes, s.first_seen, l.story
        FROM json_each(:numbers) AS n
        CROSS JOIN sketches AS s ON s.id = n.value
        CROSS JOIN lineages AS l ON l.article = s.article
            AND l.joined = (SELECT max(joined) FROM lineages WHERE article = s.article)
        WHERE s.first_seen BETWEEN :since AND :until
        """,
        {"numbers": json.dumps(sorted(numbers)), "since": stamp(since), "until": stamp(until)},
    ).fetchall()
    return {
        number: Kept(
            signature=Signature(article=article, shingles=shingles, hashes=hashes, bands=b""),
            story=story,
            first_seen=from_stamp(seen),
        )
        for number, article, shingles, hashes, seen, story in rows
    }

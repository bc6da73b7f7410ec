"""Stories, the lineage of the articles in them, and the signatures that find copies."""

from __future__ import annotations

import json
import struct
import zlib
from collections import Counter
from datetime import datetime

from core.articles import Article, Lineage, Signature
from core.clock import from_stamp, stamp
from store.database import Database, saving

PER_KEY, BEST = 24, 24  # a template's siblings are needed to know it as one; 24 show it as well as 48 did


def candidates(db: Database, signature: Signature, *, since: datetime) -> list[tuple[Signature, Lineage, datetime]]:
    """What might share text: articles first seen from `since` on that have band keys in common.

    Each with the story it is in now and when it was first seen; the oldest first. Of a key that many
    share (a template's) the newest `PER_KEY` are looked at, and of all these the `BEST` that have the
    most keys in common are given: so a lookup costs the same however many articles are kept.
    """
    best = _nearest(db, signature)
    rows = db.conn.execute(
        """
        SELECT s.article, s.shingles, s.width, s.hashes, s.bands, l.story, l.copied, l.joined, a.first_seen
        FROM json_each(:best) AS b
        CROSS JOIN signatures AS s ON s.id = b.value
        CROSS JOIN articles AS a ON a.id = s.article
        CROSS JOIN lineages AS l ON l.article = s.article
            AND l.joined = (SELECT max(joined) FROM lineages WHERE article = s.article)
        WHERE a.first_seen >= :since AND s.article <> :article
        ORDER BY a.first_seen, a.id
        """,
        {"best": json.dumps(best), "since": stamp(since), "article": signature.article},
    ).fetchall()
    return [
        (
            Signature(
                article=article, shingles=shingles, hashes=_unpacked(hashes, width), bands=tuple(json.loads(bands))
            ),
            Lineage(article=article, story=story, copied=copied, joined=from_stamp(joined)),
            from_stamp(first_seen),
        )
        for article, shingles, width, hashes, bands, story, copied, joined, first_seen in rows
    ]


def _nearest(db: Database, signature: Signature) -> list[int]:
    # One statement of as many parts as there are keys, each part ending after PER_KEY rows; with the
    # limit in a correlated subquery SQLite takes 40 times as long, with a statement a key 5 times.
    keys = _keys(signature)
    part = f"SELECT * FROM (SELECT signature FROM bands WHERE key = ? ORDER BY signature DESC LIMIT {PER_KEY})"  # noqa: S608 -- a number of ours
    if not keys:
        return []
    hits = Counter(row[0] for row in db.conn.execute(" UNION ALL ".join([part] * len(keys)), keys))
    return sorted(hits, key=lambda number: (-hits[number], -number))[:BEST]


def save_lineage(db: Database, signature: Signature, lineage: Lineage, article: Article) -> None:
    """Put an article into a story; the first one to join is the story's origin and stays it.

    Joining the story that it is in already changes nothing; joining another one later is a new
    row, in force from its `joined` on. An imported article joins when it counts as first seen, so
    that imported history can be lived through.
    """
    joined = stamp(article.first_seen if article.imported else lineage.joined)
    with saving(db):
        db.execute(
            """
            INSERT INTO stories (id, article, source, owner, first_seen, joined, counts)
            VALUES (:id, :article, :source, :owner, :first_seen, :joined, :counts) ON CONFLICT (id) DO NOTHING
            """,
            {
                "id": lineage.story,
                "article": article.id,
                "source": article.source,
                "owner": article.owner,
                "first_seen": stamp(article.first_seen),
                "joined": joined,
                "counts": article.counts,
            },
        )
        db.execute(
            """
            INSERT INTO lineages (article, joined, story, copied)
            SELECT :article, :joined, :story, :copied
            WHERE :story IS NOT (SELECT story FROM lineages WHERE article = :article ORDER BY joined DESC LIMIT 1)
            ON CONFLICT (article, joined) DO NOTHING
            """,
            {
                "article": lineage.article,
                "joined": joined,
                "story": lineage.story,
                "copied": lineage.copied,
            },
        )
        _save_signature(db, signature)


def prune_signatures(db: Database, *, before: datetime) -> int:
    """Forget the signatures of articles first seen before then, about 3 KB each; returns how many.

    A story may only be joined for 45 days, so older ones are never candidates. Articles, stories
    and lineages stay.
    """
    with saving(db):
        rows = db.execute(
            "SELECT s.id, s.article, s.shingles, s.bands FROM signatures AS s JOIN articles AS a ON a.id = s.article"
            " WHERE a.first_seen < ?",
            [stamp(before)],
        ).fetchall()
        for number, article, shingles, bands in rows:
            held = Signature(article=article, shingles=shingles, hashes=(), bands=tuple(json.loads(bands)))
            db.conn.executemany(
                "DELETE FROM bands WHERE key = ? AND signature = ?", [(key, number) for key in _keys(held)]
            )
            db.execute("DELETE FROM signatures WHERE id = ?", [number])
    return len(rows)


def _save_signature(db: Database, signature: Signature) -> None:
    width = 8 if max(signature.hashes, default=0) >> 32 else 4
    new = db.execute(
        "INSERT INTO signatures (article, shingles, width, bands, hashes) VALUES (?, ?, ?, ?, ?)"
        " ON CONFLICT (article) DO NOTHING RETURNING id",
        [
            signature.article,
            signature.shingles,
            width,
            json.dumps(signature.bands),
            struct.pack(f"<{len(signature.hashes)}{'Q' if width == 8 else 'I'}", *signature.hashes),
        ],
    ).fetchall()
    for (number,) in new:
        db.conn.executemany("INSERT INTO bands (key, signature) VALUES (?, ?)", [(k, number) for k in _keys(signature)])


def _keys(signature: Signature) -> list[int]:
    """Band keys as integers: a third of the size. Two that collide only add a candidate."""
    return sorted({_key(band.encode()) for band in signature.bands})


def _key(band: bytes) -> int:
    return (zlib.crc32(band) << 31) ^ zlib.crc32(band[::-1])


def _unpacked(data: bytes, width: int) -> tuple[int, ...]:
    return struct.unpack(f"<{len(data) // width}{'Q' if width == 8 else 'I'}", data)

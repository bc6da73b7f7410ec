"""The raw answers of series sources: kept to trace a finding to its bytes, and to ask only for what changed."""

from __future__ import annotations

import zlib
from collections.abc import Iterator
from datetime import datetime

from core.clock import from_stamp, stamp
from core.series import RawAnswer
from store.database import Database, saving

_LAST_BODY = (
    "SELECT body FROM answers WHERE source = ? AND url = ? AND at < ? AND body IS NOT NULL ORDER BY at DESC LIMIT 1"
)

_REPEATABLE = """
    SELECT a.url, a.etag, a.modified, (
        SELECT body FROM answers AS b
        WHERE b.source = a.source AND b.url = a.url AND b.at <= a.at AND b.body IS NOT NULL ORDER BY b.at DESC LIMIT 1
    )
    FROM answers AS a
    WHERE a.source = :source AND a.status = 200 AND a.at >= :since AND (a.etag <> '' OR a.modified <> '')
        AND NOT EXISTS (
            SELECT 1 FROM answers AS n
            WHERE n.source = a.source AND n.url = a.url AND n.status = 200 AND n.at > a.at
        )
        AND NOT EXISTS (
            SELECT 1 FROM answers AS l
            WHERE l.source = a.source AND l.url = a.url AND l.body IS NOT NULL
            GROUP BY l.etag, l.modified HAVING count(DISTINCT l.body) > 1
        )
"""

_PRUNED = """
    DELETE FROM answers WHERE at < :before AND NOT (
        body IS NOT NULL
        AND EXISTS (
            SELECT 1 FROM answers AS l
            WHERE l.source = answers.source AND l.url = answers.url AND l.at >= :before AND l.body IS NULL
        )
        AND NOT EXISTS (
            SELECT 1 FROM answers AS m
            WHERE m.source = answers.source AND m.url = answers.url AND m.at > answers.at AND m.at < :before
                AND m.body IS NOT NULL
        )
    )
"""


def save(db: Database, source: str, answer: RawAnswer, *, at: datetime) -> None:
    """Keep an answer as it came, compressed; of one that is not to be kept, or is the last kept again, that it came."""
    body = zlib.compress(answer.body) if answer.kept else None
    with saving(db):
        last = db.execute(_LAST_BODY, [source, answer.url, stamp(at)]).fetchone()
        db.execute(
            "INSERT INTO answers (source, url, at, status, size, etag, modified, body) VALUES (?, ?, ?, ?, ?, ?, ?, ?)"
            " ON CONFLICT (source, url, at) DO NOTHING",
            [
                source,
                answer.url,
                stamp(at),
                answer.status,
                len(answer.body),
                answer.etag,
                answer.modified,
                None if last and last[0] == body else body,
            ],
        )


def repeatable(db: Database, source: str, *, since: datetime) -> dict[str, RawAnswer]:
    """By address, the last whole answer of a source that came with validators since then, to ask with.

    An address that gave two contents under one validator is believed no more, and absent.
    """
    rows = db.execute(_REPEATABLE, {"source": source, "since": stamp(since)}).fetchall()
    return {
        url: RawAnswer(url=url, status=200, body=zlib.decompress(body), etag=etag, modified=modified)
        for url, etag, modified, body in rows
        if body is not None
    }


def kept(db: Database, source: str) -> Iterator[tuple[datetime, RawAnswer]]:
    """The kept answers of a source with when they came, the oldest first."""
    rows = db.execute(
        "SELECT at, url, status, body FROM answers WHERE source = ? AND body IS NOT NULL ORDER BY at, url", [source]
    ).fetchall()
    for at, url, status, body in rows:
        yield from_stamp(at), RawAnswer(url=url, status=status, body=zlib.decompress(body))


def prune(db: Database, *, before: datetime) -> int:
    """Forget the answers that came before then, but for contents that came again since; returns how many."""
    with saving(db):
        return db.execute(_PRUNED, {"before": stamp(before)}).rowcount

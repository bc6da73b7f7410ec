"""The numbers that tagged articles claim, and what they came to when held against the data."""

from __future__ import annotations

import json
from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any

from core.clock import from_stamp, stamp
from core.comparisons import Comparison, NumericClaim
from store.database import Database, saving
from store.known import EVER, cut

_IN_WINDOW = """
    SELECT n.id, n.article, n.version, n.narrative, a.source, v.first_seen, n.quantity, n.low, n.high, n.unit, n.period,
        n.comparator, n.subject, n.starts, n.ends, n.sentence_starts, n.sentence
    FROM (
        SELECT DISTINCT article FROM tags
        WHERE narrative = :narrative AND carries = 1 AND seen > :since AND KNOWN(seen)
    ) AS c
    JOIN articles AS a ON a.id = c.article
    JOIN tags AS t ON t.id = TAG_IN_FORCE(c.article, :narrative)
    JOIN article_versions AS v ON v.article = t.article AND v.version = t.version
    JOIN numeric_claims AS n ON n.article = t.article AND n.version = t.version AND n.narrative = t.narrative
    WHERE t.carries = 1 AND v.counts = 1 AND a.marks = ''
    ORDER BY a.first_seen, n.article, n.starts
"""

_CARRIED = cut(
    """
    SELECT t.article, t.version, t.narrative, s.starts, s.ends
    FROM tags AS t JOIN spans AS s ON s.tag = t.id
    WHERE t.article IN (SELECT value FROM json_each(?)) AND t.carries = 1
        AND t.id = TAG_IN_FORCE(t.article, t.narrative)
    ORDER BY t.article, t.narrative, s.starts
    """,
    as_of=EVER,
)

_OF_ARTICLE = """
    SELECT n.id, n.article, n.version, n.narrative, a.source, v.first_seen, n.quantity, n.low, n.high, n.unit, n.period,
        n.comparator, n.subject, n.starts, n.ends, n.sentence_starts, n.sentence
    FROM numeric_claims AS n
    JOIN articles AS a ON a.id = n.article
    JOIN article_versions AS v ON v.article = n.article AND v.version = n.version
    WHERE n.article IN (SELECT value FROM json_each(?)) ORDER BY n.id
"""


def carried(db: Database, articles: Iterable[str]) -> dict[tuple[str, int, str], list[tuple[int, int]]]:
    """The evidence spans of the tags in force now that carry, by article, version and narrative; in their order."""
    found: dict[tuple[str, int, str], list[tuple[int, int]]] = {}
    for article, version, narrative, starts, ends in db.execute(
        _CARRIED, [json.dumps(sorted(set(articles)))]
    ).fetchall():
        found.setdefault((article, version, narrative), []).append((starts, ends))
    return found


def save(db: Database, claims: Iterable[NumericClaim], *, at: datetime) -> None:
    """Store claims, read at `at`; one that is known is left as it is."""
    with saving(db):
        db.conn.executemany(
            "INSERT INTO numeric_claims (article, version, narrative, starts, ends, quantity, low, high, unit, period,"
            " comparator, subject, sentence_starts, sentence, at) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"
            " ON CONFLICT (article, version, narrative, starts) DO NOTHING",
            [
                (
                    c.article,
                    c.version,
                    c.narrative,
                    c.start,
                    c.end,
                    c.quantity,
                    c.low,
                    c.high,
                    c.unit,
                    c.period,
                    c.comparator,
                    c.subject,
                    c.sentence_start,
                    c.sentence,
                    stamp(at),
                )
                for c in claims
            ],
        )


def in_window(db: Database, narrative: str, *, as_of: datetime, days: int) -> list[NumericClaim]:
    """The claims of the articles that carried the narrative, as far as was known at `as_of`; by first seen and place.

    The articles are those of `store.press.mentions`, in the version whose tag was in force.
    """
    window = {"narrative": narrative, "as_of": stamp(as_of), "since": stamp(as_of - timedelta(days=days))}
    return [_claim(*row) for row in db.execute(cut(_IN_WINDOW), window).fetchall()]


def of_articles(db: Database, articles: Iterable[str]) -> list[NumericClaim]:
    """Every stored claim of these articles, in the order in which they were stored."""
    return [_claim(*row) for row in db.execute(_OF_ARTICLE, [json.dumps(sorted(set(articles)))]).fetchall()]


def save_comparisons(db: Database, comparisons: Iterable[Comparison]) -> None:
    """Store what claims came to; one by the same contract is replaced."""
    with saving(db):
        db.conn.executemany(
            "INSERT OR REPLACE INTO comparisons (claim, contract, as_of, measure, actual, gap, reason, sentence)"
            " VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
            [
                (
                    c.claim.id,
                    c.contract,
                    stamp(c.as_of),
                    c.measure.model_dump_json(exclude_none=True) if c.measure else "",
                    c.actual,
                    c.gap,
                    c.reason,
                    c.sentence,
                )
                for c in comparisons
            ],
        )


def _claim(*row: Any) -> NumericClaim:
    number, article, version, narrative, source, seen, quantity, low, high, unit, period, *said = row
    comparator, subject, starts, ends, sentence_starts, sentence = said
    return NumericClaim(
        id=number,
        article=article,
        version=version,
        narrative=narrative,
        source=source,
        first_seen=from_stamp(seen),
        quantity=quantity,
        low=low,
        high=high,
        unit=unit,
        period=period,
        comparator=comparator,
        subject=subject,
        start=starts,
        end=ends,
        sentence_start=sentence_starts,
        sentence=sentence,
    )

"""What became of a text after it was first seen: told otherwise, read again, found to be a press release."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable
from datetime import datetime

from core.articles import Article, Change
from core.clock import from_stamp, stamp
from store.articles import add_version
from store.database import Database, saving


def otherwise(db: Database, told: Iterable[Article], *, feed: str) -> dict[str, datetime]:
    """The ids of known articles of `feed` whose newest version has other words, each with when that was first seen.

    Of a text that came from its page only the headline is compared. Articles that another feed
    brought are left out: two feeds of an outlet tell one article in two ways, and neither is new.
    """
    words = {a.id: (a.title, a.text) for a in told}
    # 38 known entries of a feed: about 0.3 ms, against 20 for parsing it; a page's text is not read.
    rows = db.conn.execute(
        """
        SELECT a.id, v.first_seen, v.title, iif(v.text_kind = 'full', NULL, v.text)
        FROM json_each(?) AS asked
        CROSS JOIN articles AS a ON a.id = asked.value
        CROSS JOIN article_versions AS v ON v.article = a.id AND v.version = a.version
        WHERE a.feed = ? AND a.imported = 0
        """,
        [json.dumps(list(words)), feed],
    )
    return {
        name: from_stamp(seen)
        for name, seen, title, text in rows
        if title != words[name][0] or (text is not None and text != words[name][1])
    }


def revise(db: Database, article: Article, change: Change, *, seen: datetime) -> None:
    """Store the next version of an article, first seen at `seen`, and what it says otherwise."""
    with saving(db):
        add_version(db, article, seen=seen)
        db.execute(
            """
            INSERT INTO changes (article, version, before, first_seen, walks_back, marks, gone, diff)
            VALUES (:article, :version, :before, :first_seen, :walks_back, :marks, :gone, :diff)
            ON CONFLICT (article, version) DO NOTHING
            """,
            {
                "article": change.article,
                "version": change.new,
                "before": change.old,
                "first_seen": stamp(seen),
                "walks_back": change.walks_back,
                "marks": ", ".join(sorted(change.marks)),
                "gone": change.share,
                "diff": change.diff,
            },
        )


def pages_read(
    db: Database, narratives: Collection[str], *, since: datetime, until: datetime
) -> list[tuple[str, datetime, datetime]]:
    """Articles that carry one of the narratives and whose text is their page's, first seen after `since` up to `until`.

    Each with when it was first seen and when its page was last read; by first seen and id.
    """
    rows = db.execute(
        """
        SELECT a.id, a.first_seen, coalesce(
            (SELECT max(at) FROM fetches WHERE kind = 'page' AND watched = a.id), a.first_seen
        )
        FROM (
            SELECT DISTINCT t.article FROM json_each(:narratives) AS n
            CROSS JOIN tags AS t ON t.narrative = n.value AND t.carries = 1 AND t.seen > :since AND t.seen <= :until
        ) AS c
        JOIN articles AS a ON a.id = c.article
        JOIN article_versions AS v ON v.article = a.id AND v.version = a.version
        WHERE v.text_kind = 'full' AND a.imported = 0 AND a.url <> ''
        ORDER BY a.first_seen, a.id
        """,
        {"narratives": json.dumps(sorted(narratives)), "since": stamp(since), "until": stamp(until)},
    ).fetchall()
    return [(name, from_stamp(seen), from_stamp(read)) for name, seen, read in rows]


def readdress(db: Database, article: Article) -> None:
    """Keep the address that an article's page states, learnt in the pass in which the article came."""
    with saving(db):
        db.execute("UPDATE articles SET url = ? WHERE id = ?", [article.url, article.id])


def placed(db: Database, ids: Collection[str]) -> set[str]:
    """Those of `ids` that are in a story already."""
    rows = db.execute(
        "SELECT DISTINCT article FROM lineages WHERE article IN (SELECT value FROM json_each(?))",
        [json.dumps(list(ids))],
    )
    return {row[0] for row in rows.fetchall()}


def save_release(db: Database, article: str, *, issuer: str, seen: datetime) -> None:
    """Say that an article's text is a press release of `issuer`, known from `seen` on; said once, it stays."""
    with saving(db):
        db.execute(
            "INSERT INTO releases (article, first_seen, issuer) VALUES (?, ?, ?) ON CONFLICT (article) DO NOTHING",
            [article, stamp(seen), issuer],
        )

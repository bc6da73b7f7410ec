"""Articles in every version of their text, and the search over them."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from core.articles import Article, Mark
from core.clock import from_stamp, stamp
from store.database import Database, saving
from store.known import EVER, cut
from store.stories import neighbours, prune_signatures, save_lineages

__all__ = [
    "FoundArticle",
    "add",
    "add_version",
    "known_ids",
    "load",
    "neighbours",
    "newest",
    "prune_signatures",
    "save_lineages",
    "search",
]

SNIPPET_WORDS = 24  # about two lines of a terminal
# Texts in one statement. With each statement that adds a text the search index is written to its tables: 40 articles
# of 2.3 KB take 11.8 ms one a statement and 4.1 ms a hundred a statement.
TEXTS = 100
_TEXT_ROW = "(?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"
_ARTICLE = """
    INSERT INTO articles (id, source, owner, feed, guid, url, published, first_seen, marks, imported, version)
    VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class FoundArticle:
    """An article that a search found; the words that matched stand in [brackets] in `snippet`."""

    id: str
    title: str
    source: str
    url: str
    first_seen: datetime
    snippet: str


def known_ids(db: Database, ids: Collection[str]) -> set[str]:
    """Those of `ids` that are stored already."""
    rows = db.execute("SELECT id FROM articles WHERE id IN (SELECT value FROM json_each(?))", [json.dumps(list(ids))])
    return {row[0] for row in rows.fetchall()}


def add(db: Database, articles: Iterable[Article]) -> list[str]:
    """Store new articles with their text; returns the ids that were new, in order.

    One that is known is left as it is, whatever this one says.
    """
    with saving(db):
        offered: dict[str, Article] = {}
        for article in articles:
            offered.setdefault(article.id, article)
        known = known_ids(db, offered)
        new = [article for id_, article in offered.items() if id_ not in known]
        db.conn.executemany(_ARTICLE, map(_article_row, new))
        for start in range(0, len(new), TEXTS):
            _save_texts(db, [(article, article.first_seen) for article in new[start : start + TEXTS]])
    return [article.id for article in new]


def add_version(db: Database, article: Article, *, seen: datetime | None = None) -> None:
    """Store another version of a known article's text, first seen at `seen`.

    Without `seen` it is the article's own `first_seen`: right only for a text that was fetched in
    the pass in which the article came. A version that is stored already is left as it is.
    """
    with saving(db):
        _save_texts(db, [(article, seen or article.first_seen)])
        db.execute(
            "UPDATE articles SET version = max(version, ?) WHERE id = ?",
            [article.version, article.id],
        )


def load(db: Database, ids: Sequence[str], *, as_of: datetime | None = None) -> list[Article]:
    """The articles in the order asked, each in the newest version that was known at `as_of`.

    Without `as_of`: the newest there is. `first_seen` is the article's, not the version's. Ids
    that were not known then are left out.
    """
    sql = """
        SELECT a.id, a.source, a.owner, a.feed, a.guid, a.url, v.title, v.text, v.text_kind, v.quality, v.language,
            v.author, a.published, a.first_seen, a.marks, v.version, a.imported
        FROM json_each(:ids) AS asked
        JOIN articles AS a ON a.id = asked.value
        JOIN article_versions AS v ON v.article = a.id AND v.version = VERSION_IN_FORCE(a.id)
        WHERE KNOWN(a.first_seen)
        ORDER BY asked.key
    """
    if as_of is None:
        rows = db.execute(cut(sql, as_of=EVER), {"ids": json.dumps(list(ids))})
    else:
        rows = db.execute(cut(sql), {"ids": json.dumps(list(ids)), "as_of": stamp(as_of)})
    return [_article(*row) for row in rows.fetchall()]


def newest(db: Database, *, limit: int) -> list[str]:
    """The ids of the articles that were first seen last, the newest first."""
    rows = db.execute("SELECT id FROM articles ORDER BY first_seen DESC, id LIMIT ?", [limit]).fetchall()
    return [row[0] for row in rows]


def search(db: Database, query: str, *, limit: int, narrative: str | None = None) -> list[FoundArticle]:
    """The articles whose newest title or text has all words of `query`, the best match first.

    Words match in their other forms too (price, prices, priced), "a phrase in quotes" as it
    stands; nothing else in `query` has a meaning. With `narrative`, only articles that carry it.
    """
    quoted = db.quote_fts(query.replace("\0", " "))
    if not quoted:
        return []
    sql = f"""
        SELECT a.id, v.title, a.source, a.url, a.first_seen,
            snippet(article_versions_fts, -1, '[', ']', '…', {SNIPPET_WORDS})
        FROM article_versions_fts AS found
        JOIN article_versions AS v ON v.id = found.rowid
        JOIN articles AS a ON a.id = v.article AND a.version = v.version
        WHERE article_versions_fts MATCH :query AND (:narrative IS NULL OR EXISTS (
            SELECT 1 FROM tags AS t WHERE t.id = TAG_IN_FORCE(a.id, :narrative) AND t.carries = 1
        ))
        ORDER BY found.rank, a.first_seen DESC, a.id LIMIT :limit
    """  # noqa: S608 -- the only thing put in is a number of ours
    rows = db.execute(cut(sql, as_of=EVER), {"query": quoted, "narrative": narrative, "limit": limit}).fetchall()
    return [
        FoundArticle(
            id=row[0],
            title=row[1],
            source=row[2],
            url=row[3],
            first_seen=from_stamp(row[4]),
            snippet=row[5],
        )
        for row in rows
    ]


def _article_row(article: Article) -> tuple[Any, ...]:
    return (
        article.id,
        article.source,
        article.owner,
        article.feed,
        article.guid,
        article.url,
        stamp(article.published) if article.published else None,
        stamp(article.first_seen),
        " ".join(sorted(article.marks)),
        article.imported,
        article.version,
    )


def _save_texts(db: Database, texts: Sequence[tuple[Article, datetime]]) -> None:
    """Store versions of texts, each with the instant at which it was first seen, in one statement."""
    rows = ", ".join([_TEXT_ROW] * len(texts))
    db.execute(
        f"""
        INSERT INTO article_versions
            (article, version, first_seen, text_kind, quality, counts, language, author, title, text)
        VALUES {rows}
        ON CONFLICT (article, version) DO NOTHING
        """,  # noqa: S608 -- what is put in is question marks
        [value for article, seen in texts for value in _text_row(article, seen)],
    )


def _text_row(article: Article, seen: datetime) -> tuple[Any, ...]:
    return (
        article.id,
        article.version,
        stamp(seen),
        article.text_kind,
        article.quality,
        article.counts,
        article.language,
        article.author,
        article.title,
        article.text,
    )


def _article(*row: Any) -> Article:
    id_, source, owner, feed, guid, url, title, text, kind, quality, language, author, *rest = row
    published, first_seen, marks, version, imported = rest
    known_marks: frozenset[Mark] = frozenset(marks.split())
    return Article(
        id=id_,
        source=source,
        owner=owner,
        feed=feed,
        guid=guid,
        url=url,
        title=title,
        text=text,
        text_kind=kind,
        quality=quality,
        language=language,
        author=author,
        published=from_stamp(published) if published else None,
        first_seen=from_stamp(first_seen),
        marks=known_marks,
        version=version,
        imported=bool(imported),
    )

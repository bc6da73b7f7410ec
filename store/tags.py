"""What the tagger said of each article, and the models that said it.

What `signals` and `briefing` ask of the tags is in `store.press`, and can be had from here too.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from core.clock import stamp
from core.tags import Tag, TaggedArticle
from store.database import Database, saving
from store.press import Begun, PressCountRow, import_counts, mentions, quotations, run, source_counts, stories_begun

__all__ = [
    "Begun",
    "PressCountRow",
    "import_counts",
    "mentions",
    "model",
    "model_card",
    "quotations",
    "register_model",
    "run",
    "save",
    "source_counts",
    "stories_begun",
]


def save(db: Database, tagged: TaggedArticle, *, at: datetime) -> None:
    """Store all tags of one version of an article, in force from `at` on.

    The first tag of an imported article holds from when the article counts as first seen, so that
    imported history can be lived through; a later one from its `at`. Nothing is overwritten: what
    this model has said of this version and narrative stays said. The version must be stored.
    """
    with saving(db):
        for tag in tagged.tags:
            new = db.execute(
                """
                INSERT INTO tags (article, narrative, version, model, tagged_at, holds_from, seen, carries, probability,
                    stance, stance_probabilities, speaker, organisation, own_book)
                SELECT :article, :narrative, :version, :model, :at,
                    iif(a.imported AND NOT EXISTS (
                        SELECT 1 FROM tags WHERE article = :article AND narrative = :narrative
                    ), a.first_seen, :at),
                    a.first_seen, :carries, :probability, :stance, :stance_probabilities, :speaker, :organisation, :own_book
                FROM (SELECT 1) LEFT JOIN articles AS a ON a.id = :article WHERE true
                ON CONFLICT (article, narrative, version, model) DO NOTHING RETURNING id
                """,
                {
                    "article": tagged.article,
                    "narrative": tag.narrative,
                    "version": tagged.version,
                    "model": tagged.model,
                    "at": stamp(at),
                    "carries": tag.carries,
                    "probability": tag.probability,
                    "stance": tag.stance,
                    "stance_probabilities": json.dumps(dict(tag.stance_probabilities), sort_keys=True),
                    "speaker": tag.speaker,
                    "organisation": tag.organisation,
                    "own_book": tag.own_book,
                },
            ).fetchall()
            for (number,) in new:
                _save_parts(db, number, tag)


def register_model(db: Database, *, id: str, card: Mapping[str, Any], data: bytes, at: datetime) -> None:  # noqa: A002 -- keyword-only
    """Keep a fitted model under its id, a hash of all that it was made from; the first one stays."""
    with saving(db):
        db.execute(
            "INSERT INTO models (id, at, card, data) VALUES (?, ?, ?, ?) ON CONFLICT (id) DO NOTHING",
            [id, stamp(at), json.dumps(card, sort_keys=True, ensure_ascii=False), data],
        )


def model(db: Database, id: str) -> bytes | None:  # noqa: A002 -- the column's name
    """The file of a registered model, or None."""
    row = db.execute("SELECT data FROM models WHERE id = ?", [id]).fetchone()
    return bytes(row[0]) if row else None


def model_card(db: Database, id: str) -> dict[str, Any] | None:  # noqa: A002 -- the column's name
    """What a registered model was made from, and how it scored; None where it is not registered."""
    row = db.execute("SELECT card FROM models WHERE id = ?", [id]).fetchone()
    return dict(json.loads(row[0])) if row else None


def _save_parts(db: Database, number: int, tag: Tag) -> None:
    db.conn.executemany(
        "INSERT INTO claims (tag, claim) VALUES (?, ?)", [(number, claim) for claim in dict.fromkeys(tag.claims)]
    )
    db.conn.executemany(
        "INSERT INTO spans (tag, number, starts, ends, says, text, example) VALUES (?, ?, ?, ?, ?, ?, ?)",
        [(number, i, s.start, s.end, s.says, s.text, s.example) for i, s in enumerate(tag.spans, start=1)],
    )

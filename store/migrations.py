"""The schema, as the steps that made it. A step that has been released is never edited again.

Instants are text written by `core.clock.stamp`, which sorts. Long texts stand last in a row, so
that a query for the other columns does not read their overflow pages. Tables that full-text
search or other rows point into have an explicit integer key: VACUUM renumbers an implicit one.
docs/database.md says what each table holds.
"""

from __future__ import annotations

from sqlite_utils import Database, Migrations

from store.spine_evidence import QUARANTINE
from store.spine_press import SPINE_PRESS
from store.spine_results import SPINE_RESULTS

migrations = Migrations("counterwire")


@migrations()
def m001_spine(db: Database) -> None:
    """Every table of the first release, and full-text search over titles and texts."""
    db.executescript(SPINE_PRESS)
    db.executescript(SPINE_RESULTS)
    db.table("article_versions").enable_fts(
        ["title", "text"], create_triggers=True, tokenize="porter unicode61 remove_diacritics 2"
    )


@migrations()
def m002_quarantine(db: Database) -> None:
    """Values outside their plausible range, which were thrown away before."""
    db.executescript(QUARANTINE)


@migrations()
def m003_feed_addresses(db: Database) -> None:
    """What polling learns of a feed's address: where it moved, how often that was seen, whether it is gone."""
    db.executescript(
        """
        ALTER TABLE feeds ADD COLUMN read_at TEXT;
        ALTER TABLE feeds ADD COLUMN moved_to TEXT NOT NULL DEFAULT '';
        ALTER TABLE feeds ADD COLUMN moves INTEGER NOT NULL DEFAULT 0;
        ALTER TABLE feeds ADD COLUMN gone INTEGER NOT NULL DEFAULT 0;
        """
    )


@migrations()
def m004_contracts(db: Database) -> None:
    """Every version of every contract, so that an old briefing is recomputed by the contract of its day."""
    db.executescript(
        """
        CREATE TABLE contracts (
            narrative TEXT NOT NULL,
            first_seen TEXT NOT NULL,
            hash TEXT NOT NULL,
            body TEXT NOT NULL,
            PRIMARY KEY (narrative, first_seen)
        ) STRICT, WITHOUT ROWID;
        """
    )

"""The schema, as the steps that made it. A step that has been released is never edited again.

Instants are text written by `core.clock.stamp`, which sorts. Long texts stand last in a row, so
that a query for the other columns does not read their overflow pages. Tables that full-text
search or other rows point into have an explicit integer key: VACUUM renumbers an implicit one.
docs/database.md says what each table holds.
"""

from __future__ import annotations

from sqlite_utils import Database, Migrations

from store.tables_ledger import LEDGER
from store.tables_press import PRESS
from store.tables_results import QUARANTINE, RESULTS

migrations = Migrations("counterwire")


@migrations()
def m001_spine(db: Database) -> None:
    """Every table of the first release, and full-text search over titles and texts."""
    db.executescript(PRESS)
    db.executescript(RESULTS)
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


@migrations()
def m005_versions(db: Database) -> None:
    """What became of a text: changes of versions, press releases; and how far an import of history has come."""
    db.executescript(
        """
        CREATE TABLE changes (
            article TEXT NOT NULL,
            version INTEGER NOT NULL,
            before INTEGER NOT NULL CHECK (before < version),
            first_seen TEXT NOT NULL,
            walks_back INTEGER NOT NULL CHECK (walks_back IN (0, 1)),
            marks TEXT NOT NULL,
            gone REAL NOT NULL CHECK (gone BETWEEN 0 AND 1),
            diff TEXT NOT NULL,
            PRIMARY KEY (article, version),
            FOREIGN KEY (article, version) REFERENCES article_versions (article, version)
        ) STRICT;
        CREATE INDEX changes_first_seen ON changes (first_seen);
        CREATE TABLE releases (
            article TEXT PRIMARY KEY REFERENCES articles (id),
            first_seen TEXT NOT NULL,
            issuer TEXT NOT NULL
        ) STRICT, WITHOUT ROWID;
        CREATE TABLE imports (
            file TEXT PRIMARY KEY,
            position INTEGER NOT NULL,
            at TEXT NOT NULL
        ) STRICT, WITHOUT ROWID;
        """
    )


@migrations()
def m006_sketches(db: Database) -> None:
    """Keys in sorted runs instead of a row each. Signatures kept are forgotten: they are looked at for a week."""
    db.executescript(
        """
        DROP TABLE bands;
        DROP TABLE signatures;
        CREATE TABLE sketches (
            id INTEGER PRIMARY KEY,
            article TEXT NOT NULL UNIQUE REFERENCES articles (id),
            first_seen TEXT NOT NULL,
            shingles INTEGER NOT NULL,
            hashes BLOB NOT NULL
        ) STRICT;
        CREATE INDEX sketches_first_seen ON sketches (first_seen);
        CREATE TABLE key_runs (
            id INTEGER PRIMARY KEY,
            articles INTEGER NOT NULL,
            oldest TEXT NOT NULL,
            newest TEXT NOT NULL,
            keys BLOB NOT NULL,
            numbers BLOB NOT NULL
        ) STRICT;
        """
    )


@migrations()
def m007_ledger(db: Database) -> None:
    """Calls chained by hash, alerts, and the numbers that articles claim."""
    db.executescript(LEDGER)


@migrations()
def m008_backtests(db: Database) -> None:
    """Every configuration that was ever backtested, so that trying often is counted."""
    db.executescript(
        """
        CREATE TABLE backtests (
            narrative TEXT NOT NULL,
            contract TEXT NOT NULL,
            first TEXT NOT NULL,
            last TEXT NOT NULL,
            version TEXT NOT NULL,
            at TEXT NOT NULL,
            PRIMARY KEY (narrative, contract, first, last, version)
        ) STRICT, WITHOUT ROWID;
        """
    )


@migrations()
def m009_editions(db: Database) -> None:
    """Editions with their terms, threads of mail, notices of alerts, and who wants no more of them."""
    db.executescript(
        """
        CREATE TABLE editions (
            edition TEXT NOT NULL,
            first_seen TEXT NOT NULL,
            terms TEXT NOT NULL,
            PRIMARY KEY (edition, first_seen)
        ) STRICT, WITHOUT ROWID;
        CREATE TABLE unsubscribed (
            recipient TEXT NOT NULL,
            edition TEXT NOT NULL,
            at TEXT NOT NULL,
            PRIMARY KEY (recipient, edition)
        ) STRICT, WITHOUT ROWID;
        CREATE TABLE notices (
            id TEXT PRIMARY KEY,
            edition TEXT NOT NULL,
            at TEXT NOT NULL,
            subject TEXT NOT NULL,
            alerts TEXT NOT NULL,
            html TEXT NOT NULL,
            text TEXT NOT NULL
        ) STRICT;
        ALTER TABLE briefings ADD COLUMN held_back TEXT NOT NULL DEFAULT '';
        ALTER TABLE deliveries ADD COLUMN edition TEXT NOT NULL DEFAULT 'daily';
        ALTER TABLE deliveries ADD COLUMN thread TEXT NOT NULL DEFAULT '';
        ALTER TABLE deliveries ADD COLUMN form TEXT NOT NULL DEFAULT 'html' CHECK (form IN ('html', 'text'));
        CREATE INDEX deliveries_thread ON deliveries (recipient, edition);
        """
    )


@migrations()
def m010_reading_detail(db: Database) -> None:
    """What stands beside a reading's sentence (the pairs, say), apart from it."""
    db.executescript("ALTER TABLE readings ADD COLUMN detail TEXT NOT NULL DEFAULT ''")


@migrations()
def m011_pictures(db: Database) -> None:
    """The archive page of a briefing, and the pictures that its mail carries."""
    db.executescript(
        """
        ALTER TABLE briefings ADD COLUMN page TEXT;
        CREATE TABLE pictures (
            briefing TEXT NOT NULL,
            name TEXT NOT NULL,
            png BLOB NOT NULL,
            PRIMARY KEY (briefing, name)
        ) STRICT, WITHOUT ROWID;
        """
    )


@migrations()
def m012_labels(db: Database) -> None:
    """Labels that can be taken back, with how the article was drawn and the passage they speak of; trainings by them."""
    db.executescript(
        """
        CREATE TABLE told (
            id INTEGER PRIMARY KEY,
            narrative TEXT NOT NULL,
            article TEXT NOT NULL REFERENCES articles (id),
            who TEXT NOT NULL,
            at TEXT NOT NULL,
            tag INTEGER CHECK (tag IN (0, 1)),
            stance TEXT CHECK (stance IN ('promotes', 'disputes', 'reports')),
            drawn TEXT NOT NULL DEFAULT 'chosen' CHECK (drawn IN ('audit', 'uncertain', 'chosen')),
            stratum TEXT CHECK (stratum IN ('tagged', 'near', 'far')),
            weight REAL NOT NULL DEFAULT 1 CHECK (weight > 0),
            passage TEXT NOT NULL DEFAULT '',
            note TEXT NOT NULL DEFAULT ''
        ) STRICT;
        INSERT INTO told (narrative, article, who, at, tag, stance)
            SELECT narrative, article, who, at, tag, stance FROM labels ORDER BY at, narrative, article, who;
        DROP TABLE labels;
        ALTER TABLE told RENAME TO labels;
        CREATE INDEX labels_article ON labels (article, narrative);
        CREATE INDEX labels_at ON labels (narrative, at);
        CREATE TABLE trainings (
            narrative TEXT NOT NULL,
            at TEXT NOT NULL,
            labels INTEGER NOT NULL,
            model TEXT NOT NULL,
            PRIMARY KEY (narrative, at)
        ) STRICT, WITHOUT ROWID;
        """
    )


@migrations()
def m020_answer_validators(db: Database) -> None:
    """What an answer of a series source may be asked for again with, so that it is sent only if it changed."""
    db.executescript(
        """
        ALTER TABLE answers ADD COLUMN etag TEXT NOT NULL DEFAULT '';
        ALTER TABLE answers ADD COLUMN modified TEXT NOT NULL DEFAULT '';
        """
    )


@migrations()
def m021_shipped(db: Database) -> None:
    """Rows of the program's own data files that a briefing's figures may come from."""
    db.executescript(
        """
        CREATE TABLE shipped (
            series TEXT NOT NULL,
            time TEXT NOT NULL,
            value REAL NOT NULL,
            file TEXT NOT NULL,
            hash TEXT NOT NULL,
            says TEXT NOT NULL,
            first_seen TEXT NOT NULL,
            PRIMARY KEY (series, time, value, hash)
        ) STRICT, WITHOUT ROWID;
        """
    )


@migrations()
def m022_span_examples(db: Database) -> None:
    """Which of the contract's examples a passage is nearest to; older tags did not keep it."""
    db.executescript("ALTER TABLE spans ADD COLUMN example TEXT NOT NULL DEFAULT '';")


@migrations()
def m023_organisations(db: Database) -> None:
    """Whom a tag's speaker speaks for; older tags did not keep it."""
    db.executescript("ALTER TABLE tags ADD COLUMN organisation TEXT NOT NULL DEFAULT '';")


@migrations()
def m024_no_cursor_kinds(db: Database) -> None:
    """What a stage listens to stands in its code; nothing read this table."""
    db.executescript("DROP TABLE cursor_kinds;")

"""Opening the database, and the one way to write to it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import sqlite_utils
from sqlite_utils.utils import sqlite3  # type: ignore[attr-defined] # the SQLite that sqlite-utils took, unexported

from core.errors import StoreError
from store.migrations import migrations
from store.views import VIEWS

Database = sqlite_utils.Database

APPLICATION = 0x43574952  # "CWIR" in the file's header: tells our databases from everybody else's
BUSY_MS = 10_000  # how long a writer waits for another; the longest transaction of ours takes under 2 s
OLDEST_SQLITE = (3, 38, 0)  # the first with unixepoch(); STRICT tables came with 3.37


def open_database(path: Path, *, create: bool = True) -> Database:
    """Open the database for reading and writing, made and migrated where needed.

    WAL, foreign keys on, synchronous=NORMAL; a writer waits ten seconds for another one. A
    connection serves the thread that opened it. Raises StoreError for a missing file (unless
    `create`), a folder that cannot be made, a file that is no database or another program's,
    one written by a newer version, and one that stays locked.
    """
    if not create and not path.is_file():
        raise StoreError(f"{path}: there is no database")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise StoreError(f"{path}: its folder cannot be made ({error.strerror})") from error
    db = _connect(path)
    try:
        _ours(path, db)
        _enable_wal(db)
        db.execute("PRAGMA synchronous = NORMAL")
        if migrations.pending(db):
            with writing(db):  # two processes may start at once; the second finds nothing pending
                migrations.apply(db)
                db.execute(f"PRAGMA application_id = {APPLICATION}")
        _refresh_views(db)
    except sqlite3.Error as error:
        db.close()
        raise StoreError(f"{path}: {error}") from error
    except StoreError:
        db.close()
        raise
    return db


@contextmanager
def writing(db: Database) -> Iterator[None]:
    """One transaction: all of it is stored, or nothing.

    It takes the write lock at once (BEGIN IMMEDIATE), so that what is read inside cannot be
    overtaken by another writer. It does not nest. Raises StoreError when the lock cannot be had
    and for whatever SQLite refuses inside.
    """
    if db.conn.in_transaction:
        raise StoreError("a transaction is open already")
    try:
        db.conn.execute("BEGIN IMMEDIATE")
    except sqlite3.Error as error:
        raise StoreError(f"the database cannot be written: {error}") from error
    try:
        yield
        db.conn.execute("COMMIT")
    except sqlite3.Error as error:
        db.rollback()
        raise StoreError(f"nothing was stored: {error}") from error
    except BaseException:
        db.rollback()
        raise


@contextmanager
def saving(db: Database) -> Iterator[None]:
    """The caller's transaction where one is open, or else one of its own."""
    if db.conn.in_transaction:
        yield
    else:
        with writing(db):
            yield


def _connect(path: Path) -> Database:
    if sqlite3.sqlite_version_info < OLDEST_SQLITE:
        raise StoreError(f"SQLite {sqlite3.sqlite_version} is too old; 3.38 is needed")
    try:
        db = Database(sqlite3.connect(path, timeout=BUSY_MS / 1000))
        db.execute("PRAGMA foreign_keys = ON")
    except sqlite3.Error as error:
        raise StoreError(f"{path}: {error}") from error
    return db


def _enable_wal(db: Database) -> None:
    # Two processes that turn a new file to WAL at once get "locked" without any wait (4 of 75 when
    # three started together); a write lock that is given back waits for the other.
    for _ in range(9):
        try:
            db.enable_wal()
        except sqlite3.OperationalError:
            with writing(db):
                pass
        else:
            return
    db.enable_wal()


def _ours(path: Path, db: Database) -> None:
    # In this order: another process may be making the tables just now, and the mark comes with them.
    empty = db.execute("SELECT count(*) FROM sqlite_master").fetchone()[0] == 0
    application = db.execute("PRAGMA application_id").fetchone()[0]
    if application != APPLICATION and not empty:
        raise StoreError(f"{path}: is a database of another program")
    known = {step.name for step in migrations._migrations}  # sqlite-utils has no public list of all steps
    newer = [step.name for step in migrations.applied(db) if step.name not in known]
    if newer:
        raise StoreError(f"{path}: was written by a newer version ({newer[-1]}); update this one")


def _refresh_views(db: Database) -> None:
    if any(_schema(db, name) != f'CREATE VIEW "{name}" AS {sql}' for name, sql in VIEWS.items()):
        with writing(db):
            for name, sql in VIEWS.items():
                db.create_view(name, sql, replace=True)


def _schema(db: Database, view: str) -> str | None:
    row = db.execute("SELECT sql FROM sqlite_master WHERE type = 'view' AND name = ?", [view]).fetchone()
    return row[0] if row else None

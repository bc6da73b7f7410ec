"""Opening, refusing, transactions that are killed, two writers."""

import subprocess
import sys
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest
from sqlite_utils.utils import sqlite3  # type: ignore[attr-defined] # the SQLite that sqlite-utils took, unexported

from core.errors import StoreError
from store import articles, events
from store.database import Database, open_database, saving, writing
from store.migrations import migrations
from store.views import VIEWS
from tests.store.making import MORNING, make_article


def test_a_new_database_has_wal_foreign_keys_and_every_migration(path: Path) -> None:
    with open_database(path) as db:
        assert db.journal_mode == "wal"
        assert db.execute("PRAGMA foreign_keys").fetchone() == (1,)
        assert db.execute("PRAGMA synchronous").fetchone() == (1,)  # 1 is NORMAL
        assert db.execute("PRAGMA busy_timeout").fetchone() == (10_000,)
        assert not migrations.pending(db)
        assert set(db.view_names()) == set(VIEWS)


def test_every_table_of_ours_is_strict(db: Database) -> None:
    ours = [t for t in db.tables if "_fts" not in t.name and not t.name.startswith(("_sqlite", "sqlite_"))]
    assert len(ours) > 20
    assert [t.name for t in ours if not t.strict] == []


def test_opening_again_changes_nothing(path: Path) -> None:
    open_database(path).close()
    before = path.read_bytes()
    open_database(path).close()
    assert path.read_bytes() == before


def test_a_view_whose_definition_changed_is_made_anew(path: Path) -> None:
    with open_database(path) as db:
        db.create_view("narrative_days", "SELECT 1 AS outdated", replace=True)
    with open_database(path) as db:
        assert "lean" in [c.name for c in db["narrative_days"].columns]


def test_folders_are_made_on_the_way(tmp_path: Path) -> None:
    open_database(tmp_path / "a" / "b" / "counterwire.db").close()
    assert (tmp_path / "a" / "b" / "counterwire.db").is_file()


def _no_file(path: Path) -> None:
    path.unlink(missing_ok=True)


def _text(path: Path) -> None:
    path.write_text("this is a shopping list, and far too long to be taken for an empty file" * 20)


def _other_program(path: Path) -> None:
    with closing(sqlite3.connect(path)) as connection, connection:
        connection.execute("CREATE TABLE bookmarks (url TEXT)")


def _newer(path: Path) -> None:
    with open_database(path) as db:
        db.table("_sqlite_migrations").insert(
            {"migration_set": "counterwire", "name": "m999_future", "applied_at": "2030-01-01"}
        )


@pytest.mark.parametrize(
    ("prepare", "words"),
    [
        pytest.param(_no_file, "there is no database", id="a missing file is not made unasked"),
        pytest.param(_text, "not a database", id="a text file is no database"),
        pytest.param(_other_program, "another program", id="another program's database is left alone"),
        pytest.param(_newer, "newer version", id="a newer version's database is left alone"),
    ],
)
def test_what_cannot_be_used_is_refused_in_words(path: Path, prepare: Callable[[Path], None], words: str) -> None:
    prepare(path)
    with pytest.raises(StoreError, match=words) as caught:
        open_database(path, create=False)
    assert str(path) in str(caught.value)


def test_a_folder_that_cannot_be_made_is_a_store_error(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(StoreError, match="folder cannot be made"):
        open_database(tmp_path / "file" / "counterwire.db")


def _interrupted(db: Database, save: Callable[[], object]) -> None:
    def stage() -> None:
        with writing(db):
            save()
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        stage()


def test_writing_stores_all_or_nothing(db: Database) -> None:
    _interrupted(db, lambda: articles.add(db, [make_article()]))
    assert articles.known_ids(db, ["a1"]) == set()
    assert not db.conn.in_transaction


def test_writing_does_not_nest_and_says_so(db: Database) -> None:
    with pytest.raises(StoreError, match="open already"), writing(db), writing(db):
        pass


def test_saving_joins_the_open_transaction(db: Database) -> None:
    def save() -> None:
        with saving(db):
            articles.add(db, [make_article()])

    _interrupted(db, save)
    assert articles.known_ids(db, ["a1"]) == set()


def test_what_sqlite_refuses_becomes_a_store_error_and_leaves_nothing(db: Database) -> None:
    def stage() -> None:
        with writing(db):
            articles.add(db, [make_article()])
            db.execute("INSERT INTO runs (started, state) VALUES (NULL, 'running')")

    with pytest.raises(StoreError, match="NOT NULL"):
        stage()
    assert articles.known_ids(db, ["a1"]) == set()


def test_a_lock_that_is_never_released_is_a_store_error(path: Path, db: Database) -> None:
    with open_database(path) as other, writing(db):
        other.execute("PRAGMA busy_timeout = 20")
        with pytest.raises(StoreError, match="locked"), writing(other):
            pass


def test_a_reader_sees_the_last_commit_while_another_writes(path: Path, db: Database) -> None:
    with open_database(path) as reader, writing(db):
        articles.add(db, [make_article()])
        assert articles.known_ids(reader, ["a1"]) == set()
    with open_database(path) as reader:
        assert articles.known_ids(reader, ["a1"]) == {"a1"}


KILLED = """
import os, sys
from pathlib import Path
from store import articles, events
from store.database import open_database, writing
from tests.store.making import MORNING, make_article

db = open_database(Path(sys.argv[1]))
with writing(db):
    articles.add(db, [make_article("kept")])
    events.append(db, "article", ["kept"], at=MORNING)
with writing(db):
    articles.add(db, [make_article(f"lost{i}", text="words " * 5000) for i in range(200)])
    events.append(db, "article", ["lost0"], at=MORNING)
    events.advance(db, "texts", 1)
    os._exit(9)
"""


def test_a_process_killed_while_writing_leaves_nothing_half_done(path: Path, root: Path) -> None:
    # 6 MB of text is more than SQLite's page cache holds, so pages of the lost transaction are in the WAL.
    assert subprocess.run([sys.executable, "-c", KILLED, str(path)], cwd=root, check=False).returncode == 9
    with open_database(path) as db:
        assert articles.known_ids(db, ["kept", "lost0"]) == {"kept"}
        assert [e.subject for e in events.pending(db, "texts", ["article"], limit=10)] == ["kept"]
        assert db.execute("PRAGMA integrity_check").fetchone() == ("ok",)
        assert articles.search(db, "words", limit=5) == []


WRITER = """
import sys
from pathlib import Path
from store import events
from store.database import open_database, writing
from tests.store.making import MORNING

db = open_database(Path(sys.argv[1]))
for i in range(100):
    with writing(db):
        seen = db.execute("SELECT count(*) FROM events").fetchone()[0]
        events.append(db, "tick", [f"{sys.argv[2]} {i} {seen}"], at=MORNING)
"""


def test_two_processes_write_at_once_and_neither_loses_or_overtakes(path: Path, root: Path) -> None:
    """Both make the database, and what each read inside its transaction was still true at its end."""
    writers = [subprocess.Popen([sys.executable, "-c", WRITER, str(path), name], cwd=root) for name in "ab"]
    assert [w.wait() for w in writers] == [0, 0]
    with open_database(path) as db:
        ticks = events.pending(db, "any", ["tick"], limit=1000)
    assert len(ticks) == 200
    assert [int(e.subject.split()[2]) for e in ticks] == list(range(200))


def test_a_database_is_one_file_when_it_is_closed(path: Path) -> None:
    with open_database(path) as db, writing(db):
        events.append(db, "article", ["a1"], at=MORNING)
    assert list(path.parent.iterdir()) == [path]

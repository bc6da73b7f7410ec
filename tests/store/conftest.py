"""A real database file for every test."""

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from store.database import Database, open_database


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "counterwire.db"


@pytest.fixture(scope="session")
def fresh(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A new database, made once: its forty tables and indexes cost more than most tests."""
    made = tmp_path_factory.mktemp("fresh") / "counterwire.db"
    open_database(made).close()
    return made


@pytest.fixture
def db(path: Path, fresh: Path) -> Iterator[Database]:
    shutil.copy(fresh, path)
    held = open_database(path)
    yield held
    held.close()


@pytest.fixture
def dump(db: Database) -> Callable[[], dict[str, list[Any]]]:
    """Every row of every table, to see whether anything changed."""
    return lambda: {table.name: list(table.rows) for table in db.tables}

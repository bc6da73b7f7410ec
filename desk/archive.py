"""The archive: every briefing that was kept, newest first, read from the database without touching it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import sqlite_utils
from sqlite_utils.utils import sqlite3  # type: ignore[attr-defined]  # the SQLite that sqlite-utils chose

from core.errors import StoreError

Render = Callable[[str, Mapping[str, object]], str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Kept:
    """One line of the archive: an edition, its subject, and the pages that hold it."""

    edition: str
    as_of: str
    subject: str
    page: str
    text: str


def kept(database: Path) -> Sequence[Kept]:
    """The briefings of a database, newest first; raises StoreError if it cannot be read."""
    try:
        with sqlite_utils.Database(sqlite3.connect(f"{database.resolve().as_uri()}?mode=ro", uri=True)) as db:
            rows = list(db.query("select id, edition, as_of, subject from briefings order by as_of desc, id desc"))
    except sqlite3.Error as error:
        raise StoreError(f"{database}: {error}") from error
    return [
        Kept(
            edition=row["edition"],
            as_of=row["as_of"],
            subject=row["subject"],
            page=f"{row['id']}.html",
            text=f"{row['id']}.txt",
        )
        for row in rows
    ]


def archive_page(database: Path, render: Render) -> str:
    """The archive as a page; `render` fills the template `archive.html`."""
    return render("archive.html", {"kept": kept(database)})

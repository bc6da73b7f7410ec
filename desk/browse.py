"""Datasette on the same file: every table and view to look at and to query, read only, and no address to be seen."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from datasette.app import Datasette
from datasette.database import Database
from sqlite_utils.utils import sqlite3  # type: ignore[attr-defined]  # the SQLite that sqlite-utils chose

QUERY_MS = 2000  # after this a query is stopped
ROWS = 1000  # of an answer

# What reads as NULL here, in any query: addresses, and texts of mail servers that may repeat them. A person's name too.
HIDDEN = frozenset(
    {
        ("deliveries", "recipient"),
        ("deliveries", "message_id"),
        ("deliveries", "thread"),
        ("deliveries", "reason"),
        ("unsubscribed", "recipient"),
        ("editions", "terms"),
        ("runs", "summary"),
        ("labels", "who"),
    }
)
# Statistics of the planner hold samples of indexed values.
REFUSED = ("sqlite_stat", "sqlite_dbpage")


class ReadOnly(Database):  # type: ignore[misc]  # datasette has no types
    """The file by its mode=ro: rows of a running pass are seen, nothing can be written or attached."""

    def connect(self, write: bool = False) -> Any:
        """A connection whose every statement is looked through before it runs."""
        if write:
            raise PermissionError("this database is read only")
        connection = super().connect()
        connection.set_authorizer(_allowed)
        return connection


def browser(database: Path, *, base: str, mark: str = "") -> Any:
    """The ASGI application; `base` is the path under which it is mounted, with slashes around it.

    `mark` stands on every page ("SAMPLE", say).
    """
    source = (
        f"{mark}. docs/database.md explains tables and views" if mark else "docs/database.md explains tables and views"
    )
    datasette = Datasette(
        [],
        settings={
            "base_url": base,
            "sql_time_limit_ms": QUERY_MS,
            "max_returned_rows": ROWS,
            "allow_download": False,
            "allow_csv_stream": False,
            "suggest_facets": False,
        },
        metadata={"title": " ".join(filter(None, (mark, "Counterwire: the rows"))), "source": source},
    )
    datasette.add_database(ReadOnly(datasette, path=str(database), is_mutable=True), name="counterwire")
    return _Pages(datasette.app(), base)


class _Pages:
    """All of Datasette but the pages that tell of the machine: paths, versions, settings, threads."""

    def __init__(self, app: Any, base: str) -> None:
        self._app, self._base = app, base

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        path = scope["path"].removeprefix(self._base.rstrip("/"))
        if path.startswith("/-/") and not path.startswith("/-/static/"):
            await send({"type": "http.response.start", "status": 404, "headers": [(b"content-type", b"text/plain")]})
            await send({"type": "http.response.body", "body": b"not here"})
            return
        await self._app(scope | {"root_path": ""}, receive, send)


def _allowed(action: int, first: str | None, second: str | None, _where: str | None, _trigger: str | None) -> int:
    if action == sqlite3.SQLITE_READ and first is not None:
        if (first, second) in HIDDEN:
            return int(sqlite3.SQLITE_IGNORE)
        if first.startswith(REFUSED):
            return int(sqlite3.SQLITE_DENY)
    return int(sqlite3.SQLITE_DENY if action == sqlite3.SQLITE_ATTACH else sqlite3.SQLITE_OK)

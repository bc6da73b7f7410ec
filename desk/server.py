"""Serving the desk until it is stopped."""

from __future__ import annotations

from pathlib import Path

import uvicorn

from desk.app import ROWS, Doors, application
from desk.browse import browser
from desk.reading import Shelf


def serve(database: Path, doors: Doors, *, host: str, port: int, hosts: tuple[str, ...], mark: str = "") -> None:
    """Answer on this address until Ctrl-C or SIGTERM; `mark` stands on every page of rows.

    Ends with SystemExit where the address cannot be had.
    """
    app = application(Shelf(database), doors, rows=browser(database, base=ROWS, mark=mark), hosts=hosts)
    uvicorn.run(app, host=host, port=port, log_level="warning", server_header=False, timeout_graceful_shutdown=5)

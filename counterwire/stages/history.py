"""Imported articles -> kept, in batches, and run through the same stages as those that were polled."""

from __future__ import annotations

import hashlib
import sys
from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from pathlib import Path

from core.articles import Article
from core.errors import InputError
from core.settings import FeedSettings
from counterwire.house import House
from counterwire.stages.stories import stories
from counterwire.stages.tagging import tagging
from ingest.archives import articles_from_parquet, articles_from_warc, rows_of
from ingest.history import BadLine, Found, articles_from_file, articles_from_jsonl
from store import articles, events, imports
from store.database import writing

BATCH = 500
ENDS = 1 << 20  # bytes at either end of a file that tell it from another one


def found_in(path: Path, *, lag: timedelta, feeds: Sequence[FeedSettings], start: int = 0) -> Iterator[Found]:
    """The articles of a JSONL, Parquet or WARC file by its ending, from `start` on (`-`: JSONL of standard input).

    Raises InputError.
    """
    if path.suffix == ".parquet":
        yield from articles_from_parquet(path, lag=lag, feeds=feeds, start=start)
    elif path.name.endswith((".warc", ".warc.gz")):
        yield from articles_from_warc(path, lag=lag, feeds=feeds, start=start)
    elif str(path) == "-":
        for item in articles_from_jsonl(sys.stdin, name="-", lag=lag, feeds=feeds):
            yield Found(item=item, position=0)
    else:
        yield from articles_from_file(path, lag=lag, feeds=feeds, start=start)


def extent(path: Path) -> int | None:
    """What the positions in a file count up to, for a progress bar; None where that cannot be known."""
    if path.suffix == ".parquet":
        return rows_of(path) or None
    return path.stat().st_size if path.is_file() else None


def name_of(path: Path, *told: str) -> str:
    """A name for the content of a file and how it is `told` to be read, whatever it is called and wherever it lies.

    "" for standard input, in which nobody can go back. Raises InputError if it cannot be read.
    """
    if str(path) == "-":
        return ""
    try:
        with path.open("rb") as file:
            size = path.stat().st_size
            digest = hashlib.sha256(file.read(ENDS))
            file.seek(max(0, size - ENDS))
            digest.update(file.read(ENDS))
    except OSError as error:
        raise InputError(f"{path}: {error.strerror}") from None
    digest.update(repr((size, told)).encode())
    return digest.hexdigest()[:32]


class Importer:
    """Takes what is found one by one. A batch and the position that it reached are one transaction.

    An import that is ended anywhere is continued by another of the same `file` name, from `start`.
    """

    def __init__(self, house: House, *, file: str, now: datetime) -> None:
        self.house, self.now = house, now
        self.added = self.known = self.later = 0
        self.bad: list[BadLine] = []
        self.start = imports.position(house.db, file) if file else 0
        self._file = file
        self._waiting: list[Article] = []

    def take(self, found: Found, *, before: datetime) -> None:
        """Keep an article first seen before then (at the latest when the batch is full), or note a bad line."""
        if isinstance(found.item, BadLine):
            self.bad.append(found.item)
        elif found.item.first_seen < before:
            self._waiting.append(found.item)
        else:
            self.later += 1
        if len(self._waiting) >= BATCH:
            self._keep(found.position)

    def finish(self) -> None:
        """Keep what is left, then join stories and tag."""
        self._keep(None)
        stories(self.house, now=self.now)
        tagging(self.house, now=self.now)

    def _keep(self, position: int | None) -> None:
        with writing(self.house.db):
            added = articles.add(self.house.db, self._waiting)
            events.append(self.house.db, "text", added, at=self.now)
            if self._file and position is not None:
                imports.reached(self.house.db, self._file, position, at=self.now)
            elif self._file:
                imports.finished(self.house.db, self._file)
        self.added += len(added)
        self.known += len(self._waiting) - len(added)
        self._waiting = []

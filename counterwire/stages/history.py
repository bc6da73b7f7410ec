"""Imported articles -> kept, in batches, and run through the same stages as those that were polled."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from pathlib import Path

from core.articles import Article
from core.settings import FeedSettings
from counterwire.house import House
from counterwire.jsonl import lines
from counterwire.stages.stories import stories
from counterwire.stages.tagging import tagging
from ingest.archives import articles_from_parquet, articles_from_warc
from ingest.history import BadLine, articles_from_jsonl
from store import articles, events
from store.database import writing

BATCH = 500


def found_in(path: Path, *, lag: timedelta, feeds: Sequence[FeedSettings]) -> Iterator[Article | BadLine]:
    """The articles of a JSONL, Parquet or WARC file by its ending; raises InputError."""
    if path.suffix == ".parquet":
        yield from (found.item for found in articles_from_parquet(path, lag=lag, feeds=feeds))
    elif path.name.endswith((".warc", ".warc.gz")):
        yield from (found.item for found in articles_from_warc(path, lag=lag, feeds=feeds))
    else:
        with lines(path) as given:
            yield from articles_from_jsonl(given, name=str(path), lag=lag, feeds=feeds)


class Importer:
    """Takes articles one by one; every batch is one transaction, so a killed import is simply run again."""

    def __init__(self, house: House, *, now: datetime) -> None:
        self.house, self.now = house, now
        self.added = self.known = 0
        self._waiting: list[Article] = []

    def take(self, article: Article) -> None:
        """Keep one article (at the latest when the batch is full)."""
        self._waiting.append(article)
        if len(self._waiting) >= BATCH:
            self._keep()

    def finish(self) -> None:
        """Keep what is left, then join stories and tag."""
        self._keep()
        stories(self.house, now=self.now)
        tagging(self.house, now=self.now)

    def _keep(self) -> None:
        with writing(self.house.db):
            added = articles.add(self.house.db, self._waiting)
            events.append(self.house.db, "text", added, at=self.now)
        self.added += len(added)
        self.known += len(self._waiting) - len(added)
        self._waiting = []

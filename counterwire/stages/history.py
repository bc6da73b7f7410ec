"""Imported articles -> kept, in batches, and run through the same stages as those that were polled."""

from __future__ import annotations

from datetime import datetime

from core.articles import Article
from counterwire.house import House
from counterwire.stages.stories import stories
from counterwire.stages.tagging import tagging
from store import articles, events
from store.database import writing

BATCH = 500


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

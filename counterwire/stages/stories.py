"""Texts -> stories: which articles share a text's lineage."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

from core.articles import Article
from counterwire.house import House
from counterwire.stages import LISTENS, Done
from ingest.stories import join, signature
from ingest.voices import voice
from store import articles, events
from store.database import writing

BATCH = 2048  # the texts of a pass at once, so that their order does not depend on which feed answered first
MEMORY = timedelta(days=45)  # how far back a copy looks for its original (DESIGN: 45 days)


def stories(house: House, *, now: datetime) -> Done:
    """Give every text its place in a story."""
    handled = new = 0
    while batch := events.pending(house.db, "stories", LISTENS["stories"], limit=BATCH):
        begun = []
        with writing(house.db):
            loaded = articles.load(house.db, [e.subject for e in batch])
            for article in sorted(loaded, key=_seniority):
                own = signature(article)
                near = articles.candidates(house.db, own, since=article.first_seen - MEMORY)
                lineage = join(article, own, near, now=max(now, article.first_seen))
                speaking = replace(article, owner=voice(article, house.families))
                articles.save_lineage(house.db, own, lineage, speaking)
                if lineage.story == article.id:
                    begun.append(lineage.story)
            events.append(house.db, "story", begun, at=now)
            events.advance(house.db, "stories", batch[-1].id)
        handled, new = handled + len(batch), new + len(begun)
    return Done(stage="stories", handled=handled, new=new)


def _seniority(article: Article) -> tuple[datetime, datetime, str]:
    """Who was first: seen, then published; of two that came together, the same one every time."""
    return article.first_seen, article.published or article.first_seen, article.id

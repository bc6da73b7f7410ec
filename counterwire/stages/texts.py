"""New articles -> their full text, fetched from the page where the feed gives only an excerpt."""

from __future__ import annotations

import asyncio
from datetime import datetime

from core.articles import Article
from counterwire.house import House
from counterwire.stages import LISTENS, Done
from ingest.client import Web
from ingest.text import full_text
from store import articles, events
from store.database import writing

BATCH = 64  # pages in flight at once; each batch is one transaction, so a kill costs at most these


async def texts(house: House, web: Web, *, now: datetime) -> Done:
    """Fetch the page of every new article that may count; what cannot be had keeps the feed's text."""
    handled = new = 0
    while batch := events.pending(house.db, "texts", LISTENS["texts"], limit=BATCH):
        loaded = articles.load(house.db, [e.subject for e in batch])
        wanted = [a for a in loaded if _wants_page(house, a)]
        fetched = await asyncio.gather(*(full_text(web, a, now=now) for a in wanted))
        better = [after for before, after in zip(wanted, fetched, strict=True) if after.version > before.version]
        with writing(house.db):
            for article in better:
                articles.add_version(house.db, article, seen=now)
            events.append(house.db, "text", [a.id for a in loaded], at=now)
            events.advance(house.db, "texts", batch[-1].id)
        handled, new = handled + len(loaded), new + len(better)
    return Done(stage="texts", handled=handled, new=new)


def _wants_page(house: House, article: Article) -> bool:
    # A stale or undated item can never be evidence, so its publisher is not asked for the page.
    return bool(house.settings.fetch.full_text and article.url and not article.marks and not article.imported)

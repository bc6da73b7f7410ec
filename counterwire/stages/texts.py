"""New articles -> their full text, fetched from the page where the feed gives only an excerpt; and those pages again."""

from __future__ import annotations

import asyncio
from datetime import datetime

from core.articles import Article
from counterwire.house import House
from counterwire.stages import LISTENS, Done
from ingest.text import PageRead, read_page, release
from ingest.versions import AGAIN, page_due
from ingest.web import Web
from store import articles, changes, events, feeds
from store.database import writing

BATCH = 64  # pages in flight at once; each batch is one transaction, so a kill costs at most these


async def texts(house: House, web: Web, *, now: datetime) -> Done:
    """Fetch the page of every new article that may count; what cannot be had keeps the feed's text.

    Then look again at pages that were read before and carry a narrative, at most 64 a pass.
    """
    handled = new = visited = 0
    while batch := events.pending(house.db, "texts", LISTENS["texts"], limit=BATCH):
        loaded = articles.load(house.db, [e.subject for e in batch])
        wanted = [a for a in loaded if _wants_page(house, a)]
        visits = await asyncio.gather(*(read_page(web, a, now=now) for a in wanted))
        with writing(house.db):
            new += sum(_keep(house, before, visit, now=now) for before, visit in zip(wanted, visits, strict=True))
            events.append(house.db, "text", [a.id for a in loaded], at=now)
            events.advance(house.db, "texts", batch[-1].id)
        handled, visited = handled + len(loaded), visited + len(wanted)
    read, revised = await _again(house, web, now=now)
    if visited or read:
        release()
    return Done(stage="texts", handled=handled + read, new=new + revised)


async def _again(house: House, web: Web, *, now: datetime) -> tuple[int, int]:
    """Read pages again, the oldest first; returns how many, and how many said something else."""
    if not house.settings.fetch.full_text:
        return 0, 0
    narratives = [c.id for c in house.contracts]
    # Twice the last age: what was due while nothing ran is still read once.
    held = changes.pages_read(house.db, narratives, since=now - 2 * AGAIN[-1], until=now - AGAIN[0])
    due = [name for name, first_seen, last_read in held if page_due(first_seen, last_read, now=now)]
    wanted = articles.load(house.db, due[:BATCH])
    visits = await asyncio.gather(*(read_page(web, a, now=now) for a in wanted))
    with writing(house.db):
        revised = [a.id for a, visit in zip(wanted, visits, strict=True) if _keep(house, a, visit, now=now)]
        for before, visit in zip(wanted, visits, strict=True):
            feeds.record_fetch(
                house.db,
                url=before.url,
                kind="page",
                status=visit.status,
                reason=visit.reason,
                entries=0,
                new=int(visit.article.version > before.version),
                bytes=visit.bytes,
                at=now,
                run=None,
                source=before.id,
            )
        events.append(house.db, "text", revised, at=now)
    return len(wanted), len(revised)


def _keep(house: House, before: Article, visit: PageRead, *, now: datetime) -> bool:
    """Store what a visit found; returns whether it is another version."""
    if visit.article.url != before.url:
        changes.readdress(house.db, visit.article)
    if visit.change:
        changes.revise(house.db, visit.article, visit.change, seen=now)
    elif visit.article.version > before.version:
        articles.add_version(house.db, visit.article, seen=now)
    return visit.article.version > before.version


def _wants_page(house: House, article: Article) -> bool:
    # A stale or undated item can never be evidence, so its publisher is not asked for the page.
    return bool(house.settings.fetch.full_text and article.url and not article.marks and not article.imported)

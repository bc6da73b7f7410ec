"""Feeds that are due -> articles, a few feeds a transaction."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from datetime import datetime

from core.articles import Feed
from counterwire.house import House
from counterwire.stages import Done
from ingest import plan
from ingest.feeds import Polled, settled
from ingest.feeds import poll as poll_feed
from ingest.versions import retold, too_soon
from ingest.web import Web
from ingest.workers import Readers
from store import articles, changes, events, feeds
from store.database import writing

TOGETHER = 16  # feeds in one transaction; a kill costs at most these, and the next pass polls them again
AHEAD = 64  # feeds fetched and not yet stored, so that a slow disk does not fill the memory


async def poll(house: House, web: Web, *, now: datetime, run: int) -> Done:
    """Poll every due feed and keep what is new; a feed's fault is counted, never raised."""
    with writing(house.db):
        feeds.sync(house.db, house.settings.feeds, at=now)
    due = plan.due(feeds.load(house.db), now=now)
    room = asyncio.Semaphore(AHEAD)
    new, problems = 0, []
    async with Readers(feeds=len(due)) as readers:

        async def visit(feed: Feed) -> Polled:
            await room.acquire()
            return await poll_feed(web, feed, now=now, reader=readers.read)

        visits = {asyncio.create_task(visit(feed)) for feed in due}
        ended = asyncio.as_completed(visits)
        for task in visits:
            task.add_done_callback(visits.discard)  # a task that is kept keeps its articles
        try:
            for start in range(0, len(due), TOGETHER):
                batch = [await next(ended) for _ in due[start : start + TOGETHER]]
                for polled, added in _keep(house, batch, now=now, run=run):
                    room.release()
                    new += added
                    problems += [_words(polled)] if polled.status == "failed" else []
        finally:  # what is under way when the database fails ends with it
            for task in visits:
                task.cancel()
            await asyncio.gather(*visits, return_exceptions=True)
    return Done(stage="poll", handled=len(due), new=new, problems=tuple(sorted(problems)))


def _keep(house: House, batch: Sequence[Polled], *, now: datetime, run: int) -> list[tuple[Polled, int]]:
    """Store one batch in one transaction; gives each visit as it was settled, and how many articles it added."""
    kept = []
    with writing(house.db):
        added = articles.add(house.db, (a for polled in batch for a in polled.articles))
        events.append(house.db, "article", added, at=now)
        waiting = set(added)
        for polled in batch:
            mine = {a.id for a in polled.articles}
            known, new = mine - waiting, len(mine & waiting)  # an article that two feeds brought is the first one's
            waiting -= mine
            if polled.status == "ok" and known:
                _revise(house, polled, known, now=now)
            visit = settled(polled, known=len(known), new=new, now=now)
            feeds.save(house.db, visit.feed)
            feeds.record_fetch(
                house.db,
                url=visit.feed.url,
                kind="feed",
                status=visit.status,
                reason=visit.reason,
                entries=len(visit.entries),
                new=new,
                bytes=visit.bytes,
                at=now,
                run=run,
                due=visit.feed.due,
            )
            kept.append((visit, new))
    return kept


def _revise(house: House, polled: Polled, known: set[str], *, now: datetime) -> None:
    """Keep the next version of every known article that this feed brought and now tells otherwise."""
    told = {a.id: a for a in polled.articles if a.id in known}
    since = changes.otherwise(house.db, told.values(), feed=polled.feed.url)
    revised = []
    for held in articles.load(house.db, list(since)):
        if too_soon(held, since=since[held.id], now=now):
            continue
        if found := retold(held, told[held.id]):
            changes.revise(house.db, *found, seen=now)
            revised.append(held.id)
    events.append(house.db, "text", revised, at=now)


def _words(polled: Polled) -> str:
    return f"{polled.feed.source} ({polled.feed.url}): {polled.reason}"

"""Feeds that are due -> articles, one transaction per feed."""

from __future__ import annotations

import asyncio
from datetime import datetime

from core.articles import Feed
from counterwire.house import House
from counterwire.stages import Done
from ingest import plan
from ingest.client import Web
from ingest.feeds import Polled, to_articles
from ingest.feeds import poll as poll_feed
from store import articles, events, feeds
from store.database import writing


async def poll(house: House, web: Web, *, now: datetime, run: int) -> Done:
    """Poll every due feed and keep what is new; a feed's fault is counted, never raised."""
    with writing(house.db):
        feeds.sync(house.db, house.settings.feeds, at=now)
    due = plan.due(feeds.load(house.db), now=now)
    new, problems = 0, []
    for answer in asyncio.as_completed([poll_feed(web, feed, now=now) for feed in due]):
        polled = await answer
        new += _keep(house, polled, now=now, run=run)
        if polled.status == "failed":
            problems.append(_words(polled.feed, polled.reason))
    return Done(stage="poll", handled=len(due), new=new, problems=tuple(sorted(problems)))


def _keep(house: House, polled: Polled, *, now: datetime, run: int) -> int:
    arrived = to_articles(polled.feed, polled.entries, now=now)
    with writing(house.db):
        known = articles.known_ids(house.db, [a.id for a in arrived])
        added = articles.add(house.db, [a for a in arrived if a.id not in known])
        events.append(house.db, "article", added, at=now)
        feeds.save(house.db, polled.feed)
        feeds.record_fetch(
            house.db,
            url=polled.feed.url,
            kind="feed",
            status=polled.status,
            reason=polled.reason,
            entries=len(polled.entries),
            new=len(added),
            bytes=polled.bytes,
            at=now,
            run=run,
        )
    return len(added)


def _words(feed: Feed, reason: str) -> str:
    return f"{feed.source} ({feed.url}): {reason}"

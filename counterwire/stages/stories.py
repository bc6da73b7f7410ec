"""Texts -> stories: which articles share a text's lineage."""

from __future__ import annotations

from collections.abc import Sequence, Set
from dataclasses import replace
from datetime import datetime, timedelta

from core.articles import Article
from core.families import Families
from counterwire.house import House
from counterwire.stages import LISTENS, Done
from ingest.stories import COPIES, join, known, signature
from ingest.voices import spoken
from store import articles, changes, events
from store.database import Database, writing

# The texts of a pass at once, so that their order does not depend on which feed answered first; and each batch reads
# the keys of a week once: with half as many, 500,000 articles kept cost each that joins 30 us more.
BATCH = 4096
MEMORY = timedelta(days=45)  # how far back a copy looks for its original (DESIGN: 45 days)


def stories(house: House, *, now: datetime) -> Done:
    """Give every text its place in a story."""
    handled = new = 0
    issuers = {feed.url for feed in house.settings.feeds if feed.kind in ("release", "company")}
    while batch := events.pending(house.db, "stories", LISTENS["stories"], limit=BATCH):
        with writing(house.db):
            # A text that was changed keeps its place: who was first does not depend on who edits last.
            asked = list(dict.fromkeys(e.subject for e in batch))
            placed = changes.placed(house.db, asked)
            loaded = articles.load(house.db, [subject for subject in asked if subject not in placed])
            arrived = sorted(loaded, key=_seniority)
            begun = place(house.db, arrived, families=house.families, issuers=issuers, now=now)
            events.append(house.db, "story", begun, at=now)
            events.advance(house.db, "stories", batch[-1].id)
        handled, new = handled + len(batch), new + len(begun)
    return Done(stage="stories", handled=handled, new=new)


def place(
    db: Database, arrived: Sequence[Article], *, families: Families, issuers: Set[str], now: datetime
) -> list[str]:
    """Join articles to their stories in the order given; the stories that begin with one of them.

    What comes from a feed of `issuers` is a press release, whatever its text says.
    """
    if not arrived:
        return []
    signed = [signature(article) for article in arrived]
    seen = [article.first_seen for article in arrived]
    found = articles.neighbours(db, signed, since=min(seen) - min(MEMORY, COPIES), until=max(seen) + COPIES)
    before = {number: known(k.signature, k.story, k.first_seen) for number, k in found.kept.items()}
    joined = []
    for article, own, number, near in zip(arrived, signed, found.numbers, found.near, strict=True):
        mine = known(own, article.id, article.first_seen)
        lineage = join(mine, [before[n] for n in near if n in before], now=max(now, article.first_seen))
        before.setdefault(number, mine if lineage.story == mine.story else replace(mine, story=lineage.story))
        words = spoken(article, families)
        joined.append((own, lineage, article if words.voice == article.owner else replace(article, owner=words.voice)))
        if words.release or article.feed in issuers:
            changes.save_release(
                db, article.id, issuer=words.voice, seen=article.first_seen if article.imported else now
            )
    articles.save_lineages(db, joined)
    return [lineage.story for _, lineage, _ in joined if lineage.story == lineage.article]


def _seniority(article: Article) -> tuple[datetime, datetime, str]:
    """Who was first: seen, then published; of two that came together, the same one every time."""
    return article.first_seen, article.published or article.first_seen, article.id

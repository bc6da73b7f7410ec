"""What the press said of a narrative by an instant: mentions, counts by source, quotations."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from core.articles import Quotation
from core.clock import from_stamp, stamp
from core.tags import Mention, SourceCount
from store.database import Database, saving
from store.known import cut

# The candidates are few (articles of which any tag carries, found by a partial index); whether the
# tag in force carries is then asked of those only. A press release in a story is its voice from when
# it was seen, though a copy came first: a feed of releases is often slower than its readers.
_MENTIONS = """
    SELECT a.id, coalesce(l.story, a.id) AS story, a.source, coalesce(RELEASED_BY(l.story), s.owner, a.owner) AS voice,
        a.first_seen AS seen,
        t.stance, t.probability, coalesce(l.copied, 0.0) AS copied, t.own_book, t.speaker, t.id AS tag, t.version, v.title, a.url
    FROM (
        SELECT DISTINCT article FROM tags
        WHERE narrative = :narrative AND carries = 1 AND seen > :since AND KNOWN(seen)
    ) AS c
    JOIN articles AS a ON a.id = c.article
    JOIN tags AS t ON t.id = TAG_IN_FORCE(c.article, :narrative)
    JOIN article_versions AS v ON v.article = t.article AND v.version = t.version
    LEFT JOIN lineages AS l ON l.article = c.article AND l.joined = LINEAGE_IN_FORCE(c.article)
    LEFT JOIN stories AS s ON s.id = l.story
    WHERE t.carries = 1 AND v.counts = 1 AND a.marks = ''
    ORDER BY a.first_seen, a.id
"""

_STORIES = """
    SELECT source, (unixepoch(INSTANT()) - unixepoch(first_seen)) / 86400 AS age, count(*)
    FROM stories WHERE counts = 1 AND first_seen > :since AND KNOWN(first_seen) AND KNOWN(joined)
    GROUP BY source, age
"""

_CARRYING = """
    SELECT s.source, (unixepoch(INSTANT()) - unixepoch(s.first_seen)) / 86400 AS age, count(*)
    FROM (
        SELECT DISTINCT article FROM tags
        WHERE narrative = :narrative AND carries = 1 AND seen > :since AND KNOWN(seen)
    ) AS c
    JOIN stories AS s ON s.article = c.article
    JOIN tags AS t ON t.id = TAG_IN_FORCE(c.article, :narrative)
    WHERE t.carries = 1 AND s.counts = 1 AND KNOWN(s.joined)
    GROUP BY s.source, age
"""

_IMPORTED = """
    SELECT source, (unixepoch(INSTANT()) - unixepoch(day)) / 86400 AS age, sum(stories), sum(carrying)
    FROM press_counts AS p
    WHERE narrative = :narrative AND day > :since AND KNOWN(day) AND first_seen = (
        SELECT max(first_seen) FROM press_counts AS q
        WHERE q.narrative = p.narrative AND q.day = p.day AND q.source = p.source AND KNOWN(q.first_seen)
    )
    GROUP BY source, age
"""

_QUOTATIONS = f"""
    SELECT m.story, m.voice, m.id, m.version, p.starts, p.ends, p.text, p.says, m.title, m.url, m.source, m.seen,
        m.probability
    FROM ({_MENTIONS}) AS m JOIN spans AS p ON p.tag = m.tag
    ORDER BY m.probability DESC, p.says <> m.stance, m.seen DESC, m.id, p.number
"""  # noqa: S608 -- what is put in is SQL of ours


@dataclass(frozen=True, slots=True, kw_only=True)
class PressCountRow:
    """How many stories a source began on a day, and how many carried the narrative.

    A history of counts without its articles. `day` is the instant at which that UTC day ended.
    """

    source: str
    narrative: str
    day: datetime
    stories: int
    carrying: int
    first_seen: datetime


def mentions(db: Database, narrative: str, *, as_of: datetime, days: int) -> list[Mention]:
    """The articles that carried the narrative, as far as was known at `as_of`.

    First seen in the `days` before (`as_of` itself included), carrying by the tag then in force,
    no stub, wall or doubtful date; by first seen and id. One that is in no story yet stands for
    itself, its owner for its voice.
    """
    rows = db.execute(cut(_MENTIONS), _window(narrative, as_of, days)).fetchall()
    return [
        Mention(
            article=article,
            story=story,
            source=source,
            voice=voice,
            seen=from_stamp(seen),
            stance=stance,
            probability=probability,
            copied=copied,
            own_book=None if own_book is None else bool(own_book),
            speaker=speaker,
        )
        for article, story, source, voice, seen, stance, probability, copied, own_book, speaker, *_ in rows
    ]


def source_counts(db: Database, narrative: str, *, as_of: datetime, days: int) -> list[SourceCount]:
    """Stories by the source that began them and by age in whole days, and how many carried.

    A story belongs to its first article: it counts if that one does, and carries the narrative if
    the tag in force at `as_of` does. Imported counts are added in. By age and source.
    """
    window = _window(narrative, as_of, days)
    stories: Counter[tuple[int, str]] = Counter()
    carrying: Counter[tuple[int, str]] = Counter()
    for source, age, count in db.execute(cut(_STORIES), window).fetchall():
        stories[age, source] += count
    for source, age, count in db.execute(cut(_CARRYING), window).fetchall():
        carrying[age, source] += count
    for source, age, count, carried in db.execute(cut(_IMPORTED), window).fetchall():
        stories[age, source] += count
        carrying[age, source] += carried
    return [
        SourceCount(source=source, age=age, stories=count, carrying=carrying[age, source])
        for (age, source), count in sorted(stories.items())
    ]


def quotations(db: Database, narrative: str, *, as_of: datetime, days: int, limit: int) -> list[Quotation]:
    """The passages that carry the narrative best, at most one of each story and of each voice.

    By the article's probability, then those that say what the article does, then the newest.
    """
    told: set[str] = set()
    heard: set[str] = set()
    chosen: list[Quotation] = []
    for story, voice, *row in db.execute(cut(_QUOTATIONS), _window(narrative, as_of, days)).fetchall():
        if len(chosen) == limit:
            break
        if story not in told and voice not in heard:
            told.add(story)
            heard.add(voice)
            chosen.append(_quotation(*row))
    return chosen


def import_counts(db: Database, rows: Iterable[PressCountRow]) -> None:
    """Add a history of counts; a count that changed is a new row, in force from its `first_seen` on."""
    with saving(db):
        db.conn.executemany(
            "INSERT INTO press_counts (narrative, source, day, first_seen, stories, carrying) VALUES (?, ?, ?, ?, ?, ?)"
            " ON CONFLICT (narrative, day, source, first_seen) DO NOTHING",
            [(r.narrative, r.source, stamp(r.day), stamp(r.first_seen), r.stories, r.carrying) for r in rows],
        )


def _window(narrative: str, as_of: datetime, days: int) -> dict[str, str]:
    return {"narrative": narrative, "as_of": stamp(as_of), "since": stamp(as_of - timedelta(days=days))}


def _quotation(*row: Any) -> Quotation:
    article, version, starts, ends, text, says, title, url, source, seen, probability = row
    return Quotation(
        article=article,
        version=version,
        start=starts,
        end=ends,
        text=text,
        says=says,
        title=title,
        url=url,
        source=source,
        first_seen=from_stamp(seen),
        probability=probability,
    )

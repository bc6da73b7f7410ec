"""What the press said of a narrative by an instant: mentions, counts by source, quotations."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import numpy as np

from core.articles import Quotation
from core.clock import from_stamp, stamp
from core.press import Counts, PressRun, Stood
from core.tags import Mention, SourceCount
from store.database import Database, saving
from store.known import cut

# The mornings of a run are numbered from 0, the last one is :as_of. What is known of an article can change when it
# is tagged, joins a story, or when its story has or loses a press release; each row here is a morning before which
# that happened, up to the next such one (`until`), so that what holds is looked up once and not every morning. The
# candidates are few (articles of which any tag carries, found by a partial index), hence first (CROSS JOIN).
_MOMENTS = """
    WITH candidates AS (
        SELECT DISTINCT article FROM tags
        WHERE narrative = :narrative AND carries = 1 AND seen > :since AND KNOWN(seen)
    ), turns AS (
        SELECT c.article, t.holds_from AS at FROM candidates AS c
            JOIN tags AS t ON t.article = c.article AND t.narrative = :narrative
        UNION SELECT c.article, l.joined FROM candidates AS c JOIN lineages AS l ON l.article = c.article
        UNION SELECT c.article, max(r.first_seen, n.joined) FROM candidates AS c
            JOIN lineages AS l ON l.article = c.article
            JOIN lineages AS m ON m.story = l.story
            JOIN releases AS r ON r.article = m.article
            JOIN lineages AS n ON n.article = m.article
    ), numbered AS (
        SELECT DISTINCT article, MORNING(at) AS first FROM turns WHERE KNOWN(at)
    ), moments AS (
        SELECT article, first, lead(first, 1, :mornings) OVER (PARTITION BY article ORDER BY first) AS until,
            strftime('%Y-%m-%dT%H:%M:%SZ', unixepoch(:first) + 86400 * first, 'unixepoch') AS at
        FROM numbered
    )
"""

# Whether the tag in force carries is asked of the candidates only. A press release in a story is its voice from when
# it was seen, though a copy came first: a feed of releases is often slower than its readers.
_MENTIONS = cut(_MOMENTS) + cut(
    """
    SELECT a.id, coalesce(l.story, a.id) AS story, a.source, coalesce(RELEASED_BY(l.story), s.owner, a.owner) AS voice,
        a.first_seen AS seen, t.stance, t.probability, coalesce(l.copied, 0.0) AS copied, t.own_book, t.speaker,
        c.first, c.until, t.id AS tag, t.version, v.title, a.url
    FROM moments AS c
    CROSS JOIN articles AS a ON a.id = c.article
    JOIN tags AS t ON t.id = TAG_IN_FORCE(c.article, :narrative)
    JOIN article_versions AS v ON v.article = t.article AND v.version = t.version
    LEFT JOIN lineages AS l ON l.article = c.article AND l.joined = LINEAGE_IN_FORCE(c.article)
    LEFT JOIN stories AS s ON s.id = l.story
    WHERE t.carries = 1 AND v.counts = 1 AND a.marks = ''
    ORDER BY a.first_seen, a.id, c.first
    """,
    as_of="c.at",
)

_BEGUN = cut(
    """
    SELECT source, (unixepoch(INSTANT()) - unixepoch(first_seen)) / 86400 AS age,
        max(MORNING(first_seen), MORNING(joined)) AS first, :mornings AS until, count(*) AS stories, 0 AS carrying
    FROM stories WHERE counts = 1 AND first_seen > :since AND KNOWN(first_seen) AND KNOWN(joined)
    GROUP BY source, age, first
    """
)

_CARRYING = cut(_MOMENTS) + cut(
    """
    SELECT s.source, (unixepoch(:as_of) - unixepoch(s.first_seen)) / 86400 AS age, c.first, c.until, 0, 1
    FROM moments AS c
    CROSS JOIN stories AS s ON s.article = c.article
    JOIN tags AS t ON t.id = TAG_IN_FORCE(c.article, :narrative)
    WHERE t.carries = 1 AND s.counts = 1 AND KNOWN(s.joined)
    """,
    as_of="c.at",
)

_IMPORTED = cut(
    """
    SELECT source, (unixepoch(INSTANT()) - unixepoch(day)) / 86400 AS age, first, until, stories, carrying
    FROM (
        SELECT source, day, stories, carrying, max(MORNING(day), MORNING(first_seen)) AS first,
            lead(MORNING(first_seen), 1, :mornings) OVER (PARTITION BY day, source ORDER BY first_seen) AS until
        FROM press_counts WHERE narrative = :narrative AND day > :since AND KNOWN(day) AND KNOWN(first_seen)
    ) WHERE first < until
    """
)

_QUOTATIONS = f"""
    SELECT m.story, m.voice, m.id, m.version, p.starts, p.ends, p.text, p.says, m.title, m.url, m.source, m.seen,
        m.probability
    FROM ({_MENTIONS}) AS m JOIN spans AS p ON p.tag = m.tag
    ORDER BY m.probability DESC, p.says <> m.stance, m.seen DESC, m.id, p.number
"""  # noqa: S608 -- what is put in is SQL of ours

Begun = Sequence[
    tuple[str, int, int, int, int, int]
]  # source, age, first, until, stories, carrying: `core.press.Counts`


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


def run(
    db: Database, narrative: str, mornings: Sequence[datetime], *, days: int, counted: int, begun: Begun | None = None
) -> PressRun:
    """What was known of the narrative's press on each of these mornings, which lie a day apart to the second.

    Mentions first seen in the `days` before a morning (and itself included), carrying by the tag
    then in force, no stub, wall or doubtful date; one that is in no story yet stands for itself, its
    owner for its voice. Counts of the `counted` days before. `begun` is what `stories_begun` gives
    for the same mornings, where the caller has it.
    """
    counts = _window(narrative, mornings, counted)
    rows = [*(stories_begun(db, mornings, counted=counted) if begun is None else begun)]
    rows += db.execute(_CARRYING, counts).fetchall()
    rows += db.execute(_IMPORTED, counts).fetchall()
    sources = tuple(sorted({row[0] for row in rows}))
    number = {name: i for i, name in enumerate(sources)}
    return PressRun(
        mornings=tuple(mornings),
        mentions=tuple(_stood(*row) for row in db.execute(_MENTIONS, _window(narrative, mornings, days)).fetchall()),
        counts=Counts.of_rows(sources, [(number[source], *rest) for source, *rest in rows]),
    )


def stories_begun(db: Database, mornings: Sequence[datetime], *, counted: int) -> Begun:
    """How many stories each source began on each day, whatever they tell, by the morning on which that was known.

    A story belongs to its first article: it counts if that one does.
    """
    return db.execute(_BEGUN, _window("", mornings, counted)).fetchall()


def mentions(db: Database, narrative: str, *, as_of: datetime, days: int) -> list[Mention]:
    """The mentions of one morning, by first seen and id; see `run`."""
    rows = db.execute(_MENTIONS, _window(narrative, [as_of], days)).fetchall()
    return [_stood(*row).mention for row in rows]


def source_counts(db: Database, narrative: str, *, as_of: datetime, days: int) -> list[SourceCount]:
    """The counts of one morning, by age and source: stories begun, and how many carry by the tag in force."""
    counts = run(db, narrative, [as_of], days=0, counted=days).counts
    cells, which = np.unique(counts.age * len(counts.sources) + counts.source, return_inverse=True)
    stories, carrying = np.zeros((2, len(cells)), dtype=np.int64)
    np.add.at(stories, which, counts.stories)
    np.add.at(carrying, which, counts.carrying)
    return [
        SourceCount(
            source=counts.sources[cell % len(counts.sources)], age=cell // len(counts.sources), stories=n, carrying=k
        )
        for cell, n, k in zip(cells.tolist(), stories.tolist(), carrying.tolist(), strict=True)
    ]


def quotations(db: Database, narrative: str, *, as_of: datetime, days: int, limit: int) -> list[Quotation]:
    """The passages that carry the narrative best, at most one of each story and of each voice.

    By the article's probability, then those that say what the article does, then the newest.
    """
    told: set[str] = set()
    heard: set[str] = set()
    chosen: list[Quotation] = []
    for story, voice, *row in db.execute(_QUOTATIONS, _window(narrative, [as_of], days)).fetchall():
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


def _window(narrative: str, mornings: Sequence[datetime], days: int) -> dict[str, str | int]:
    first, last = mornings[0], mornings[-1]
    if last - first != (len(mornings) - 1) * timedelta(days=1):
        raise ValueError("the mornings of a run lie a day apart")
    return {
        "narrative": narrative,
        "first": stamp(first),
        "as_of": stamp(last),
        "mornings": len(mornings),
        "since": stamp(first - timedelta(days=days)),
    }


def _stood(*row: Any) -> Stood:
    article, story, source, voice, seen, stance, probability, copied, own_book, speaker, first, until, *_ = row
    mention = Mention(
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
    return Stood(mention=mention, first=first, until=until)


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

"""What people said of articles, appended and never overwritten; and what there is to ask them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from core.clock import from_stamp, stamp
from core.labels import Drawing, Drawn, Label, Stratum
from store.database import Database, saving
from store.known import EVER, cut

# From this probability on an article that was not tagged is near to it. Most of the press stays under 0.01.
NEAR = 0.05

_SAID = """
    SELECT narrative, article, who, at, tag, stance, passage, note, drawn, stratum, weight FROM labels
    WHERE narrative = ? AND at <= ? ORDER BY at, id
"""

_STREAM = """
    SELECT a.id, t.carries, t.probability
    FROM articles AS a
    JOIN tags AS t ON t.id = TAG_IN_FORCE(a.id, :narrative)
    JOIN article_versions AS v ON v.article = t.article AND v.version = t.version
    WHERE a.first_seen >= :since AND a.first_seen < :until AND v.counts = 1 AND a.marks = '' AND a.imported = 0
    ORDER BY a.id
"""

_UNCERTAIN = """
    SELECT a.id FROM articles AS a
    JOIN tags AS t ON t.id = TAG_IN_FORCE(a.id, :narrative)
    JOIN article_versions AS v ON v.article = t.article AND v.version = t.version
    WHERE a.first_seen > :since AND v.counts = 1 AND a.marks = '' AND t.probability >= :near
    ORDER BY min(abs(t.probability - 0.5), iif(t.carries, abs(
        (SELECT max(value) FROM json_each(t.stance_probabilities)) - 0.5
    ), 1)), a.id LIMIT :limit
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Training:
    """From `at` on a narrative is tagged by `model`, which learnt from so many `labels` given by then."""

    at: datetime
    labels: int
    model: str


def save(db: Database, label: Label) -> None:
    """Append a label; what was said before stays, and no longer holds if the same person said it."""
    drawing = label.drawing
    with saving(db):
        db.table("labels").insert(
            {
                "narrative": label.narrative,
                "article": label.article,
                "who": label.who,
                "at": stamp(label.at),
                "tag": None if label.tag is None else int(label.tag),
                "stance": label.stance,
                "drawn": drawing.drawn,
                "stratum": drawing.stratum,
                "weight": drawing.weight,
                "passage": label.passage,
                "note": label.note,
            }
        )


def in_force(db: Database, narrative: str, *, as_of: datetime, drawn: Drawn | None = None) -> list[Label]:
    """What holds at `as_of`, one label an article: of everybody's newest the newest. Oldest first.

    With `drawn`, only what was said of articles that were drawn so.
    """
    said: dict[tuple[str, str], Label] = {}
    for row in db.execute(_SAID, [narrative, stamp(as_of)]).fetchall():
        label = _label(*row)
        if drawn in (None, label.drawing.drawn):
            said.pop((label.article, label.who), None)  # so that the newest stands last
            said[label.article, label.who] = label
    held = {label.article: label for label in said.values() if label.tag is not None}
    return sorted(held.values(), key=lambda label: label.at)


def stream(db: Database, narrative: str, *, since: datetime, until: datetime) -> dict[Stratum, list[str]]:
    """The articles first seen from `since` to before `until` that may be evidence, by the tag in force at `until`."""
    held: dict[Stratum, list[str]] = {"tagged": [], "near": [], "far": []}
    window = {"narrative": narrative, "since": stamp(since), "until": stamp(until)}
    for article, carries, probability in db.execute(cut(_STREAM, as_of=":until"), window).fetchall():
        held["tagged" if carries else "near" if probability >= NEAR else "far"].append(article)
    return held


def uncertain(db: Database, narrative: str, *, since: datetime, limit: int) -> list[str]:
    """The articles first seen after `since` whose tag or stance is nearest to being otherwise, the nearest first."""
    given = {"narrative": narrative, "since": stamp(since), "near": NEAR, "limit": limit}
    return [row[0] for row in db.execute(cut(_UNCERTAIN, as_of=EVER), given).fetchall()]


def record_training(db: Database, narrative: str, training: Training) -> None:
    """The narrative is tagged by this model from now on."""
    with saving(db):
        db.execute(
            "INSERT OR REPLACE INTO trainings (narrative, at, labels, model) VALUES (?, ?, ?, ?)",
            [narrative, stamp(training.at), training.labels, training.model],
        )


def training(db: Database, narrative: str, *, as_of: datetime) -> Training | None:
    """The last training of a narrative by `as_of`, None where nothing but the contract taught it."""
    sql = "SELECT at, labels, model FROM trainings WHERE narrative = ? AND at <= ? ORDER BY at DESC LIMIT 1"
    row = db.execute(sql, [narrative, stamp(as_of)]).fetchone()
    return Training(at=from_stamp(row[0]), labels=row[1], model=row[2]) if row else None


def counts(db: Database, narratives: Iterable[str], *, as_of: datetime) -> dict[str, int]:
    """How many articles of each narrative have a label that holds."""
    return {name: len(in_force(db, name, as_of=as_of)) for name in narratives}


def days(now: datetime, back: int) -> list[tuple[datetime, datetime]]:
    """The whole UTC days before that of `now`, the newest first, each from its start to its end."""
    midnight = now.replace(hour=0, minute=0, second=0, microsecond=0)
    return [(midnight - timedelta(days=k), midnight - timedelta(days=k - 1)) for k in range(1, back + 1)]


def _label(*row: Any) -> Label:
    narrative, article, who, at, tag, stance, passage, note, drawn, stratum, weight = row
    return Label(
        narrative=narrative,
        article=article,
        who=who,
        at=from_stamp(at),
        tag=None if tag is None else bool(tag),
        stance=stance,
        passage=passage,
        note=note,
        drawing=Drawing(drawn=drawn, stratum=stratum, weight=weight),
    )

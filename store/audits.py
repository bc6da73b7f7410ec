"""Labels of articles drawn by lot, beside the tags that were in force when they were given."""

from __future__ import annotations

from datetime import datetime

from core.audits import Judged
from core.clock import stamp
from store.database import Database
from store.known import cut
from store.labels import in_force

_TAG = "SELECT carries, stance FROM tags WHERE id = TAG_IN_FORCE(:article, :narrative)"


def judged(db: Database, narrative: str, *, as_of: datetime) -> list[Judged]:
    """Every article that was drawn by lot and labelled by `as_of`, by the label that holds; by id.

    Beside it stands the tag in force when the label was given: it has not learnt from the label,
    which can so measure one model and teach the next. One that had no tag then is left out.
    """
    found = []
    for label in sorted(in_force(db, narrative, as_of=as_of, drawn="audit"), key=lambda one: one.article):
        given = {"article": label.article, "narrative": narrative, "as_of": stamp(label.at)}
        tag = db.execute(cut(_TAG), given).fetchone()
        if tag:
            found.append(
                Judged(
                    article=label.article,
                    tagged=tag[1] if tag[0] else None,
                    labelled=(label.stance or "reports") if label.tag else None,
                    stratum=label.drawing.stratum,
                    weight=label.drawing.weight,
                )
            )
    return found

"""Where a story came from: the article that it began with, and the press release behind it."""

from __future__ import annotations

from datetime import datetime

from core.clock import stamp
from core.findings import Origin
from store.database import Database
from store.known import cut

_BEGAN = "SELECT article, source FROM stories WHERE id = :story"

_RELEASE = cut(
    """
    SELECT r.article, r.issuer FROM lineages AS m JOIN releases AS r ON r.article = m.article
    WHERE m.story = :story AND KNOWN(r.first_seen) AND m.joined = LINEAGE_IN_FORCE(m.article)
    ORDER BY r.first_seen, r.article LIMIT 1
    """
)


def origin(db: Database, story: str, *, articles: int, as_of: datetime) -> Origin | None:
    """The origin of a story as it was known at `as_of`, of whose articles so many count; None for one that is not kept."""
    began = db.execute(_BEGAN, {"story": story}).fetchone()
    if began is None:
        return None
    release = db.execute(_RELEASE, {"story": story, "as_of": stamp(as_of)}).fetchone()
    return Origin(
        story=story,
        articles=articles,
        article=began[0],
        outlet=began[1],
        release=release[0] if release else "",
        issuer=release[1] if release else "",
    )

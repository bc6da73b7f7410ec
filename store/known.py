"""The one place that cuts stored rows at an instant.

SQL of this room that answers for a moment names its cuts, and `cut` writes them out:

- `INSTANT()`: the moment itself;
- `KNOWN(column)`: the row was there by then;
- `MORNING(column)`: of a run of mornings, :first and one every day after, the number of the one by which it was there;
- `VERSION_IN_FORCE(article)`: the number of the newest version known by then;
- `LINEAGE_IN_FORCE(article)`: the instant of the last joining of a story by then;
- `RELEASED_BY(story)`: who issued the first press release among the story's articles by then, or NULL;
- `TAG_IN_FORCE(article, narrative)`: the id of the tag that held then: the newest tagged version's,
  and of its tags the newest.
"""

from __future__ import annotations

import re

_CUTS = {
    "INSTANT": "AS_OF",
    "KNOWN": "{0} <= AS_OF",
    "MORNING": "max(0, (unixepoch({0}) - unixepoch(:first) + 86399) / 86400)",
    "VERSION_IN_FORCE": (
        "(SELECT max(version) FROM article_versions WHERE article_versions.article = {0}"
        " AND article_versions.first_seen <= AS_OF)"
    ),
    "LINEAGE_IN_FORCE": "(SELECT max(joined) FROM lineages WHERE lineages.article = {0} AND lineages.joined <= AS_OF)",
    "RELEASED_BY": (
        "(SELECT r.issuer FROM lineages AS m JOIN releases AS r ON r.article = m.article"
        " WHERE m.story = {0} AND r.first_seen <= AS_OF AND m.joined ="
        " (SELECT max(joined) FROM lineages WHERE lineages.article = m.article AND lineages.joined <= AS_OF)"
        " ORDER BY r.first_seen, r.article LIMIT 1)"
    ),
    "TAG_IN_FORCE": (
        "(SELECT force.id FROM tags AS force WHERE force.article = {0} AND force.narrative = {1}"
        " AND force.holds_from <= AS_OF ORDER BY force.version DESC, force.holds_from DESC, force.tagged_at DESC,"
        " force.model DESC LIMIT 1)"
    ),
}
_CUT = re.compile(rf"\b({'|'.join(_CUTS)})\(([^()]*)\)")

EVER = "'9999'"  # sorts after every instant: what is in force now


def cut(sql: str, *, as_of: str = ":as_of") -> str:
    """Write out the cuts in `sql`; `as_of` is the SQL for the instant, by default a parameter."""

    def written(match: re.Match[str]) -> str:
        arguments = [part.strip() for part in match[2].split(",")]
        return _CUTS[match[1]].format(*arguments).replace("AS_OF", as_of)

    return _CUT.sub(written, sql)

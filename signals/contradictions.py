"""Outlets that promote and dispute one proposition in their own voice within a fortnight."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from core.findings import Contradiction
from core.tags import Mention

FORTNIGHT = timedelta(days=14)
OWN_TEXT = 0.5  # of the text was there before: an outlet does not speak in a wire's words
SURE = 0.7  # of the tag; an accusation should not rest on one that barely carries


def contradictions(narrative: str, mentions: Sequence[Mention], *, as_of: datetime) -> list[Contradiction]:
    """One for each outlet that has any: its nearest pair of articles, the newer pair of two; by outlet.

    Own voice: no speaker is quoted for the assertion, and less than half of the text is copied.
    """
    own = [
        m
        for m in mentions
        if as_of - 2 * FORTNIGHT < m.seen <= as_of and not m.speaker and m.copied < OWN_TEXT and m.probability >= SURE
    ]
    found = []
    for outlet in sorted({m.source for m in own}):
        told = [m for m in own if m.source == outlet]
        pairs = [
            (abs(p.seen - d.seen), -max(p.seen, d.seen).timestamp(), p.article, d.article, p, d)
            for p in told
            for d in told
            if (p.stance, d.stance) == ("promotes", "disputes") and abs(p.seen - d.seen) <= FORTNIGHT
        ]
        if pairs:
            *_, p, d = min(pairs, key=lambda pair: pair[:4])
            found.append(
                Contradiction(
                    outlet=outlet,
                    narrative=narrative,
                    promotes=p.article,
                    promotes_seen=p.seen,
                    disputes=d.article,
                    disputes_seen=d.seen,
                )
            )
    return found

"""The contracts that were in force, each by its content, so that an old briefing is judged by its own."""

from __future__ import annotations

import json
from collections.abc import Iterable
from datetime import datetime

from core.clock import stamp
from core.contracts import Contract
from store.database import Database, saving
from store.known import cut

_IN_FORCE = cut(
    """
    SELECT body FROM contracts AS c
    WHERE KNOWN(c.first_seen) AND NOT EXISTS (
        SELECT 1 FROM contracts AS later
        WHERE later.narrative = c.narrative AND KNOWN(later.first_seen) AND later.first_seen > c.first_seen
    )
    ORDER BY narrative
    """
)


def save(db: Database, contracts: Iterable[Contract], *, at: datetime) -> list[str]:
    """Keep what is in force from `at` on; a contract that has not changed adds nothing. Returns the ids of the others."""
    held = {c.id: c.hash for c in in_force(db, as_of=at)}
    changed = []
    with saving(db):
        for contract in contracts:
            if held.get(contract.id) != contract.hash:
                changed.append(contract.id)
                body = json.dumps(contract.model_dump(mode="json", by_alias=True), sort_keys=True, ensure_ascii=False)
                db.execute(
                    "INSERT OR REPLACE INTO contracts (narrative, first_seen, hash, body) VALUES (?, ?, ?, ?)",
                    [contract.id, stamp(at), contract.hash, body],
                )
    return changed


def in_force(db: Database, *, as_of: datetime) -> tuple[Contract, ...]:
    """The contracts as they stood at `as_of`, by id; empty before the first pass."""
    rows = db.execute(_IN_FORCE, {"as_of": stamp(as_of)}).fetchall()
    return tuple(Contract.model_validate_json(body) for (body,) in rows)

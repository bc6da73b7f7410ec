"""How the sources fared at one instant, from what had been looked at by then."""

from __future__ import annotations

from datetime import datetime

from core.articles import SourceHealth
from core.clock import from_stamp, stamp
from store.database import Database
from store.known import cut
from store.views import HEALTH

WORDS = {"never": "not looked at yet", "stale": "no success since {last_ok}"}


def sources(db: Database, *, as_of: datetime) -> list[SourceHealth]:
    """The feeds that were watched at `as_of` and the series sources looked at by then.

    "failing": the last look failed, `failures` of them in a row; "stale": no success for 48 hours
    although a look was due; "never": not looked at yet; an "ok" with a `reason` gave only a part.
    By kind, name and address.
    """
    rows = db.execute(cut(HEALTH), {"as_of": stamp(as_of)}).fetchall()
    return [
        SourceHealth(
            name=name,
            url=url,
            kind=kind,
            state=state,
            reason=WORDS.get(state, reason or "").format(last_ok=last_ok),
            last_ok=from_stamp(last_ok) if last_ok else None,
            failures=failures if state == "failing" else 0,
            look=look,
        )
        for name, url, kind, state, reason, last_ok, failures, _, _, look in rows
    ]

"""Alerts -> short mails between briefings, one for each edition that wants them."""

from __future__ import annotations

from datetime import datetime

from briefing.alerts import composed
from core.deliveries import Notice
from core.editions import Edition
from counterwire import paths
from counterwire.house import House
from counterwire.stages import LISTENS, Done
from counterwire.stages.briefs import enqueue
from store import alerts, events
from store import notices as store_notices
from store.database import writing


def notices(house: House, *, now: datetime) -> Done:
    """Queue what alarmed since the last pass, together, for every edition with `alerts: true`."""
    pending = events.pending(house.db, "notices", LISTENS["notices"], limit=1_000_000)
    if not pending:
        return Done(stage="notices")
    written = [(e, n) for e in house.settings.editions if e.alerts and (n := _notice(house, e, pending, now=now))]
    queued = 0
    with writing(house.db):
        for edition, notice in written:
            store_notices.save(house.db, notice)
            queued += enqueue(house, edition, notice.id, now=now)
        events.advance(house.db, "notices", pending[-1].id)
    return Done(stage="notices", handled=len(pending), new=queued)


def _notice(house: House, edition: Edition, pending: list[events.Event], *, now: datetime) -> Notice | None:
    wanted = {e.subject for e in pending}
    contracts = [c for c in house.contracts if c.id in (edition.terms.narratives or (c.id,))]
    given = [(c, a) for c in contracts for a in alerts.given(house.db, c.id, as_of=now) if a.id in wanted]
    if not given:
        return None
    return composed(
        given,
        edition=edition.terms,
        at=now,
        sample=house.sample,
        templates=paths.TEMPLATES,
        overrides=house.settings.templates,
    )

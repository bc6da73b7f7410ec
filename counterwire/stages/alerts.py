"""Verdicts -> alerts, each given once, with how often chance alone would have given it."""

from __future__ import annotations

from datetime import datetime, timedelta

from core.alerts import Alert
from core.contracts import Contract
from counterwire.house import House
from counterwire.stages import LISTENS, Done
from counterwire.stages.judge import Court
from signals.alerts import BLOCK, BLOCKS, PRESS_DAYS, Onset, alert, null_rate, onsets, silenced, too_short
from store import alerts as store_alerts
from store import events
from store.database import writing

DAY = timedelta(days=1)


def alerts(house: House, court: Court, *, now: datetime) -> Done:
    """Give the alerts of the narratives whose verdict was given in this pass, compared with a day before."""
    pending = events.pending(house.db, "alerts", LISTENS["alerts"], limit=1_000_000)
    touched = {e.subject for e in pending}
    given = [a for c in house.contracts if c.id in touched for a in _given(house, court, c, now=now)]
    with writing(house.db):
        store_alerts.save(house.db, given)
        events.append(house.db, "alert", [a.id for a in given], at=now)
        if pending:
            events.advance(house.db, "alerts", pending[-1].id)
    return Done(stage="alerts", handled=len(pending), new=len(given))


def _given(house: House, court: Court, contract: Contract, *, now: datetime) -> list[Alert]:
    found = onsets(
        court.verdict(contract, as_of=now - DAY),
        court.verdict(contract, as_of=now),
        store_alerts.walked_back(house.db, contract.id, since=now - 2 * DAY, as_of=now),
    )
    fresh = silenced(found, store_alerts.given(house.db, contract.id, as_of=now), at=now)
    return [alert(contract, one, _rate(house, court, contract, one, now=now), at=now) for one in fresh]


def _rate(house: House, court: Court, contract: Contract, onset: Onset, *, now: datetime) -> tuple[float | None, str]:
    since = store_alerts.press_since(house.db, as_of=now)
    days = (now - since).days if since else 0
    if days < PRESS_DAYS:  # nothing needs to be computed to know that
        return None, too_short(days, None)
    span = min(days, 2 * BLOCK * BLOCKS)
    history = [court.morning(contract, now - k * DAY, known=now) for k in reversed(range(span))]
    return null_rate(contract, onset, history)

"""Verdicts -> alerts, each given once, with how often chance alone would have given it."""

from __future__ import annotations

from datetime import datetime, timedelta

from core.alerts import Alert
from core.contracts import Contract
from counterwire.house import House
from counterwire.stages import LISTENS, Done
from counterwire.stages.judge import Court
from signals.alerts import (
    BLOCK,
    BLOCKS,
    PRESS_DAYS,
    Onset,
    alert,
    null_rate,
    onsets,
    silenced,
    too_short,
    walk_back_rate,
)
from store import alerts as store_alerts
from store import events
from store.database import writing

DAY = timedelta(days=1)


def alerts(house: House, court: Court, *, now: datetime) -> Done:
    """Give the alerts of the narratives whose verdict was given in this pass, compared with a day before.

    If the machine was off for longer, compared with the same hour of the day of the verdict before.
    """
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
    last = events.last_at(house.db, "verdict", contract.id, before=now)
    days = max(1, round((now - last) / DAY)) if last else 1
    found = onsets(
        court.verdict(contract, as_of=now - days * DAY),
        court.verdict(contract, as_of=now),
        store_alerts.walked_back(house.db, contract.id, since=now - (days + 1) * DAY, as_of=now),
    )
    fresh = silenced(found, store_alerts.given(house.db, contract.id, as_of=now), at=now)
    return [alert(contract, one, _rate(house, court, contract, one, now=now), at=now) for one in fresh]


def _rate(house: House, court: Court, contract: Contract, onset: Onset, *, now: datetime) -> tuple[float | None, str]:
    if onset.kind == "walk_back":
        return _walk_backs(house, contract, now=now)
    since = store_alerts.press_since(house.db, as_of=now)
    days = (now - since).days if since else 0
    if days < PRESS_DAYS:  # nothing needs to be computed to know that
        return None, too_short(days, None)
    span = min(days, 2 * BLOCK * BLOCKS)
    history = court.mornings(contract, [now - k * DAY for k in reversed(range(span))], known=now)
    return null_rate(contract, onset, history)


def _walk_backs(house: House, contract: Contract, *, now: datetime) -> tuple[float | None, str]:
    since = store_alerts.read_since(house.db, as_of=now)
    if since is None:
        return walk_back_rate(0, days=0)
    seen = store_alerts.walked_back(house.db, contract.id, since=since, as_of=now)
    return walk_back_rate(len(seen), days=(now - since).days)

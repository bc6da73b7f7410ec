"""Verdicts -> a briefing: composed for any instant, and kept and queued once per edition."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import get_args

from briefing.compose import compose
from briefing.mail import message_id
from briefing.model import Briefing
from briefing.render import Form, render
from core.contracts import Contract
from core.verdicts import PastVerdict, VerdictKind
from counterwire import __version__, paths
from counterwire.house import House
from counterwire.stages import Done
from counterwire.stages.judge import Court
from store import briefings, health, outbox, tags
from store.database import writing

DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
QUOTATIONS = 3
ENDINGS = {"html": "html", "text": "txt", "markdown": "md", "json": "json"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Edition:
    """One day's briefing: `id` names it for good, `renders` holds every form of it."""

    id: str
    briefing: Briefing
    renders: dict[str, str]


def due(house: House, *, now: datetime) -> date | None:
    """The day whose briefing should be out by `now` and is not, or None."""
    local = now.astimezone(house.zone)
    wanted = DAYS[local.weekday()] in house.settings.schedule.days and local.time() >= house.settings.schedule.briefing
    if not wanted or briefings.edition_exists(house.db, local.date().isoformat()):
        return None
    return local.date()


def composed(house: House, court: Court, *, as_of: datetime) -> Edition:
    """The briefing that the rows known at `as_of` allow; the same rows give the same bytes."""
    before = previous_morning(house, as_of)
    contracts = house.contracts_at(as_of)
    briefing = compose(
        as_of=as_of,
        zone=house.zone,
        contracts=contracts,
        verdicts=[court.verdict(c, as_of=as_of) for c in contracts],
        previous={c.id: past for c in contracts if (past := _past(court, c, before))},
        quotations={
            c.id: tags.quotations(house.db, c.id, as_of=as_of, days=c.window.days, limit=QUOTATIONS) for c in contracts
        },
        health=health.sources(house.db, as_of=as_of),
        claims=house.claims,
        sample=house.sample,
        version=__version__,
    )
    renders = {
        form: render(briefing, form, templates=paths.TEMPLATES, overrides=house.settings.templates)
        for form in get_args(Form)
    }
    local = as_of.astimezone(house.zone).date().isoformat()
    return Edition(id=local, briefing=briefing, renders=renders)


def previous_morning(house: House, as_of: datetime) -> datetime:
    """The same hour on the scheduled day before `as_of`.

    Taken from the calendar and not from what was sent, so that a briefing can be recomputed
    when everything derived has been deleted.
    """
    days = [as_of - timedelta(days=k) for k in range(1, 8)]
    scheduled = house.settings.schedule.days
    return next((d for d in days if DAYS[d.astimezone(house.zone).weekday()] in scheduled), days[0])


def _past(court: Court, contract: Contract, as_of: datetime) -> PastVerdict | None:
    past = court.verdict(contract, as_of=as_of)
    if past.kind is VerdictKind.INSUFFICIENT_EVIDENCE and not past.pressure.articles and not past.evidence.coverage:
        return None  # nothing was known that morning: there is nothing to compare with
    return PastVerdict(
        narrative=past.narrative,
        as_of=past.as_of,
        kind=past.kind,
        lean=past.pressure.lean,
        support=past.evidence.support,
    )


def brief(house: House, court: Court, edition: date, *, now: datetime) -> Done:
    """Compose the day's briefing, keep it, and queue one message per recipient, all at once."""
    made = composed(house, court, as_of=now)
    delivery = house.settings.delivery
    domain = delivery.sender.rpartition("@")[2].rstrip(">") or "counterwire.invalid"
    ids = {r: message_id(made.id, r, domain) for r in delivery.recipients}
    with writing(house.db):
        briefings.save(
            house.db,
            id=made.id,
            as_of=now,
            edition=edition.isoformat(),
            contracts={c.id: c.hash for c in house.contracts},
            subject=made.briefing.subject,
            renders=made.renders,
            at=now,
        )
        outbox.queue(house.db, briefing=made.id, recipients=delivery.recipients, message_ids=ids, at=now)
    return Done(stage="brief", handled=1, new=len(ids))

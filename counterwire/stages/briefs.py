"""Verdicts -> a briefing: composed for any instant, and kept and queued once per edition."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import get_args

from briefing.board import crossed
from briefing.compose import compose
from briefing.mail import message_id
from briefing.model import Briefing
from briefing.pictures import Drawing, drawings
from briefing.render import Form, render
from core.clock import stamp
from core.contracts import Contract
from core.editions import DAILY, Edition, Terms
from core.errors import InputError
from core.verdicts import PastVerdict, Verdict, VerdictKind
from counterwire import __version__, paths
from counterwire.courses import course
from counterwire.findings import beside
from counterwire.house import House
from counterwire.stages import Done
from counterwire.stages.judge import Court
from store import alerts, briefings, health, outbox, tags
from store import editions as store_editions
from store.database import writing

QUOTATIONS = 3
PICTURED: tuple[Form, ...] = ("html", "page")
ENDINGS = {"page": "html", "html": "mail.html", "text": "txt", "markdown": "md", "json": "json"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Made:
    """A briefing in every form: `id` names it for good, `contracts` are those that it was made by.

    `pictures` are the PNG files that its mail shows, by name.
    """

    id: str
    briefing: Briefing
    contracts: tuple[Contract, ...]
    renders: dict[str, str]
    pictures: dict[str, bytes]


def due(house: House, *, now: datetime) -> tuple[Edition, ...]:
    """The editions whose briefing should be out by `now`, each by its own zone and hour, and is not."""
    return tuple(
        edition
        for edition in house.settings.editions
        if edition.terms.is_due(now) and not briefings.edition_exists(house.db, edition.terms.name(now))
    )


def terms_of(house: House, edition: str, *, as_of: datetime | None = None) -> Terms:
    """What an edition was made with at `as_of`, or is made with now; raises InputError where there is none.

    Before the first pass that knew the edition: what the settings say today.
    """
    held = store_editions.in_force(house.db, edition, as_of=as_of) if as_of else None
    told = next((e.terms for e in house.settings.editions if e.id == edition), None)
    terms = held or told or store_editions.newest(house.db, edition)
    if terms is None:
        names = ", ".join(e.id for e in house.settings.editions)
        raise InputError(f"there is no edition {edition!r}; there are {names}")
    return terms


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """A briefing before it is rendered, and what its pictures are drawn from."""

    id: str
    briefing: Briefing
    contracts: tuple[Contract, ...]
    courses: dict[str, tuple[Verdict, ...]]

    def drawn(self) -> dict[str, Drawing]:
        """Its pictures by name."""
        held = {c.id: c for c in self.contracts}
        told = self.briefing.narratives
        return {k: d for n in told for k, d in drawings(held[n.id], n, self.courses[n.id]).items()}


def composed(house: House, court: Court, *, as_of: datetime, edition: str = DAILY) -> Made:
    """The briefing that the rows known at `as_of` allow; the same rows give the same bytes."""
    found = _found(house, court, as_of=as_of, edition=edition)
    drawn = found.drawn()
    return Made(
        id=found.id,
        briefing=found.briefing,
        contracts=found.contracts,
        renders={form: _rendered(house, found.briefing, form, drawn) for form in get_args(Form)},
        pictures={name: drawing.png for name, drawing in drawn.items() if drawing.png},
    )


def one_form(house: House, court: Court, form: Form, *, as_of: datetime, edition: str = DAILY) -> str:
    """One form of `composed`; pictures cost 0.8 s and are drawn for those forms only that show any."""
    found = _found(house, court, as_of=as_of, edition=edition)
    return _rendered(house, found.briefing, form, found.drawn() if form in PICTURED else {})


def _rendered(house: House, briefing: Briefing, form: Form, drawn: Mapping[str, Drawing]) -> str:
    svg = {name: drawing.svg for name, drawing in drawn.items()}
    return render(briefing, form, templates=paths.TEMPLATES, overrides=house.settings.templates, drawings=svg)


def _found(house: House, court: Court, *, as_of: datetime, edition: str) -> Found:
    terms = terms_of(house, edition, as_of=as_of)
    before = terms.before(as_of)
    contracts = _chosen(house.contracts_at(as_of), terms)
    courses = {c.id: course(court, c, as_of=as_of) for c in contracts}
    briefing = compose(
        as_of=as_of,
        zone=terms.place,
        contracts=contracts,
        verdicts=[court.verdict(c, as_of=as_of) for c in contracts],
        previous={c.id: past for c in contracts if (past := _past(court, c, before))},
        quotations={
            c.id: tags.quotations(house.db, c.id, as_of=as_of, days=c.window.days, limit=QUOTATIONS) for c in contracts
        },
        health=health.sources(house.db, as_of=as_of),
        claims=house.claims,
        beside={c.id: beside(house, court, c, as_of=as_of) for c in contracts},
        courses=courses,
        wrong_tag=terms.wrong_tag,
        page=terms.page(as_of),
        edition="" if edition == DAILY else edition,
        sample=house.sample,
        version=__version__,
    )
    return Found(id=terms.name(as_of), briefing=briefing, contracts=contracts, courses=courses)


def _chosen(contracts: tuple[Contract, ...], terms: Terms) -> tuple[Contract, ...]:
    return tuple(c for c in contracts if not terms.narratives or c.id in terms.narratives)


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


def brief(house: House, court: Court, editions: tuple[Edition, ...], *, now: datetime) -> Done:
    """Compose each edition's briefing, keep it, and queue one message per recipient, all at once."""
    return Done(stage="brief", handled=len(editions), new=sum(_brief(house, court, e, now=now) for e in editions))


def _brief(house: House, court: Court, edition: Edition, *, now: datetime) -> int:
    made = composed(house, court, as_of=now, edition=edition.id)
    why = _held_back(house, court, edition, made.contracts, now=now) if edition.only_changes else ""
    with writing(house.db):
        briefings.save(
            house.db,
            id=made.id,
            as_of=now,
            edition=made.id,
            contracts={c.id: c.hash for c in made.contracts},
            subject=made.briefing.subject,
            renders=made.renders,
            pictures=made.pictures,
            at=now,
            held_back=why,
        )
        return 0 if why else enqueue(house, edition, made.id, now=now)


def enqueue(house: House, edition: Edition, name: str, *, now: datetime) -> int:
    """Queue what is called `name` for everybody who gets this edition; gives how many messages that makes."""
    return outbox.queue(
        house.db,
        briefing=name,
        edition=edition.id,
        form=edition.form,
        recipients=edition.recipients,
        message_ids={r: message_id(name, r, domain(house)) for r in edition.recipients},
        at=now,
    )


def domain(house: House) -> str:
    """The domain that mail comes from, for what has to be unique in the world."""
    return house.settings.delivery.sender.rpartition("@")[2].rstrip(">") or "counterwire.invalid"


def _held_back(house: House, court: Court, edition: Edition, contracts: tuple[Contract, ...], *, now: datetime) -> str:
    """Why a briefing that goes out only with changes is mailed to nobody, "" where something moved.

    Compared with the edition's last briefing, so that a morning on which no pass was made hides nothing.
    """
    last = briefings.before(house.db, edition.id, at=now) or edition.terms.before(now)
    for contract in contracts:
        was, verdict = court.verdict(contract, as_of=last), court.verdict(contract, as_of=now)
        stood = {r.check for r in crossed(was.evidence)}
        if verdict.kind is not was.kind or any(r.check not in stood for r in crossed(verdict.evidence)):
            return ""
        if alerts.given(house.db, contract.id, as_of=now, since=last):
            return ""
    return f"nothing changed since {stamp(last)}"

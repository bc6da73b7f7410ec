"""A sent briefing held against the rows it was made from, sentence by sentence and byte by byte."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from briefing import verify
from core.editions import edition_of
from core.errors import InputError
from counterwire.house import House
from counterwire.stages.briefs import composed
from counterwire.stages.judge import Court
from store import audit, briefings
from store.briefings import StoredBriefing


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """What was looked at, and what does not hold (nothing, when all is well)."""

    briefing: str
    held: verify.Held
    faults: tuple[str, ...]


def kept(house: House, name: str | None) -> StoredBriefing:
    """The briefing called `name`, or the newest; raises InputError where there is none."""
    found = briefings.latest(house.db) if name is None else briefings.load(house.db, name)
    if found is None:
        raise InputError(f"there is no briefing {name!r}" if name else "no briefing has been made yet")
    return found


def verified(house: House, sent: StoredBriefing) -> Report:
    """Make the briefing again from rows known at its instant, and compare everything that was sent.

    The statements (figures, quotations, links) one by one, each rendered form byte by byte, the
    derived rows of its instant column by column; and every row it refers to must be there.
    """
    court = Court(house)
    made = composed(house, court, as_of=sent.as_of, edition=edition_of(sent.id))
    faults = [str(fault) for fault in verify.differences(sent.renders.get("json", ""), made.briefing)]
    if sent.subject != made.briefing.subject:
        faults.append(f"subject: sent {sent.subject!r}, the rows give {made.briefing.subject!r}")
    kept_before = "page" not in sent.renders  # by a version that made no archive pages
    forms = (
        verify.altered(form, sent.renders.get(form, ""), text)
        for form, text in made.renders.items()
        if form != "page" or not kept_before
    )
    faults += [str(fault) for fault in forms if fault]
    faults += [] if kept_before else _repainted(briefings.pictures_of(house.db, sent.id), made.pictures)
    given = [court.verdict(contract, as_of=sent.as_of) for contract in made.contracts]
    faults += audit.altered(house.db, given)
    faults += audit.missing(house.db, verify.references(made.briefing))
    return Report(briefing=sent.id, held=verify.held(made.briefing), faults=tuple(faults))


def _repainted(sent: Mapping[str, bytes], made: Mapping[str, bytes]) -> list[str]:
    """The pictures that are not, byte for byte, what the rows give."""
    names = sorted({*sent, *made})
    return [
        f"picture {name}: {'not kept' if name not in sent else 'other bytes were sent than the rows give'}"
        for name in names
        if sent.get(name) != made.get(name)
    ]

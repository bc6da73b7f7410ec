"""A briefing, or a notice of alerts, sent once more because somebody asked for it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from briefing.mail import message_id
from core.editions import edition_of, is_address
from core.errors import DeliveryError, InputError
from counterwire.house import House
from counterwire.letters import letter
from counterwire.stages.briefs import domain
from store import editions, notices, outbox
from store.database import writing


def chosen(house: House, briefing: str, to: str | None) -> tuple[str, ...]:
    """Who gets it again: all whom it was queued for, or the one address that is asked for.

    Raises InputError for a briefing that is not kept or went to nobody, and for `to` that is no address or unsubscribed.
    """
    if to and not is_address(to):
        raise InputError(f"--to {to}: not a mail address")
    try:
        letter(house, briefing)
    except DeliveryError as error:
        raise InputError(error.reason) from error
    readers = [to] if to else [d.recipient for d in outbox.of(house.db, briefing)]
    wanted = tuple(editions.subscribed(house.db, readers, edition=_edition(house, briefing)))
    if not wanted:
        raise InputError(f"{to} has unsubscribed" if to else f"{briefing} went to nobody; say whom with --to")
    return wanted


def again(house: House, briefing: str, recipients: Sequence[str], *, at: datetime) -> None:
    """Queue it once more for these, with the Message-ID that it had, so that a mailbox can tell."""
    edition = _edition(house, briefing)
    forms = {e.id: e.form for e in house.settings.editions}
    with writing(house.db):
        outbox.queue(
            house.db,
            briefing=briefing,
            edition=edition,
            form=forms.get(edition, "html"),
            recipients=recipients,
            message_ids={r: message_id(briefing, r, domain(house)) for r in recipients},
            at=at,
        )
        wanted = set(recipients)
        outbox.again(house.db, [d.id for d in outbox.of(house.db, briefing) if d.recipient in wanted], at=at)


def _edition(house: House, briefing: str) -> str:
    notice = notices.load(house.db, briefing)
    return notice.edition if notice else edition_of(briefing)

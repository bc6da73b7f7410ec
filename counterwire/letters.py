"""What a queued message carries: a briefing as it was kept, or a notice of alerts."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from email.message import EmailMessage

from briefing.mail import message
from core.deliveries import Delivery
from core.errors import DeliveryError
from counterwire.house import House
from counterwire.unsubscribing import link
from store import briefings, notices


@dataclass(frozen=True, slots=True, kw_only=True)
class Letter:
    """A subject, the same said in HTML and in text, and in a few lines for a channel. `pictures` are PNG by name."""

    subject: str
    html: str
    text: str
    short: str
    as_of: datetime
    pictures: Mapping[str, bytes] = field(default_factory=dict)


def letter(house: House, name: str) -> Letter:
    """What is called `name`; raises DeliveryError, for good, where there is none."""
    if notice := notices.load(house.db, name):
        return Letter(subject=notice.subject, html=notice.html, text=notice.text, short=notice.text, as_of=notice.at)
    kept = briefings.load(house.db, name)
    if kept is None:  # derived rows were cleared while a message waited
        raise DeliveryError(f"there is no briefing {name!r}", permanent=True)
    told = json.loads(kept.renders["json"])
    lines = [told["headline"], *(f"{c['title']}: {c['sentence']['text']}" for c in told["changes"])]
    return Letter(
        subject=kept.subject,
        html=kept.renders["html"],
        text=kept.renders["text"],
        short="\n\n".join(lines),
        as_of=kept.as_of,
        pictures=briefings.pictures_of(house.db, name),
    )


def mail_of(house: House, delivery: Delivery, carried: Letter) -> EmailMessage:
    """The message of a delivery; the same settings and rows give the same bytes on every try."""
    return message(
        sender=house.settings.delivery.sender,
        recipient=delivery.recipient,
        subject=carried.subject,
        html=carried.html if delivery.form == "html" else "",
        text=carried.text,
        message_id=delivery.message_id,
        thread=delivery.thread,
        as_of=carried.as_of,
        edition=delivery.edition,
        unsubscribe=link(house, delivery.recipient, delivery.edition),
        pictures=carried.pictures,
    )

"""The outbox and the folder -> delivered. What fails is kept and tried again."""

from __future__ import annotations

import os
from collections.abc import Mapping
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path

from briefing.channels import notify
from briefing.mail import send
from briefing.render import page
from core.deliveries import Delivery
from core.errors import DeliveryError
from counterwire import paths
from counterwire.atom import feed
from counterwire.house import House
from counterwire.letters import letter, mail_of
from counterwire.stages import Done
from counterwire.stages.briefs import ENDINGS
from desk.archive import archive_page
from store import outbox
from store.database import writing

# After the first failure wait five minutes, then longer; eleven tries span two days, then we say so and stop.
WAITS = [timedelta(minutes=m) for m in (5, 15, 30, 60, 120, 240, 480, 480, 720, 720)]
# How long a message that was taken up is left alone: longer than a server may dawdle, which is some ten answers.
CLAIM = timedelta(minutes=15)
ANSWERS = 20
LONGEST = timedelta(minutes=10)  # a dead server costs `timeout` a message; the rest of the pass's work must not wait


def sending(house: House, *, now: datetime) -> Done:
    """Send every message that is due; one recipient's fault does not hold up another's.

    A message is claimed before it is sent, so that of two processes one sends it.
    """
    smtp = house.settings.delivery.smtp
    due = outbox.due(house.db, now=now)
    ready = [d for d in due if smtp or d.channel]
    sent, problems = 0, ["messages wait, but delivery.smtp is not set"] if len(ready) < len(due) else []
    began = house.clock()
    for number, delivery in enumerate(ready):
        if house.clock() - began > LONGEST:  # those that failed now come last in the next pass
            problems.append(f"{len(ready) - number} messages are left for the next pass")
            break
        present = max(now, house.clock())  # a pass may have taken long, and a claim is about the present
        claimed = outbox.claim(house.db, delivery, until=present + _left_alone(house), at=now)
        if not claimed:
            continue
        try:
            _send(house, delivery)
        except DeliveryError as error:
            later = None if error.permanent or delivery.attempts >= len(WAITS) else now + WAITS[delivery.attempts]
            with writing(house.db):
                outbox.failed(house.db, delivery.id, reason=error.reason, next_try=later)
            outcome = "given up" if later is None else "will be tried again"
            problems.append(f"{delivery.recipient}: {error.reason}; {outcome}")
        else:
            with writing(house.db):
                outbox.sent(house.db, delivery.id, at=now)
            sent += 1
    return Done(stage="send", handled=len(due), new=sent, problems=tuple(problems))


def _left_alone(house: House) -> timedelta:
    smtp = house.settings.delivery.smtp
    return max(CLAIM, timedelta(seconds=ANSWERS * smtp.timeout)) if smtp else CLAIM


def _send(house: House, delivery: Delivery) -> None:
    carried = letter(house, delivery.briefing)
    if delivery.channel:
        address = os.environ.get(delivery.channel)
        if not address:
            raise DeliveryError(f"{delivery.channel} is not set")
        notify(address, title=carried.subject, body=carried.short)
        return
    smtp = house.settings.delivery.smtp
    if smtp is None:
        raise DeliveryError("delivery.smtp is not set")
    mail = mail_of(house, delivery, carried)
    send(mail, smtp, user=os.environ.get(smtp.user_env), password=os.environ.get(smtp.password_env))


def catalogue(house: House) -> Path:
    """Write the index of all kept briefings beside them, and the same as an Atom feed."""
    folder = house.settings.delivery.folder
    overrides = house.settings.templates
    fill = partial(page, templates=paths.TEMPLATES, overrides=overrides)
    _write(folder / "index.html", archive_page(house.settings.database, fill))
    _write(folder / "feed.xml", feed(house))
    return folder / "index.html"


def publish(renders: Mapping[str, str], folder: Path, name: str, pictures: Mapping[str, bytes]) -> list[Path]:
    """Write every form of a briefing and its pictures to `folder`, each file whole or not at all; the page first.

    The mail's form shows the files where the mail shows what is attached to it.
    """
    folder.mkdir(parents=True, exist_ok=True)
    written = []
    for picture, png in pictures.items():
        _write_bytes(folder / f"{name}.{picture}.png", png)
    for form in sorted(renders, key=list(ENDINGS).index):
        text = renders[form]
        if form == "html":
            for picture in pictures:
                text = text.replace(f'src="cid:{picture}"', f'src="{name}.{picture}.png"')
        target = folder / f"{name}.{ENDINGS[form]}"
        _write(target, text)
        written.append(target)
    return written


def _write(target: Path, text: str) -> None:
    _write_bytes(target, text.encode())


def _write_bytes(target: Path, held: bytes) -> None:
    if target.exists() and target.read_bytes() == held:
        return
    part = target.with_name(target.name + ".part")
    part.write_bytes(held)
    part.replace(target)

"""The outbox and the folder -> delivered. What fails is kept and tried again."""

from __future__ import annotations

import os
from collections.abc import Mapping
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path

from briefing.mail import message, send
from briefing.render import page
from core.deliveries import Delivery
from core.errors import DeliveryError
from core.settings import SmtpSettings
from counterwire import paths
from counterwire.house import House
from counterwire.stages import Done
from counterwire.stages.briefs import ENDINGS
from desk.archive import archive_page
from store import briefings, outbox
from store.database import writing

# After the first failure wait five minutes, then longer; eleven tries span two days, then we say so and stop.
WAITS = [timedelta(minutes=m) for m in (5, 15, 30, 60, 120, 240, 480, 480, 720, 720)]


def sending(house: House, *, now: datetime) -> Done:
    """Send every message that is due; one recipient's fault does not hold up another's."""
    smtp = house.settings.delivery.smtp
    due = outbox.due(house.db, now=now)
    if smtp is None:
        return Done(stage="send", problems=("messages wait, but delivery.smtp is not set",) if due else ())
    sent, problems = 0, []
    for delivery in due:
        try:
            _send(house, smtp, delivery)
        except DeliveryError as error:
            later = None if error.permanent or delivery.attempts >= len(WAITS) else now + WAITS[delivery.attempts]
            with writing(house.db):
                outbox.failed(house.db, delivery.id, reason=error.reason, next_try=later, at=now)
            outcome = "given up" if later is None else "will be tried again"
            problems.append(f"{delivery.recipient}: {error.reason}; {outcome}")
        else:
            with writing(house.db):
                outbox.sent(house.db, delivery.id, at=now)
            sent += 1
    return Done(stage="send", handled=len(due), new=sent, problems=tuple(problems))


def _send(house: House, smtp: SmtpSettings, delivery: Delivery) -> None:
    kept = briefings.load(house.db, delivery.briefing)
    if kept is None:  # derived rows were cleared while a message waited
        raise DeliveryError(f"the briefing of {delivery.briefing} is not kept any more", permanent=True)
    mail = message(
        sender=house.settings.delivery.sender,
        recipient=delivery.recipient,
        subject=kept.subject,
        html=kept.renders["html"],
        text=kept.renders["text"],
        message_id=delivery.message_id,
        as_of=kept.as_of,
    )
    send(mail, smtp, user=os.environ.get(smtp.user_env), password=os.environ.get(smtp.password_env))


def catalogue(house: House) -> Path:
    """Write the index of all kept briefings beside them."""
    folder = house.settings.delivery.folder
    overrides = house.settings.templates
    fill = partial(page, templates=paths.TEMPLATES, overrides=overrides)
    _write(folder / "index.html", archive_page(house.settings.database, fill))
    return folder / "index.html"


def publish(renders: Mapping[str, str], folder: Path, name: str) -> list[Path]:
    """Write every form of a briefing to `folder`, each file whole or not at all."""
    folder.mkdir(parents=True, exist_ok=True)
    written = []
    for form, text in renders.items():
        target = folder / f"{name}.{ENDINGS[form]}"
        _write(target, text)
        written.append(target)
    return written


def _write(target: Path, text: str) -> None:
    if target.exists() and target.read_text(encoding="utf-8") == text:
        return
    part = target.with_name(target.name + ".part")
    part.write_text(text, encoding="utf-8", newline="")
    part.replace(target)

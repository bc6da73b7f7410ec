"""A house with briefings that wait to be sent, and a mail server that behaves as it is told."""

import asyncio
import json
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from email.message import Message
from email.parser import BytesParser
from pathlib import Path
from typing import Any

from aiosmtpd.controller import Controller

from briefing.mail import message_id
from core.alerts import Alert
from counterwire.house import House, open_house
from store import briefings, outbox
from store.database import writing

ROOT = Path(__file__).resolve().parents[2]
NOW = datetime(2026, 4, 15, 7, tzinfo=UTC)
AT = ["--now", "2026-04-15T07:00:00Z"]
SAID = {"headline": "Nothing moved", "changes": [{"title": "Nvidia killer", "sentence": {"text": "Still: mixed."}}]}


class Post:
    """Keeps what it accepts. `slow` recipients get no answer, `dropped` lose the connection after their message."""

    def __init__(self) -> None:
        self.mails: list[Message] = []
        self.rcpt: dict[str, str] = {}
        self.data: dict[str, str] = {}
        self.slow: set[str] = set()
        self.dropped: set[str] = set()
        self.port = 0

    async def handle_RCPT(self, server: Any, session: Any, envelope: Any, address: str, options: Any) -> str:  # noqa: N802 -- aiosmtpd's name
        if address in self.slow:
            await asyncio.Event().wait()
        if address in self.rcpt:
            return self.rcpt[address]
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:  # noqa: N802 -- aiosmtpd's name
        (recipient,) = envelope.rcpt_tos
        if recipient in self.data:
            return self.data[recipient]
        if recipient in self.dropped:
            server.transport.abort()
            return "451 never read"
        self.mails.append(BytesParser().parsebytes(envelope.content))
        return "250 taken"


@contextmanager
def serving(post: Any, **given: Any) -> Iterator[int]:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = int(free.getsockname()[1])
    controller = Controller(post, hostname="127.0.0.1", port=port, **given)
    controller.start()
    try:
        yield port
    finally:
        controller.stop()


def furnished(folder: Path, port: int, *, tls: str = "none", more: str = "", timeout: float = 5) -> Path:
    """A config in `folder` that mails through a port of this machine."""
    config = folder / "config.yaml"
    config.write_text(
        f"database: counterwire.db\nnarratives: {ROOT / 'narratives'}\nschedule: {{zone: UTC, briefing: '07:00'}}\n"
        "fetch: {contact: test@example.com}\nfeeds: []\n"
        "delivery:\n  sender: Counterwire <desk@example.com>\n"
        f"  smtp: {{host: 127.0.0.1, port: {port}, tls: {tls}, timeout: {timeout}}}\n{more}",
        "utf-8",
    )
    return config


def waiting(house: House, *recipients: str, name: str = "2026-04-15", day: int = 0, **given: Any) -> list[str]:
    """Keep a briefing and queue it; gives the Message-IDs."""
    moment = NOW + timedelta(days=day)
    ids = {r: message_id(name, r, "example.com") for r in recipients}
    renders = {"html": "<p>Nothing moved</p>", "text": "Nothing moved\n", "json": json.dumps(SAID)}
    with writing(house.db):
        briefings.save(
            house.db,
            id=name,
            as_of=moment,
            edition=name,
            contracts={},
            subject=given.pop("subject", "Counterwire | Nothing moved"),
            renders=renders,
            at=moment,
        )
        outbox.queue(house.db, briefing=name, recipients=recipients, message_ids=ids, at=moment, **given)
    return list(ids.values())


def queued(config: Path, *recipients: str, **given: Any) -> list[str]:
    """The same, of a house that is opened and closed for it."""
    with open_house(config) as house:
        return waiting(house, *recipients, **given)


def an_alert(narrative: str = "nvidia_killer", *, at: datetime = NOW, **given: Any) -> Alert:
    """A verdict's alert, unless told otherwise."""
    base = {
        "kind": "verdict",
        "subject": "PRESS_AHEAD",
        "contract": "c1",
        "sentence": "The verdict is now that the press runs ahead.",
        "a_year": None,
        "null_history": "not yet estimable: 7 of 365 days of press",
    }
    told = {**base, **given}
    return Alert(
        id=f"{narrative}:{told['kind']}:{told['subject']}@{at.isoformat()}", narrative=narrative, at=at, **told
    )

"""The parts of a small world on loopback. All of it fictitious."""

from dataclasses import dataclass, field
from datetime import date, timedelta
from email.message import Message
from email.parser import BytesParser
from typing import Any


@dataclass
class Reply:
    body: bytes
    status: int = 200
    kind: str = "application/rss+xml; charset=utf-8"
    length: int | None = None  # a lie about the length makes a truncated answer


@dataclass
class World:
    """What each path answers, and which paths were asked for."""

    pages: dict[str, Reply] = field(default_factory=dict)
    asked: list[str] = field(default_factory=list)
    port: int = 0

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def feed(self, name: str, items: list[tuple[str, str, str, str]]) -> None:
        """Serve a feed of (guid, title, text, RFC 822 date)."""
        body = "".join(
            f"<item><title>{title}</title><link>{self.url}/{name}/{guid}</link><guid>{guid}</guid>"
            f"<description>{text}</description><pubDate>{date}</pubDate></item>"
            for guid, title, text, date in items
        )
        rss = f"<rss version='2.0'><channel><title>{name}</title><link>{self.url}</link>{body}</channel></rss>"
        self.pages[f"/{name}.xml"] = Reply(rss.encode())


class Mailbox:
    """A real SMTP server's handler: keeps what it accepts, refuses whom it is told to."""

    def __init__(self) -> None:
        self.mails: list[Message] = []
        self.refused: dict[str, str] = {}
        self.port = 0

    async def handle_RCPT(self, server: Any, session: Any, envelope: Any, address: str, options: Any) -> str:  # noqa: N802 -- aiosmtpd's name
        if address in self.refused:
            return self.refused[address]
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:  # noqa: N802 -- aiosmtpd's name
        self.mails.append(BytesParser().parsebytes(envelope.content))
        return "250 taken"


def weekly_nfci() -> bytes:
    """Five hundred and fifty Fridays that alternate around a slow drift: enough for an own history."""
    first = date(2015, 10, 2)
    rows = [f"{first + timedelta(weeks=k)},{-0.5 + 0.1 * (k % 5) / 5:.4f}" for k in range(550)]
    return ("observation_date,NFCI\n" + "\n".join(rows) + "\n").encode()


FRED = weekly_nfci()

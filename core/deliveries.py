"""Messages on their way."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

CHANNEL = "apprise:"  # before the name of a channel, where otherwise a mail address stands


@dataclass(frozen=True, slots=True, kw_only=True)
class Delivery:
    """One briefing, or one notice of alerts, for one recipient.

    `message_id` is the same on every try; `thread` holds the ids of the first and of the last message
    before it in its edition, for this recipient. `next_try` None: sent, or given up for `reason`.
    `sent` is when a server last took it.
    """

    id: int
    briefing: str
    edition: str
    recipient: str
    message_id: str
    thread: tuple[str, ...]
    form: str
    attempts: int
    next_try: datetime | None
    sent: datetime | None
    reason: str = ""

    @property
    def channel(self) -> str:
        """The environment variable that holds the channel's address, "" for mail."""
        return self.recipient.removeprefix(CHANNEL) if self.recipient.startswith(CHANNEL) else ""

    @property
    def given_up(self) -> bool:
        """Whether nobody tries any more to send what no server has taken."""
        return self.next_try is None and self.sent is None


@dataclass(frozen=True, slots=True, kw_only=True)
class Notice:
    """A short mail between briefings: alerts of one pass for one edition. `alerts` are their ids."""

    id: str
    edition: str
    at: datetime
    subject: str
    alerts: tuple[str, ...]
    html: str
    text: str

"""Messages on their way."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Delivery:
    """One briefing for one recipient. `message_id` is the same on every try; `next_try` None: given up."""

    id: int
    briefing: str
    recipient: str
    message_id: str
    attempts: int
    next_try: datetime | None
    reason: str = ""

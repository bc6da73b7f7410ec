"""What the room needs of the outside: one question, one answer. `ingest.client.Client` asks it of the real one."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Protocol


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What an address gave: 2xx with its body, or 304 with none (only if validators were sent).

    `url` is where the answer came from, `moved` where permanent redirects lead ("" if there were
    none). Names in `headers` are in lower case. `body` is decompressed.
    """

    url: str
    status: int
    headers: Mapping[str, str]
    body: bytes
    moved: str = ""


class Web(Protocol):
    """What the rest of the room needs of the outside: `Client`, or a small fake of it."""

    async def get(self, url: str, *, headers: Mapping[str, str] | None = None, cap: int | None = None) -> Answer:
        """As `Client.get`: an Answer, or FetchError."""
        ...

"""robots.txt, asked once a day and host before a page of that host is."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urlsplit

from core.errors import FetchError
from ingest.web import Web

AGENT = "Counterwire"
BYTES = 512_000  # RFC 9309, 2.5: at least 500 KiB are to be read
DAY = timedelta(days=1)  # RFC 9309, 2.4
SOON = timedelta(hours=1)  # how long a server in trouble is left alone


@dataclass(frozen=True, slots=True)
class _Rules:
    """What a host said. `parsed` is None where everything, or (if `closed`) nothing is allowed."""

    parsed: Any
    closed: bool
    until: datetime


class Robots:
    """What hosts allow us to read. A Client has one; it lives as long."""

    def __init__(self) -> None:
        self._rules: dict[str, _Rules] = {}
        self._locks: dict[str, asyncio.Lock] = {}

    async def allowed(self, web: Web, url: str, *, now: datetime) -> bool:
        """Whether `url` may be fetched; never raises for what the host does.

        By RFC 9309: 4xx means that there are no rules, 5xx (and 429) means wait. A host that
        cannot be reached has said nothing, and the page's own fetch will tell.
        """
        parts = urlsplit(url)
        site = f"{parts.scheme}://{parts.netloc}"
        async with self._locks.setdefault(site, asyncio.Lock()):
            rules = self._rules.get(site)
            if rules is None or rules.until <= now:
                rules = self._rules[site] = await _ask(web, site, now)
        return not rules.closed and (rules.parsed is None or bool(rules.parsed.can_fetch(url, AGENT)))


async def _ask(web: Web, site: str, now: datetime) -> _Rules:
    from protego import Protego

    try:
        answer = await web.get(f"{site}/robots.txt", cap=BYTES)
    except FetchError as error:
        wait = error.status is not None and (error.status >= 500 or error.status == 429)
        settled = error.status is not None and not wait
        return _Rules(None, wait, now + (DAY if settled else SOON))
    return _Rules(Protego.parse(answer.body.decode("utf-8", "replace")), False, now + DAY)

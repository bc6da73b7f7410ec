"""One poll stage on a config, with a record of what was received; run as a script it can be killed.

python -m tests.house.polling CONFIG NOW RECORD
"""

import asyncio
import json
import re
import sys
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path

from core.clock import from_stamp
from counterwire.house import House, open_house
from counterwire.stages import Done
from counterwire.stages.poll import poll
from ingest.client import Client
from ingest.web import Answer
from store import runs
from store.database import writing


class Recording:
    """A client that writes down every guid of every complete answer, before anybody else sees it."""

    def __init__(self, client: Client, record: Path) -> None:
        self.client, self.record = client, record

    async def get(self, url: str, *, headers: Mapping[str, str] | None = None, cap: int | None = None) -> Answer:
        answer = await self.client.get(url, headers=headers, cap=cap)
        guids = re.findall(rb"<guid[^>]*>([^<]+)</guid>", answer.body)
        with self.record.open("a", encoding="utf-8") as file:
            file.write(json.dumps([url, [g.decode() for g in guids]]) + "\n")
        return answer


def one_poll(house: House, record: Path, *, now: datetime) -> Done:
    with writing(house.db):
        run = runs.start(house.db, now=now)

    async def visit() -> Done:
        async with Client(house.settings.fetch) as client:
            return await poll(house, Recording(client, record), now=now, run=run)

    return asyncio.run(visit())


if __name__ == "__main__":
    with open_house(Path(sys.argv[1])) as house:
        one_poll(house, Path(sys.argv[3]), now=from_stamp(sys.argv[2]))

"""The replayed world with its clock standing still, and its sources failing as they are told to."""

import asyncio
import subprocess
import sys
import urllib.request
import zlib
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

from core.clock import stamp
from core.settings import SourceSettings
from counterwire.house import House, open_house
from counterwire.stages import Done
from counterwire.stages.judge import Court
from counterwire.stages.series import series, visit
from ingest.client import Client
from ingest.collectors.collector import Visit
from ingest.series import COLLECTORS
from ingest.web import Answer, Web
from store import health, runs
from store.database import writing

NOW = datetime(2026, 4, 24, 11, tzinfo=UTC)  # 07:00 in New York
LATER, NEXT_DAY = NOW + timedelta(hours=1), NOW + timedelta(days=1)
# How often a fault has to strike for one request to meet it, and a part of what it is then called.
NAMED = {
    "500": (1, "http 500"),
    "429": (1, "http 429"),
    "403": (1, "http 403"),
    "404": (1, "http 404"),
    "410": (1, "http 410"),
    "slow": (1, "timeout"),
    "drop": (2, "connection lost"),  # a dropped GET is tried once more
    "truncate": (1, "truncated"),
    "garbage": (1, "changed format"),
    "huge": (1, "too large"),
    "loop": (6, "too many redirects"),
    "gzipbomb": (1, "too large"),
    "moved": (1, ""),  # followed; that server loses the query, so only where there is none it is no fault
    "liar": (1, "unasked 304"),
}


class Replay:
    """The replayed world on a port of its own."""

    def __init__(self, url: str) -> None:
        self.url, self.port = url, url.rpartition(":")[2]

    def strike(self, source: SourceSettings, kind: str, *, house: House, now: datetime) -> None:
        """Break every address that a visit to `source` will ask first."""
        held = {
            r[0]: datetime.fromisoformat(r[1])
            for r in house.db.execute("select series, max(time) from observations group by series").fetchall()
        }
        asked = COLLECTORS[source.collector].requests(Visit(source=source, now=now, held=held))
        for url in {request.url for request in asked}:
            path = url.removeprefix(self.url).partition("?")[0]
            self.post(f"/_fault?path={path}&kind={kind}&times={NAMED[kind][0]}")

    def post(self, path: str) -> None:
        with urllib.request.urlopen(urllib.request.Request(self.url + path, method="POST")) as answer:
            answer.read()


@contextmanager
def replayed(real: Path) -> Iterator[Replay]:
    """That world, its clock at NOW, gone afterwards."""
    command = [sys.executable, str(real / "tools/replay.py"), "--port", "0", "--as-of", stamp(NOW)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True) as process:
        assert process.stdout is not None
        yield Replay(process.stdout.readline().split(" at ")[1].split(",")[0])
        process.terminate()


def config(replay: Replay, root: Path, folder: Path, *, timeout: int = 12) -> Path:
    """Every source that is replayed, each at an address of its own."""
    sources = (root / "tests/data/replay_sources.yaml").read_text("utf-8").replace("PORT", replay.port)
    spot = sources.index("id: gcp_spot")  # it reads the file that `rental` reads
    sources = sources[:spot] + sources[spot:].replace("gpu_rental/", "gpu_rental//", 1)
    path = folder / "config.yaml"
    path.write_text(
        f"database: counterwire.db\nnarratives: {root / 'narratives'}\n"
        "schedule: {zone: America/New_York, briefing: '07:00'}\n"
        f"fetch: {{contact: test@example.com, spacing: 0, per_host: 8, timeout: {timeout}, allow_hosts: ['127.0.0.1:{replay.port}']}}\n"
        "delivery: {sender: Counterwire <desk@example.com>}\nfeeds: []\n" + sources,
        "utf-8",
    )
    return path


def only(house_config: Path, source: str) -> House:
    """A house that follows one source and nothing else."""
    house = open_house(house_config)
    alone = tuple(s for s in house.settings.sources if s.id == source)
    return replace(house, settings=house.settings.model_copy(update={"sources": alone}))


@dataclass
class Changed:
    """The outside with one word of every answer changed to another."""

    web: Web
    old: bytes
    new: bytes

    async def get(self, url: str, *, headers: Mapping[str, str] | None = None, cap: int | None = None) -> Answer:
        answer = await self.web.get(url, headers=headers, cap=cap)
        return replace(answer, body=answer.body.replace(self.old, self.new)) if self.old else answer


def collected(house: House, now: datetime, *, old: str = "", new: str = "", due: bool = True) -> Done:
    """What a visit to the sources that are due (or else to all) gave, `old` in the answers read as `new`."""
    with writing(house.db):
        run = runs.start(house.db, now=now)

    async def made() -> Done:
        async with Client(house.settings.fetch) as client:
            web = Changed(client, old.encode(), new.encode())
            if due:
                return await series(house, web, now=now, run=run)
            return await visit(house, web, list(house.settings.sources), now=now, run=run)

    return asyncio.run(made())


def coverage(house: House, as_of: datetime) -> dict[str, float]:
    court = Court(house)
    return {c.id: court.morning(c, as_of, known=as_of).evidence.coverage for c in house.contracts}


def kept(house: House) -> dict[str, list[tuple[object, ...]]]:
    """What is known, released or refused; not that it was seen again."""
    return {
        "observations": house.db.execute("select * from observations order by 1, 2, 3").fetchall(),
        "quarantine": house.db.execute("select * from quarantine order by 1, 2, 3").fetchall(),
    }


def answers(house: House) -> list[bytes]:
    """The raw answers that are kept, as they came."""
    return [zlib.decompress(body) for (body,) in house.db.execute("select body from answers where body is not null")]


def fares(house: House, now: datetime) -> dict[str, tuple[str, str]]:
    return {h.name: (h.state, h.reason) for h in health.sources(house.db, as_of=now)}


def seen(house: House) -> int:
    """How often any series was seen."""
    return int(house.db.execute("select count(*) from sightings").fetchone()[0])

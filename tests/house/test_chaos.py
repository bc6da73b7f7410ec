"""Every fault of the replayed world, in random order over 2,000 polls, and two kills: nothing is lost, doubled or unsaid."""

import json
import random
import signal
import subprocess
import sys
import time
import urllib.request
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from core.clock import stamp
from counterwire.house import House, open_house
from ingest import plan
from store import feeds, health
from tests.house.polling import one_poll

pytestmark = [pytest.mark.real, pytest.mark.slow]

START, STEP, POLLS = datetime(2026, 4, 1, 6, tzinfo=UTC), timedelta(hours=4), 2000
KILLS = (9, 23)  # passes that are killed half-way and then made again
FAULT_SHARE = 0.2
# What each fault is called in the health of a source, and how often it has to strike for one poll to meet it.
NAMED = {
    "500": ("http 500", 1),
    "429": ("http 429", 1),
    "403": ("http 403", 1),
    "404": ("http 404", 1),
    "410": ("http 410", 1),
    "drop": ("connection lost", 2),  # a dropped GET is tried once more
    "truncate": ("truncated", 1),
    "garbage": ("not a feed", 1),
    "loop": ("too many redirects", 6),
    "slow": ("timeout", 1),
    "huge": ("too large", 1),
    "gzipbomb": ("too large", 1),
    "liar": ("unasked 304", 1),  # only where nothing was asked that a 304 can answer
    "moved": ("has moved for good to", 1),  # only when it was seen three times in a row
}
BOMBS = {"gzipbomb"}
DEAR = {"slow": 1, "huge": 2, "gzipbomb": 2}  # seconds each, so these are enough
QUIET = ("liar", "moved")
WAIT = 60  # seconds until an answer is given up: a bomb takes ten to make on a busy machine
SOON = 4  # and where one is sure to be given up


@pytest.fixture(scope="module")
def replay(real: Path) -> Iterator[str]:
    command = [sys.executable, str(real / "tools/replay.py"), "--port", "0", "--items", "12", "--as-of", stamp(START)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        yield process.stdout.readline().split(" at ")[1].split(",")[0]
        process.terminate()


def post(replay: str, path: str) -> None:
    with urllib.request.urlopen(urllib.request.Request(replay + path, method="POST")) as answer:
        answer.read()


def furnish(replay: str, folder: Path, root: Path) -> Path:
    with urllib.request.urlopen(f"{replay}/feeds/") as answer:
        names = [
            line.split("/feeds/")[1].split(".xml")[0]
            for line in answer.read().decode().splitlines()
            if "/feeds/" in line
        ]
    rows = (
        f"  - {{url: '{replay}/feeds/{n}.xml', source: {n!r}, owner: {n!r}, kind: blog, every: 30m}}\n"
        for n in names[:60]
    )
    config = folder / "config.yaml"
    config.write_text(
        f"database: counterwire.db\nnarratives: {root / 'narratives'}\nschedule: {{zone: UTC, briefing: '07:00'}}\n"
        f"fetch: {{contact: test@example.com, spacing: 0, per_host: 8, timeout: {WAIT}, allow_hosts: [127.0.0.1]}}\n"
        f"delivery: {{sender: Desk <desk@example.com>}}\nfeeds:\n{''.join(rows)}",
        "utf-8",
    )
    return config


def kill_half_way(config: Path, record: Path, root: Path, now: datetime) -> None:
    """A pass that dies when it has received twenty answers: of them the first sixteen may be stored, the rest not."""
    before = record.stat().st_size
    command = [sys.executable, "-m", "tests.house.polling", str(config), stamp(now), str(record)]
    with subprocess.Popen(command, cwd=root) as process:
        while process.poll() is None and record.read_bytes()[before:].count(b"\n") < 20:
            time.sleep(0.002)
        process.send_signal(signal.SIGKILL)
    assert process.returncode == -signal.SIGKILL, "the pass ended before it could be killed"


def patient(house: House, seconds: int) -> House:
    """The house that waits so long for an answer, and asks that server for no more at a time than it listens for (5): the next would wait a second."""
    fetch = house.settings.fetch.model_copy(update={"timeout": seconds, "per_host": 5})
    return replace(house, settings=house.settings.model_copy(update={"fetch": fetch}))


def strike(replay: str, house: House, rng: random.Random, left: Counter[str], now: datetime) -> dict[str, str]:
    """Break some of the feeds that are due; gives the fault by address. What the plan leaves alone is not broken."""
    struck: dict[str, str] = {}
    moving = house.settings.feeds[0].url  # redirects on every poll, until that is believed
    for feed in plan.due(feeds.load(house.db), now=now):
        if feed.url == moving:
            kind = "moved" if feed.moves < plan.MOVES else ""
        elif rng.random() < FAULT_SHARE:
            apart = {"slow"} if BOMBS & set(struck.values()) else BOMBS if "slow" in struck.values() else set()
            kind = rng.choice([k for k in NAMED if left[k] > 0 and k not in apart])
            left[kind] -= 1
        else:
            continue
        if kind:
            path = feed.url.removeprefix(replay)
            post(replay, f"/_fault?path={path}&kind={kind}&times={NAMED[kind][1]}")
            struck[feed.url] = kind
    return struck


def test_nothing_received_is_lost_or_doubled_and_every_fault_is_named(replay: str, root: Path, tmp_path: Path) -> None:
    config, record = furnish(replay, tmp_path, root), tmp_path / "received.jsonl"
    record.touch()
    rng = random.Random(20260415)  # noqa: S311 -- no secret
    left = Counter({kind: DEAR.get(kind, POLLS) for kind in NAMED})
    with open_house(config) as house:
        now, polls, passes = START, 0, 0
        told: set[str] = set()
        unsaid: list[tuple[str, str]] = []
        while polls < POLLS:
            post(replay, f"/_clock?to={stamp(now)}")
            if passes in KILLS:
                kill_half_way(config, record, root, now)
            struck = {} if passes in KILLS or passes == 0 else strike(replay, house, rng, left, now)
            polls += one_poll(patient(house, SOON if "slow" in struck.values() else WAIT), record, now=now).handled
            fares = {s.url: s.reason for s in health.sources(house.db, as_of=now)}
            told.update(fares.values())
            unsaid += [(k, fares[url]) for url, k in struck.items() if k not in QUIET and fares[url] != NAMED[k][0]]
            now, passes = now + STEP, passes + 1
        received = {
            (url.split("?")[0], guid)
            for url, guids in map(json.loads, record.read_text("utf-8").splitlines())
            for guid in guids
        }
        kept = Counter(house.db.execute("SELECT feed, guid FROM articles").fetchall())
        announced = house.db.execute(
            "SELECT count(*), count(DISTINCT subject) FROM events WHERE kind = 'article'"
        ).fetchone()
        print(f"{polls} polls in {passes} passes, {len(received)} entries received, {sum(kept.values())} kept")
        assert len(received) > 1000
        assert sorted(received - set(kept)) == []
        assert [entry for entry, times in kept.items() if times > 1] == []
        assert announced == (sum(kept.values()), sum(kept.values()))
        assert unsaid == []
        assert [
            name for name, _ in NAMED.values() if not any(reason.startswith(name) or name in reason for reason in told)
        ] == []

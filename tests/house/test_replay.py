"""The whole house on the real world replayed: twelve mornings, two of them killed half-way and continued."""

import gzip
import json
import os
import re
import signal
import socket
import sqlite3
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections import Counter
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest

pytestmark = [pytest.mark.real, pytest.mark.slow]

FIRST, LAST = date(2026, 4, 13), date(2026, 4, 24)
MORNINGS = [FIRST + timedelta(days=k) for k in range((LAST - FIRST).days + 1)]
KILLED = (date(2026, 4, 15), date(2026, 4, 20))
HOUR = "11:00:00Z"  # 07:00 in New York in April
FEEDS = 60
BASELINE = "2026-03-02"  # six weeks before the first morning: the 28 days that a baseline needs at least, and some


@dataclass
class Replay:
    url: str
    folder: Path

    def clock(self, day: date) -> None:
        self.post(f"/_clock?to={day}T{HOUR}")

    def post(self, path: str) -> None:
        with urllib.request.urlopen(urllib.request.Request(self.url + path, method="POST")) as answer:
            answer.read()

    def entries(self, path: str) -> list[str]:
        with urllib.request.urlopen(self.url + path) as answer:
            return [guid.text or "" for guid in ET.fromstring(answer.read()).iter("guid")]


@pytest.fixture(scope="module")
def replay(real: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Replay]:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    tool = [sys.executable, str(real / "tools" / "replay.py"), "--port", str(port), "--items", "200"]
    with subprocess.Popen([*tool, "--as-of", f"{FIRST}T{HOUR}"], stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        assert "replay at" in process.stdout.readline()
        yield Replay(f"http://127.0.0.1:{port}", tmp_path_factory.mktemp("replay"))
        process.terminate()


def corpus(real: Path) -> Iterator[dict[str, str]]:
    with gzip.open(real / "data" / "news" / "corpus.jsonl.gz", "rt", encoding="utf-8") as file:
        for line in file:
            yield json.loads(line)


def slug(source: str) -> str:
    return re.sub(r"[^a-z0-9]+", "-", source.lower()).strip("-")


def furnish(replay: Replay, real: Path, root: Path) -> Path:
    """A config with the sixty busiest feeds of the time and every series that the replay serves."""
    spring = [a for a in corpus(real) if BASELINE <= (a["published"] or "") < "2026-05-01"]
    names = [s for s, _ in Counter(a["source"] for a in spring if slug(a["source"] or "")).most_common()]
    busiest = list({slug(s): s for s in reversed(names)}.values())[::-1][:FEEDS]  # some names share a feed
    feeds = "".join(
        f"  - {{url: '{replay.url}/feeds/{slug(s)}.xml', source: {json.dumps(s)}, owner: {slug(s)!r}, kind: newspaper}}\n"
        for s in busiest
    )
    sources = (root / "tests" / "data" / "replay_sources.yaml").read_text("utf-8")
    port = replay.url.rpartition(":")[2]
    config = replay.folder / "config.yaml"
    config.write_text(
        "database: counterwire.db\n"
        f"narratives: {root / 'narratives'}\n"
        "schedule: {zone: America/New_York, briefing: '07:00'}\n"
        f"fetch: {{contact: test@example.com, spacing: 0, per_host: 8, allow_hosts: ['127.0.0.1:{port}']}}\n"
        "delivery: {sender: Counterwire <desk@example.com>}\n"
        f"feeds:\n{feeds}" + sources.replace("PORT", port),
        "utf-8",
    )
    (replay.folder / "before.jsonl").write_text(
        "".join(json.dumps(a) + "\n" for a in spring if a["published"] < str(FIRST) and a["source"] in busiest),
        "utf-8",
    )
    return config


def counterwire(root: Path, config: Path, *arguments: str, kill: bool = False) -> str:
    command = [sys.executable, "-m", "counterwire", *arguments, "-c", str(config)]
    with subprocess.Popen(command, cwd=root, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as process:
        if kill:
            wait_for_half_a_pass(config.parent / "counterwire.db", process)
            os.kill(process.pid, signal.SIGKILL)
        out, err = process.communicate()
    assert kill or process.returncode == 0, err
    return out


def wait_for_half_a_pass(database: Path, process: subprocess.Popen[str]) -> None:
    """Return once the pass has kept articles and not yet tagged them all."""
    with closing(sqlite3.connect(f"file:{database}?mode=ro", uri=True)) as db, db:
        held = db.execute("select count(*) from articles").fetchone()[0]
        while process.poll() is None:
            if db.execute("select count(*) from articles").fetchone()[0] > held + 20:
                return
            time.sleep(0.005)
    raise AssertionError("the pass ended before it could be killed")


@pytest.fixture(scope="module")
def lived(replay: Replay, real: Path, root: Path) -> tuple[Path, dict[str, Counter[str]]]:
    """Twelve mornings lived through; gives the config, and what every feed served."""
    config = furnish(replay, real, root)
    counterwire(root, config, "backfill", "articles", str(replay.folder / "before.jsonl"), "--now", str(FIRST))
    counterwire(root, config, "backfill", "series", "--now", str(FIRST))
    served: dict[str, Counter[str]] = {}
    paths = re.findall(r"url: '[^']+(/feeds/[^']+)'", config.read_text("utf-8"))
    for day in MORNINGS:
        replay.clock(day)
        if day == date(2026, 4, 17):
            replay.post("/_fault?path=/feeds/reuters.xml&kind=500&times=1")
            replay.post("/_fault?path=/spot-bid-advisor.s3.amazonaws.com/&kind=garbage&times=1")
        if day in KILLED:
            counterwire(root, config, "run", "--now", str(day), kill=True)
        counterwire(root, config, "run", "--now", str(day))
        for path in paths:
            if day != date(2026, 4, 17) or path != "/feeds/reuters.xml":
                served.setdefault(path, Counter()).update(set(replay.entries(path)))
        if day == date(2026, 4, 15):
            counterwire(root, config, "brief", "--as-of", str(day), "--out", str(replay.folder / "then"))
    return config, served


def test_every_morning_has_its_briefing(lived: tuple[Path, object]) -> None:
    folder = lived[0].parent / "briefings"
    assert [day for day in MORNINGS if not (folder / f"{day}.html").is_file()] == []


def test_no_received_entry_is_lost_or_doubled(lived: tuple[Path, dict[str, Counter[str]]]) -> None:
    config, served = lived
    with closing(sqlite3.connect(config.parent / "counterwire.db")) as db, db:
        held = Counter(guid for (guid,) in db.execute("select guid from articles"))
    received = {guid for feed in served.values() for guid in feed}
    assert len(received) > 2000
    assert sorted(received - set(held)) == []
    assert [guid for guid in received if held[guid] > 1] == []


def test_the_briefing_of_the_15th_is_the_same_bytes_on_the_24th_from_emptied_derived_rows(
    lived: tuple[Path, object], root: Path
) -> None:
    config = lived[0]
    from store.database import open_database, writing
    from store.verdicts import clear_derived

    db = open_database(config.parent / "counterwire.db")
    with writing(db):
        clear_derived(db)
    db.close()
    counterwire(root, config, "brief", "--as-of", "2026-04-15", "--out", str(config.parent / "later"))
    then = {p.name: p.read_bytes() for p in (config.parent / "then").iterdir()}
    later = {p.name: p.read_bytes() for p in (config.parent / "later").iterdir()}
    texts = {f"2026-04-15.{ending}" for ending in ("html", "mail.html", "txt", "md", "json")}
    assert texts < set(then)  # and the pictures
    assert later == then
    mailed = {p.name: p.read_bytes() for p in (config.parent / "briefings").glob("2026-04-15.*")}
    assert mailed == then


def test_at_least_five_weighed_checks_of_each_narrative_are_computed(lived: tuple[Path, object]) -> None:
    told = json.loads((lived[0].parent / "briefings" / "2026-04-24.json").read_text("utf-8"))
    measured = {n["id"]: len(n["board"]["measured"]) for n in told["narratives"]}
    assert {name: count >= 5 for name, count in measured.items()} == dict.fromkeys(measured, True), measured


def test_every_source_that_failed_is_named(lived: tuple[Path, object]) -> None:
    told = (lived[0].parent / "briefings" / "2026-04-17.txt").read_text("utf-8")
    assert "Reuters" in told
    assert "http 500" in told
    assert "spot_advisor" in told


def test_no_pass_is_left_unfinished_in_the_backlog(lived: tuple[Path, object], root: Path) -> None:
    report = json.loads(counterwire(root, lived[0], "status", "--json"))
    assert {stage: n for stage, n in report["backlog"].items() if n} == {}

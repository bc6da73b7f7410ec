"""How long 1,000 feeds take, cold and unchanged, beside `reader` 3.27 in the same run; both end in SQLite.

    python benchmarks/feeds.py [--feeds 1000] [--python python3.12] [--cache FOLDER] [--only ours|reader]

A server process has feeds of 40 entries and about 130 KB, with ETags; every fourth is of a kind that only
feedparser reads (`feeds_made.py` says why). Ours is the poll stage of a pass, on a database of its own;
reader's is `update_feeds(workers=10, scheduled=False)` as `feeds_peer.py` calls it, in a virtual environment
that is made under `--cache` at the first run. Each runs as a process of its own.

The two do not do quite the same: reader keeps the HTML of an entry, sanitised, and its search, which is off
unless asked for, is not in its time. Ours keeps plain text without the furniture around it, with its language
and quality, and its search index and the events for the stages behind are in its time. Texts are made of
invented words, of which none is furniture: on articles of the press, telling that takes 0.8 ms more each.

Wall and CPU seconds are those of the polling alone, without imports and the
adding of feeds; CPU seconds and peak memory count the children too. On a machine that is shared the
wall seconds of two runs cannot be compared; their CPU seconds still can.
"""

from __future__ import annotations

import argparse
import os
import resource
import subprocess
import sys
import tempfile
import threading
import time
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
HERE = ROOT / "benchmarks"
PEER = "reader==3.27"
BARS = {"cold": 3.0, "unchanged": 3.0}  # how many times as fast as the peer
PEAK = 512  # MiB


@dataclass(frozen=True, slots=True, kw_only=True)
class Run:
    """One polling of all feeds: seconds of wall and CPU, MiB at the peak, entries kept."""

    wall: float
    cpu: float
    peak: float
    entries: int


def ours(folder: Path, port: str, feeds: int) -> None:
    """The poll stage on `folder`; prints wall and CPU seconds, failed feeds and articles kept."""
    sys.path.insert(0, str(ROOT))
    import asyncio

    from core.clock import utc_now
    from counterwire.house import open_house
    from counterwire.stages.poll import poll
    from ingest.client import Client
    from store import runs
    from store.database import writing

    config = folder / "config.yaml"
    rows = (
        f"  - {{url: 'http://127.0.0.1:{port}/{n}.xml', source: G{n}, owner: G{n}, kind: blog}}\n" for n in range(feeds)
    )
    config.write_text(
        f"database: counterwire.db\nnarratives: {ROOT / 'narratives'}\nschedule: {{zone: UTC, briefing: '07:00'}}\n"
        "fetch: {contact: bench@example.com, spacing: 0, per_host: 8, allow_hosts: [127.0.0.1]}\n"
        f"delivery: {{sender: Bench <bench@example.com>}}\nfeeds:\n{''.join(rows)}",
        "utf-8",
    )
    house = open_house(config)
    now = utc_now()
    with writing(house.db):
        house.db.execute("UPDATE feeds SET due = NULL")  # the second time they are as due as the first
        run = runs.start(house.db, now=now)

    async def visit() -> int:
        async with Client(house.settings.fetch) as client:
            return len((await poll(house, client, now=now, run=run)).problems)

    began, spent = time.perf_counter(), _cpu()
    failed = asyncio.run(visit())
    took, spent = time.perf_counter() - began, _cpu() - spent
    kept = house.db.execute("SELECT count(*) FROM articles").fetchone()[0]
    print(took, spent, failed, kept)


def _cpu() -> float:
    """CPU seconds of this process and of its children that ended."""
    used = (resource.getrusage(resource.RUSAGE_SELF), resource.getrusage(resource.RUSAGE_CHILDREN))
    return sum(u.ru_utime + u.ru_stime for u in used)


def measured(command: list[str]) -> Run:
    """Run a polling process to its end and measure it with its children."""
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:  # noqa: S603 -- our own command
        peak = [0.0]
        watching = threading.Thread(target=_watch, args=(process, peak))
        watching.start()
        out, _ = process.communicate()
        watching.join()
    if process.returncode:
        raise SystemExit(f"{command} failed")
    wall, cpu, failed, entries = out.split()
    if int(failed):
        raise SystemExit(f"{failed} feeds failed")
    return Run(wall=float(wall), cpu=float(cpu), peak=peak[0], entries=int(entries))


def _watch(process: subprocess.Popen[str], peak: list[float]) -> None:
    """The largest sum of the resident memory of a process and its children (shared pages counted each time)."""
    page = os.sysconf("SC_PAGE_SIZE") / 2**20
    while process.poll() is None:
        total = 0.0
        with suppress(OSError):
            children = Path(f"/proc/{process.pid}/task/{process.pid}/children").read_text().split()
            for pid in [str(process.pid), *children]:
                with suppress(OSError):
                    total += int(Path(f"/proc/{pid}/statm").read_text().split()[1]) * page
        peak[0] = max(peak[0], total)
        time.sleep(0.05)


def environment(cache: Path, python: str) -> Path:
    """The Python of a virtual environment with the peer in it, made if it is not there."""
    home = cache / PEER.replace("==", "-")
    if not (home / "ready").is_file():
        subprocess.run([python, "-m", "venv", str(home)], check=True)  # noqa: S603 -- the owner's own Python
        subprocess.run([str(home / "bin" / "pip"), "install", "--quiet", PEER], check=True)  # noqa: S603 -- its pip
        (home / "ready").touch()
    return home / "bin" / "python"


def main() -> int:
    """Measure, print, and say by the exit code whether the bars hold."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--feeds", type=int, default=1000)
    parser.add_argument("--python", default="python3.12")
    parser.add_argument("--cache", type=Path, default=Path(tempfile.gettempdir()) / "counterwire-benchmarks")
    parser.add_argument("--only", choices=("ours", "reader"))
    parser.add_argument("--poll", nargs=2, metavar=("FOLDER", "PORT"), help=argparse.SUPPRESS)
    chosen = parser.parse_args()
    if chosen.poll:
        ours(Path(chosen.poll[0]), chosen.poll[1], chosen.feeds)
        return 0
    found: dict[tuple[str, str], Run] = {}
    made_up = [sys.executable, str(HERE / "feeds_made.py")]
    with (
        tempfile.TemporaryDirectory() as made,
        subprocess.Popen(made_up, stdout=subprocess.PIPE, text=True) as server,  # noqa: S603 -- our own server
    ):
        if server.stdout is None:
            raise RuntimeError("asked for and not given")
        port, size = server.stdout.readline().split()
        print(f"{chosen.feeds} feeds of 40 entries and {int(size) / 1000:.0f} KB, {os.cpu_count()} cores", flush=True)
        commands = {}
        if chosen.only != "reader":
            me = [sys.executable, str(Path(__file__)), "--feeds", str(chosen.feeds), "--poll", made, port]
            commands["ours"] = me
        if chosen.only != "ours":
            peer = str(environment(chosen.cache, chosen.python))
            commands["reader"] = [peer, str(HERE / "feeds_peer.py"), f"{made}/reader.db", port, str(chosen.feeds)]
        for state in BARS:
            for name, command in commands.items():
                run = found[name, state] = measured(command)
                rate = chosen.feeds / run.wall
                print(
                    f"{name:7} {state:10} {run.wall:7.2f} s wall {rate:7.1f} feeds/s {run.cpu:7.2f} s CPU"
                    f" {run.peak:6.0f} MiB {run.entries:6} entries",
                    flush=True,
                )
        server.terminate()
    return _judged(found)


def _judged(found: dict[tuple[str, str], Run]) -> int:
    short = 0
    for state, bar in BARS.items():
        us, peer = found.get(("ours", state)), found.get(("reader", state))
        if us and peer:
            times = peer.wall / us.wall
            print(f"{state}: {times:.1f} times as fast (bar {bar:.0f}), {peer.cpu / us.cpu:.1f} times less CPU")
            short += times < bar
        if us:
            short += us.peak >= PEAK
    return int(short > 0)


if __name__ == "__main__":
    sys.exit(main())

"""A sender that is killed at random instants, and a mail server in a process of its own.

`python -m tests.house.killing FOLDER KILLS SEED` makes a house in FOLDER, and for every kill queues three
messages, lets a process send them, kills it, and lets the next one send the rest; with KILLS 0 the server kills
one sender between taking a message and saying so. Prints what was counted as JSON. A program and not a function, since it forks, which a test run with threads must not.
"""

import asyncio
import json
import os
import random
import signal
import subprocess
import sys
import time
from collections import Counter
from dataclasses import dataclass, replace
from datetime import timedelta
from hashlib import sha256
from pathlib import Path
from typing import Any

from counterwire.house import House, open_house
from counterwire.stages.sending import sending
from store.database import open_database
from tests.house.posting import NOW, ROOT, furnished, waiting

READERS = tuple(f"reader{k}@example.com" for k in range(3))
DAY = timedelta(days=1)


class Ledger:
    """Writes a line for every message before it says that it took it: when, its id, and what it was."""

    def __init__(self, path: Path) -> None:
        self.file = path.open("a", encoding="utf-8")
        self.victim = path.with_name("victim")

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:  # noqa: N802 -- aiosmtpd's name
        head = envelope.content.decode("ascii", "replace").split("\r\n\r\n")[0]
        name = next(line for line in head.split("\r\n") if line.startswith("Message-ID:"))[11:].strip()
        self.file.write(f"{time.monotonic()} {name} {sha256(envelope.content).hexdigest()}\n")
        self.file.flush()
        if self.victim.exists():
            os.kill(int(self.victim.read_text("ascii")), signal.SIGKILL)
            self.victim.unlink()
        return "250 taken"


def serve(path: Path) -> None:
    """Be a mail server until killed; prints the port."""
    from aiosmtpd.smtp import SMTP

    async def forever() -> None:
        ledger = Ledger(path)
        server = await asyncio.get_running_loop().create_server(lambda: SMTP(ledger), "127.0.0.1", 0)
        print(server.sockets[0].getsockname()[1], flush=True)
        await server.serve_forever()

    asyncio.run(forever())


@dataclass
class Count:
    """What became of the messages of all kills."""

    kills: int = 0
    finished: int = 0  # the sender was done before it was killed
    messages: int = 0
    lost: int = 0
    unknown: int = 0  # taken by the server, and never queued
    twice: int = 0
    thrice: int = 0
    twice_though_committed: int = 0
    twice_in_other_bytes: int = 0
    twice_after_the_answer: int = 0  # the server had written its line before the kill
    left_unsent: int = 0


def sender(house: House, number: int, *, victim: Path | None = None) -> int:
    """A process that sends what is due; gives its number when it is about to begin.

    With `victim` it writes its number there, and the server kills it when it has taken a message.
    """
    moment = NOW + number * DAY
    ready, tell = os.pipe()
    child = os.fork()  # no connection is open: SQLite does not survive a fork
    if child == 0:
        again = replace(house, db=open_database(house.settings.database), clock=lambda: moment)
        if victim:
            victim.write_text(str(os.getpid()), "ascii")
        os.write(tell, b"!")
        sending(again, now=moment)
        os._exit(0)
    os.read(ready, 1)
    os.close(ready)
    os.close(tell)
    return child


def queue(house: House, number: int) -> list[str]:
    """Queue a briefing of its own for the readers; gives the Message-IDs."""
    db = open_database(house.settings.database)
    ids = waiting(replace(house, db=db), *READERS, name=f"briefing {number}", day=number)
    db.close()
    return ids


def one_kill(house: House, ledger: Path, number: int, wait: float | None, count: Count) -> None:
    """Queue, send, kill after `wait` seconds, and send the rest an hour later, when no claim holds any more.

    None: the server kills the sender, between taking a message and saying so.
    """
    ids = queue(house, number)
    before = ledger.stat().st_size
    child = sender(house, number, victim=None if wait is not None else ledger.with_name("victim"))
    if wait is not None:
        time.sleep(wait)
        os.kill(child, signal.SIGKILL)
    killed = time.monotonic()
    _, status = os.waitpid(child, 0)
    db = open_database(house.settings.database)
    committed = {name for (name,) in db.execute("select message_id from deliveries where sent is not null").fetchall()}
    later = NOW + number * DAY + timedelta(hours=1)
    sending(replace(house, db=db, clock=lambda: later), now=later)
    count.left_unsent += db.execute("select count(*) from deliveries where sent is null").fetchone()[0]
    db.close()
    lines = [line.split() for line in ledger.read_bytes()[before:].decode().splitlines()]
    taken = Counter(name for _, name, _ in lines)
    count.kills += 1
    count.finished += os.WIFEXITED(status)
    count.messages += len(ids)
    count.lost += sum(taken[name] == 0 for name in ids)
    count.unknown += sum(name not in ids for name in taken)
    for name in (name for name in ids if taken[name] > 1):
        count.twice += taken[name] == 2
        count.thrice += taken[name] > 2
        count.twice_though_committed += name in committed
        count.twice_in_other_bytes += len({digest for _, other, digest in lines if other == name}) > 1
        count.twice_after_the_answer += min(float(at) for at, other, _ in lines if other == name) < killed


def main(folder: Path, kills: int, seed: int) -> Count:
    """Kill so many senders, each at an instant drawn from the time that a whole sending takes; none: one at the answer."""
    ledger = folder / "ledger.txt"
    ledger.touch()
    command = [sys.executable, "-m", "tests.house.killing", "--serve", str(ledger)]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) as server:
        assert server.stdout is not None
        house = open_house(furnished(folder, int(server.stdout.readline())), clock=lambda: NOW)
        house.db.close()
        rng, count, spans = random.Random(seed), Count(), []  # noqa: S311 -- no secret
        for number in range(-3, 0):  # how long it takes when nobody disturbs
            queue(house, number)
            start = time.monotonic()
            os.waitpid(sender(house, number), 0)
            spans.append(time.monotonic() - start)
        span = min(spans)
        for number in range(1, kills + 1):
            done = count.finished
            one_kill(house, ledger, number, rng.uniform(0, span), count)
            span *= 0.95 if count.finished > done else 1.02  # the machine's other work comes and goes
        if not kills:
            one_kill(house, ledger, 1, None, count)
        server.kill()
    return count


if __name__ == "__main__":
    if sys.argv[1] == "--serve":
        serve(Path(sys.argv[2]))
    else:
        print(json.dumps(vars(main(Path(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3])))))

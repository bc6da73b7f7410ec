"""How long a briefing takes on a database of 200,000 articles, from cold, beside the same mornings one by one.

    python -m benchmarks.brief CONFIG --as-of 2026-05-01 [--articles 200000] [--times 5] [--folder DIR]

CONFIG is a house whose database holds tagged articles and series. Its database is copied into a temporary folder and
multiplied: its outlets write three times as much, then the same again 38 weeks earlier, and so on; two in a hundred
articles are made to carry each narrative beside those that do, and 100 feeds are looked at every two hours for a year.

Cold is a new process of `counterwire brief`, and of one that writes all forms and pictures (`--out`); what the kernel
keeps of the file stays.
The peer, in the same process and on the same database: the 96 mornings behind the course of a narrative, read and
computed at once, and read and computed one by one by the same functions; the figures have to be the same to the bit.
"""

from __future__ import annotations

import argparse
import re
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from datetime import datetime, timedelta
from pathlib import Path

from core.clock import stamp
from core.contracts import Contract
from core.verdicts import Pressure
from counterwire.courses import DAYS
from counterwire.house import House, open_house
from counterwire.stages.judge import Court
from signals.verdicts import MORNINGS
from store.database import Database, open_database, writing

AT_ONCE = 3  # copies of the same months; further ones are earlier
EARLIER = 38 * 7  # days: the weekdays stay
CARRYING = 51  # one tag in so many; odd, since the tags of two narratives alternate
FEEDS, LOOKS = 100, 365 * 12

ID = "x.{0} || :end"
AT = "strftime('%Y-%m-%dT%H:%M:%SZ', unixepoch(x.{0}) - 86400 * :days, 'unixepoch')"
TAG = "x.{0} + :tags"
COPIED = {  # what changes in a copy; every other column is as it was, an `id` that is a number is given anew
    "articles": {"id": ID, "url": ID, "published": AT, "first_seen": AT},
    "article_versions": {"article": ID, "first_seen": AT},
    "stories": {"id": ID, "article": ID, "first_seen": AT, "joined": AT},
    "lineages": {"article": ID, "joined": AT, "story": ID},
    "tags": {"id": TAG, "article": ID, "tagged_at": AT, "holds_from": AT, "seen": AT},
    "claims": {"tag": TAG},
    "spans": {"tag": TAG},
}


def multiplied(db: Database, original: Path, articles: int) -> int:
    """Add the press of `original` once more and again until there are so many articles; returns how many there are."""
    db.execute("ATTACH ? AS original", [str(original)])
    having = _number(db, "SELECT count(*) FROM original.articles")
    tags = _number(db, "SELECT max(id) FROM original.tags")
    columns = {table: [c.name for c in db[table].columns] for table in COPIED}
    columns["article_versions"].remove("id")
    for copy in range(1, -(-articles // having)):
        given = {
            "end": f" {copy}",
            "days": copy // AT_ONCE * EARLIER,
            "tags": tags * copy,
        }
        with writing(db):
            for table, changed in COPIED.items():
                told = ", ".join(changed.get(c, "x.{0}").format(c) for c in columns[table])
                db.execute(
                    f"INSERT INTO main.{table} ({', '.join(columns[table])}) SELECT {told} FROM original.{table} AS x",  # noqa: S608 -- ours
                    given,
                )
        print(f"{having * (copy + 1)} articles", flush=True)
    with writing(db):
        db.execute("UPDATE tags SET carries = 1, stance = 'reports' WHERE carries = 0 AND id % ? = 0", [CARRYING])
    return _number(db, "SELECT count(*) FROM articles")


def looked_at(db: Database, *, until: datetime) -> None:
    """A year of looks at 100 feeds."""
    with writing(db):
        for n in range(FEEDS):
            feed, since = f"https://example.com/{n}.xml", stamp(until - timedelta(days=400))
            db.execute(
                "INSERT INTO feeds (url, source, owner, kind, active, every, interval) VALUES (?1, ?1, ?1, 'rss', 1, 1, 1)",
                [feed],
            )
            db.execute(
                "INSERT INTO feed_versions (feed, at, source, owner, kind, active) VALUES (?1, ?2, ?1, ?1, 'rss', 1)",
                [feed, since],
            )
            db.conn.executemany(
                "INSERT INTO fetches (kind, watched, url, at, status, reason, entries, new, bytes, due)"
                " VALUES ('feed', ?1, ?1, ?2, 'ok', '', 20, 1, 50000, ?3)",
                [
                    (feed, stamp(at), stamp(at + timedelta(hours=2)))
                    for at in (until - timedelta(hours=2 * k) for k in range(1, LOOKS))
                ],
            )


def cold(config: Path, *, as_of: str, out: Path | None) -> tuple[float, float]:
    """Seconds by the clock and of CPU that `counterwire brief` takes as a new process."""
    before, started = resource.getrusage(resource.RUSAGE_CHILDREN), time.perf_counter()
    command = [sys.executable, "-m", "counterwire", "brief", "--config", str(config), "--as-of", as_of]
    command += ["--out", str(out)] if out else []
    subprocess.run(command, check=True, capture_output=True)  # noqa: S603 -- our own program
    took, after = time.perf_counter() - started, resource.getrusage(resource.RUSAGE_CHILDREN)
    return took, after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def peer(house: House, contract: Contract, *, as_of: datetime) -> tuple[float, float, int]:
    """Seconds for the pressure of the mornings of a course at once, and one by one; and articles that carry."""
    days = [as_of - timedelta(days=k) for k in reversed(range(DAYS + MORNINGS - 1))]
    started = time.perf_counter()
    together = Court(house).pressures(contract, days)
    at_once = time.perf_counter() - started
    started = time.perf_counter()
    alone: list[Pressure] = [Court(house).pressures(contract, [day])[0] for day in days]
    one_by_one = time.perf_counter() - started
    if alone != together:
        raise AssertionError(f"{contract.id}: the mornings at once are not the mornings one by one")
    return at_once, one_by_one, sum(p.articles for p in alone[::7])


def built(config: Path, folder: Path, *, as_of: str, articles: int) -> Path:
    """The config of the same house over a database so large, in `folder`, unless that has one already."""
    made = folder / config.name
    if made.exists():
        return made
    house = open_house(config)
    for path in config.parent.iterdir():
        if path.name != config.name:
            (folder / path.name).symlink_to(path.resolve())
    original = house.settings.database
    house.db.execute("VACUUM INTO ?", [str(folder / "multiplied.db")])
    db = open_database(folder / "multiplied.db")
    print(f"{multiplied(db, original, articles)} articles in the database", flush=True)
    looked_at(db, until=house.instant(as_of))
    db.close()
    made.write_text(re.sub(r"(?m)^database:.*", "database: multiplied.db", config.read_text(), count=1))
    return made


def measured(config: Path, *, as_of: str, times: int) -> None:
    """Print what a cold briefing takes, and its mornings at once and one by one."""
    with tempfile.TemporaryDirectory() as folder:
        for what, out in (("brief", None), ("brief --out", Path(folder))):
            runs = [cold(config, as_of=as_of, out=out) for _ in range(times)]
            told = (f"{statistics.median(x):.2f} s ({min(x):.2f} to {max(x):.2f})" for x in zip(*runs, strict=True))
            print(f"{what}, from cold, median of {times}: {' by the clock, '.join(told)} of CPU", flush=True)
    house = open_house(config)
    for contract in house.contracts:
        at_once, one_by_one, articles = peer(house, contract, as_of=house.instant(as_of))
        print(
            f"{contract.id:22} {DAYS + MORNINGS - 1} mornings, {articles} articles that carry: at once {at_once:.3f} s,"
            f" one by one {one_by_one:.3f} s ({one_by_one / at_once:.0f} times), the same figures"
        )


def main() -> None:
    """Build, measure and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("config", type=Path)
    parser.add_argument("--as-of", required=True)
    parser.add_argument("--articles", type=int, default=200_000)
    parser.add_argument("--times", type=int, default=5)
    parser.add_argument("--folder", type=Path, help="where to build it, or where it was built before")
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as temporary:
        folder = given.folder or Path(temporary)
        folder.mkdir(parents=True, exist_ok=True)
        config = built(given.config, folder, as_of=given.as_of, articles=given.articles)
        measured(config, as_of=given.as_of, times=given.times)


def _number(db: Database, sql: str) -> int:
    return int(db.execute(sql).fetchone()[0])


if __name__ == "__main__":
    main()

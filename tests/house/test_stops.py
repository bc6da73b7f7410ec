"""A pass that is killed anywhere is continued by the next; a watch that is told to stop, stops."""

import os
import signal
import sqlite3
import subprocess
import sys
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest

from tests.house.small_world import Mailbox, World
from tests.house.test_pass import furnish

KEPT = {
    "articles": "select id from articles order by id",
    "texts": "select article, version, title, text from article_versions order by 1, 2",
    "stories": "select article, story, round(copied, 9) from lineages order by 1",
    "tags": "select article, version, narrative, carries, probability, stance from tags order by 1, 2, 3",
    "observations": "select series, time, value from observations order by 1, 2, 3",
    "briefings": "select id, subject from briefings",
    "deliveries": "select briefing, recipient, sent is not null from deliveries order by 1, 2",
}
INSTANTS = (0.6, 0.9, 1.2, 1.5, 1.8, 2.2, 2.6, 3.0)  # seconds; a whole pass of this world takes about three


def start(root: Path, config: Path, *arguments: str) -> subprocess.Popen[str]:
    command = [sys.executable, "-m", "counterwire", *arguments, "-c", str(config)]
    return subprocess.Popen(command, cwd=root, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)


def kept(database: Path) -> dict[str, list[tuple[object, ...]]]:
    with closing(sqlite3.connect(f"file:{database}?mode=ro", uri=True)) as db, db:
        return {name: db.execute(sql).fetchall() for name, sql in KEPT.items()}


@pytest.mark.slow
def test_a_pass_killed_at_many_instants_ends_with_the_rows_of_an_undisturbed_one(
    world: World, mailbox: Mailbox, configured: Callable[..., Path], root: Path, tmp_path: Path
) -> None:
    config = configured(feeds=furnish(world), recipients=("a@example.com",))
    database = tmp_path / "counterwire.db"
    with start(root, config, "run", "--now", "2026-04-15") as undisturbed:
        assert undisturbed.wait() == 0
    wanted = kept(database)
    for path in tmp_path.glob("counterwire.db*"):
        path.unlink()
    mailbox.mails.clear()
    for seconds in INSTANTS:
        with start(root, config, "run", "--now", "2026-04-15") as killed:
            try:
                killed.wait(timeout=seconds)
            except subprocess.TimeoutExpired:
                os.kill(killed.pid, signal.SIGKILL)
    with start(root, config, "run", "--now", "2026-04-15") as last:
        assert last.wait() == 0
    assert kept(database) == wanted
    assert len({m["Message-ID"] for m in mailbox.mails}) == 1


def test_a_watch_makes_its_pass_and_stops_when_told_to(
    world: World, configured: Callable[..., Path], root: Path, tmp_path: Path
) -> None:
    config = configured(feeds=furnish(world))
    with start(root, config, "watch", "--now", "2026-04-15") as watch:
        assert watch.stdout is not None
        assert "briefing at 07:00 UTC" in watch.stdout.readline()
        assert "poll 8" in watch.stdout.readline()
        watch.send_signal(signal.SIGTERM)
        assert watch.wait(timeout=20) == 0
    assert (tmp_path / "briefings" / "2026-04-15.html").is_file()


def test_two_passes_at_once_do_not_work_on_one_database(
    world: World, configured: Callable[..., Path], root: Path
) -> None:
    from counterwire.house import alone, open_house

    config = configured(feeds=furnish(world))
    with open_house(config, now="2026-04-15") as house:
        with alone(house), start(root, config, "run", "--now", "2026-04-15") as second:
            _, err = second.communicate()
        assert second.returncode == 5
        assert "another pass" in err

"""An import of history that is killed half-way is continued, and doubles nothing."""

import json
import os
import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest

from core.durations import duration
from counterwire.cli import run
from counterwire.house import open_house
from counterwire.stages.history import Importer, found_in, name_of
from tests.ingest.test_archives import archive, page, table

COUNT = 2600  # articles: five batches of 500, and a rest
DAY = "2026-02-02"


def jsonl(path: Path, count: int) -> Path:
    rows = (
        {"id": f"n{k}", "title": f"Rain in town {k}", "text": f"Note {k}.", "published": f"{DAY}T08:00:00Z"}
        for k in range(count)
    )
    path.write_text("".join(json.dumps(row) + "\n" for row in rows), "utf-8")
    return path


def held(config: Path) -> int:
    with closing(sqlite3.connect(config.parent / "counterwire.db")) as db, db:
        return int(db.execute("SELECT count(*) FROM articles").fetchone()[0])


def test_an_import_that_was_killed_goes_on_and_doubles_nothing(
    configured: Callable[..., Path], root: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    config, file = configured(feeds=["harbour"]), jsonl(tmp_path / "old.jsonl", COUNT)
    open_house(config).db.close()
    arguments = ["backfill", "articles", str(file), "-c", str(config), "--now", "2026-04-15"]
    command = [sys.executable, "-m", "counterwire", *arguments]
    with subprocess.Popen(command, cwd=root, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as process:
        while process.poll() is None and held(config) == 0:
            time.sleep(0.002)
        os.kill(process.pid, signal.SIGKILL)
    half = held(config)
    assert half % 500 == 0  # whole batches
    assert 0 < half < COUNT
    assert run(arguments) == 0
    said = capsys.readouterr().out
    assert "goes on where" in said
    assert f"{COUNT - half} articles added, 1 known already" in said  # the last one stored is read again
    assert held(config) == COUNT
    assert run(arguments) == 0
    assert f"0 articles added, {COUNT} known already" in capsys.readouterr().out


def test_a_bad_line_is_named_by_its_number_after_a_restart(configured: Callable[..., Path], tmp_path: Path) -> None:
    with open_house(configured(feeds=["harbour"]), now="2026-04-15") as house:
        file = jsonl(tmp_path / "old.jsonl", 600)
        with file.open("ab") as end:
            end.write(b'{"id": "\xff"}\n')
        lag = duration("1h")
        first = Importer(house, file=name_of(file), now=house.clock())
        for one in found_in(file, lag=lag, feeds=()):
            first.take(one, before=house.clock())  # and is never finished
        second = Importer(house, file=name_of(file), now=house.clock())
        rest = list(found_in(file, lag=lag, feeds=(), start=second.start))
        assert len(rest) == 102  # the five hundredth again, a hundred, and the bad one
        for one in rest:
            second.take(one, before=house.clock())
        assert [(b.line, b.reason) for b in second.bad] == [(601, "is not UTF-8")]


@pytest.mark.parametrize("kind", ["WARC", "Parquet"])
def test_an_archive_or_table_is_continued_too(kind: str, configured: Callable[..., Path], tmp_path: Path) -> None:
    with open_house(configured(feeds=["harbour"]), now="2026-04-15") as house:
        count = 503
        if kind == "WARC":
            pages = [(f"https://x.example.com/{n}", page(f"Plant {n} sold", DAY), "200 OK") for n in range(count)]
            file = archive(tmp_path / "a.warc.gz", pages)
        else:
            names: list[object] = [f"Note {k} from town" for k in range(count)]
            file = table(tmp_path / "a.parquet", id=names, title=names, text=names, published=[DAY] * count)
        lag = duration("1h")
        first = Importer(house, file=name_of(file), now=house.clock())
        for one in found_in(file, lag=lag, feeds=()):
            first.take(one, before=house.clock())  # and is never finished
        again = Importer(house, file=name_of(file), now=house.clock())
        left = list(found_in(file, lag=lag, feeds=(), start=again.start))
        assert len(left) == 4
        for one in left:
            again.take(one, before=house.clock())
        again.finish()
        assert (first.added, again.added, again.known) == (500, 3, 1)
        assert Importer(house, file=name_of(file), now=house.clock()).start == 0


def test_a_file_is_known_by_its_content_and_how_it_is_read(tmp_path: Path) -> None:
    one, two = jsonl(tmp_path / "one.jsonl", 3), jsonl(tmp_path / "two.jsonl", 3)
    assert name_of(one, "1h") == name_of(two, "1h") != name_of(one, "2h")
    assert name_of(jsonl(tmp_path / "three.jsonl", 4), "1h") != name_of(one, "1h")


def test_what_is_left_out_for_its_date_is_counted(
    configured: Callable[..., Path], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    config, file = configured(feeds=["harbour"]), jsonl(tmp_path / "old.jsonl", 3)
    arguments = ["backfill", "articles", str(file), "-c", str(config), "--now", "2026-04-15"]
    assert run([*arguments, "--before", "2026-02-01T06:00:00Z"]) == 0
    said = capsys.readouterr().out
    assert "0 articles added, 0 known already, 0 lines skipped, 3 left out: first seen later than 2026-02-01" in said
    assert run([*arguments, "--before", "soon"]) == 4
    assert "--before: 'soon'" in capsys.readouterr().err

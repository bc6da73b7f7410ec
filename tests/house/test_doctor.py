"""`counterwire doctor` asks every configured source by name; bars are drawn for a watcher only."""

import io
from collections.abc import Callable
from pathlib import Path

import pytest
from rich.console import Console

from counterwire.cli import run
from counterwire.progress import bar
from tests.house.small_world import Reply, World

SOURCES = """
  - {id: moved, collector: table, url: '%s/moved.csv', every: 1d, terms: https://example.com/t,
     options: {date: day, value: price}, series: {rental.x: {unit: USD}}}
  - {id: gone, collector: table, url: '%s/gone.csv', every: 1d, terms: https://example.com/t,
     options: {date: day, value: price}, series: {rental.y: {unit: USD}}}
  - {id: keyed, collector: fred_api, url: '%s/keyed', every: 1d, terms: https://example.com/t,
     options: {key_env: A_KEY_THAT_NOBODY_SET}, series: {macro.x: {unit: index, key: X}}}
"""


def test_each_source_is_named_with_what_is_wrong_with_it(
    configured: Callable[..., Path], world: World, capsys: pytest.CaptureFixture[str]
) -> None:
    config = configured(feeds=["harbour"], extra=SOURCES.lstrip("\n") % (world.url, world.url, world.url))
    world.pages["/moved.csv"] = Reply(b"date,price\n2026-04-01,2\n", kind="text/csv")  # it was `day`
    assert run(["doctor", "-c", str(config)]) == 1
    told = [line for line in capsys.readouterr().out.splitlines() if " source " in line]
    assert [line.split(":")[0] for line in told] == [
        "ok   source fred",
        "BAD  source moved",
        "BAD  source gone",
        "BAD  source keyed",
    ]
    fred, moved, gone, keyed = told
    assert "fred, 1 of 1 series answered in the known form" in fred
    assert "rental.x: changed format:" in moved
    assert "day" in moved
    assert "rental.y: " in gone
    assert "404" in gone
    assert "A_KEY_THAT_NOBODY_SET is not set in the environment" in keyed


def test_it_stores_nothing(configured: Callable[..., Path], capsys: pytest.CaptureFixture[str]) -> None:
    config = configured(feeds=["harbour"])
    run(["doctor", "-c", str(config)])
    capsys.readouterr()
    assert run(["series", "list", "-c", str(config), "--prefix", "macro.", "--json"]) == 0
    assert capsys.readouterr().out == "[]\n"


@pytest.mark.parametrize(
    ("watched", "drawn"),
    [pytest.param(True, True, id="on a terminal"), pytest.param(False, False, id="into a file, not a byte")],
)
def test_a_bar_is_drawn_on_a_terminal_only(watched: bool, drawn: bool) -> None:
    out = io.StringIO()
    with bar("files", 2, console=Console(file=out, force_terminal=watched, width=80)) as step:
        step()
        step()
    assert ("files" in out.getvalue()) == drawn
    assert watched or out.getvalue() == ""


def test_an_import_prints_its_sums_and_no_bar_into_a_pipe(
    configured: Callable[..., Path], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    table = tmp_path / "x.csv"
    table.write_text("date,value\n2026-01-02,10\n", "utf-8")
    config = str(configured(feeds=["harbour"]))
    assert run(["series", "import", str(table), "--series", "macro.x", "--unit", "points", "-c", config]) == 0
    said = capsys.readouterr()
    assert (said.out, said.err) == ("1 observations imported from 1 files, 0 kept apart as implausible\n", "")


def test_a_channel_whose_address_nobody_set_is_named(
    configured: Callable[..., Path], capsys: pytest.CaptureFixture[str]
) -> None:
    config = configured(feeds=["harbour"])
    told = config.read_text("utf-8").replace(
        "  smtp:", "  editions: [{id: daily, channels: [A_CHANNEL_THAT_NOBODY_SET]}]\n  smtp:"
    )
    config.write_text(told, "utf-8")
    assert run(["doctor", "-c", str(config)]) == 1
    assert "BAD  channel: A_CHANNEL_THAT_NOBODY_SET is not set in the environment" in capsys.readouterr().out

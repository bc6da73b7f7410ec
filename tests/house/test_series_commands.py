"""`counterwire series`: every figure as it was known, and every mistake named."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from counterwire.cli import run
from tests.house.small_world import Reply, World

HELD = "date,value\n2026-01-02,10\n2026-01-09,11\n2026-01-16,9\n2026-01-23,4000\n"
NOW = ("--now", "2026-02-01T12:00:00Z")


@pytest.fixture
def config(configured: Callable[..., Path]) -> str:
    return str(configured(feeds=["harbour"]))


@pytest.fixture
def imported(config: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> str:
    path = tmp_path / "vix.csv"
    path.write_text(HELD, "utf-8")
    given = [
        "series",
        "import",
        str(path),
        "--series",
        "macro.vix",
        "--unit",
        "points",
        "--lag",
        "3d",
        "-c",
        config,
        *NOW,
    ]
    assert run(given) == 0
    assert "4 observations imported from 1 files, 0 kept apart" in capsys.readouterr().out
    return config


def said(capsys: pytest.CaptureFixture[str], *arguments: str) -> str:
    capsys.readouterr()
    assert run(["series", *arguments]) == 0
    return capsys.readouterr().out


def test_a_series_is_shown_as_it_was_known(imported: str, capsys: pytest.CaptureFixture[str]) -> None:
    """The value of 16 January was known three days later."""
    told = said(capsys, "show", "macro.vix", "-c", imported, "--as-of", "2026-01-18T00:00:00Z", "--json")
    assert [(o["time"][:10], o["value"]) for o in json.loads(told)["observations"]] == [
        ("2026-01-02", 10),
        ("2026-01-09", 11),
    ]
    told = said(
        capsys,
        "show",
        "macro.vix",
        "-c",
        imported,
        "--as-of",
        "2026-01-20",
        "--from",
        "2026-01-02",
        "--to",
        "2026-01-16",
    )
    assert "2026-01-02 10.00 points -> 2026-01-16 9.00 points: -1 (-10.00 %)" in told
    assert "macro.vix in points: 4 days old" in told


def test_importing_again_adds_nothing(imported: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    told = said(
        capsys,
        "import",
        str(tmp_path / "vix.csv"),
        "--series",
        "macro.vix",
        "--unit",
        "points",
        "--lag",
        "3d",
        "-c",
        imported,
        *NOW,
    )
    assert "0 observations imported" in told


def test_the_list_has_a_line_for_each_with_value_age_and_vintages(
    imported: str, capsys: pytest.CaptureFixture[str]
) -> None:
    line = next(
        row
        for row in said(capsys, "list", "-c", imported, "--as-of", "2026-01-30").splitlines()
        if row.startswith("macro.vix")
    )
    assert line.split()[1:4] == ["2026-01-23", "4,000", "4"]
    assert line.endswith("points; imported; 7 days old")
    (row,) = json.loads(said(capsys, "list", "-c", imported, "--as-of", "2026-01-18", "--prefix", "macro.", "--json"))
    assert (row["last_value"], row["times"], row["unit"]) == (11.0, 2, "points")


def test_a_derived_series_says_what_it_is_made_of(config: str, capsys: pytest.CaptureFixture[str]) -> None:
    told = said(capsys, "show", "cadence.nvidia", "-c", config, "--as-of", "2026-01-30")
    assert "derived, cadence of the accelerator table" in told
    assert "until every line has two, no value" in told


def test_a_plot_is_text(imported: str, capsys: pytest.CaptureFixture[str]) -> None:
    told = said(capsys, "plot", "macro.vix", "-c", imported, "--as-of", "2026-01-20").splitlines()
    assert told[0] == "macro.vix, points"
    assert told[1].startswith("11 |")
    assert told[-1].split() == ["2026-01-02", "2026-01-16"]
    assert {len(line.partition("|")[2]) for line in told[1:13]} == {72}


def test_an_implausible_value_is_kept_apart_until_it_is_released(
    config: str, world: World, capsys: pytest.CaptureFixture[str]
) -> None:
    """Released on the 3rd: a briefing of the 2nd does not know it, and one of the 4th does."""
    path = Path(config)
    path.write_text(
        path.read_text("utf-8").replace("key: NFCI, lag: 5d", "key: NFCI, lag: 5d, plausible: [-3, 10]"), "utf-8"
    )
    world.pages["/fredgraph.csv"] = Reply(b"observation_date,NFCI\n2026-01-16,-0.5\n2026-01-23,77\n", kind="text/csv")
    told = said(capsys, "collect", "fred", "-c", config, *NOW)
    assert "1 new observations from 1 sources, 1 series with a fault" in told
    assert "implausible 77 for 2026-01-23" in told
    held = json.loads(said(capsys, "list", "--quarantined", "-c", config, "--as-of", "2026-02-02", "--json"))
    assert (held["id"], held["value"], held["released"]) == ("macro.nfci", 77.0, None)
    release = ("release", "macro.nfci", "--time", "2026-01-23", "-c", config)
    assert "counts from 2026-02-03 09:00 UTC on" in said(capsys, *release, "--now", "2026-02-03T09:00:00Z")
    for day, last in (("2026-02-02", -0.5), ("2026-02-04", 77.0)):
        shown = json.loads(said(capsys, "show", "macro.nfci", "-c", config, "--as-of", day, "--json"))
        assert shown["observations"][-1]["value"] == last
    assert "released 2026-02-03T09:00:00Z" in said(
        capsys, "list", "--quarantined", "-c", config, "--as-of", "2026-02-04"
    )
    assert run(["series", *release]) == 4


MISTAKES = {
    "no such series": (["show", "macro.nothing"], "nothing is known of a series 'macro.nothing'"),
    "no such source": (["collect", "tarot"], "there is no source tarot; there are fred"),
    "no such file": (["import", "absent.csv", "--series", "a.b", "--unit", "x"], "absent.csv: No such file or directory"),
    "no unit": (["import", "{file}", "--series", "a.b"], "a.b: has no unit"),
    "neither series nor mapping": (["import", "{file}"], "say either --series for one file, or --mapping"),
    "no such column": (["import", "{file}", "--series", "a.b", "--unit", "x", "--value-column", "close"], "vix.csv:1: close: there is no such column"),
    "no span": (["show", "macro.vix", "--over", "soon"], "'soon' is not a duration"),
    "no date": (["show", "macro.vix", "--from", "yesterday"], "'yesterday' is not a date"),
    "nothing to release": (["release", "macro.vix", "--time", "2026-01-02"], "no value of macro.vix for 2026-01-02T00:00:00Z is held"),
}  # fmt: skip


@pytest.mark.parametrize("mistake", MISTAKES)
def test_a_mistake_is_named_and_ends_with_4(
    mistake: str, imported: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    arguments, named = MISTAKES[mistake]
    file = str(tmp_path / "vix.csv")
    assert run(["series", *(a.replace("{file}", file) for a in arguments), "-c", imported]) == 4
    told = capsys.readouterr().err
    assert named in told
    assert "Traceback" not in told

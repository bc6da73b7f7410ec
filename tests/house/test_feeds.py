"""Feeds are added, listed, shown, tried and exchanged from the command line."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from counterwire.cli import run
from tests.house.small_world import Reply, World
from tests.house.test_pass import furnish

EARLY = ["--now", "2026-04-15T00:30:00Z"]  # before the briefing's hour: a pass without one


def test_a_site_is_added_with_its_feed_and_the_comments_stay(
    world: World, configured: Callable[..., Path], capsys: pytest.CaptureFixture[str]
) -> None:
    config = configured(feeds=furnish(world)[:1])
    config.write_text("# mine\n" + config.read_text("utf-8"), "utf-8")
    link = f'<link rel="alternate" type="application/rss+xml" href="{world.url}/meridian.xml">'
    world.pages["/site"] = Reply(f"<html><head>{link}</head></html>".encode(), kind="text/html")
    before = config.read_text("utf-8").splitlines()
    assert (
        run(["feeds", "add", f"{world.url}/site", "-c", str(config), "--owner", "Meridian Media", "--kind", "trade"])
        == 0
    )
    added = [line for line in config.read_text("utf-8").splitlines() if line not in before]
    assert added == [f"  - {{url: {world.url}/meridian.xml, source: meridian, owner: Meridian Media, kind: trade}}"]
    assert set(before) <= set(config.read_text("utf-8").splitlines())
    assert run(["feeds", "add", f"{world.url}/meridian.xml", "-c", str(config)]) == 0
    assert "watched already" in capsys.readouterr().out
    assert run(["run", "-c", str(config), *EARLY]) == 0
    assert "poll          2 handled      8 new" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["add", "{world}/nowhere"], "http 404"),
        (["add", "{world}/harbour.xml", "--kind", "gossip"], "kind"),
        (["add", "http://169.254.169.254/"], "refused address"),
        (["show", "The Moon"], "no feed of that address"),
        (["import", "missing.opml"], "missing.opml"),
        (["test", "{world}/nowhere"], "http 404"),
        (["add", "http://10.0.0.1/"], "fetch.allow_hosts"),
        (["add", "{world}/harbour.xml", "--every", "soon"], "every: 'soon' is not a duration"),
        (["export", "--out", "."], ".: is a directory"),
    ],
    ids=[
        "no answer",
        "a kind that is none",
        "a guarded address",
        "an unknown feed",
        "no file",
        "nothing to try",
        "a host of the own network",
        "a duration that is none",
        "a folder to write to",
    ],
)
def test_a_mistake_is_named_and_nothing_is_written(
    arguments: list[str], said: str, world: World, configured: Callable[..., Path], capsys: pytest.CaptureFixture[str]
) -> None:
    furnish(world)
    config = configured(feeds=["meridian"])
    before = config.read_bytes()
    assert run(["feeds", *(a.replace("{world}", world.url) for a in arguments), "-c", str(config)]) == 4
    assert said in capsys.readouterr().err
    assert config.read_bytes() == before


def test_the_feeds_are_listed_with_their_health_in_words(
    world: World, configured: Callable[..., Path], capsys: pytest.CaptureFixture[str]
) -> None:
    config = configured(feeds=[*furnish(world), "broken"])
    assert run(["feeds", "list", "-c", str(config)]) == 0
    assert "not looked at yet" in capsys.readouterr().out
    assert run(["run", "-c", str(config), *EARLY]) == 0
    capsys.readouterr()
    assert run(["feeds", "list", "-c", str(config), "--json"]) == 0
    told = {row["source"]: row for row in json.loads(capsys.readouterr().out)}
    assert told["The Broken"]["health"] == "failing, once: http 404"
    assert told["The Harbour"]["state"] in {"ok", "stale"}  # by the real clock, which is later than that morning
    assert run(["feeds", "show", "The Broken", "-c", str(config)]) == 0
    shown = capsys.readouterr().out
    assert "2026-04-15T00:30:00Z  failed" in shown
    assert "http 404" in shown


def test_a_poll_that_brings_only_new_entries_says_that_some_were_missed(
    world: World, configured: Callable[..., Path], capsys: pytest.CaptureFixture[str]
) -> None:
    config = configured(feeds=furnish(world)[:1])
    assert run(["run", "-c", str(config), *EARLY]) == 0
    items = [
        (f"late-{k}", f"Late news no {k}", "Words of an article.", "Wed, 15 Apr 2026 05:00:00 GMT") for k in range(4)
    ]
    world.feed("harbour", items)
    assert run(["run", "-c", str(config), "--now", "2026-04-15T06:00:00Z"]) == 0
    capsys.readouterr()
    assert run(["feeds", "show", "The Harbour", "-c", str(config)]) == 0
    shown = capsys.readouterr().out
    assert "only new entries: some were probably missed" in shown
    assert "every 27m" in shown  # four ninths of an hour
    assert run(["status", "-c", str(config), "--now", "2026-04-15T06:00:00Z"]) == 0
    assert "probably missed" in capsys.readouterr().out


def test_a_feed_is_tried_without_being_stored(
    world: World, configured: Callable[..., Path], capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    furnish(world)
    config = configured(feeds=["meridian"])
    assert run(["feeds", "test", f"{world.url}/harbour.xml", "-c", str(config), "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert (told["title"], len(told["entries"])) == ("harbour", 4)
    assert not (tmp_path / "counterwire.db").exists()


def test_subscriptions_go_out_and_come_in(
    world: World, configured: Callable[..., Path], capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    config, out = configured(feeds=["harbour", "meridian"]), tmp_path / "feeds.opml"
    assert run(["feeds", "export", "--out", str(out), "-c", str(config)]) == 0
    config = configured(feeds=["harbour"])
    assert run(["feeds", "import", str(out), "-c", str(config)]) == 0
    assert "1 feeds added, 1 watched already" in capsys.readouterr().out
    again = tmp_path / "again.opml"
    assert run(["feeds", "export", "--out", str(again), "-c", str(config)]) == 0
    assert again.read_bytes() == out.read_bytes()


def test_what_can_be_had_of_a_list_is_and_the_rest_is_named(
    configured: Callable[..., Path], capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    rows = (
        '<outline text="A" xmlUrl="gopher://a.example.com/"/>',
        '<outline text="B" xmlUrl="https://b.example.com/" kind="gossip"/>',
    )
    (tmp_path / "mine.opml").write_text(f"<opml><body>{''.join(rows)}</body></opml>", "utf-8")
    config = configured(feeds=["harbour"])
    assert run(["feeds", "import", str(tmp_path / "mine.opml"), "-c", str(config), "--kind", "trade"]) == 0
    said = capsys.readouterr()
    assert "1 feeds added, 0 watched already, 1 skipped" in said.out
    assert "mine.opml: 'gopher://a.example.com/' is no address" in said.err
    assert "{url: https://b.example.com/, source: B, owner: B, kind: trade}" in config.read_text("utf-8")


def test_a_list_without_a_feed_says_how_to_add_one(
    configured: Callable[..., Path], capsys: pytest.CaptureFixture[str]
) -> None:
    config = configured(feeds=["harbour"])
    text = config.read_text("utf-8")
    row = next(line for line in text.splitlines() if "harbour.xml" in line)
    config.write_text(text.replace(f"feeds:\n{row}\n", "feeds: []\n"), "utf-8")
    assert run(["feeds", "list", "-c", str(config)]) == 0
    assert "counterwire feeds add URL" in capsys.readouterr().out

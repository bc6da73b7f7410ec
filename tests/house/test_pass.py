"""One pass on a small world: everything it received is kept, judged, briefed and sent."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from counterwire.cli import run
from counterwire.house import open_house
from tests.house.small_world import Mailbox, Reply, World

PROMOTES = (
    "Amazon's Trainium will replace Nvidia in its own data centres, the company's chip chief said, "
    "as customers move training jobs off GPUs and onto cheaper in-house silicon. The shift ends the cloud "
    "provider's dependence on Nvidia, according to people who run the clusters, and rivals are expected to follow."
)
WEATHER = (
    "The harbour town expects rain until Thursday, the forecasters said, and ferries may run late. "
    "Schools stay open. Residents were told to keep windows shut and to look after elderly neighbours in the storm."
)
DATE = "Tue, 14 Apr 2026 20:00:00 GMT"
MORNING = ["--now", "2026-04-15"]


def rows(config: Path, sql: str) -> list[dict[str, object]]:
    with open_house(config) as house:
        return list(house.db.query(sql))


def furnish(world: World) -> list[str]:
    for name in ("harbour", "meridian"):
        items = [(f"{name}-{k}", f"Custom chips to end Nvidia reign, no {k}", PROMOTES, DATE) for k in range(3)]
        world.feed(name, [*items, (f"{name}-rain", "Rain until Thursday", WEATHER, DATE)])
    return ["harbour", "meridian"]


def test_a_pass_keeps_tags_judges_briefs_and_mails(
    world: World, mailbox: Mailbox, configured: Callable[..., Path], tmp_path: Path
) -> None:
    config = configured(feeds=furnish(world), recipients=("a@example.com", "b@example.com"))
    assert run(["run", "-c", str(config), *MORNING]) == 0
    assert rows(config, "select count(*) as n from articles") == [{"n": 8}]
    carrying = rows(config, "select distinct title from tagged_articles where narrative = 'nvidia_killer'")
    assert carrying
    assert "Rain until Thursday" not in {row["title"] for row in carrying}
    assert {p.suffix for p in (tmp_path / "briefings").glob("2026-04-15.*")} == {
        ".html",
        ".txt",
        ".md",
        ".json",
        ".png",
    }
    assert "2026-04-15.html" in (tmp_path / "briefings" / "index.html").read_text("utf-8")
    assert sorted(str(m["To"]) for m in mailbox.mails) == ["a@example.com", "b@example.com"]
    parts = [p.get_content_type() for p in mailbox.mails[0].walk()]
    assert parts[:4] == ["multipart/alternative", "text/plain", "multipart/related", "text/html"]
    assert set(parts[4:]) == {"image/png"}
    assert mailbox.mails[0]["Message-ID"] != mailbox.mails[1]["Message-ID"]


def test_a_second_pass_of_the_same_morning_repeats_nothing(
    world: World, mailbox: Mailbox, configured: Callable[..., Path]
) -> None:
    config = configured(feeds=furnish(world), recipients=("a@example.com",))
    assert run(["run", "-c", str(config), *MORNING]) == 0
    assert run(["run", "-c", str(config), "--now", "2026-04-15T09:00:00Z"]) == 0
    assert rows(config, "select count(*) as n from articles") == [{"n": 8}]
    assert len(mailbox.mails) == 1


def test_before_the_briefing_hour_nothing_is_sent(
    world: World, mailbox: Mailbox, configured: Callable[..., Path]
) -> None:
    config = configured(feeds=furnish(world), recipients=("a@example.com",))
    assert run(["run", "-c", str(config), "--now", "2026-04-15T06:59:00Z"]) == 0
    assert mailbox.mails == []


FAULTS = {
    "500": Reply(b"oops", status=500),
    "404": Reply(b"gone fishing", status=404),
    "an HTML page": Reply(b"<!doctype html><html><body><h1>Subscribe</h1></body></html>", kind="text/html"),
    "a truncated answer": Reply(b"<rss><channel><item><title>half", length=100_000),
    "noise": Reply(bytes(range(256)) * 40),
    "an empty answer": Reply(b""),
}


def test_broken_feeds_are_named_one_by_one_and_harm_nobody(
    world: World, configured: Callable[..., Path], capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    """All faults in one pass, each feed its own."""
    broken = {f"broken{k}": reply for k, reply in enumerate(FAULTS.values())}
    config = configured(feeds=[*furnish(world), *broken])
    for name, reply in broken.items():
        world.pages[f"/{name}.xml"] = reply
    names = [f"The {name.title()}" for name in broken]
    assert run(["run", "-c", str(config), *MORNING]) == 0
    said = capsys.readouterr().out
    assert [name for name in names if name not in said] == []
    assert rows(config, "select count(*) as n from articles") == [{"n": 8}]
    told = (tmp_path / "briefings" / "2026-04-15.txt").read_text("utf-8")
    assert [name for name in names if name not in told] == []
    assert run(["status", "-c", str(config), "--json", *MORNING]) == 0
    sources = {s["name"]: s for s in json.loads(capsys.readouterr().out)["sources"]}
    assert [name for name in names if sources[name]["state"] == "ok" or not sources[name]["reason"]] == []


def test_a_series_whose_format_changed_is_named_and_never_zero(
    world: World, configured: Callable[..., Path], tmp_path: Path
) -> None:
    config = configured(feeds=furnish(world))
    world.pages["/fredgraph.csv"] = Reply(b"day;level\n2026-04-10;1\n", kind="text/csv")
    assert run(["run", "-c", str(config), *MORNING]) == 0
    assert rows(config, "select count(*) as n from observations") == [{"n": 0}]
    assert "fred" in (tmp_path / "briefings" / "2026-04-15.txt").read_text("utf-8").lower()


def test_without_any_network_a_pass_ends_cleanly_and_says_so(
    world: World, configured: Callable[..., Path], capsys: pytest.CaptureFixture[str]
) -> None:
    config = configured(feeds=["harbour"])
    text = config.read_text("utf-8").replace(world.url, "http://127.0.0.1:9")
    config.write_text(text.replace(f"127.0.0.1:{world.port}", "127.0.0.1:9"), "utf-8")
    assert run(["run", "-c", str(config), *MORNING]) == 0
    said = capsys.readouterr()
    assert "The Harbour" in said.out
    assert "Traceback" not in said.err


def test_a_refused_recipient_is_given_up_and_the_others_get_theirs(
    world: World, mailbox: Mailbox, configured: Callable[..., Path], capsys: pytest.CaptureFixture[str]
) -> None:
    config = configured(feeds=furnish(world), recipients=("a@example.com", "no@example.com", "later@example.com"))
    mailbox.refused = {"no@example.com": "550 no such mailbox", "later@example.com": "451 greylisted"}
    assert run(["run", "-c", str(config), *MORNING]) == 0
    assert [str(m["To"]) for m in mailbox.mails] == ["a@example.com"]
    assert "given up" in capsys.readouterr().out
    mailbox.refused = {}
    assert run(["send", "-c", str(config), "--now", "2026-04-15T08:00:00Z"]) == 0
    assert [str(m["To"]) for m in mailbox.mails] == ["a@example.com", "later@example.com"]
    assert run(["status", "-c", str(config), "--json"]) == 0
    assert [d["to"] for d in json.loads(capsys.readouterr().out.splitlines()[-1])["outbox"]] == ["no@example.com"]


def test_the_same_rows_give_the_same_bytes_and_the_future_changes_nothing(
    world: World, configured: Callable[..., Path], tmp_path: Path
) -> None:
    from core.clock import from_stamp
    from core.series import Observation
    from store import series, verdicts
    from store.database import writing

    config = configured(feeds=furnish(world))
    assert run(["run", "-c", str(config), *MORNING]) == 0
    sent = {p.suffix: p.read_bytes() for p in (tmp_path / "briefings").glob("2026-04-15.*")}
    with open_house(config) as house:
        absurd = [
            Observation(
                series="macro.nfci",
                time=from_stamp(f"2026-04-{day}T00:00:00Z"),
                value=1e6,
                first_seen=from_stamp("2026-04-15T07:00:01Z"),
            )
            for day in ("03", "10", "14")
        ]
        with writing(house.db):
            moment = from_stamp("2026-04-15T07:00:01Z")
            series.save(house.db, absurd, seen=moment, units={"macro.nfci": "index"}, sources={"macro.nfci": "fred"})
            verdicts.clear_derived(house.db)
    world.feed("harbour", [("late", "Nvidia rivals win everything", PROMOTES, DATE)])
    assert run(["run", "-c", str(config), "--now", "2026-04-15T12:00:00Z"]) == 0
    assert run(["brief", "-c", str(config), "--as-of", "2026-04-15", "--out", str(tmp_path / "again")]) == 0
    assert {p.suffix: p.read_bytes() for p in (tmp_path / "again").iterdir()} == sent

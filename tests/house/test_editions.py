"""Editions lived through: each by its own clock, made again to the byte, and silent when nothing moved."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from core.clock import from_stamp
from counterwire.cli import run
from counterwire.house import open_house
from store import alerts
from tests.house.posting import an_alert
from tests.house.small_world import Mailbox, World
from tests.house.test_pass import furnish, rows

BERLIN = "{id: berlin, zone: Europe/Berlin, narratives: [nvidia_killer], form: text, recipients: [b@example.com]}"
WEEK = "{id: week, span: week, days: [wed], briefing: '08:00', recipients: [w@example.com]}"


def edition(config: Path, *described: str) -> None:
    """Write these editions into a config that has none, or others."""
    lines = [line for line in config.read_text("utf-8").splitlines() if not line.startswith("  editions:")]
    if described:
        place = next(k for k, line in enumerate(lines) if line.startswith("  smtp:"))
        lines.insert(place, f"  editions: [{', '.join(described)}]")
    config.write_text("\n".join(lines) + "\n", "utf-8")


def made(config: Path, folder: Path, as_of: str, name: str) -> dict[str, bytes]:
    assert run(["brief", "-c", str(config), "--as-of", as_of, "--edition", name, "--out", str(folder)]) == 0
    return {p.name: p.read_bytes() for p in folder.iterdir()}


def test_each_edition_comes_by_its_own_clock_and_is_made_again_when_the_settings_have_changed(
    world: World,
    mailbox: Mailbox,
    configured: Callable[..., Path],
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    config = configured(feeds=furnish(world), recipients=("a@example.com",))
    edition(config, BERLIN, WEEK)
    for now in ("2026-04-15T04:59:00Z", "2026-04-15T05:00:00Z", "2026-04-15T05:15:00Z"):
        assert run(["run", "-c", str(config), "--now", now]) == 0
    assert [(str(m["To"]), m.get_content_type()) for m in mailbox.mails] == [("b@example.com", "text/plain")]
    assert run(["run", "-c", str(config), "--now", "2026-04-15T08:00:00Z"]) == 0
    assert sorted(str(m["To"]) for m in mailbox.mails[1:]) == ["a@example.com", "w@example.com"]
    kept = {str(row["id"]): json.loads(str(row["json"])) for row in rows(config, "select id, json from briefings")}
    assert sorted(kept) == ["2026-04-15", "2026-04-15-berlin", "2026-04-15-week"]
    berlin = kept["2026-04-15-berlin"]
    assert [n["id"] for n in berlin["narratives"]] == ["nvidia_killer"]
    assert "07:00" in berlin["dateline"]
    assert "CEST" in berlin["dateline"]
    assert berlin["command"] == "counterwire brief --as-of 2026-04-15T05:00:00Z --edition berlin"
    assert len(kept["2026-04-15"]["narratives"]) == 2
    sent = {p.name: p.read_bytes() for p in (tmp_path / "briefings").glob("2026-04-15-berlin.*")}
    assert sent
    other = "{id: berlin, zone: Asia/Tokyo, narratives: [wall_street_recovery], days: [sun]}"
    for number, described in enumerate(((other,), ())):
        edition(config, *described)
        assert run(["run", "-c", str(config), "--now", f"2026-04-15T1{number}:00:00Z"]) == 0
        assert made(config, tmp_path / f"again{number}", "2026-04-15T05:00:00Z", "berlin") == sent
        assert run(["verify", "2026-04-15-berlin", "-c", str(config)]) == 0
    capsys.readouterr()
    assert run(["brief", "--edition", "paris", "-c", str(config)]) == 4
    assert "there is no edition 'paris'" in capsys.readouterr().err


def test_an_edition_for_changes_alone_is_kept_and_mailed_to_nobody_when_nothing_moved(
    world: World, mailbox: Mailbox, configured: Callable[..., Path], capsys: pytest.CaptureFixture[str]
) -> None:
    config = configured(feeds=furnish(world), recipients=("a@example.com",))
    edition(config, "{id: calm, only_changes: true, recipients: [c@example.com]}")
    for day in (15, 16):
        assert run(["run", "-c", str(config), "--now", f"2026-04-{day}T07:00:00Z"]) == 0
    # No verdict of this world leaves INSUFFICIENT_EVIDENCE, so that the daily mail comes and the other does not.
    assert [str(m["To"]) for m in mailbox.mails] == ["a@example.com"] * 2
    assert [str(r["id"]) for r in rows(config, "select id from briefings where held_back <> '' order by id")] == [
        "2026-04-15-calm",
        "2026-04-16-calm",
    ]
    capsys.readouterr()
    assert run(["status", "-c", str(config), "--now", "2026-04-16T08:00:00Z"]) == 0
    told = capsys.readouterr().out
    assert "briefing 2026-04-16-calm was mailed to nobody: nothing changed since 2026-04-15T07:00:00Z" in told
    with open_house(config) as house:
        alerts.save(house.db, [an_alert(at=from_stamp("2026-04-16T12:00:00Z"))])
        assert run(["run", "-c", str(config), "--now", "2026-04-17T07:00:00Z"]) == 0
        assert sorted(str(m["To"]) for m in mailbox.mails[2:]) == ["a@example.com", "c@example.com"]


def test_a_narrative_that_is_not_there_is_told_with_its_line(
    configured: Callable[..., Path], capsys: pytest.CaptureFixture[str]
) -> None:
    config = configured(feeds=["harbour"])
    edition(config, "{id: berlin, narratives: [nvidia_kilier]}")
    assert run(["config", "check", "-c", str(config)]) == 3
    assert "delivery.editions.0.narratives: there is no narrative 'nvidia_kilier'" in capsys.readouterr().err

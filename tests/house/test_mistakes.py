"""A user's mistake is named with file, line, key or argument; it never prints a traceback."""

from collections.abc import Callable
from pathlib import Path

import pytest

from counterwire.cli import run

MISTAKES: dict[str, tuple[Callable[[str], str], str]] = {
    "an unknown key": (lambda t: t.replace("spacing: 0", "spacign: 0"), "config.yaml:3: fetch.spacign"),
    "a wrong type": (lambda t: t.replace("timeout: 5, spacing", "timeout: soon, spacing"), "config.yaml:3: fetch.timeout"),
    "an unknown zone": (lambda t: t.replace("zone: UTC", "zone: Atlantis"), "config.yaml:2: schedule.zone"),
    "no such hour": (lambda t: t.replace("'07:00'", "'27:00'"), "config.yaml:2: schedule.briefing"),
    "a key given twice": (lambda t: t + "database: other.db\n", "config.yaml:"),
    "broken YAML": (lambda t: t.replace("feeds:", "feeds: ["), "config.yaml:"),
    "an unknown collector": (lambda t: t.replace("collector: fred", "collector: tarot"), "sources.0"),
    "a feed listed twice": (
        lambda t: t.replace("sources:", "  - {url: 'https://x.example.com/', source: X, owner: x, kind: blog}\n" * 2 + "sources:"),
        "watched already",
    ),
}  # fmt: skip


@pytest.mark.parametrize("mistake", MISTAKES)
def test_a_fault_in_the_settings_is_named_and_ends_with_3(
    mistake: str, configured: Callable[..., Path], capsys: pytest.CaptureFixture[str]
) -> None:
    config = configured(feeds=["harbour"])
    spoil, named = MISTAKES[mistake]
    config.write_text(spoil(config.read_text("utf-8")), "utf-8")
    assert run(["config", "check", "-c", str(config)]) == 3
    said = capsys.readouterr()
    assert named in said.err
    assert "Traceback" not in said.err


CONTRACT_MISTAKES: dict[str, tuple[str, str, str]] = {
    "an unknown kind of measure": ("kind: percent_change", "kind: vibes", "measure"),
    "a side that is none": ("if_true: above", "if_true: sideways", "if_true"),
    "an unknown key": ("\nproposition:", "\nmood: sour\nproposition:", "mood"),
    "an id that is not the file's": ("id: nvidia_killer", "id: nvidia_slayer", "id"),
}


@pytest.mark.parametrize("mistake", CONTRACT_MISTAKES)
def test_a_fault_in_a_contract_is_named_and_ends_with_3(
    mistake: str, configured: Callable[..., Path], capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    config = configured(feeds=["harbour"])
    contract = tmp_path / "narratives" / "nvidia_killer.yaml"
    right, wrong, named = CONTRACT_MISTAKES[mistake]
    text = contract.read_text("utf-8")
    assert right in text
    contract.write_text(text.replace(right, wrong, 1), "utf-8")
    assert run(["config", "check", "-c", str(config)]) == 3
    said = capsys.readouterr().err
    assert "nvidia_killer.yaml:" in said
    assert named in said


ARGUMENTS = {
    "no such settings file": (["run", "-c", "nowhere/config.yaml"], 3, "nowhere/config.yaml"),
    "no such narrative": (["explain", "moon_landing", "-c", "CONFIG"], 4, "moon_landing"),
    "a date that is none": (["brief", "-c", "CONFIG", "--as-of", "2026-02-31"], 4, "2026-02-31"),
    "no such input file": (["tag", "nowhere.jsonl", "-c", "CONFIG"], 4, "nowhere.jsonl"),
    "a lag that is none": (["backfill", "articles", "nowhere.jsonl", "-c", "CONFIG", "--lag", "soon"], 4, "--lag"),
    "an unknown option": (["run", "--fast"], 2, "--fast"),
    "no such narrative to search in": (["search", "rain", "--narrative", "moon", "-c", "CONFIG"], 4, "moon"),
    "no such narrative to try out": (["narrative", "test", "moon", "-c", "CONFIG"], 4, "moon"),
    "a span that is none": (["series", "show", "macro.nfci", "--over", "3y", "-c", "CONFIG"], 4, "3y"),
    "a file where a folder is to be made": (["init", "CONFIG"], 4, "config.yaml: File exists"),
    "a file where the demonstration is to go": (["demo", "--out", "CONFIG"], 4, "config.yaml: File exists"),
    "a file where briefings are to go": (["brief", "-c", "CONFIG", "--out", "CONFIG"], 4, "config.yaml: File exists"),
}


@pytest.mark.parametrize("mistake", ARGUMENTS)
def test_a_wrong_argument_is_named(
    mistake: str, configured: Callable[..., Path], capsys: pytest.CaptureFixture[str]
) -> None:
    config = configured(feeds=["harbour"])
    arguments, code, named = ARGUMENTS[mistake]
    assert run([a if a != "CONFIG" else str(config) for a in arguments]) == code
    said = capsys.readouterr().err
    assert named in said
    assert "Traceback" not in said


def test_a_database_that_is_none_is_named(
    configured: Callable[..., Path], capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    config = configured(feeds=["harbour"])
    (tmp_path / "counterwire.db").write_bytes(b"this is no database" * 100)
    assert run(["status", "-c", str(config)]) == 5
    assert "counterwire.db" in capsys.readouterr().err


def test_a_bad_line_of_articles_is_named_and_the_others_are_imported(
    configured: Callable[..., Path], capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    config = configured(feeds=["harbour"])
    file = tmp_path / "old.jsonl"
    good = (
        '{"id": "a1", "title": "Rain", "text": "Rain.", "source": "The Harbour", "published": "2026-04-01T10:00:00Z"}'
    )
    file.write_text(f"{good}\nnot json\n" + '{"id": "a2"}\n', "utf-8")
    assert run(["backfill", "articles", str(file), "-c", str(config), "--now", "2026-04-15"]) == 0
    said = capsys.readouterr()
    assert "1 articles added" in said.out
    assert "old.jsonl:2" in said.err
    assert "old.jsonl:3" in said.err

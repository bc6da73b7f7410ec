"""The built wheel adds one name, carries everything, and runs the demonstration from an empty folder."""

import csv
import sqlite3
import subprocess
import sys
import venv
import zipfile
from contextlib import closing
from pathlib import Path

import pytest
from sklearn.metrics import f1_score

pytestmark = pytest.mark.slow

CARRIED = ("core", "ingest", "nlp", "signals", "briefing", "desk", "store", "templates", "narratives", "samples")


@pytest.fixture(scope="module")
def wheel(root: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("dist")
    build = [sys.executable, "-m", "build", "--outdir", str(out), str(root)]  # the sdist, and the wheel from it
    subprocess.run(build, check=True, capture_output=True)
    return next(out.glob("*.whl"))


def test_a_wheel_adds_one_name_to_site_packages(wheel: Path) -> None:
    names = {name.split("/")[0] for name in zipfile.ZipFile(wheel).namelist()}
    assert {name for name in names if not name.endswith(".dist-info")} == {"counterwire"}


def test_a_wheel_carries_every_tracked_file_of_the_house(wheel: Path, root: Path) -> None:
    asked = ["git", "ls-files", "--", *CARRIED, "config.yaml"]
    tracked = subprocess.run(asked, cwd=root, check=True, capture_output=True, text=True).stdout.split()
    held = set(zipfile.ZipFile(wheel).namelist())
    assert [path for path in tracked if f"counterwire/_app/{path}" not in held] == []


@pytest.fixture(scope="module")
def demo(wheel: Path, root: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What the installed program's demonstration leaves in an empty folder."""
    home, empty = tmp_path_factory.mktemp("venv"), tmp_path_factory.mktemp("empty")
    venv.create(home, with_pip=True)
    pip = [str(home / "bin" / "pip"), "install", "--quiet", "--disable-pip-version-check"]
    subprocess.run([*pip, "--constraint", str(root / "constraints.txt"), str(wheel)], check=True, capture_output=True)
    done = subprocess.run(
        [str(home / "bin" / "counterwire"), "demo"], cwd=empty, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    return empty / "demo"


def test_the_installed_program_runs_its_demonstration_from_an_empty_folder(demo: Path) -> None:
    written = {path.name for path in demo.iterdir()}
    assert {"briefing.html", "briefing.txt", "briefing.md", "briefing.json", "counterwire.db"} <= written
    assert "SAMPLE" in (demo / "briefing.html").read_text(encoding="utf-8")


@pytest.mark.parametrize("narrative", ["nvidia_killer", "wall_street_recovery"])
def test_the_demonstration_reads_the_week_as_its_author_meant_it(demo: Path, root: Path, narrative: str) -> None:
    """Plain articles: the tag F1 and the stance's macro-F1 are near one, or the tagger that is shipped is broken."""
    with (root / "samples" / "intended.csv").open(encoding="utf-8", newline="") as file:
        meant = {row["guid"]: row[narrative] for row in csv.DictReader(line for line in file if line[0] != "#")}
    asked = "SELECT a.guid, t.stance FROM tagged_articles t JOIN articles a ON a.id = t.article WHERE t.narrative = ?"
    with closing(sqlite3.connect(demo / "counterwire.db")) as database:
        told = dict(database.execute(asked, [narrative]).fetchall())
        read = [guid for (guid,) in database.execute("SELECT guid FROM articles")]
    pairs = [(meant[guid], told.get(guid, "")) for guid in read]
    assert f1_score([bool(m) for m, _ in pairs], [bool(t) for _, t in pairs]) >= 0.9
    carrying = [(m, t) for m, t in pairs if m]
    assert f1_score(*zip(*carrying, strict=True), labels=["promotes", "disputes", "reports"], average="macro") >= 0.85

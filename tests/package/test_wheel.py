"""The built wheel adds one name, carries everything, and runs the demonstration from an empty folder."""

import subprocess
import sys
import venv
import zipfile
from pathlib import Path

import pytest

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


def test_the_installed_program_runs_its_demonstration_from_an_empty_folder(
    wheel: Path, root: Path, tmp_path: Path
) -> None:
    home, empty = tmp_path / "venv", tmp_path / "empty"
    venv.create(home, with_pip=True)
    empty.mkdir()
    pip = [str(home / "bin" / "pip"), "install", "--quiet", "--disable-pip-version-check"]
    subprocess.run([*pip, "--constraint", str(root / "constraints.txt"), str(wheel)], check=True, capture_output=True)
    done = subprocess.run(
        [str(home / "bin" / "counterwire"), "demo"], cwd=empty, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    written = {path.name for path in (empty / "demo").iterdir()}
    assert {"briefing.html", "briefing.txt", "briefing.md", "briefing.json", "counterwire.db"} <= written
    assert "SAMPLE" in (empty / "demo" / "briefing.html").read_text(encoding="utf-8")

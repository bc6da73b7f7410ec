"""Imports go down, never up, never across; and what reaches outside is pinned to its files."""

import ast
import subprocess
import sys
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

ROOMS = ("ingest", "nlp", "signals", "briefing", "desk", "store")
FLOORS = {"core": set(), **{room: {"core"} for room in ROOMS}, "counterwire": {"core", *ROOMS}}

# A library that reaches outside, or has no types, and the only files that may import it.
PINNED = {
    "sqlite3": ("store/", "desk/"),
    "pysqlite3": ("store/", "desk/"),
    "sqlite_utils": ("store/", "desk/"),
    "aiohttp": ("ingest/client.py", "ingest/reasons.py"),
    "socket": ("ingest/guard.py", "ingest/client.py", "ingest/reasons.py"),
    "smtplib": ("briefing/mail.py",),
    "apprise": ("briefing/channels.py",),
    "feedparser": ("ingest/parse.py",),
    "trafilatura": ("ingest/text.py",),
    "protego": ("ingest/robots.py",),
    "warcio": ("ingest/archives.py",),
    "pyarrow": ("ingest/archives.py",),
    "nh3": ("ingest/",),
    "onnx": ("nlp/encoder.py", "nlp/minilm.py"),
    "onnxruntime": ("nlp/encoder.py",),
    "spacy": ("nlp/",),
    "sklearn": ("nlp/",),
    "scipy": ("signals/", "nlp/"),
    "jinja2": ("briefing/render.py",),
    "css_inline": ("briefing/render.py",),
    "apscheduler": ("counterwire/commands/watch.py",),
    "arch": ("signals/event_study.py",),
    "filelock": ("counterwire/house.py",),
    "datasette": ("desk/browse.py",),
    "starlette": ("desk/app.py",),
    "uvicorn": ("desk/server.py",),
    "ruamel": ("core/yaml.py", "ingest/collectors/gcp.py"),
}


def sources(root: Path) -> Iterator[Path]:
    for floor in FLOORS:
        yield from sorted((root / floor).rglob("*.py"))


@cache
def imported(path: Path) -> frozenset[str]:
    found: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            found.add(node.module if node.level == 0 and node.module else "." * node.level)
    return frozenset(found)


def test_there_are_six_rooms_on_one_ground(root: Path) -> None:
    assert all((root / floor / "__init__.py").is_file() for floor in FLOORS)


def test_imports_go_down_never_up_never_across(root: Path) -> None:
    wrong = [
        f"{path.relative_to(root)} imports {name}"
        for path in sources(root)
        for name in imported(path)
        if (top := name.split(".")[0]) in FLOORS
        and top != (floor := path.relative_to(root).parts[0])
        and top not in FLOORS[floor]
    ]
    assert wrong == []


def test_no_import_is_relative(root: Path) -> None:
    wrong = [str(path.relative_to(root)) for path in sources(root) if any(n.startswith(".") for n in imported(path))]
    assert wrong == []


@pytest.mark.parametrize("library", PINNED)
def test_what_reaches_outside_is_imported_only_where_it_may(root: Path, library: str) -> None:
    wrong = [
        where
        for path in sources(root)
        if library in {name.split(".")[0] for name in imported(path)}
        and not (where := path.relative_to(root).as_posix()).startswith(PINNED[library])
    ]
    assert wrong == []


@pytest.mark.parametrize("library", PINNED)
def test_every_pinned_library_is_really_used(root: Path, library: str) -> None:
    if library in {"sqlite3", "pysqlite3"}:  # reached through sqlite_utils, pinned so that nobody goes past it
        return
    assert any(library in {name.split(".")[0] for name in imported(path)} for path in sources(root))


def test_help_imports_nothing_heavy(root: Path) -> None:
    heavy = [
        "spacy",
        "sklearn",
        "numpy",
        "scipy",
        "trafilatura",
        "feedparser",
        "aiohttp",
        "sqlite_utils",
        "jinja2",
        "apscheduler",
        "arch",
        "pandas",
        "matplotlib",
        "datasette",
        "starlette",
    ]
    code = (
        "import sys; from counterwire.cli import run; run(['--help']); "
        f"print([m for m in {heavy} if m in sys.modules], file=sys.stderr)"
    )
    done = subprocess.run([sys.executable, "-c", code], cwd=root, capture_output=True, text=True, check=True)
    assert done.stderr.strip() == "[]"


def test_no_source_file_is_longer_than_300_lines(root: Path) -> None:
    long = [str(p.relative_to(root)) for p in sources(root) if len(p.read_text(encoding="utf-8").splitlines()) > 300]
    assert long == []

"""What the room's tests share."""

import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.ingest.loopback import Site, serving


@pytest.fixture
def site() -> Iterator[Site]:
    """A real server on loopback that says what the test tells it to."""
    with serving() as site:
        yield site


@pytest.fixture(scope="module")
def replay(real: Path) -> Iterator[Callable[..., str]]:
    """Replays the real world on a free port; called with arguments of the tool, it gives "host:port"."""
    running = []

    def start(*arguments: str) -> str:
        command = [sys.executable, str(real / "tools/replay.py"), "--port", "0", *arguments]
        process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
        running.append(process)
        assert process.stdout is not None
        return process.stdout.readline().split("http://")[1].split(",")[0]

    yield start
    for process in running:
        process.terminate()
        process.communicate()


@pytest.fixture(scope="module")
def replayed_sources(
    replay: Callable[..., str], root: Path, tmp_path_factory: pytest.TempPathFactory
) -> Callable[[str], tuple[Path, str]]:
    """Replays the world of an instant; gives a file of all sources that it serves, and "host:port"."""

    def write(as_of: str) -> tuple[Path, str]:
        host = replay("--as-of", as_of)
        path = tmp_path_factory.mktemp("replay") / "sources.yaml"
        shipped = (root / "tests/data/replay_sources.yaml").read_text("utf-8")
        path.write_text(shipped.replace("PORT", host.partition(":")[2]), "utf-8")
        return path, host

    return write

"""What every room's tests share."""

import os
from pathlib import Path

import pytest
from hypothesis import settings

ROOT = Path(__file__).resolve().parent.parent

# The same examples on every machine, and no time limit: a busy machine is no failure.
settings.register_profile("counterwire", deadline=None, derandomize=True)
settings.load_profile("counterwire")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """The slow ones first, so that at the end one worker does not wait for the other."""
    items.sort(key=lambda item: item.get_closest_marker("slow") is None)


@pytest.fixture(scope="session")
def root() -> Path:
    """The checkout."""
    return ROOT


@pytest.fixture(scope="session")
def real() -> Path:
    """The folder of real data, named by COUNTERWIRE_REAL; skips where it is absent."""
    folder = Path(os.environ.get("COUNTERWIRE_REAL", str(ROOT.parent / "shared")))
    if not (folder / "data").is_dir():
        pytest.skip(f"no real data at {folder} (set COUNTERWIRE_REAL)")
    return folder

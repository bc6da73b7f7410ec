"""What every room's tests share."""

import os
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent


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

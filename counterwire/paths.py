"""Where the program's own files lie: the checkout's root, or `_app` inside an installed package."""

from __future__ import annotations

import os
from pathlib import Path

from counterwire.__main__ import HOME

TEMPLATES = HOME / "templates"
NARRATIVES = HOME / "narratives"
SAMPLES = HOME / "samples"
CONFIG = HOME / "config.yaml"
CLAIMS = HOME / "signals" / "claims.yaml"
ACCELERATORS = HOME / "signals" / "accelerators.yaml"


def config_path(given: Path | None) -> Path:
    """The settings file: the one given, else COUNTERWIRE_CONFIG, else ./config.yaml."""
    return given or Path(os.environ.get("COUNTERWIRE_CONFIG", "config.yaml"))

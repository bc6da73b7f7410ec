"""The files that the program ships with, and which settings file a command means."""

from __future__ import annotations

import os
from pathlib import Path

from counterwire.home import HOME

TEMPLATES = HOME / "templates"
NARRATIVES = HOME / "narratives"
SAMPLES = HOME / "samples"
CONFIG = HOME / "config.yaml"
CLAIMS = HOME / "signals" / "claims.yaml"
DERIVED = HOME / "signals" / "derived.yaml"
FAMILIES = HOME / "ingest" / "families.yaml"
ACCELERATORS = HOME / "signals" / "accelerators.yaml"


def config_path(given: Path | None) -> Path:
    """The settings file: the one given, else COUNTERWIRE_CONFIG, else ./config.yaml."""
    return given or Path(os.environ.get("COUNTERWIRE_CONFIG", "config.yaml"))

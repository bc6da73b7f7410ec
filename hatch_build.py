"""Puts the rooms and what an analyst edits into one package, so that a wheel adds one name to site-packages."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

CARRIED = (
    "core",
    "ingest",
    "nlp",
    "signals",
    "briefing",
    "desk",
    "store",
    "templates",
    "narratives",
    "samples",
    "config.yaml",
)


class RoomsHook(BuildHookInterface[Any]):
    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        if version != "standard":  # an editable install runs from the checkout
            return
        root = Path(self.root)
        for name in CARRIED:
            for path in [root / name] if (root / name).is_file() else sorted((root / name).rglob("*")):
                if path.is_file() and "__pycache__" not in path.parts:
                    inside = path.relative_to(root).as_posix()
                    build_data["force_include"][str(path)] = f"counterwire/_app/{inside}"

"""The table of accelerators: who makes what, since when, and how a cloud sells it."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Literal

from core.yaml import Strict, read


class Accelerator(Strict):
    """One accelerator as one cloud sells it. `available` is general availability there.

    `generation` names it where that is neither the part (of a rival) nor the family (of Nvidia's).
    """

    maker: str
    family: str
    part: str
    side: Literal["rival", "nvidia"]
    job: Literal["training", "inference"]
    cloud: str
    types: tuple[str, ...]
    available: date
    spot: bool = True
    source: str
    generation: str = ""

    @property
    def step(self) -> str:
        """The generation of its line that it belongs to."""
        return self.generation or (self.family if self.side == "nvidia" else self.part)


class AcceleratorTable(Strict):
    """The whole file: the rows, in any order."""

    accelerators: tuple[Accelerator, ...]


def load(path: Path) -> tuple[Accelerator, ...]:
    """Read the table; raises ConfigError with file, line and key."""
    return read(path).parse(AcceleratorTable).accelerators

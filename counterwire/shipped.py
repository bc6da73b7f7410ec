"""What the program's own data files say in figures: claims that have a series, and the cadences."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from pathlib import Path

from core.claims import as_series
from core.shipped import Shipped
from counterwire import paths
from counterwire.home import HOME
from counterwire.house import House
from signals.generations import cadence

DIGITS = 12


def shipped(house: House) -> Iterator[Shipped]:
    """Every value of a series that comes from a data file, with the file's hash and the row in words."""
    file, digest = _named(paths.CLAIMS)
    for claim in house.claims:
        for one in as_series([claim]).values():
            for o in one.observations:
                says = f"{claim.who}, {claim.about}: {claim.says} ({claim.kind}; {claim.source})"
                yield Shipped(file=file, hash=digest, observation=o, says=says)
    file, digest = _named(paths.ACCELERATORS)
    for derived in house.derived:
        if derived.kind == "cadence":
            lines = ", ".join(" ".join(w for w in (x.maker, x.family, x.job) if w) for x in derived.lines)
            for o in cadence(derived, house.accelerators).observations:
                says = f"months between the last two generations of {lines}"
                yield Shipped(file=file, hash=digest, observation=o, says=says)


def _named(path: Path) -> tuple[str, str]:
    return path.relative_to(HOME).as_posix(), hashlib.sha256(path.read_bytes()).hexdigest()[:DIGITS]

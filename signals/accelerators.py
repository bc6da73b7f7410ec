"""Which Nvidia part a rival part is held against: matched by job and age, per cloud."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from core.accelerators import Accelerator

MAX_GAP = timedelta(days=730)  # two years is one generation of either side; further apart is not the same age


@dataclass(frozen=True, slots=True, kw_only=True)
class Pair:
    """A rival part and the Nvidia part it is held against."""

    rival: Accelerator
    nvidia: Accelerator

    @property
    def name(self) -> str:
        """As it is told to a reader."""
        return f"{self.rival.part} against {self.nvidia.part} on {self.rival.cloud}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Matching:
    """Every pair at one instant, and the rivals that have no partner, each with the reason."""

    pairs: tuple[Pair, ...]
    unmatched: tuple[tuple[Accelerator, str], ...]


def matching(accelerators: Sequence[Accelerator], *, as_of: datetime) -> Matching:
    """Give each rival the Nvidia part of its cloud and job that became available nearest to it.

    Only parts available by `as_of` take part. Ties go to the earlier part, then by name. Several
    rivals may share a partner; a rival further than `MAX_GAP` from every part has none.
    """
    there = [a for a in accelerators if a.available <= as_of.date()]
    pairs: list[Pair] = []
    unmatched: list[tuple[Accelerator, str]] = []
    for rival in sorted((a for a in there if a.side == "rival"), key=lambda a: (a.cloud, a.job, a.available, a.part)):
        partners = [a for a in there if (a.side, a.cloud, a.job) == ("nvidia", rival.cloud, rival.job)]
        near = min(partners, key=lambda a: (abs(a.available - rival.available), a.available, a.part), default=None)
        if near is None:
            unmatched.append((rival, f"no Nvidia part for {rival.job} on {rival.cloud}"))
        elif abs(near.available - rival.available) > MAX_GAP:
            unmatched.append((rival, f"the nearest Nvidia part, {near.part}, is over two years apart"))
        else:
            pairs.append(Pair(rival=rival, nvidia=near))
    return Matching(pairs=tuple(pairs), unmatched=tuple(unmatched))


def pair_series(of: str, accelerators: Sequence[Accelerator]) -> frozenset[str]:
    """Ids of all series that a paired measure may read, with those its note is written from."""
    kinds = {of, "spot_spread", "on_demand"} if of == "spot_discount" else {of}
    return frozenset(f"{kind}.{name}" for kind in kinds for a in accelerators for name in a.types)

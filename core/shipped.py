"""Values that come from a data file of the program itself: a claim, a cadence."""

from __future__ import annotations

from dataclasses import dataclass

from core.series import Observation

KINDS = ("claims", "cadence")  # of series, by the part of an id before the dot, that no source collects


@dataclass(frozen=True, slots=True, kw_only=True)
class Shipped:
    """One such value: its file, the first 12 hex digits of that file's SHA-256, and what its row says in words."""

    file: str
    hash: str
    observation: Observation
    says: str

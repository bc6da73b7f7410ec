"""Pressure, readings, evidence and the verdict on a narrative."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Literal

from core.series import Observation

Freshness = Literal["FRESH", "STALE", "UNKNOWN"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Pressure:
    """How hard, and how independently, the press pushes a narrative over the trailing window.

    `lean` in [-1, 1] with its 90 % interval; `attention` in [0, 1], 0.5 is usual, None with
    `limit` saying why it cannot be measured; `pressure` is their product. `promotes`, `disputes`
    and `reports` are voice weights, not articles. `echo` is the share of text that is older,
    `own_book` the share of promoting assertions by interested parties (None: none known).
    """

    narrative: str
    as_of: datetime
    window_days: int
    lean: float
    low: float
    high: float
    attention: float | None
    pressure: float | None
    limit: str
    n_eff: float
    promotes: float
    disputes: float
    reports: float
    articles: int
    stories: int
    outlets: int
    voices: int
    observed: int
    expected: float
    dispersion: float
    baseline_days: int
    agreement: float | None
    echo: float | None
    own_book: float | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """What one check of a contract says at one instant.

    `support` in [-1, 1] for the proposition, None unless FRESH. `weight` is the check's share of
    all evidence after the family cap, before anything is missing (0 for context rows).
    `sentence` says it in one plain sentence, `detail` all that stands beside it (the pairs, say), "" where
    nothing does. `observations` are those that the value was computed from.
    """

    check: str
    narrative: str
    as_of: datetime
    family: str
    asks: str
    value: float | None
    unit: str
    threshold: float | None
    scale: float | None
    support: float | None
    weight: float
    context: bool
    concede: bool
    freshness: Freshness
    reason: str
    sentence: str
    detail: str = ""
    observations: tuple[Observation, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Evidence:
    """The weighted mean of a contract's readings, its coverage, and how far it could move.

    `support` in [-1, 1], None when nothing is known. `low` and `high` come from leaving out each
    family and from setting what is missing to -0.5 and to +0.5.
    """

    narrative: str
    as_of: datetime
    support: float | None
    low: float | None
    high: float | None
    coverage: float
    readings: tuple[Reading, ...]


class VerdictKind(StrEnum):
    """What the record says of press and data together."""

    INSUFFICIENT_EVIDENCE = "INSUFFICIENT_EVIDENCE"
    QUIET = "QUIET"
    PRESS_AHEAD = "PRESS_AHEAD"
    PRESS_BACKED = "PRESS_BACKED"
    PRESS_BEHIND = "PRESS_BEHIND"
    PRESS_RIGHTLY_DOUBTS = "PRESS_RIGHTLY_DOUBTS"
    MIXED = "MIXED"


@dataclass(frozen=True, slots=True, kw_only=True)
class Morning:
    """Pressure and evidence as they stood at one instant."""

    as_of: datetime
    pressure: Pressure
    evidence: Evidence


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """The verdict at `as_of`, with the mornings (oldest first, the last is `as_of`) it rests on.

    `press` and `data` are how many of the mornings each side spoke: (positive, negative).
    """

    narrative: str
    contract: str
    as_of: datetime
    kind: VerdictKind
    reason: str
    press: tuple[int, int]
    data: tuple[int, int]
    quiet: int
    mornings: tuple[Morning, ...]

    @property
    def pressure(self) -> Pressure:
        """Pressure at `as_of`."""
        return self.mornings[-1].pressure

    @property
    def evidence(self) -> Evidence:
        """Evidence at `as_of`."""
        return self.mornings[-1].evidence


@dataclass(frozen=True, slots=True, kw_only=True)
class PastVerdict:
    """What an earlier briefing said of a narrative, to tell what changed since."""

    narrative: str
    as_of: datetime
    kind: VerdictKind
    lean: float
    support: float | None

"""Numbers that articles claim, and what the data say of them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from core.contracts import Measure
from core.series import Observation

Quantity = Literal["percent", "usd", "count", "ratio"]
Comparator = Literal["=", ">", "<", "~"]

_TOLD = {"=": "", ">": "over ", "<": "under ", "~": "about "}


@dataclass(frozen=True, slots=True, kw_only=True)
class NumericClaim:
    """A number in a sentence of an article that carries `narrative`.

    `start` and `end` are its offsets into `title + "\\n\\n" + text`, `sentence_start` that of the
    sentence. `low` and `high` differ for a range; a fall is negative for `percent`. `unit` is
    "percent", "points", "usd", "times" or what is counted, `period` "" where none is said. `id` is 0
    until it is stored. `first_seen` is when the version that says it was.
    """

    article: str
    version: int
    narrative: str
    source: str
    first_seen: datetime
    quantity: Quantity
    low: float
    high: float
    unit: str
    period: str
    comparator: Comparator
    subject: str
    start: int
    end: int
    sentence_start: int
    sentence: str
    id: int = 0

    @property
    def said(self) -> str:
        """The number in words: `over 3.2 percent`, `40 to 50 percent`."""
        many = f"{_plain(self.low)} to {_plain(self.high)}" if self.low != self.high else _plain(self.low)
        return f"{_TOLD[self.comparator]}{many} {self.unit}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Comparison:
    """A claim held against the contract's measure as known at `as_of`, or the `reason` why it cannot be.

    `actual` is in the unit of the claim. `gap` is 0 where it is within what is claimed, else how
    far the claim is from it, above 0 for a claim that is too high. `observations` are those that
    `actual` was computed from.
    """

    claim: NumericClaim
    contract: str
    as_of: datetime
    measure: Measure | None = None
    actual: float | None = None
    gap: float | None = None
    reason: str = ""
    observations: tuple[Observation, ...] = ()

    @property
    def sentence(self) -> str:
        """The comparison in one plain sentence."""
        head = f"{self.claim.source} claims {self.claim.said}"
        if self.actual is None or self.gap is None:
            return f"{head}: not comparable ({self.reason})."
        unit = self.claim.unit
        if self.gap == 0:
            return f"{head}; actual as of then {_plain(self.actual)} {unit}: it holds."
        side = "too high" if self.gap > 0 else "too low"
        return f"{head}; actual as of then {_plain(self.actual)} {unit}: {_plain(abs(self.gap))} {side}."


def _plain(value: float) -> str:
    return f"{value:,.0f}" if abs(value) >= 1000 else f"{value:.4g}"

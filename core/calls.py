"""Calls: forecasts that a program resolves, as rows of a ledger that is only appended to."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from core.contracts import Measure
from core.verdicts import VerdictKind

Direction = Literal["up", "down"]
Act = Literal["opened", "resolved"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Call:
    """A forecast of a contract's outcome: at `due` it will have gone in `direction`, with `probability`.

    A measure that is a change is held against 0, any other against `start`, its value at the
    opening. `base_rate` is how often the outcome went that way in `horizons` non-overlapping
    horizons known at the opening, and `tilt` what the verdict adds to it; until 20 calls have
    resolved the tilt is a stated one, and `calibrated` is false. `void` says why a call was never
    scored from the start, "" for one that is.
    """

    id: str
    narrative: str
    contract: str
    opened: datetime
    kind: VerdictKind
    measure: Measure
    direction: Direction
    due: datetime
    start: float | None
    probability: float
    base_rate: float
    horizons: int
    tilt: float
    calibrated: bool
    void: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Resolution:
    """What became of a call at its due date: the outcome's value, whether the call came true, its score.

    `brier` is (probability - outcome)^2, `base_brier` the same of the base rate. All are None for a
    void, whose reason is in `void`.
    """

    call: str
    at: datetime
    end: float | None = None
    came_true: bool | None = None
    brier: float | None = None
    base_brier: float | None = None
    void: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Record:
    """A call with its resolution, None while it is open."""

    call: Call
    resolution: Resolution | None = None

    @property
    def void(self) -> str:
        """Why it is not scored, "" while it is open or where it is."""
        return self.call.void or (self.resolution.void if self.resolution else "")

    @property
    def open(self) -> bool:
        """Whether it waits for its due date."""
        return not self.call.void and self.resolution is None

    @property
    def sentence(self) -> str:
        """The call in one plain sentence: what, until when, how sure, and what became of it."""
        call = self.call
        label = "" if call.calibrated else ", uncalibrated"
        told = (
            f"Opened {call.opened:%Y-%m-%d} on {call.kind}: {said(call)} by {call.due:%Y-%m-%d},"
            f" probability {call.probability:.0%}{label}"
            f" (base rate {call.base_rate:.0%} of {call.horizons} horizons, tilt {100 * call.tilt:+.0f} points)"
        )
        if self.void:
            return f"{told}; void: {self.void}."
        if self.resolution is None or self.resolution.came_true is None:
            return f"{told}; open."
        came = "came true" if self.resolution.came_true else "did not come true"
        return f"{told}; {came}, Brier {self.resolution.brier:.3f} against {self.resolution.base_brier:.3f} for the base rate."


def said(call: Call) -> str:
    """What is forecast, in words: `the percent change of price.spy over 90 days is below 0`."""
    side = "above" if call.direction == "up" else "below"
    bar = "0" if call.measure.over else f"{call.start:.6g}" if call.start is not None else "its value at the opening"
    return f"{worded(call.measure)} is {side} {bar}"


def worded(m: Measure) -> str:
    """A measure in words: `the percent change of price.spy over 90 days`."""
    of = f"{m.a} to {m.b}" if m.kind.startswith("ratio") else " and ".join(name for name in (m.a, m.b) if name)
    span = f" over {m.over.days} days" if m.over else ""
    return f"the {m.kind.replace('_', ' ')} of {of}{span}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Score:
    """A ledger in figures: `scored` calls, of them at most `independent` that do not overlap, `open` and `voids`.

    `brier`, `base_brier` and `share_true` are means over the scored ones, None without any.
    """

    scored: int
    independent: int
    open: int
    voids: int
    share_true: float | None
    brier: float | None
    base_brier: float | None

    @property
    def sentence(self) -> str:
        """The score in one plain sentence, with its sample size."""
        waits = f"{self.open} open, {self.voids} void"
        if self.brier is None or self.base_brier is None or self.share_true is None:
            return f"No call has been scored yet; {waits}."
        return (
            f"Of {self.scored} scored calls ({self.independent} that do not overlap) {self.share_true:.0%} came true:"
            f" Brier {self.brier:.3f}, against {self.base_brier:.3f} for the base rate; {waits}."
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class LedgerRow:
    """One row of the ledger as it is stored: `hash` covers every other field, the previous row's hash included."""

    number: int
    call: str
    act: Act
    narrative: str
    at: datetime
    body: str
    previous: str
    hash: str

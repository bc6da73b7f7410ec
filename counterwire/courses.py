"""The mornings behind a briefing's pictures, each recomputed with its own `as_of`."""

from __future__ import annotations

from datetime import datetime, timedelta

from core.contracts import Contract
from core.verdicts import Verdict
from counterwire.stages.judge import Court
from signals.verdicts import MORNINGS, verdict

DAYS = 90


def course(court: Court, contract: Contract, *, as_of: datetime) -> tuple[Verdict, ...]:
    """The verdicts of the `DAYS` mornings up to `as_of`, the oldest first, as they would have been given."""
    days = [as_of - timedelta(days=k) for k in reversed(range(DAYS + MORNINGS - 1))]
    mornings = court.mornings(contract, days, known=as_of)
    return tuple(verdict(contract, mornings[k : k + MORNINGS]) for k in range(DAYS))

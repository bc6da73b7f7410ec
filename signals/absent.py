"""What should exist by now if a proposition is true, and does not."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime, time, timedelta

import numpy as np

from core.accelerators import Accelerator
from core.contracts import Contract, Expected
from core.findings import Expectation, Standing
from core.series import Series
from signals.measured import Unmeasured
from signals.measuring import measured, reason

MAX_AGE = timedelta(days=160)  # a quarter stands until the next is filed: 91 days, and 60 more for a year's report


def expectations(
    contract: Contract, series: Mapping[str, Series], *, as_of: datetime, accelerators: Sequence[Accelerator] = ()
) -> list[Expectation]:
    """How each of the contract's expected items stands at `as_of`, in the contract's order.

    One that somebody has recorded (`seen`) is there from that day. One with a measure is there where
    the measure is beyond its threshold and has been for the span `lasting`, and else absent from its
    day on. One with neither is unknown once it is due: nobody has looked.
    """
    return [_standing(item, series, as_of=as_of, accelerators=accelerators) for item in contract.expected]


def _standing(
    item: Expected, series: Mapping[str, Series], *, as_of: datetime, accelerators: Sequence[Accelerator]
) -> Expectation:
    due = _out(item.by) <= as_of
    if item.seen is not None and _out(item.seen) <= as_of:
        return _told(item, "there", since=item.seen)
    if item.measure is None or item.threshold is None:
        lack = "no measure answers it and nobody has recorded it"
        return _told(item, "unknown", lack=lack) if due else _told(item, "waits")
    found = measured(item.measure, series, as_of=as_of, max_age=MAX_AGE, accelerators=accelerators)
    if isinstance(found, Unmeasured):
        return _told(item, "unknown", lack=reason(found)) if due else _told(item, "waits")
    times, values = found.over_time.times, found.over_time.values
    missed = np.flatnonzero(values <= item.threshold if item.if_true == "above" else values >= item.threshold)
    first = int(missed[-1]) + 1 if len(missed) else 0
    needed = item.lasting.total_seconds() if item.lasting else 0.0
    if first < len(values) and times[-1] - times[first] >= needed:
        return _told(item, "there", since=datetime.fromtimestamp(float(times[first]) + needed, UTC).date())
    return _told(item, "absent", since=item.by) if due else _told(item, "waits")


def _told(item: Expected, standing: Standing, *, since: date | None = None, lack: str = "") -> Expectation:
    return Expectation(what=item.what, by=item.by, standing=standing, since=since, reason=lack)


def _out(day: date) -> datetime:
    """The end of a day, which is itself still in time."""
    return datetime.combine(day, time(), UTC) + timedelta(days=1)

"""What a measure says at one instant, and whether that is recent enough to be used."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta

from core.accelerators import Accelerator
from core.contracts import Measure
from core.series import Series
from signals.accelerators import pair_series
from signals.cuts import Cut
from signals.measured import Known, Measured, Unmeasured
from signals.measures import MEASURES


def measured(
    measure: Measure,
    series: Mapping[str, Series],
    *,
    as_of: datetime,
    max_age: timedelta,
    accelerators: Sequence[Accelerator] = (),
) -> Measured | Unmeasured:
    """The measure as known at `as_of`; Unmeasured too where the oldest value that had to be new is older than `max_age`.

    `series` may hold values first seen later, which have no influence.
    """
    known = Known(as_of=as_of, max_age=max_age, series=Cut(series, as_of), accelerators=tuple(accelerators))
    found = MEASURES[measure.kind](measure, known)
    if isinstance(found, Measured) and as_of - found.stands > max_age:
        return Unmeasured(reason="stale", detail=f"its newest value is of {found.stands:%Y-%m-%d}")
    return found


def reason(lack: Unmeasured) -> str:
    """Why there is no value, in words."""
    return f"{lack.reason} ({lack.detail})" if lack.detail else lack.reason


def series_of(measure: Measure, accelerators: Sequence[Accelerator]) -> frozenset[str]:
    """Ids of the series that a measure reads."""
    if measure.kind == "paired_difference":
        return pair_series(measure.of or "", accelerators)
    return frozenset(i for i in (measure.a, measure.b) if i)

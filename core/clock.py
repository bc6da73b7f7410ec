"""The only file that reads the clock; everything else is told what time it is."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime, time
from zoneinfo import ZoneInfo

from core.errors import InputError

Clock = Callable[[], datetime]


def utc_now() -> datetime:
    """The present instant, in UTC, cut to whole seconds so that it survives being stored."""
    return datetime.now(UTC).replace(microsecond=0)


def instant(text: str, *, zone: ZoneInfo, hour: time) -> datetime:
    """Read an instant from a command line, in UTC.

    A bare date means that day's briefing hour `hour` in `zone`; a time without an offset is
    taken to be in `zone`. Raises InputError for anything that is not ISO 8601.
    """
    try:
        if len(text) == 10:
            return datetime.combine(date.fromisoformat(text), hour, zone).astimezone(UTC)
        moment = datetime.fromisoformat(text)
    except ValueError:
        raise InputError(f"{text!r} is not a date (2026-04-15) or an instant (2026-04-15T06:00:00Z)") from None
    return (moment if moment.tzinfo else moment.replace(tzinfo=zone)).astimezone(UTC).replace(microsecond=0)


def stamp(moment: datetime) -> str:
    """An instant as it is stored and printed: `2026-04-15T06:00:00Z`. Sorts as text."""
    if moment.tzinfo is None:
        raise ValueError("a naive datetime has no place here")
    return moment.astimezone(UTC).isoformat(timespec="seconds")[:-6] + "Z"


def from_stamp(text: str) -> datetime:
    """The inverse of `stamp`."""
    return datetime.fromisoformat(text)

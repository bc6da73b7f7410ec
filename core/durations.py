"""Durations as people write them: `30m`, `6h`, `14d`."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Annotated, Any

from pydantic import BeforeValidator, PlainSerializer

UNITS = {"m": "minutes", "h": "hours", "d": "days"}


def duration(value: Any) -> timedelta:
    """Read `30m`, `6h` or `14d`; raises ValueError for anything else."""
    if isinstance(value, timedelta):
        return value
    match = re.fullmatch(r"(\d+)([mhd])", str(value))
    if not match:
        raise ValueError(f"{value!r} is not a duration such as 30m, 6h or 14d")
    return timedelta(**{UNITS[match[2]]: int(match[1])})


def in_words(span: timedelta) -> str:
    """The shortest of our forms: `14d`, `6h`, `30m`."""
    minutes = round(span.total_seconds() / 60)
    for unit, size in (("d", 1440), ("h", 60)):
        if minutes >= size and minutes % size == 0:
            return f"{minutes // size}{unit}"
    return f"{minutes}m"


Duration = Annotated[timedelta, BeforeValidator(duration), PlainSerializer(in_words, return_type=str)]

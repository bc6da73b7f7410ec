"""Figures and dates as they are printed: one way for all forms, no locale."""

from __future__ import annotations

import math
import re
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

MINUS = "\u2212"
NBSP = "\u00a0"  # between a figure and its unit, so that no line ends between them
ARROW = "\u2192"

SMALL = 0.1  # below, two decimals would lose the value
LARGE = 1000  # from here on decimals are noise

_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
_DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
_NEGATIVE = re.compile(r"(?<![\w.)-])-(?=\d)")
_UNITS = {
    "percent": "%",
    "%": "%",
    "percentage points": "pp",
    "percentage point": "pp",
    "points": "pp",
    "pp": "pp",
    "ratio": "",
    "": "",
}


def number(value: float | None, decimals: int) -> str:
    """A number with a true minus sign and thousands commas; "unknown" for None and the not finite."""
    if value is None or not math.isfinite(value):
        return "unknown"
    text = f"{abs(value):,.{decimals}f}"
    return MINUS + text if value < 0 and text.strip("0.,") else text


def signed(value: float | None) -> str:
    """A number of the scale from -1 to +1, with its sign: `+0.44`."""
    text = number(value, 2)
    return "+" + text if value is not None and value > 0 and text.strip("0.") and text != "unknown" else text


def measured(value: float | None) -> str:
    """A value of unknown size as the readings' sentences print it: two decimals, and at least two digits."""
    if value is None or not math.isfinite(value):
        return "unknown"
    if 0 < abs(value) < SMALL:
        return number(value, 1 - math.floor(math.log10(abs(value))))
    return number(value, 0 if abs(value) >= LARGE else 2)


def stated(value: float, name: str) -> str:
    """A threshold or scale as somebody wrote it, and its unit: `20 pp`, `0.5 %`."""
    text = f"{abs(value):,.6f}".rstrip("0").rstrip(".")
    text = MINUS + text if value < 0 else text
    return f"{text}{NBSP}{unit(name)}" if unit(name) else text


def unit(name: str) -> str:
    """How a unit is printed after its figure: `%`, `pp`, or the contract's own words."""
    return _UNITS.get(name.strip().lower(), name.strip())


def with_unit(value: float | None, name: str) -> str:
    """A measured value and its unit, kept on one line."""
    return f"{measured(value)}{NBSP}{unit(name)}" if unit(name) else measured(value)


def share(value: float | None) -> str:
    """A share of one in whole percent."""
    return "unknown" if value is None else f"{number(100 * value, 0)}{NBSP}%"


def interval(low: float | None, high: float | None) -> str:
    """Two ends on the scale from -1 to +1: `+0.12 to +0.31`."""
    return "" if low is None or high is None else f"{signed(low)}{NBSP}to{NBSP}{signed(high)}"


def count(n: int, one: str, many: str | None = None) -> str:
    """`1 article`, `2 articles`."""
    return f"{number(n, 0)}{NBSP}{one if n == 1 else many or one + 's'}"


def day(moment: datetime, zone: ZoneInfo | None = None) -> str:
    """`24 Apr 2026`. Without a zone in UTC: an observation's time names a period, it is no local moment."""
    local = moment.astimezone(zone or UTC)
    return f"{local.day}{NBSP}{_MONTHS[local.month - 1]}{NBSP}{local.year}"


def minus_signs(text: str) -> str:
    """The text with a true minus sign before each negative number; dates and ranges keep their hyphens."""
    return _NEGATIVE.sub(MINUS, text)


def instant(moment: datetime, zone: ZoneInfo) -> str:
    """`Friday 24 Apr 2026, 07:00 CEST`."""
    local = moment.astimezone(zone)
    name = local.tzname() or "UTC"
    name = f"UTC{name}" if name[0] in "+-" else name
    return f"{_DAYS[local.weekday()]} {day(moment, zone)}, {local:%H:%M}{NBSP}{name}"

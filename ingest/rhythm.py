"""How often a feed says that it changes."""

from __future__ import annotations

import re
from datetime import timedelta

PERIODS = {"hourly": 1, "daily": 24, "weekly": 7 * 24, "monthly": 30 * 24, "yearly": 365 * 24}  # hours
FOREVER = timedelta(days=365)  # more is nobody's rhythm, and would not fit a duration
_NUMBER = re.compile(r"\d{1,9}", re.ASCII)


def fresh_for(ttl: str, period: str, frequency: str) -> timedelta | None:
    """How long the feed stays as it is: <ttl> in minutes, else sy:updatePeriod over sy:updateFrequency.

    None where it says neither, or what it says is no positive number (RSS 2.0; RDF Site Summary
    1.0 Modules: Syndication, by which the frequency is 1 unless stated).
    """
    if _NUMBER.fullmatch(ttl) and int(ttl):
        return min(timedelta(minutes=int(ttl)), FOREVER)
    hours = PERIODS.get(period.lower())
    times = frequency or "1"
    if hours is None or not _NUMBER.fullmatch(times) or not int(times):
        return None
    return timedelta(hours=hours) / int(times)

"""ISO 8601 instants, as JSON feeds and sitemaps write them."""

from __future__ import annotations

from datetime import UTC, datetime


def iso_moment(text: str) -> datetime | None:
    """The instant in whole seconds of UTC, which it is taken to be in where it names no offset; None if it is none."""
    try:
        moment = datetime.fromisoformat(text)
        return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).astimezone(UTC).replace(microsecond=0)
    except (ValueError, OverflowError):
        return None

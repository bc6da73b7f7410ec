"""Options that several commands share."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Annotated

import typer

Config = Annotated[
    Path | None,
    typer.Option("--config", "-c", help="Settings file.", show_default="COUNTERWIRE_CONFIG or ./config.yaml"),
]
Now = Annotated[
    str | None, typer.Option("--now", metavar="ISO", help="Act as if it were this instant (to replay a past world).")
]
AsOf = Annotated[
    str | None,
    typer.Option("--as-of", metavar="DATE|ISO", help="Use only what was known then; a date means its briefing hour."),
]
Json = Annotated[bool, typer.Option("--json", help="Print JSON, for scripts.")]
Name = Annotated[str, typer.Argument(metavar="ID", help="A series' id, such as macro.core_pce.")]


def moment_of(text: str) -> datetime:
    """A date or an instant as a series dates its values: in UTC. Raises InputError."""
    from core.errors import InputError

    try:
        time = datetime.fromisoformat(text)
    except ValueError:
        raise InputError(f"{text!r} is not a date (2026-04-15) or an instant (2026-04-15T06:00:00Z)") from None
    return time.replace(tzinfo=UTC) if time.tzinfo is None else time.astimezone(UTC)


def span_of(text: str) -> timedelta:
    """A span such as 365d. Raises InputError."""
    from core.durations import duration
    from core.errors import InputError

    try:
        return duration(text)
    except ValueError as error:
        raise InputError(str(error)) from None

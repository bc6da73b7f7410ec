"""Options that several commands share."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

Config = Annotated[
    Path | None, typer.Option("--config", "-c", help="Settings file [default: COUNTERWIRE_CONFIG or ./config.yaml].")
]
Now = Annotated[
    str | None, typer.Option("--now", metavar="ISO", help="Act as if it were this instant (to replay a past world).")
]
AsOf = Annotated[
    str | None,
    typer.Option("--as-of", metavar="DATE|ISO", help="Use only what was known then; a date means its briefing hour."),
]
Json = Annotated[bool, typer.Option("--json", help="Print JSON, for scripts.")]

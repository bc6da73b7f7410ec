"""`counterwire doctor`: does everything that a pass needs work on this machine?"""

from __future__ import annotations

import typer

from counterwire.options import Config


def doctor(config: Config = None) -> None:
    """Check settings, database, language models and mail settings, and ask every source once, in words."""
    from counterwire.examination import examine

    bad = 0
    for finding in examine(config):
        typer.echo(f"{'ok  ' if finding.well else 'BAD '} {finding.what}: {finding.words}")
        bad += not finding.well
    if bad:
        typer.echo(f"{bad} to look at")
        raise typer.Exit(1)

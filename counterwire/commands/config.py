"""`counterwire config check`: read everything the owner wrote, and say what is wrong or doubtful."""

from __future__ import annotations

import typer

from counterwire.options import Config

app = typer.Typer(help="Settings and contracts.", no_args_is_help=True)


@app.callback()
def _config() -> None:
    """Settings and contracts."""


@app.command("check")
def check(config: Config = None) -> None:
    """Check settings and contracts; each fault with its file, line and key."""
    from core import accelerators, claims, derived, settings
    from counterwire import paths
    from counterwire.checkup import doubts
    from counterwire.choosing import read_contracts

    chosen, document = settings.load(paths.config_path(config))
    contracts = read_contracts(chosen, document)
    table = accelerators.load(paths.ACCELERATORS)
    told = frozenset(claims.as_series(claims.load(paths.CLAIMS)))
    for doubt in doubts(chosen, document, contracts, table, told=told, derived=derived.load(paths.DERIVED)):
        typer.echo(f"warning: {doubt}")
    series = sum(len(s.series) for s in chosen.sources)
    typer.echo(f"{document.path}: {len(chosen.feeds)} feeds, {len(chosen.sources)} sources of {series} series")
    for contract in contracts:
        typer.echo(
            f"{contract.id}: {len(contract.checks)} checks, {len(contract.concede_if)} concede-if, version {contract.hash}"
        )

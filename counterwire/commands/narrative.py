"""`counterwire narrative`: the contracts, what taught them, and how well they read."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Annotated

import typer

from counterwire.options import AsOf, Config

app = typer.Typer(help="Narratives: start, show and try out contracts.", no_args_is_help=True)
Name = Annotated[str, typer.Argument(metavar="NARRATIVE", help="Its id, such as nvidia_killer.")]


@app.callback()
def _narrative() -> None:
    """Narratives: start, show and try out contracts."""


@app.command("new")
def new(name: Name, config: Config = None) -> None:
    """Write a commented contract to be filled in, where no pass reads it yet."""
    from core import settings
    from core.errors import InputError
    from counterwire import paths
    from counterwire.drafting import draft

    chosen, _ = settings.load(paths.config_path(config))
    if not re.fullmatch(r"[a-z][a-z0-9_]*", name):
        raise InputError(f"{name!r} is no id: small letters, digits and _, a letter first")
    path = chosen.narratives / "drafts" / f"{name}.yaml"
    for taken in (path, chosen.narratives / path.name):
        if taken.exists():
            raise InputError(f"{taken} is there already")
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(draft(name), "utf-8")
    typer.echo(f"{path} is to be filled in; then `counterwire narrative test {name}`")


@app.command("list")
def listed(config: Config = None) -> None:
    """List the narratives with their examples and labels."""
    from counterwire.house import open_house
    from store import labels

    with open_house(config) as house:
        held = labels.counts(house.db, [c.id for c in house.contracts], as_of=house.clock())
        for contract in house.contracts:
            examples = sum(len(getattr(contract.examples, kind)) for kind in type(contract.examples).model_fields)
            typer.echo(
                f"{contract.id}: {contract.title}, {examples} examples, {held[contract.id]} labels, "
                f"{len(contract.checks)} checks, version {contract.hash}"
            )


@app.command("show")
def show(name: Name, config: Config = None, as_of: AsOf = None) -> None:
    """Show a contract, the model that tags it with its card, and how often that was found right."""
    from counterwire.choosing import chosen
    from counterwire.house import open_house
    from counterwire.narratives import shown

    with open_house(config) as house:
        (contract,) = chosen(house.contracts, name)
        typer.echo("\n".join(shown(house, contract, as_of=house.instant(as_of))))


@app.command("test")
def try_out(
    name: Annotated[str, typer.Argument(metavar="NARRATIVE|FILE", help="An id, or the file of a draft.")],
    config: Config = None,
    newest: Annotated[int, typer.Option(min=0, max=10_000, help="How many of the newest articles to tag.")] = 200,
) -> None:
    """Fit a contract, and show which of its examples are misread and how it tags the newest articles."""
    from core import contracts
    from core.errors import InputError
    from counterwire.house import open_house
    from counterwire.narratives import tried

    with open_house(config) as house:
        folder = house.settings.narratives
        places = (folder / f"{name}.yaml", folder / "drafts" / f"{name}.yaml", Path(name))
        found = next((p for p in places if p.is_file()), None)
        if found is None:
            raise InputError(
                f"there is no narrative, draft or file {name!r}; there are {', '.join(c.id for c in house.contracts)}"
            )
        for line in tried(house, contracts.load(found), newest=newest):
            typer.echo(line)

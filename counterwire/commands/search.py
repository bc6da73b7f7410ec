"""`counterwire search`: full-text search over titles and texts."""

from __future__ import annotations

import json
from dataclasses import asdict
from typing import Annotated

import typer

from core.clock import stamp
from counterwire.options import Config, Json


def search(
    query: Annotated[str, typer.Argument(help="Words to look for; quotation marks make a phrase.")],
    config: Config = None,
    narrative: Annotated[str | None, typer.Option(help="Only articles that carry this narrative.")] = None,
    limit: Annotated[int, typer.Option(min=1, max=1000)] = 20,
    as_json: Json = False,
) -> None:
    """Search the kept articles, best match first."""
    from counterwire.choosing import chosen
    from counterwire.house import open_house
    from store.articles import search as find

    with open_house(config) as house:
        chosen(house.contracts, narrative)  # raises where there is none
        found = find(house.db, query, limit=limit, narrative=narrative)
        for hit in found:
            if as_json:
                typer.echo(json.dumps({**asdict(hit), "first_seen": stamp(hit.first_seen)}, ensure_ascii=False))
            else:
                typer.echo(
                    f"{hit.first_seen:%Y-%m-%d}  {hit.source}: {hit.title}\n            {hit.url}\n            {hit.snippet}"
                )
        if not found and not as_json:
            typer.echo("nothing found")

"""`counterwire label`: say what articles carry, one key an article."""

from __future__ import annotations

import os
import sys
from typing import Annotated

import typer

from counterwire.options import Config, Now


def label(
    narrative: Annotated[str | None, typer.Argument(help="Only this narrative.", show_default="all in turn")] = None,
    config: Config = None,
    now: Now = None,
    who: Annotated[str | None, typer.Option(help="Who labels.", show_default="your user name")] = None,
    limit: Annotated[int, typer.Option(min=1, max=1000, help="How many articles to ask about.")] = 20,
) -> None:
    """Label articles drawn by lot and articles that the tagger is unsure of; what is said is kept at once."""
    from counterwire.choosing import chosen
    from counterwire.house import open_house
    from counterwire.labelling import conversation, queue
    from store import labels

    with open_house(config, now=now) as house:
        items = queue(house, chosen(house.contracts, narrative), now=house.clock(), limit=limit)
        given = conversation(
            items,
            iter(sys.stdin.readline, ""),
            show=lambda text: typer.echo(text, nl=not text.endswith(": ")),
            save=lambda said: labels.save(house.db, said),
            who=who or os.environ.get("USER") or "analyst",
            clock=house.clock,
        )
        typer.echo(f"\n{given} labelled" if items else "nothing is left to label")

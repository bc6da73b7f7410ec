"""`counterwire train`: let the labels teach the tagger."""

from __future__ import annotations

from datetime import timedelta
from typing import Annotated

import typer

from counterwire.options import Config, Now

# A window of seven days and the 56 before it that say what is usual: counted by one model, or a new one reads as a trend.
DAYS = 63


def train(
    narrative: Annotated[str | None, typer.Argument(help="Only this narrative.", show_default="all")] = None,
    config: Config = None,
    now: Now = None,
    days: Annotated[
        int, typer.Option(min=0, help="What was read in so many days is tagged anew by the next pass.")
    ] = DAYS,
) -> None:
    """Fit the contracts' examples and all labels anew: another model, whose tags stand beside the old ones."""
    from rich.console import Console

    from counterwire.choosing import chosen
    from counterwire.house import alone, open_house
    from counterwire.stages import LISTENS
    from counterwire.teaching import train as fit
    from store import events, labels, tags
    from store.database import writing

    with open_house(config, now=now) as house:
        moment = house.clock()
        with alone(house):
            for contract in chosen(house.contracts, narrative):
                before = labels.training(house.db, contract.id, as_of=moment)
                with Console(stderr=True).status(f"fitting {contract.id}"):
                    done = fit(house, contract, now=moment)
                told = tags.model_card(house.db, done.model) or {}
                scores = ", ".join(f"{name} {score:.3f}" for name, score in told.get("scores", {}).items())
                kept = " (nothing new)" if before and before.model == done.model else ""
                typer.echo(f"{contract.id}: {done.labels} labels, model {done.model}{kept}\n  {scores}")
            with writing(house.db):
                events.rewind(house.db, "tagging", LISTENS["tagging"], since=moment - timedelta(days=days))
        typer.echo(f"the next pass tags what was read in the last {days} days anew; older tags stay as they are")

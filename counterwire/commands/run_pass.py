"""`counterwire run`: one pass."""

from __future__ import annotations

import json

import typer

from counterwire.options import Config, Json, Now


def run(config: Config = None, now: Now = None, as_json: Json = False) -> None:
    """One pass: poll what is due, tag it, collect series, judge, and brief and send when due."""
    from counterwire.house import alone, open_house
    from counterwire.passes import one_pass

    with open_house(config, now=now) as house:
        with alone(house):
            done = one_pass(house, now=house.clock())
        if as_json:
            typer.echo(
                json.dumps(
                    [{"stage": d.stage, "handled": d.handled, "new": d.new, "problems": d.problems} for d in done]
                )
            )
            return
        for d in done:
            typer.echo(
                f"{d.stage:8} {d.handled:6} handled {d.new:6} new"
                + (f"  {len(d.problems)} failed" if d.problems else "")
            )
            for problem in d.problems:
                typer.echo(f"         - {problem}")
        if not any(d.handled for d in done):
            typer.echo("nothing was due")

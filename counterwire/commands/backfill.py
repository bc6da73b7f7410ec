"""`counterwire backfill`: import history, marked as such."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Annotated

import typer

from counterwire.options import Config, Now

BATCH = 500
app = typer.Typer(help="Import history of articles and series, marked as imported.", no_args_is_help=True)


@app.command("articles")
def articles(
    source: Annotated[
        Path,
        typer.Argument(metavar="FILE", help="JSONL (id, title, text, source, url, published), .parquet, or .warc."),
    ],
    config: Config = None,
    lag: Annotated[str, typer.Option(help="How long after publication an article counts as first seen.")] = "1h",
    before: Annotated[
        str | None, typer.Option(metavar="DATE|ISO", help="Only articles first seen before this instant.")
    ] = None,
    now: Now = None,
) -> None:
    """Import articles of a file; running it again goes on where it stopped, and adds nothing twice."""
    from rich.console import Console
    from rich.progress import Progress

    from core.clock import stamp
    from core.durations import duration
    from core.errors import InputError
    from counterwire.house import alone, open_house
    from counterwire.stages.history import Importer, extent, found_in, name_of

    with open_house(config, now=now) as house:
        try:
            wait = duration(lag)
        except ValueError as error:
            raise InputError(f"--lag: {error}") from None
        try:
            limit = house.instant(before) if before else house.clock()
        except InputError as error:
            raise InputError(f"--before: {error}") from None
        with alone(house), Progress(console=Console(stderr=True)) as bar:
            importer = Importer(house, file=name_of(source, lag, before or ""), now=house.clock())
            if importer.start:
                typer.echo(f"{source}: goes on where the last import was ended")
            task = bar.add_task("articles", total=extent(source), completed=importer.start)
            for one in found_in(source, lag=wait, feeds=house.settings.feeds, start=importer.start):
                importer.take(one, before=limit)
                bar.update(task, completed=one.position)
            bar.update(task, completed=extent(source))
            bar.add_task("stories and tags", total=None)
            importer.finish()
        for line in importer.bad[:10]:
            typer.echo(f"skipped {line.name}:{line.line}: {line.reason}", err=True)
        if len(importer.bad) > 10:
            typer.echo(f"and {len(importer.bad) - 10} more like these", err=True)
        later = f", {importer.later} left out: first seen later than {stamp(limit)}" if importer.later else ""
        typer.echo(
            f"{importer.added} articles added, {importer.known} known already, {len(importer.bad)} lines skipped{later}"
        )


@app.command("series")
def series(config: Config = None, now: Now = None) -> None:
    """Fetch every source's history; each value counts as first seen by its source's publication rule."""
    from counterwire.house import alone, open_house
    from counterwire.stages import Done
    from counterwire.stages.series import visit
    from ingest.client import Client
    from store import runs
    from store.database import writing

    with open_house(config, now=now) as house:
        moment = house.clock()

        async def fetch_all(run: int) -> Done:
            async with Client(house.settings.fetch) as client:
                return await visit(house, client, list(house.settings.sources), now=moment, run=run, imported=True)

        with alone(house):
            with writing(house.db):
                run = runs.start(house.db, now=moment)
            done = asyncio.run(fetch_all(run))
            with writing(house.db):
                summary = {"backfill": {"handled": done.handled, "new": done.new, "problems": list(done.problems)}}
                runs.finish(house.db, run, summary=summary, at=moment)
        typer.echo(
            f"{done.new} observations from {done.handled} sources, {len(done.problems)} series without an answer"
        )
        for problem in done.problems:
            typer.echo(f"  - {problem}")

"""What `counterwire series` takes in: collected now, imported from files, released from quarantine."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from counterwire.options import Config, Name, Now, moment_of, span_of

if TYPE_CHECKING:
    from counterwire.stages import Done
    from ingest.web import Answer, Web


def collect(
    sources: Annotated[
        list[str] | None, typer.Argument(metavar="[SOURCE]...", help="Sources' ids; all if none.")
    ] = None,
    config: Config = None,
    now: Now = None,
) -> None:
    """Ask sources now, due or not."""
    from core.errors import InputError
    from counterwire.house import alone, open_house
    from counterwire.progress import bar
    from counterwire.stages.series import visit
    from ingest.client import Client
    from store import runs
    from store.database import writing

    with open_house(config, now=now) as house:
        by_id = {s.id: s for s in house.settings.sources}
        unknown = [name for name in sources or [] if name not in by_id]
        if unknown:
            raise InputError(f"there is no source {', '.join(unknown)}; there are {', '.join(by_id)}")
        chosen = [by_id[name] for name in sources or by_id]
        moment = house.clock()

        async def ask(run: int, step: Callable[[], None]) -> Done:
            async with Client(house.settings.fetch) as client:
                return await visit(house, _Counted(client, step), chosen, now=moment, run=run)

        with alone(house), bar(f"answers of {len(chosen)} sources") as step:
            with writing(house.db):
                run = runs.start(house.db, now=moment)
            done = asyncio.run(ask(run, step))
            with writing(house.db):
                told = {"handled": done.handled, "new": done.new, "problems": list(done.problems)}
                runs.finish(house.db, run, summary={"series": told}, at=moment)
        typer.echo(f"{done.new} new observations from {done.handled} sources, {len(done.problems)} series with a fault")
        for problem in done.problems:
            typer.echo(f"  - {problem}")


def bring_in(
    path: Annotated[Path, typer.Argument(metavar="FILE.csv|FOLDER", help="A table, or a folder of them.")],
    *,
    config: Config = None,
    series: Annotated[
        str | None, typer.Option("--series", metavar="ID", help="The series that the file holds.")
    ] = None,
    date_column: Annotated[str, typer.Option(help="The column that dates a row.")] = "date",
    value_column: Annotated[str, typer.Option(help="The column with the number.")] = "value",
    unit: Annotated[str | None, typer.Option(help="The unit.", show_default="that of the settings")] = None,
    lag: Annotated[
        str | None,
        typer.Option(help="How long after its time a value was known.", show_default="that of the settings, or 1d"),
    ] = None,
    mapping: Annotated[
        Path | None,
        typer.Option(help="For a folder: a YAML file that says which column of which file is which series."),
    ] = None,
    now: Now = None,
) -> None:
    """Import history from CSV, marked as imported; running it again adds nothing twice."""
    from core import imports
    from core.errors import InputError
    from counterwire.house import alone, open_house
    from counterwire.importing import bring_in as one_file
    from counterwire.progress import bar

    if (mapping is None) == (series is None):
        raise InputError("say either --series for one file, or --mapping for a folder of them")
    if mapping is not None:
        tables: tuple[imports.Table, ...] = imports.load(mapping)
    else:
        column = imports.Column(value=value_column, unit=unit, lag=span_of(lag) if lag else None)
        tables = (imports.Table(file=path.name, date=date_column, series={series or "": column}),)
    with open_house(config, now=now) as house:
        new = kept_apart = 0
        with alone(house), bar("files", len(tables)) as step:
            for table in tables:
                at = path / table.file if mapping is not None else path
                added, held = one_file(house, table, at, now=house.clock())
                new, kept_apart = new + added, kept_apart + held
                step()
        typer.echo(f"{new} observations imported from {len(tables)} files, {kept_apart} kept apart as implausible")


def release(
    name: Name,
    time: Annotated[str, typer.Option(metavar="DATE|ISO", help="The time of the value, as `list --quarantined` says.")],
    config: Config = None,
    now: Now = None,
) -> None:
    """Let a quarantined value in: it counts from now on, and in no earlier briefing."""
    from counterwire.house import open_house
    from counterwire.shelf import number
    from store import events, quarantine
    from store.database import writing

    with open_house(config, now=now) as house:
        moment = house.clock()
        with writing(house.db):
            freed = quarantine.release(house.db, name, time=moment_of(time), at=moment)
            events.append(house.db, "vintage", [name], at=moment)
        typer.echo(
            f"{name}: {number(freed.value)} for {freed.time:%Y-%m-%d} counts from {moment:%Y-%m-%d %H:%M} UTC on"
        )


class _Counted:
    """A web whose answers are counted as they come. How many there will be nobody knows: pages name further pages."""

    def __init__(self, web: Web, step: Callable[[], None]) -> None:
        self._web, self._step = web, step

    async def get(self, url: str, *, headers: Mapping[str, str] | None = None, cap: int | None = None) -> Answer:
        """As the web behind it."""
        try:
            return await self._web.get(url, headers=headers, cap=cap)
        finally:
            self._step()

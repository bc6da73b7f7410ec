"""`counterwire series`: what is known of every series, by whom, since when."""

from __future__ import annotations

import json
from datetime import datetime
from typing import TYPE_CHECKING, Annotated

import typer

from counterwire.commands.series_intake import bring_in, collect, release
from counterwire.options import AsOf, Config, Json, Name, moment_of, span_of

if TYPE_CHECKING:
    from core.series import Series
    from counterwire.house import House

LAST = 12  # observations that `show` prints unless it is told from when
From = Annotated[str | None, typer.Option("--from", metavar="DATE", help="Only values for this day and later.")]
To = Annotated[str | None, typer.Option("--to", metavar="DATE", help="Only values for this day and earlier.")]

app = typer.Typer(help="Show, plot, collect and import series.", no_args_is_help=True)


@app.command("list")
def show_all(
    *,
    config: Config = None,
    as_of: AsOf = None,
    prefix: Annotated[str, typer.Option(help="Only ids that begin with this.")] = "",
    quarantined: Annotated[bool, typer.Option("--quarantined", help="The values that were kept apart.")] = False,
    as_json: Json = False,
) -> None:
    """List every series: last time and value, vintages held, and how old it is."""
    from counterwire.house import open_house
    from counterwire.known import known
    from counterwire.shelf import number, row
    from store.series import sources

    with open_house(config) as house:
        moment = house.instant(as_of)
        if quarantined:
            _show_quarantine(house, moment, prefix=prefix, as_json=as_json)
            return
        of = sources(house.db)
        held = {n: s for n, s in known(house, None, as_of=moment).items() if n.startswith(prefix)}
        rows = [row(s, of.get(name, "derived or claimed"), as_of=moment) for name, s in sorted(held.items())]
        if as_json:
            typer.echo(json.dumps(rows, ensure_ascii=False))
            return
        wide = max((len(r["id"]) for r in rows), default=0)
        typer.echo(f"{'id':{wide}}  last time           last value  vintages  unit; source; freshness")
        for r in rows:
            value = "" if r["last_value"] is None else number(r["last_value"])
            told = f"{r['unit']}; {r['source']}; {r['freshness']}"
            typer.echo(f"{r['id']:{wide}}  {(r['last_time'] or '')[:10]:10}  {value:>18}  {r['vintages']:>8}  {told}")


@app.command("show")
def show(
    name: Name,
    *,
    config: Config = None,
    as_of: AsOf = None,
    since: From = None,
    until: To = None,
    over: Annotated[str | None, typer.Option(metavar="SPAN", help="The change over a span, such as 365d.")] = None,
    vintages: Annotated[bool, typer.Option("--vintages", help="Every value ever said of each time.")] = False,
    as_json: Json = False,
) -> None:
    """Show a series as it was known: its values, what they were first, and how it moved."""
    from counterwire import shelf
    from counterwire.house import open_house
    from signals.derived import RULES, members

    span = span_of(over) if over else None
    with open_house(config) as house:
        moment = house.instant(as_of)
        series = _find(house, name, moment)
        cut = series.known_at(moment)
        chosen = shelf.within(cut, _day(since), _day(until))
        times = {o.time for o in chosen}
        listed = [o for o in series.observations if o.time in times] if vintages else list(chosen)
        if as_json:
            values = [shelf.observed(o) for o in listed]
            typer.echo(json.dumps({"id": name, "unit": series.unit, "observations": values}, ensure_ascii=False))
            return
        typer.echo(f"{name} in {series.unit or 'no unit'}: {shelf.freshness(cut, as_of=moment)}")
        for one in house.derived:
            if one.id == name:
                typer.echo(shelf.made_of(one, members(one, house.accelerators), RULES))
        shown = listed if since or until or vintages else listed[-LAST:]
        for o in shown:
            mark = "  imported" if o.imported else ""
            typer.echo(
                f"  {o.time:%Y-%m-%d}  {shelf.number(o.value):>20}  first seen {o.first_seen:%Y-%m-%d %H:%M}{mark}"
            )
        if len(chosen) > 1 and (since or until):
            typer.echo(shelf.moved(series.unit, chosen))
        if span and chosen:
            before = shelf.earlier(cut.observations, span)
            typer.echo(
                shelf.moved(series.unit, (before, chosen[-1])) if before else f"nothing is known near {over} before"
            )
        if not chosen:
            typer.echo("  nothing is known for these days")


@app.command("plot")
def plot(name: Name, *, config: Config = None, as_of: AsOf = None, since: From = None, until: To = None) -> None:
    """Draw a series in the terminal, as it was known."""
    from counterwire import shelf
    from counterwire.house import open_house
    from counterwire.plotting import plot as drawn

    with open_house(config) as house:
        moment = house.instant(as_of)
        series = _find(house, name, moment)
        chosen = shelf.within(series.known_at(moment), _day(since), _day(until))
        typer.echo(drawn(chosen, unit=f"{name}, {series.unit}") if chosen else "nothing is known for these days")


app.command("collect")(collect)
app.command("import")(bring_in)
app.command("release")(release)


def _show_quarantine(house: House, moment: datetime, *, prefix: str, as_json: bool) -> None:
    from core.clock import stamp
    from counterwire.shelf import number
    from store import quarantine

    for q in quarantine.held(house.db, as_of=moment):
        if not q.series.startswith(prefix):
            continue
        released = stamp(q.released) if q.released else None
        told = {"id": q.series, "time": stamp(q.time), "value": q.value, "first_seen": stamp(q.first_seen)}
        if as_json:
            typer.echo(json.dumps({**told, "released": released}))
        else:
            state = f"released {released}" if released else "held"
            typer.echo(f"{q.series}  {stamp(q.time)}  {number(q.value)}  first seen {stamp(q.first_seen)}  {state}")


def _find(house: House, name: str, moment: datetime) -> Series:
    from core.errors import InputError
    from counterwire.known import known

    found = known(house, [name], as_of=moment).get(name)
    if found is None:
        raise InputError(f"nothing is known of a series {name!r} at that time; `counterwire series list` names them")
    return found


def _day(text: str | None) -> datetime | None:
    return None if text is None else moment_of(text)

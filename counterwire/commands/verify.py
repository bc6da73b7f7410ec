"""`counterwire verify`: does every sentence of a sent briefing still follow from the stored rows?"""

from __future__ import annotations

from typing import Annotated

import typer

from counterwire.options import Config


def verify(
    briefing: Annotated[
        str | None, typer.Argument(help="The briefing's id, such as 2026-04-20.", show_default="the newest")
    ] = None,
    ledger: Annotated[bool, typer.Option("--ledger", help="Look at the ledger of calls alone.")] = False,
    config: Config = None,
) -> None:
    """Recompute every figure, quotation and link of a sent briefing; ends with 1 where one does not hold.

    The ledger of calls is looked at too: the first row that is not as it was written is named, and the
    first briefing that printed another end of it.
    """
    from counterwire.house import open_house
    from counterwire.verification import kept, verified
    from store import calls

    with open_house(config) as house:
        rows, head = calls.head(house.db)
        edited = calls.first_edited(house.db) or calls.first_denied(house.db)
        typer.echo(
            f"does not hold: {edited}" if edited else f"ledger: {rows} rows, its last hash is {head[:12]}",
            err=bool(edited),
        )
        if ledger or edited:
            raise typer.Exit(1 if edited else 0)
        report = verified(house, kept(house, briefing))
        held = report.held
        for fault in report.faults:
            typer.echo(f"does not hold: {fault}", err=True)
        typer.echo(
            f"briefing {report.briefing}: {held.figures} statements with figures, {held.quotations} quotations, "
            f"{held.links} links and {held.rows} stored rows looked at; "
            + (f"{len(report.faults)} do not hold" if report.faults else "all hold")
        )
        if report.faults:
            raise typer.Exit(1)

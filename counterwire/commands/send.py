"""`counterwire send`: deliver what waits in the outbox, look at it, or send a briefing once more."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from counterwire.options import Config, Now

if TYPE_CHECKING:
    from counterwire.house import House


def send(
    config: Config = None,
    now: Now = None,
    *,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Print what would go to whom, and send nothing.")] = False,
    resend: Annotated[
        str | None, typer.Option(metavar="BRIEFING", help="Send a briefing again, with the same Message-ID.")
    ] = None,
    to: Annotated[
        str | None, typer.Option(metavar="ADDRESS", help="With --resend: to this address alone, new or not.")
    ] = None,
    yes: Annotated[bool, typer.Option("--yes", help="With --resend: do not ask.")] = False,
) -> None:
    """Send the queued messages that are due; what fails stays queued."""
    from core.errors import DeliveryError, InputError
    from counterwire.house import open_house
    from counterwire.stages.sending import sending

    if to and not resend:
        raise InputError("--to goes with --resend BRIEFING")
    with open_house(config, now=now) as house:
        moment = house.clock()
        if resend:
            _queue_again(house, resend, to, dry_run=dry_run, yes=yes)
        if dry_run:
            _print_due(house)
            return
        done = sending(house, now=moment)
        typer.echo(f"{done.new} of {done.handled} messages sent")
        if done.problems:
            raise DeliveryError("; ".join(done.problems))


def _queue_again(house: House, briefing: str, to: str | None, *, dry_run: bool, yes: bool) -> None:
    from counterwire.resending import again, chosen

    wanted = chosen(house, briefing, to)
    for recipient in wanted:
        typer.echo(f"again to {recipient}: {briefing}")
    if dry_run:
        return
    if not yes:
        typer.confirm(f"Send {briefing} again to {len(wanted)} of its readers?", abort=True)
    again(house, briefing, wanted, at=house.clock())


def _print_due(house: House) -> None:
    from core.clock import stamp
    from core.errors import DeliveryError
    from counterwire.letters import letter
    from store import outbox

    waiting = [d for d in outbox.unsent(house.db) if d.next_try]
    for d in waiting:
        try:
            subject = letter(house, d.briefing).subject
        except DeliveryError as error:
            subject = error.reason
        when = "now" if d.next_try and d.next_try <= house.clock() else f"from {stamp(d.next_try or house.clock())}"
        typer.echo(f"to {d.recipient} ({d.form}, {when}, try {d.attempts + 1}): {d.briefing}, {subject}")
    typer.echo(f"{len(waiting)} messages wait; nothing was sent")

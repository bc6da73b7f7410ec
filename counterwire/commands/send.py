"""`counterwire send`: deliver what waits in the outbox."""

from __future__ import annotations

import typer

from counterwire.options import Config, Now


def send(config: Config = None, now: Now = None) -> None:
    """Send the queued messages that are due; what fails stays queued."""
    from core.errors import DeliveryError
    from counterwire.house import alone, open_house
    from counterwire.stages.sending import sending

    house = open_house(config, now=now)
    with alone(house):
        done = sending(house, now=house.clock())
    typer.echo(f"{done.new} of {done.handled} messages sent")
    if done.problems:
        raise DeliveryError("; ".join(done.problems))

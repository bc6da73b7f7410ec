"""`counterwire web`: the desk in a browser."""

from __future__ import annotations

from ipaddress import ip_address
from typing import Annotated

import typer

from counterwire.options import Config


def web(
    config: Config = None,
    host: Annotated[
        str, typer.Option(help="The address to answer on; others than 127.0.0.1 are open to a network.")
    ] = ("127.0.0.1"),
    port: Annotated[int, typer.Option(min=1, max=65535)] = 8765,
) -> None:
    """Serve briefings, narratives, the label form and the rows of the database until Ctrl-C."""
    from urllib.parse import urlsplit

    from core.errors import InputError
    from counterwire.house import open_house

    with open_house(config) as house:
        try:
            from briefing.words import SAMPLE
            from counterwire.doors import doors
            from desk.server import serve
        except ImportError as error:
            raise InputError(f"the web pages need {error.name}: pip install 'counterwire[web]'") from error
        named = urlsplit(house.settings.web.url).hostname
        if not _is_loopback(host):
            typer.echo(f"warning: {host} is open to its network, and so are all articles kept here", err=True)
        typer.echo(f"http://{host}:{port}/ until Ctrl-C")
        try:
            serve(
                house.settings.database,
                doors(house),
                host=host,
                port=port,
                mark=SAMPLE if house.sample else "",
                hosts=tuple(dict.fromkeys(filter(None, ("127.0.0.1", "localhost", host, named)))),
            )
        except SystemExit as error:  # how uvicorn says that it could not bind
            raise InputError(f"{host}:{port} cannot be bound; another program may have it") from error


def _is_loopback(host: str) -> bool:
    try:
        return host == "localhost" or ip_address(host).is_loopback
    except ValueError:
        return False

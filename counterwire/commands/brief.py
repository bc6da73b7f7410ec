"""`counterwire brief`: the briefing of any instant, recomputed."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from counterwire.options import AsOf, Config


class Form(StrEnum):
    """The forms that a briefing is rendered in."""

    HTML = "html"
    TEXT = "text"
    MARKDOWN = "markdown"
    JSON = "json"


def brief(
    config: Config = None,
    as_of: AsOf = None,
    form: Annotated[Form, typer.Option("--form", help="What to print.")] = Form.TEXT,
    out: Annotated[Path | None, typer.Option(help="Write all four forms into this folder instead of printing.")] = None,
) -> None:
    """Recompute the briefing that was possible at an instant; nothing is stored or sent."""
    from counterwire.house import open_house
    from counterwire.stages.briefs import composed
    from counterwire.stages.judge import Court
    from counterwire.stages.sending import publish

    house = open_house(config)
    edition = composed(house, Court(house), as_of=house.instant(as_of))
    if out is None:
        typer.echo(edition.renders[form], nl=not edition.renders[form].endswith("\n"))
        return
    for path in publish(edition.renders, out, edition.id):
        typer.echo(path)

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
    PAGE = "page"


def brief(
    config: Config = None,
    as_of: AsOf = None,
    edition: Annotated[str, typer.Option(help="Which edition, by its id in delivery.editions.")] = "daily",
    form: Annotated[Form, typer.Option("--form", help="What to print.")] = Form.TEXT,
    out: Annotated[
        Path | None, typer.Option(help="Write every form and the pictures into this folder instead of printing.")
    ] = None,
) -> None:
    """Recompute the briefing that was possible at an instant; nothing is stored or sent."""
    from core.clock import instant
    from counterwire.house import open_house
    from counterwire.stages.briefs import composed, one_form, terms_of
    from counterwire.stages.judge import Court
    from counterwire.stages.sending import publish

    with open_house(config) as house:
        terms = terms_of(house, edition)
        moment = instant(as_of, zone=terms.place, hour=terms.clock) if as_of else house.clock()
        if out is None:
            text = one_form(house, Court(house), form.value, as_of=moment, edition=edition)
            typer.echo(text, nl=not text.endswith("\n"))
            return
        made = composed(house, Court(house), as_of=moment, edition=edition)
        for path in publish(made.renders, out, made.id, made.pictures):
            typer.echo(path)

"""`counterwire demo`: the whole pipeline on the bundled sample week, without any network."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer


def demo(
    folder: Annotated[Path, typer.Option("--out", help="Where to put the briefing and the database.")] = Path("demo"),
) -> None:
    """Run the pipeline on a bundled sample: fictitious articles, real figures, no network."""
    from rich.progress import track

    from counterwire.passes import one_pass
    from counterwire.sample import MORNINGS, SampleWeb, furnish
    from counterwire.stages.briefs import composed
    from counterwire.stages.judge import Court
    from counterwire.stages.sending import publish

    with furnish(folder) as house:
        for morning in track(MORNINGS, "eight mornings", transient=True):
            one_pass(house, now=morning, web=SampleWeb(morning))
        edition = composed(house, Court(house), as_of=MORNINGS[-1])
        written = publish(edition.renders, folder, "briefing", edition.pictures)
    typer.echo(edition.briefing.subject)
    page, mail, *rest = written
    typer.echo(f"the page: {page} (open it in a browser); {mail} is the mail that goes out;")
    typer.echo(f"{', '.join(str(p) for p in rest)} say the same as the mail;")
    typer.echo(f"{folder / 'counterwire.db'} opens in any SQLite client; begin with the view tagged_articles")

"""`counterwire backtest`: past mornings judged by the live code, with what was known then."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Annotated

import typer

from counterwire.options import Config, Json, Now


def backtest(
    *,
    first: Annotated[str, typer.Option("--from", metavar="DATE", help="The first morning.")],
    last: Annotated[str, typer.Option("--to", metavar="DATE", help="The last morning.")],
    narrative: Annotated[str | None, typer.Option(metavar="ID", help="Only this narrative.")] = None,
    out: Annotated[Path | None, typer.Option(metavar="REPORT.html", help="Write the report here.")] = None,
    as_json: Json = False,
    config: Config = None,
    now: Now = None,
) -> None:
    """Replay the verdicts of past mornings and say what followed. It is a test of the method, and no trading record."""
    from functools import partial
    from importlib.util import find_spec

    from rich.console import Console
    from rich.progress import track

    from core.errors import InputError
    from counterwire.backtest import backtested, chosen, mornings
    from counterwire.backtest_report import in_figures, in_words, report
    from counterwire.house import open_house

    if find_spec("arch") is None:  # it brings 240 MB (pandas, statsmodels), and the daily pass needs none of it
        raise InputError("a backtest needs an extra: pip install 'counterwire[backtest]'")
    with open_house(config, now=now) as house:
        moment = house.clock()
        span = mornings(house, first, last, now=moment)
        bar = partial(
            track, description="mornings", console=Console(stderr=True), transient=True, disable=not sys.stderr.isatty()
        )
        found = backtested(house, chosen(house, narrative), span, now=moment, track=bar)
        if out is not None:
            try:
                out.write_text(report(house, found), encoding="utf-8", newline="")
            except OSError as error:
                raise InputError(f"--out {out}: {error.strerror}") from None
        if as_json:
            typer.echo(json.dumps(in_figures(found), ensure_ascii=False, allow_nan=False, indent=2))
            return
        for one in found:
            typer.echo("\n".join(in_words(one)))
        if out is not None:
            typer.echo(out)

"""The command line: one file per command, and what an error means to the shell."""

from __future__ import annotations

import logging
import sys
from collections.abc import Sequence

import typer

from core.errors import ConfigError, CounterwireError, DeliveryError, InputError, StoreError
from counterwire import __version__
from counterwire.commands import (
    backfill,
    backtest,
    brief,
    config,
    demo,
    doctor,
    evaluate,
    explain,
    feeds,
    init,
    label,
    narrative,
    run_pass,
    search,
    send,
    series,
    status,
    tag,
    train,
    verify,
    watch,
    web,
)

EXIT_CODES = {ConfigError: 3, InputError: 4, StoreError: 5, DeliveryError: 6}
EPILOG = "Exit codes: 0 done, 1 a check failed, 2 wrong usage, 3 settings or contract, 4 input, 5 database, 6 delivery."

app = typer.Typer(
    name="counterwire",
    help="Reads the financial press, checks its narratives against data, and mails a contrarian briefing.",
    epilog=EPILOG,
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)
app.command("init")(init.init)
app.command("demo")(demo.demo)
app.command("run")(run_pass.run)
app.command("watch")(watch.watch)
app.command("brief")(brief.brief)
app.command("send")(send.send)
app.command("search")(search.search)
app.command("verify")(verify.verify)
app.command("backtest")(backtest.backtest)
app.command("explain")(explain.explain)
app.command("tag")(tag.tag)
app.command("evaluate")(evaluate.evaluate)
app.command("label")(label.label)
app.command("train")(train.train)
app.command("status")(status.status)
app.command("web")(web.web)
app.command("doctor")(doctor.doctor)
app.add_typer(backfill.app, name="backfill")
app.add_typer(config.app, name="config")
app.add_typer(feeds.app, name="feeds")
app.add_typer(narrative.app, name="narrative")
app.add_typer(series.app, name="series")


@app.callback(invoke_without_command=True)
def _version(version: bool = typer.Option(False, "--version", help="Print the version and stop.")) -> None:
    if version:
        typer.echo(f"counterwire {__version__}")
        raise typer.Exit


def run(arguments: Sequence[str]) -> int:
    """Run one command and return its exit code; a user's mistake never prints a traceback."""
    logging.basicConfig(stream=sys.stderr, level=logging.WARNING, format="%(levelname)s %(name)s: %(message)s")
    try:
        app(list(arguments))
    except CounterwireError as error:
        typer.echo(f"error: {error}", err=True)
        return next((code for kind, code in EXIT_CODES.items() if isinstance(error, kind)), 1)
    except OSError as error:
        if error.filename is None:  # of no file that the user could see to
            raise
        typer.echo(f"error: {error.filename}: {error.strerror}", err=True)
        return EXIT_CODES[InputError]
    except SystemExit as done:  # how typer ends: with 0, with 2 for wrong usage, or with what a command chose
        return done.code if isinstance(done.code, int) else int(done.code is not None)
    return 0

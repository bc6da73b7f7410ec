"""`counterwire init`: a folder to start from."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Annotated

import typer


def init(folder: Annotated[Path, typer.Argument(help="Where to put config.yaml and narratives/.")] = Path()) -> None:
    """Copy the shipped settings and contracts into a folder, to be edited there."""
    from core.errors import InputError
    from counterwire import paths

    taken = [p for p in (folder / "config.yaml", folder / "narratives") if p.exists()]
    if taken:
        raise InputError(f"{taken[0]} exists already; nothing was written")
    folder.mkdir(parents=True, exist_ok=True)
    shutil.copy(paths.CONFIG, folder / "config.yaml")
    shutil.copytree(paths.NARRATIVES, folder / "narratives")
    typer.echo(f"wrote {folder / 'config.yaml'} and {folder / 'narratives'}")
    typer.echo("next: put your address under fetch.contact, then `counterwire config check` and `counterwire run`")

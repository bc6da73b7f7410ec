"""Files of one JSON object a line, opened so that a user's mistake is named."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TextIO

from core.errors import InputError


@contextmanager
def lines(path: Path) -> Iterator[Iterator[str]]:
    """The lines of a file (`-` is standard input); raises InputError if it cannot be read."""
    if str(path) == "-":
        yield iter(sys.stdin)
        return
    try:
        with path.open(encoding="utf-8") as file:
            yield iter(file)
    except OSError as error:
        raise InputError(f"{path}: {error.strerror}") from None
    except UnicodeDecodeError as error:
        raise InputError(f"{path}: is not UTF-8 (byte {error.start})") from None


@contextmanager
def writing_to(path: Path | None) -> Iterator[TextIO]:
    """A file to write, which appears under its name only when it is complete; None prints."""
    if path is None:
        yield sys.stdout
        return
    if path.is_dir():
        raise InputError(f"{path}: is a directory")
    part = path.with_name(path.name + ".part")
    try:
        with part.open("w", encoding="utf-8", newline="\n") as file:
            yield file
        part.replace(path)
    except OSError as error:
        raise InputError(f"{path}: {error.strerror}") from None
    finally:
        part.unlink(missing_ok=True)

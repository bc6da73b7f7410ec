"""How far long work is: a bar beside the output, and nothing at all where nobody watches."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from rich.console import Console


@contextmanager
def bar(words: str, total: int | None = None, *, console: Console | None = None) -> Iterator[Callable[[], None]]:
    """A bar on standard error while the block runs; the block calls what it is given once a step.

    Only on a terminal: a pipe or a log gets no byte of it. Without `total` the steps are counted.
    """
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

    shown_on = console or Console(stderr=True)
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    with Progress(*columns, console=shown_on, transient=True, disable=not shown_on.is_terminal) as shown:
        task = shown.add_task(words, total=total)
        yield lambda: shown.advance(task)

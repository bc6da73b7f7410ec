"""How files of history become series: a mapping that an analyst writes once for a folder of tables."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import Field, model_validator

from core.durations import Duration
from core.settings import spelled_out
from core.yaml import Strict, read

Take = Literal["mean", "median", "min", "max", "sum", "count", "spread"]


class Column(Strict):
    """One series of a file: the rows that `where` picks, and of them the number in `value`.

    `take` makes one number of the rows of one date (`spread` is the largest less the smallest);
    without it, two rows of a date are a fault. `per` is a column to divide by. `unit`, `lag` and
    `plausible` are those of the settings where a source there has the series.
    """

    value: str
    where: dict[str, str] = Field(default_factory=dict)
    take: Take | None = None
    per: str | None = None
    unit: str | None = None
    lag: Duration | None = None
    plausible: tuple[float, float] | None = None


class Table(Strict):
    """A CSV file with a heading; lines that begin with # are passed over. `date` dates a row.

    `date_format` is as strptime has it, ISO 8601 by default; `month_end`: a date that names a month
    stands for its last day. `each` spares repetition, as for a source of the settings.
    """

    file: str
    source: Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]*$")] = "imported"
    date: str
    date_format: str | None = None
    month_end: bool = False
    each: dict[str, tuple[str, ...]] = Field(default_factory=dict)
    series: dict[str, Column]

    @model_validator(mode="before")
    @classmethod
    def _each(cls, data: Any) -> Any:
        return spelled_out(data)


class Mapped(Strict):
    """The whole mapping: the files, in the order in which they are read."""

    files: tuple[Table, ...]


def load(path: Path) -> tuple[Table, ...]:
    """Read a mapping; raises ConfigError with file, line and key."""
    return read(path).parse(Mapped).files

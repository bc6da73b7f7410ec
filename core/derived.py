"""Series that are computed from others: declared in `signals/derived.yaml`, with the reason for each."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from pathlib import Path
from typing import Annotated, Literal

from pydantic import Field, model_validator

from core.durations import Duration
from core.yaml import Document, Strict, read

Kind = Literal[
    "ratio",
    "difference",
    "growth",
    "quarter_sum",
    "year_sum",
    "total_return",
    "chained_mean",
    "chained_index",
    "share_above_mean",
    "cadence",
]
NEEDS: Mapping[str, tuple[str, ...]] = {
    "ratio": ("a", "b"),
    "difference": ("a", "b"),
    "growth": ("a", "over"),
    "quarter_sum": ("of",),
    "year_sum": ("of",),
    "total_return": ("a", "b"),
    "chained_mean": ("of", "side"),
    "chained_index": ("of", "side"),
    "share_above_mean": ("of", "window"),
    "cadence": ("lines",),
}


class Line(Strict):
    """A line of products in the accelerator table: rows of this maker, of one family or for one job."""

    maker: str
    family: str | None = None
    job: Literal["training", "inference"] | None = None


class Derived(Strict):
    """One derived series. What each kind computes, and does without a member, is said in `signals.derived`.

    `a` and `b` are series ids; `of` lists them, or, for a chain, is the one measure of which every
    instance type of `side` in the accelerator table has a series. `factor` multiplies a ratio. `window` is how many
    of its values a member is held against.
    """

    id: Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]*\.[A-Za-z0-9_.-]+$")]
    kind: Kind
    unit: str
    a: str | None = None
    b: str | None = None
    of: tuple[str, ...] = ()
    side: Literal["rival", "nvidia"] | None = None
    lines: tuple[Line, ...] = ()
    factor: float = 1.0
    over: Duration | None = None
    window: Annotated[int, Field(ge=0, le=1000)] = 0
    because: str

    @model_validator(mode="after")
    def _has_its_parts(self) -> Derived:
        missing = [name for name in NEEDS[self.kind] if not getattr(self, name)]
        if missing:
            raise ValueError(f"a {self.kind} needs {', '.join(missing)}")
        if self.side and len(self.of) != 1:
            raise ValueError("a chain is of one measure")
        return self

    @property
    def span(self) -> timedelta:
        """The span of a growth; the model refuses a growth without."""
        return self.over or timedelta(0)


class DerivedTable(Strict):
    """The whole file; a series may be derived from one that stands before it."""

    derived: tuple[Derived, ...]


def load(path: Path) -> tuple[Derived, ...]:
    """Read the table; raises ConfigError with file, line and key, also where one stands before what it needs."""
    document = read(path)
    table = document.parse(DerivedTable).derived
    _in_order(document, table)
    return table


def _in_order(document: Document, table: tuple[Derived, ...]) -> None:
    place = {one.id: i for i, one in enumerate(table)}
    for i, one in enumerate(table):
        if place[one.id] != i:
            raise document.error(f"{one.id!r} stands here twice", "derived", i, "id")
        late = next((name for name in (one.a, one.b, *one.of) if name and place.get(name, -1) >= i), None)
        if late is not None:
            raise document.error(f"needs {late}, which does not stand before it", "derived", i, "id")

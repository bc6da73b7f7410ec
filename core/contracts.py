"""A narrative as a falsifiable contract, read from `narratives/*.yaml`."""

from __future__ import annotations

import hashlib
import json
from datetime import date, timedelta
from functools import cached_property
from pathlib import Path
from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from core.durations import Duration
from core.yaml import Document, Strict, read

MIN_EXAMPLES = 5  # sentences a class; fewer cannot be told apart by any classifier we measured

Side = Literal["above", "below"]


class Measure(Strict):
    """What is computed from series. `kind` names a pure function of `signals.measures`.

    `a` (and `b`) are series ids; `over` is the span of a change, `of` and the two classes
    serve `paired_difference`, whose pairs come from the accelerator table.
    """

    kind: Literal[
        "level",
        "change",
        "percent_change",
        "annualised_change",
        "ratio",
        "ratio_change",
        "difference",
        "paired_difference",
        "percentile",
        "zscore",
        "drawdown",
        "share",
        "count",
    ]
    a: str | None = None
    b: str | None = None
    of: str | None = None
    over: Duration | None = None

    @model_validator(mode="after")
    def _has_its_parts(self) -> Measure:
        needs = {
            "ratio": ("a", "b"),
            "ratio_change": ("a", "b", "over"),
            "difference": ("a", "b"),
            "share": ("a", "b"),
            "paired_difference": ("of", "a", "b"),
            "change": ("a", "over"),
            "percent_change": ("a", "over"),
            "annualised_change": ("a", "over"),
        }.get(self.kind, ("a",))
        missing = [name for name in needs if getattr(self, name) is None]
        if missing:
            raise ValueError(f"a {self.kind} needs {', '.join(missing)}")
        return self


class Check(Strict):
    """One question put to the data, with sign, threshold, scale and reason stated beforehand.

    `threshold` and `scale` in the measure's unit, or "history": the median, respectively the
    interquartile range, of the trailing ten years known at `as_of`. A `context` check has no
    sign and no weight.
    """

    id: Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]*$")]
    asks: str
    measure: Measure
    unit: str
    family: str
    if_true: Side | None = None
    threshold: float | Literal["history"] | None = None
    scale: Annotated[float, Field(gt=0)] | Literal["history"] | None = None
    max_age: Duration
    weight: Annotated[float, Field(gt=0)] = 1.0
    context: bool = False
    because: str
    source: str = ""

    @model_validator(mode="after")
    def _weighed_or_context(self) -> Check:
        stated = (self.if_true, self.threshold, self.scale)
        if self.context and any(part is not None for part in stated):
            raise ValueError("a context check has no if_true, threshold or scale")
        if not self.context and any(part is None for part in stated):
            raise ValueError("a weighed check needs if_true, threshold and scale (or context: true)")
        return self


class Claim(Strict):
    """A sub-claim of the narrative, taggable on its own."""

    id: Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]*$")]
    says: str


class About(Strict):
    """What makes an article a candidate: any entity or term, unless only a `not` phrase matches."""

    entities: tuple[str, ...] = ()
    terms: tuple[str, ...] = ()
    not_: Annotated[tuple[str, ...], Field(alias="not")] = ()


class Examples(Strict):
    """Sentences that teach the classifier."""

    promotes: tuple[str, ...]
    disputes: tuple[str, ...]
    reports: tuple[str, ...]
    unrelated: tuple[str, ...]

    @model_validator(mode="after")
    def _enough(self) -> Examples:
        for name in ("promotes", "disputes", "reports", "unrelated"):
            held = getattr(self, name)
            if len(held) < MIN_EXAMPLES:
                raise ValueError(f"{name} has {len(held)} examples, and at least {MIN_EXAMPLES} are needed")
        return self


class Outcome(Strict):
    """What a leaning verdict forecasts: PRESS_AHEAD that the measure goes in `direction`, PRESS_BEHIND the opposite.

    A measure that is a change is held against 0 at the end of the horizon, any other against its value at the start.
    """

    measure: Measure
    direction: Literal["up", "down"]
    horizon: Duration


class Number(Strict):
    """A kind of numeric claim that can be held against a measure.

    `period` is the period that a level is the sum of: an amount of another one is not compared with it.
    With one of `not` near the phrase it is something else that is spoken of (another country's yield).
    """

    phrases: tuple[str, ...]
    not_: Annotated[tuple[str, ...], Field(alias="not")] = ()
    quantity: Literal["percent", "usd", "count", "ratio"]
    period: Literal["quarter", "year"] | None = None
    measure: Measure


class Expected(Strict):
    """Something that should exist by a date if the proposition is true.

    Where a measure can tell, it exists once that is `if_true` its `threshold`, and where it must be
    so for a time, once all its values over the span `lasting` were; else an analyst states when it
    was `seen`. `source`: of the sighting, or of the date and the threshold.
    """

    by: date
    what: str
    measure: Measure | None = None
    if_true: Side | None = None
    threshold: float | None = None
    lasting: Duration | None = None
    seen: date | None = None
    source: str = ""

    @model_validator(mode="after")
    def _measured_whole(self) -> Expected:
        if len({part is None for part in (self.measure, self.if_true, self.threshold)}) > 1:
            raise ValueError("measure, if_true and threshold go together")
        if self.lasting is not None and self.measure is None:
            raise ValueError("lasting needs a measure")
        return self


class Contract(Strict):
    """Everything a narrative stands on. `hash` versions it by content."""

    id: Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]*$")]
    title: str
    proposition: str
    counter: str
    steelman: str
    scope: str
    window: Duration = timedelta(days=7)
    about: About
    claims: tuple[Claim, ...]
    examples: Examples
    checks: tuple[Check, ...]
    concede_if: tuple[Check, ...] = ()
    outcome: Outcome
    numbers: tuple[Number, ...] = ()
    expected: tuple[Expected, ...] = ()
    interests: dict[str, str] = Field(default_factory=dict)
    paired_with: dict[str, str] = Field(default_factory=dict)

    @cached_property
    def hash(self) -> str:
        """Twelve hex digits of the content; old briefings keep the contract they were written with.

        What a contract leaves at its default does not count, so that a key which a later version
        adds gives no new hash to contracts that do not use it.
        """
        told = self.model_dump(mode="json", by_alias=True, exclude_defaults=True)
        text = json.dumps(told, sort_keys=True, ensure_ascii=False)
        return hashlib.sha256(text.encode()).hexdigest()[:12]

    def __copy__(self) -> Self:
        """Without the hash, which is kept since it costs 1 to 2 ms: `model_copy` changes what it copies."""
        made = super().__copy__()
        made.__dict__.pop("hash", None)
        return made

    def series(self) -> frozenset[str]:
        """Ids of the series that any check names outright (pairs are found by prefix, not here)."""
        measures = [c.measure for c in (*self.checks, *self.concede_if)] + [self.outcome.measure]
        return frozenset(s for m in measures if m.kind != "paired_difference" for s in (m.a, m.b) if s)


def load(path: Path) -> Contract:
    """Read one contract; raises ConfigError with file, line and key."""
    document = read(path)
    contract = document.parse(Contract)
    if contract.id != path.stem:
        raise document.error(f"is {contract.id!r}, but the file is named {path.stem!r}", "id")
    _no_twins(document, contract)
    return contract


def load_all(folder: Path) -> tuple[Contract, ...]:
    """Read every contract of a folder, in the order of their ids; raises ConfigError."""
    contracts = tuple(load(path) for path in sorted(folder.glob("*.yaml")))
    known = {c.id for c in contracts}
    for contract in contracts:
        for other in contract.paired_with:
            if other not in known:
                path = folder / f"{contract.id}.yaml"
                raise read(path).error("there is no such narrative", "paired_with", other)
    return contracts


def _no_twins(document: Document, contract: Contract) -> None:
    seen: set[str] = set()
    for part in ("checks", "concede_if"):
        for i, check in enumerate(getattr(contract, part)):
            if check.id in seen:
                raise document.error(f"{check.id!r} stands here twice", part, i, "id")
            seen.add(check.id)
    taught: dict[str, str] = {}
    for kind in ("promotes", "disputes", "reports", "unrelated"):
        for i, sentence in enumerate(getattr(contract.examples, kind)):
            if sentence in taught:
                raise document.error(f"is taught already under {taught[sentence]!r}", "examples", kind, i)
            taught[sentence] = kind

"""Small values for the tests of this room: series, checks, contracts, mentions, mornings."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime, timedelta
from typing import Any, Literal

from core.accelerators import Accelerator
from core.contracts import About, Check, Contract, Examples, Measure, Outcome
from core.series import Observation, Series
from core.tags import Mention, SourceCount, Stance
from core.verdicts import Evidence, Morning, Pressure

AS_OF = datetime(2026, 4, 15, 6, tzinfo=UTC)


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def series(name: str, values: Mapping[str, float], *, lag_days: float = 0) -> Series:
    """A series from ISO dates to values, each first seen `lag_days` after its time."""
    made = [
        Observation(series=name, time=at(day), value=value, first_seen=at(day) + timedelta(days=lag_days))
        for day, value in values.items()
    ]
    return Series(id=name, unit="", observations=tuple(made))


def run(name: str, values: Sequence[float], *, end: datetime = AS_OF, step_days: int = 1) -> Series:
    """Values at even steps, the last at `end`, each first seen at once."""
    first = len(values) - 1
    times = [end - timedelta(days=step_days * (first - i)) for i in range(len(values))]
    made = [Observation(series=name, time=t, value=v, first_seen=t) for t, v in zip(times, values, strict=True)]
    return Series(id=name, unit="", observations=tuple(made))


def book(*held: Series) -> dict[str, Series]:
    return {s.id: s for s in held}


def check(name: str = "one", **fields: Any) -> Check:
    given: dict[str, Any] = {
        "asks": "Is it so?",
        "measure": Measure(kind="level", a="macro.x"),
        "unit": "%",
        "family": "f",
        "if_true": "above",
        "threshold": 0,
        "scale": 10,
        "max_age": "14d",
        "because": "a test",
    }
    return Check.model_validate({"id": name, **given, **fields})


def contract(*checks: Check, concede_if: Sequence[Check] = ()) -> Contract:
    few = ("a", "b", "c", "d", "e")
    return Contract(
        id="story",
        title="A story",
        proposition="It is so.",
        counter="It is not.",
        steelman="It may be.",
        scope="All of it.",
        about=About.model_validate({"terms": ["story"]}),
        claims=(),
        examples=Examples(
            promotes=tuple(f"p{x}" for x in few),
            disputes=tuple(f"d{x}" for x in few),
            reports=tuple(f"r{x}" for x in few),
            unrelated=tuple(f"u{x}" for x in few),
        ),
        checks=checks,
        concede_if=tuple(concede_if),
        outcome=Outcome.model_validate(
            {"measure": {"kind": "level", "a": "price.x"}, "direction": "up", "horizon": "90d"}
        ),
    )


def part(
    name: str,
    side: Literal["rival", "nvidia"],
    available: str,
    *,
    job: Literal["training", "inference"] = "training",
    cloud: str = "aws",
    types: Sequence[str] = (),
    spot: bool = True,
) -> Accelerator:
    return Accelerator(
        maker="m",
        family="f",
        part=name,
        side=side,
        job=job,
        cloud=cloud,
        types=tuple(types) or (name.lower(),),
        available=date.fromisoformat(available),
        spot=spot,
        source="a test",
    )


def mention(
    article: str, stance: Stance, *, story: str = "", voice: str = "", seen: datetime = AS_OF, **more: Any
) -> Mention:
    return Mention(
        article=article,
        story=story or article,
        source=more.pop("source", voice or article),
        voice=voice or article,
        seen=seen,
        stance=stance,
        probability=0.9,
        **more,
    )


def daily(source: str, ages: range, *, stories: int, carrying: int) -> list[SourceCount]:
    return [SourceCount(source=source, age=age, stories=stories, carrying=carrying) for age in ages]


def morning(
    day: int = 0,
    *,
    press: tuple[float, float] = (-1.0, 1.0),
    data: tuple[float, float] | None = (-1.0, 1.0),
    attention: float | None = 0.5,
    n_eff: float = 5.0,
    coverage: float = 0.8,
    baseline_days: int = 56,
) -> Morning:
    as_of = AS_OF + timedelta(days=day)
    pressure = Pressure(
        narrative="story",
        as_of=as_of,
        window_days=7,
        lean=sum(press) / 2,
        low=press[0],
        high=press[1],
        attention=attention,
        pressure=None,
        limit="",
        n_eff=n_eff,
        promotes=0.0,
        disputes=0.0,
        reports=0.0,
        articles=0,
        stories=0,
        outlets=0,
        voices=0,
        observed=0,
        expected=0.0,
        dispersion=1.0,
        baseline_days=baseline_days,
        agreement=None,
        echo=None,
        own_book=None,
    )
    evidence = Evidence(
        narrative="story",
        as_of=as_of,
        support=sum(data) / 2 if data else None,
        low=data[0] if data else None,
        high=data[1] if data else None,
        coverage=coverage,
        readings=(),
    )
    return Morning(as_of=as_of, pressure=pressure, evidence=evidence)

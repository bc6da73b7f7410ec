"""The table of claims: what somebody says of things that nobody measures, who, when, and where.

A claim is shown as a claim and never weighed: only checks with `context: true` may read one.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from typing import Annotated, Literal

from pydantic import Field, model_validator

from core.series import Observation, Series
from core.settings import Url
from core.yaml import Strict, read


class Claim(Strict):
    """One claim. `on` is the day on which it was surely out: the last of the month or year where only
    that is known (`dated`), so that no earlier briefing can have known it.

    `check` is the id of the context check that it stands beside; `about` the period it is about.
    `series` marks a value that answers the check's own question, so that claims can be followed
    over time; a value of another definition has none.
    """

    check: Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]*$")]
    who: str
    on: date
    dated: Literal["day", "month", "year"] = "day"
    about: str = ""
    kind: Literal["statement", "filing", "survey", "report", "estimate", "forecast", "opinion"]
    says: str
    value: float | None = None
    unit: str = ""
    series: Annotated[str, Field(pattern=r"^claims\.[a-z][a-z0-9_]*$")] | None = None
    source: Url

    @model_validator(mode="after")
    def _is_whole(self) -> Claim:
        if (self.value is None) != (not self.unit):
            raise ValueError("a value needs its unit, and a unit its value")
        if self.series and self.value is None:
            raise ValueError("a series needs a value")
        return self


class ClaimTable(Strict):
    """The whole file: the claims, in any order."""

    claims: tuple[Claim, ...]

    @model_validator(mode="after")
    def _series_agree(self) -> ClaimTable:
        units: dict[str, str] = {}
        days: set[tuple[str, date]] = set()
        for claim in self.claims:
            if claim.series is None:
                continue
            if units.setdefault(claim.series, claim.unit) != claim.unit:
                raise ValueError(f"{claim.series} is in {units[claim.series]!r} and in {claim.unit!r}")
            if (claim.series, claim.on) in days:
                raise ValueError(f"{claim.series} has two values on {claim.on}")
            days.add((claim.series, claim.on))
        return self


def load(path: Path) -> tuple[Claim, ...]:
    """Read the table; raises ConfigError with file, line and key."""
    return read(path).parse(ClaimTable).claims


def known(claims: Iterable[Claim], check: str, *, as_of: datetime) -> tuple[Claim, ...]:
    """The claims that stand beside a check and were out by `as_of`, the newest first."""
    held = [claim for claim in claims if claim.check == check and _out(claim) <= as_of]
    return tuple(sorted(held, key=lambda claim: (claim.on, claim.who), reverse=True))


def as_series(claims: Iterable[Claim]) -> dict[str, Series]:
    """The claims that answer their check's question, as series by id: a value a claim, seen when it was out."""
    found: dict[str, list[Claim]] = {}
    for claim in claims:
        if claim.series:
            found.setdefault(claim.series, []).append(claim)
    return {
        name: Series(
            id=name,
            unit=told[0].unit,
            observations=tuple(
                Observation(series=name, time=_day(one.on), value=one.value, first_seen=_out(one), imported=True)
                for one in sorted(told, key=lambda claim: claim.on)
                if one.value is not None
            ),
        )
        for name, told in found.items()
    }


def _day(on: date) -> datetime:
    return datetime.combine(on, time(), UTC)


def _out(claim: Claim) -> datetime:
    """The end of its day: a briefing of the same morning did not know it."""
    return _day(claim.on) + timedelta(days=1)

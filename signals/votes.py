"""What each part of the accelerator table reads, and the pairs that can be compared at one moment."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache, partial

from core.accelerators import Accelerator
from core.contracts import Measure
from core.series import Observation
from signals.accelerators import Matching, Pair, matching
from signals.measured import NOT_COLLECTED, TOO_LITTLE, Known, Unmeasured, of_one
from signals.tracks import held

NO_SPOT_MARKET = "no spot market"
NOT_LISTED = "not listed"


@dataclass(frozen=True, slots=True, kw_only=True)
class Side:
    """One part as it is read: at the first of its instance types that has a value."""

    type: str
    value: float
    used: tuple[Observation, ...]
    stands: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Vote:
    """A pair of which both sides could be read."""

    pair: Pair
    a: Side
    b: Side

    @property
    def stands(self) -> datetime:
        """The time of the older side."""
        return min(self.a.stands, self.b.stands)

    @property
    def difference(self) -> float:
        """Side a less side b."""
        return self.a.value - self.b.value

    @property
    def types(self) -> str:
        """What was read, in words."""
        return f"{self.a.type} against {self.b.type}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Votes:
    """The pairs at one moment: with a vote that counts, with one that is too old, and without, by reason."""

    fresh: tuple[Vote, ...]
    stale: tuple[Vote, ...]
    faults: Mapping[str, tuple[Pair, ...]]


def mean(votes: Sequence[Vote]) -> float:
    """The mean difference; every pair has one vote."""
    return math.fsum(vote.difference for vote in votes) / len(votes)


def matched(known: Known, moment: datetime) -> Matching:
    """The pairs of the parts that were available at `moment`."""
    return known.memory.kept(
        ("matching", moment == known.as_of),
        (known.accelerators,),
        lambda: matching(known.accelerators, as_of=moment),
        at=sum(a.available <= moment.date() for a in known.accelerators),  # who is there follows from how many are
    )


def votes(measure: Measure, known: Known, pairs: Sequence[Pair], moment: datetime) -> Votes:
    """The votes at `moment`, which is `as_of` or, for a level, an earlier one."""
    parts = {id(part): part for pair in pairs for part in (pair.rival, pair.nvidia)}
    listed = cache(partial(_listed, known, measure.of or "", moment))  # asked of a cloud, for each part not on its list
    sides = {key: _side(measure, known, part, moment, listed) for key, part in parts.items()}
    fresh: list[Vote] = []
    stale: list[Vote] = []
    faults: dict[str, list[Pair]] = {}
    for pair in pairs:
        of = {"rival": sides[id(pair.rival)], "nvidia": sides[id(pair.nvidia)]}
        a, b = of[measure.a or "rival"], of[measure.b or "nvidia"]
        if isinstance(a, Side) and isinstance(b, Side):
            vote = Vote(pair=pair, a=a, b=b)
            (fresh if moment - vote.stands <= known.max_age else stale).append(vote)
        else:
            reason = next(side for side in (a, b) if isinstance(side, str))
            faults.setdefault(reason, []).append(pair)
    without = {reason: tuple(lacking) for reason, lacking in faults.items()}
    return Votes(fresh=tuple(fresh), stale=tuple(stale), faults=without)


def _side(
    measure: Measure, known: Known, part: Accelerator, moment: datetime, listed: Callable[[str], bool]
) -> Side | str:
    """What the part reads at `moment`, or why it reads nothing."""
    of = measure.of or ""
    if of.startswith("spot_") and not part.spot:
        return NO_SPOT_MARKET
    found = next(((name, last) for name in part.types if (last := _at(known, f"{of}.{name}", moment))), None)
    if found is None:
        return NOT_LISTED if of.startswith("spot_") and listed(part.cloud) else NOT_COLLECTED
    name, last = found
    if measure.over is None:
        return Side(type=name, value=last.value, used=(last,), stands=last.time)
    if held(f"{of}."):
        return _repriced(known, f"{of}.{name}", last, since=moment - measure.over)
    percent = Measure(kind="percent_change", a=f"{of}.{name}", over=measure.over)
    moved = of_one(
        percent, known, lambda prices: prices.where(prices.values > 0), lambda now, base: 100 * (now / base - 1)
    )
    if isinstance(moved, Unmeasured):
        return moved.reason
    return Side(type=name, value=moved.value, used=moved.used, stands=moved.stands)


def _listed(known: Known, of: str, moment: datetime, cloud: str) -> bool:
    """Whether the spot list of a cloud was read by `moment`: a part that is not on it was not left out by us."""
    names = {name for part in known.accelerators if part.cloud == cloud for name in part.types}
    return any(_at(known, f"{of}.{name}", moment) for name in sorted(names))


def _at(known: Known, series_id: str, moment: datetime) -> Observation | None:
    series = known.get(series_id)
    if series is None:
        return None
    return series.last if moment == known.as_of else series.at(moment)


def _repriced(known: Known, series_id: str, last: Observation, *, since: datetime) -> Side | str:
    """The percent change of a list price, which stands until it is changed."""
    before = known.series[series_id].at(since)
    if before is None or before.value <= 0 or last.value <= 0:
        return TOO_LITTLE
    used = (last,) if before is last else (last, before)
    value = 100 * (last.value / before.value - 1)
    return Side(type=series_id.partition(".")[2], value=value, used=used, stands=last.time)

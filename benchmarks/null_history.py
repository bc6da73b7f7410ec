"""How often the verdict cries wolf, and how often it sees the wolf, on invented histories made of real ones.

    python -m benchmarks.null_history CONFIG --last 2026-08-16 --weeks 37 [--evidence CONFIG] [--since 2022-01-01]
        [--years 500] [--part null|planted|feeds] [--times 1]

CONFIG is a house whose database holds tagged articles (`counterwire backfill articles`), `--evidence` one that holds
series (`counterwire backfill series`, `counterwire series import`), the same unless said. `--last` is a Sunday. With
`--times N` the press is N draws at once, as if N times as many outlets of the same kind were read.

null     real evidence in blocks of 60 to 120 days, real press in blocks of 28 days that keep the weekdays, no stance
         (`even`: drawn for each story; `stubborn`: each voice's own, turned round by lot for a block). Bar: at most one
         onset of PRESS_AHEAD or PRESS_BEHIND a year and narrative.
planted  in the same noise: for 90 days 40 % of the stories that do not promote are made to, every support is moved by
         -0.5. Bars: PRESS_AHEAD within 14 days in 60 % of the runs, within 30 days in 85 %.
feeds    a feed that dies, one that is new, one that writes three times as much. Bar: the pressure moves by less than
         half the width of its own interval.
"""

from __future__ import annotations

import argparse
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise
from pathlib import Path

import numpy as np

from benchmarks import worlds
from benchmarks.feed_changes import feeds
from benchmarks.worlds import REACH, Ints, Press
from core.contracts import Contract
from core.verdicts import Evidence, Morning, Pressure, VerdictKind
from counterwire.house import House, open_house
from counterwire.known import known
from signals.calls import onset
from signals.cuts import Memory
from signals.pressure import pressures
from signals.readings import evidence, needed
from signals.verdicts import LEAST_COVERAGE, LEAST_VOICES, MORNINGS, verdict
from signals.weighing import weigh
from store import press as stored

HOUR = time(11, tzinfo=UTC)  # 07:00 in New York in summer
CHUNK = 5 * 365  # days of history drawn at once
WARM = REACH + MORNINGS  # days before the first verdict that counts
RUN, PLANTED = 190, 90  # days of a planted run, and of its end that is planted
SHARE, SHIFT = 0.4, -0.5


@dataclass(frozen=True, slots=True, kw_only=True)
class Real:
    """One narrative's real press and real evidence."""

    contract: Contract
    press: Press
    evidence: Sequence[Evidence]
    times: int


def real(
    house: House, figures: House, contract: Contract, *, last: datetime, weeks: int, since: date, times: int
) -> Real:
    """Both as the live functions give them; evidence of every morning from `since` to the last day."""
    days = 7 * weeks
    mentions = stored.mentions(house.db, contract.id, as_of=last, days=days)
    counts = stored.source_counts(house.db, contract.id, as_of=last, days=days)
    series = known(figures, needed(contract, figures.accelerators)[0], as_of=last)
    mornings = (last - (last.date() - since) + timedelta(days=k) for k in range((last.date() - since).days + 1))
    memory = Memory()
    held = [evidence(contract, series, as_of=m, accelerators=figures.accelerators, memory=memory) for m in mornings]
    return Real(
        contract=contract,
        press=worlds.press(mentions, counts, as_of=last, days=days),
        evidence=with_some(held),
        times=times,
    )


def with_some(held: Sequence[Evidence]) -> Sequence[Evidence]:
    """From the first morning on which half of the evidence was known; before, there is nothing to be wrong about."""
    first = next((i for i, e in enumerate(held) if e.coverage >= LEAST_COVERAGE), 0)
    return held[first:]


def pressed(of: Press, stance: Ints) -> list[Pressure]:
    """The live pressure of every morning."""
    return pressures("", worlds.run(of, stance))


def path(contract: Contract, made: Sequence[Pressure], told: Sequence[Evidence]) -> list[VerdictKind | None]:
    """The live verdict of every morning; None for those before seven have a baseline."""
    mornings = [Morning(as_of=p.as_of, pressure=p, evidence=e) for p, e in zip(made, told, strict=True)]
    return [
        verdict(contract, mornings[d - MORNINGS + 1 : d + 1]).kind if d >= WARM - 1 else None
        for d in range(len(mornings))
    ]


def drawn(of: Real, days: int, random: np.random.Generator) -> tuple[Press, Ints, list[Evidence]]:
    """A history of this length: press, the blocks that its days are of, evidence."""
    drawings = [worlds.blocks(days, of.press.days, random) for _ in range(of.times)]
    told = worlds.long_blocks(days, len(of.evidence), random)
    world = worlds.together([worlds.lived(of.press, chosen, number) for chosen, number in drawings])
    return world, drawings[0][1], [of.evidence[i] for i in told.tolist()]


def null(of: Real, *, years: int) -> None:
    """Print onsets a year and what the days were, for both kinds of neutral stance, and were the data always against."""
    random = np.random.default_rng(1)
    kinds: dict[str, Counter[str]] = {name: Counter() for name in ("even", "stubborn", "even, data always against")}
    begun: dict[str, Counter[str]] = {name: Counter() for name in kinds}
    always = replace(of.evidence[-1], support=-0.5, low=-0.9, high=-0.1, coverage=1.0)
    for _ in range(years * 365 // CHUNK):
        world, number, told = drawn(of, CHUNK + WARM, random)
        even = worlds.neutral(world, random, reporting=of.press.reporting)
        own = worlds.stubborn(world, number, random)
        of_even, of_own = pressed(world, even), pressed(world, own)
        for name, made, data in (
            ("even", of_even, told),
            ("stubborn", of_own, told),
            ("even, data always against", of_even, [always] * len(told)),
        ):
            kept = path(of.contract, made, data)[WARM - 1 :]
            kinds[name].update(k.value for k in kept[1:] if k)
            begun[name].update(b.value for a, b in pairwise(kept) if b and onset(a, b))
    for name, of_days in kinds.items():
        total = sum(of_days.values())
        ahead, behind = (begun[name][k] * 365 / total for k in (VerdictKind.PRESS_AHEAD, VerdictKind.PRESS_BEHIND))
        print(
            f"{of.contract.id:22} {name}, {total / 365:.0f} years: {ahead + behind:.2f} onsets a year (ahead {ahead:.2f},"
            f" behind {behind:.2f}); {1 - of_days['INSUFFICIENT_EVIDENCE'] / total:.1%} of days are not"
            f" INSUFFICIENT_EVIDENCE; {', '.join(f'{k} {n / total:.1%}' for k, n in of_days.most_common())}",
            flush=True,
        )


def moved(e: Evidence) -> Evidence:
    """The same morning with every support moved by -0.5, weighed again by the live function."""
    supports = [None if r.support is None else max(-1.0, r.support + SHIFT) for r in e.readings]
    readings = tuple(replace(r, support=s) for r, s in zip(e.readings, supports, strict=True))
    w = weigh(readings)
    return replace(e, readings=readings, support=w.support, low=w.low, high=w.high, coverage=w.coverage)


def clear(e: Evidence) -> Evidence:
    """The same morning as if all evidence were known and had the support -0.5."""
    return replace(e, support=SHIFT, low=SHIFT - 0.4, high=SHIFT + 0.4, coverage=1.0)


def plants(of: Real, *, years: int, how: str, turn: Callable[[Evidence], Evidence]) -> None:
    """Print in how many of the runs the planted truth was found, and how soon."""
    random = np.random.default_rng(2)
    against = {id(e): turn(e) for e in of.evidence}
    found: list[int | None] = []
    enough: list[int | None] = []
    for _ in range(years * 365 // (10 * RUN)):
        world, _, told = drawn(of, 10 * RUN, random)
        on = np.arange(world.days) % RUN >= RUN - PLANTED
        even = worlds.neutral(world, random, reporting=of.press.reporting)
        made = pressed(world, worlds.planted(world, even, on, random, share=SHARE))
        kept = path(of.contract, made, [against[id(e)] if there else e for e, there in zip(told, on, strict=True)])
        for start in range(RUN - PLANTED, world.days, RUN):
            there = kept[start : start + PLANTED]
            found.append(there.index(VerdictKind.PRESS_AHEAD) + 1 if VerdictKind.PRESS_AHEAD in there else None)
            if min(p.n_eff for p in made[start : start + 30]) >= LEAST_VOICES:
                enough.append(found[-1])

    def shares(of_these: Sequence[int | None]) -> str:
        n = max(1, len(of_these))
        return ", ".join(f"{d} days {sum(f is not None and f <= d for f in of_these) / n:.0%}" for d in (14, 30, 90))

    print(
        f"{of.contract.id:22} {how}: {len(found)} runs, found within {shares(found)}; of the {len(enough)} with three"
        f" independent voices on each of the first 30 days: {shares(enough)}",
        flush=True,
    )


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("config", type=Path)
    parser.add_argument("--evidence", type=Path)
    parser.add_argument("--last", type=date.fromisoformat, required=True)
    parser.add_argument("--weeks", type=int, required=True)
    parser.add_argument("--since", type=date.fromisoformat, default=date(2019, 1, 1))
    parser.add_argument("--years", type=int, default=500)
    parser.add_argument("--times", type=int, default=1)
    parser.add_argument("--part", choices=("null", "planted", "feeds"))
    given = parser.parse_args()
    house = open_house(given.config)
    figures = open_house(given.evidence) if given.evidence else house
    last = datetime.combine(given.last, HOUR)
    for contract in house.contracts:
        of = real(house, figures, contract, last=last, weeks=given.weeks, since=given.since, times=given.times)
        known_days = sum(e.coverage >= LEAST_COVERAGE for e in of.evidence)
        print(
            f"{contract.id:22} press {of.press.days} days, {len(of.press.sources)} sources, {of.press.stories.sum()} stories,"
            f" {len(of.press.day)} mentions in {len(set(of.press.voice.tolist()))} voices, {of.press.reporting:.0%} of the"
            f" stories report; evidence {len(of.evidence)} days from {of.evidence[0].as_of:%Y-%m-%d}, half known on {known_days}",
            flush=True,
        )
        if given.part in (None, "null"):
            null(of, years=given.years)
        if given.part in (None, "planted"):
            plants(of, years=given.years, how="every support moved by -0.5", turn=moved)
            plants(of, years=given.years, how="all evidence known, support -0.5", turn=clear)
        if given.part in (None, "feeds"):
            feeds(of.press, contract.id)


if __name__ == "__main__":
    main()

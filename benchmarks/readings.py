"""How long the evidence of many past days takes, on series of the sizes that ten years of collecting give.

    python benchmarks/readings.py [--days 2500] [--narratives FOLDER] [--profile]

Every series that the contracts name is there: daily, weekly and monthly ones as their ids suggest,
monthly ones with a revision of every value, spot measures as an undated source gives them. The
walks are random with a fixed seed: the arithmetic is that of real figures, and nothing is known of it.
"""

from __future__ import annotations

import argparse
import cProfile
import pstats
import random
import sys
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))  # run as a script from anywhere

from core import accelerators, contracts  # noqa: E402 -- after the path
from core.series import Observation, Series  # noqa: E402
from signals.cuts import Memory  # noqa: E402
from signals.readings import evidence, needed  # noqa: E402

LAST = datetime(2026, 8, 21, 11, tzinfo=UTC)
YEARS = 12
BAR = 20.0  # seconds for 2,500 days of both contracts
MONTHLY = ("macro.core_", "macro.sticky", "activity.", "supply.", "claims.", "options.zero")
QUARTERLY = ("capex.", "margin.", "revenue_", "depreciation.", "operating_cash.", "cadence.")
WEEKLY = ("macro.fed_assets", "macro.reserves", "macro.nfci")
UNDATED = ("spot_", "rented_", "rental.", "latency.", "egress.")


def walk(name: str) -> Series:
    """One series as years of collecting leave it."""
    rng = random.Random(name)  # noqa: S311 -- no secret
    step, lag, revised = _rhythm(name)
    moment = datetime.combine((LAST - timedelta(days=366 * YEARS)).date(), datetime.min.time(), UTC)
    value, held = 100.0, []
    while moment < LAST:
        value *= 1 + rng.gauss(0.0005, 0.01)
        if step.days != 1 or moment.weekday() < 5:
            held.append(
                Observation(series=name, time=moment, value=value, first_seen=moment + lag, imported=lag > step)
            )
            if revised:
                later = moment + lag + timedelta(days=30)
                held.append(Observation(series=name, time=moment, value=value * 1.001, first_seen=later))
        moment += step
    return Series(id=name, unit="", observations=tuple(held))


def _rhythm(name: str) -> tuple[timedelta, timedelta, bool]:
    if name.startswith(QUARTERLY):
        return timedelta(days=91), timedelta(days=35), True
    if name.startswith(MONTHLY):
        return timedelta(days=30), timedelta(days=45), True
    if name.startswith(WEEKLY):
        return timedelta(days=7), timedelta(days=6), False
    if name.startswith("on_demand."):
        return timedelta(days=400), timedelta(), False
    if name.startswith(UNDATED):
        return timedelta(days=3), timedelta(), False
    return timedelta(days=1), timedelta(days=1), False


def main() -> int:
    """Print the seconds for each contract; 1 if all together are over the bar."""
    told = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    told.add_argument("--days", type=int, default=2500)
    told.add_argument("--narratives", type=Path, default=ROOT / "narratives")
    told.add_argument("--profile", action="store_true", help="print where the time goes")
    given = told.parse_args()
    table = accelerators.load(ROOT / "signals" / "accelerators.yaml")
    total = 0.0
    profile = cProfile.Profile()
    for contract in contracts.load_all(given.narratives):
        ids, _ = needed(contract, table)
        series = {name: walk(name) for name in sorted(ids)}
        held = sum(len(s.observations) for s in series.values())
        if given.profile:
            profile.enable()
        memory = Memory()
        begun, cpu = time.perf_counter(), time.process_time()
        for k in reversed(range(given.days)):
            evidence(contract, series, as_of=LAST - timedelta(days=k), accelerators=table, memory=memory)
        took, worked = time.perf_counter() - begun, time.process_time() - cpu
        profile.disable()
        total += took
        checks = len(contract.checks) + len(contract.concede_if)
        print(
            f"{contract.id:24} {checks:3} checks {len(series):4} series {held:7} vintages {took:7.2f} s ({worked:.2f} s of CPU)"
        )
    print(f"{given.days} days of both: {total:.2f} s; the bar for 2,500 is {BAR:.0f} s")
    if given.profile:
        pstats.Stats(profile).sort_stats("tottime").print_stats(35)
    return int(total > BAR * given.days / 2500)


if __name__ == "__main__":
    sys.exit(main())

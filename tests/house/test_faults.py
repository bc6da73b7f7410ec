"""Series sources that fail, one by one and all together, in every way that the replayed world knows.

The world's clock stands still, so that whatever is kept after a good visit must be what was kept before it.
"""

import json
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from core.clock import stamp
from counterwire.house import open_house
from counterwire.passes import one_pass
from tests.house.broken_world import (
    LATER,
    NAMED,
    NEXT_DAY,
    NOW,
    Replay,
    answers,
    collected,
    config,
    coverage,
    fares,
    kept,
    only,
    replayed,
    seen,
)

pytestmark = [pytest.mark.real, pytest.mark.slow]

LONG_AFTER = NOW + timedelta(days=21)  # a reading of daily or of spot figures counts for 14 days at the most
FAULTS = {  # of each source; the dear ones, seconds each, where one request is all that is made
    "fred": "500",
    "yahoo": "429",
    "spot_advisor": "garbage",
    "on_demand": "huge",
    "downloads": "gzipbomb",
    "rental": "slow",
    "rental_runpod": "410",
    "sec": "404",
    "breadth": "truncate",
    "options": "liar",
    "tsmc": "drop",
    "cboe": "garbage",
    "stooq": "403",
    "azure": "loop",
    "gcp": "drop",
    "gcp_regions": "garbage",
    "gcp_spot": "truncate",
    "downloads_top": "garbage",
    "neuron": "403",
    "egress": "liar",
    "share_volume": "403",  # at the address of stooq
}
WEIGHED = {"fred", "spot_advisor", "on_demand", "downloads", "gcp_spot"}  # alone enough for a reading that counts


@pytest.fixture(scope="module")
def replay(real: Path) -> Iterator[Replay]:
    with replayed(real) as world:
        yield world


def test_every_fault_and_every_source_is_tried(replay: Replay, root: Path, tmp_path: Path) -> None:
    with open_house(config(replay, root, tmp_path)) as house:
        assert set(FAULTS) == {s.id for s in house.settings.sources}
    assert set(FAULTS.values()) | {"moved"} == set(NAMED)


@pytest.mark.parametrize("source", FAULTS)
def test_a_source_that_fails_gives_nothing_is_named_and_comes_back(
    replay: Replay, root: Path, tmp_path: Path, source: str
) -> None:
    kind = FAULTS[source]
    house = only(config(replay, root, tmp_path, timeout=2 if kind == "slow" else 12), source)
    (asked,) = house.settings.sources

    replay.strike(asked, kind, house=house, now=NOW)
    failed = collected(house, NOW)
    assert kept(house) == {"observations": [], "quarantine": []}
    assert seen(house) == 0
    assert sorted(p.split(": ")[0] for p in failed.problems) == sorted(f"{source} {name}" for name in asked.series)
    assert [p for p in failed.problems if NAMED[kind][1] not in p] == []
    state, reason = fares(house, NOW)[source]
    assert state == "failing"
    assert NAMED[kind][1] in reason
    without = coverage(house, NOW) if source in WEIGHED else {}
    if kind == "garbage":
        assert bytes(range(256)) * 40 in answers(house)

    collected(house, LATER)
    then = kept(house)
    looks = seen(house)
    assert len(then["observations"]) > 0 or source == "rental_runpod"  # whose figures begin in May
    if source in WEIGHED:
        assert sum(without.values()) < sum(coverage(house, LATER).values())

    replay.strike(asked, kind, house=house, now=NEXT_DAY)
    collected(house, NEXT_DAY + timedelta(hours=1))
    assert kept(house) == then
    # The liar's 304 is not believed, and the answer asked for whole.
    assert seen(house) == (2 * looks if kind == "liar" else looks)
    house.db.close()


def test_a_source_that_moved_is_followed_and_its_owner_told(replay: Replay, root: Path, tmp_path: Path) -> None:
    house = only(config(replay, root, tmp_path), "spot_advisor")
    (asked,) = house.settings.sources
    replay.strike(asked, "moved", house=house, now=NOW)
    assert collected(house, NOW).new > 0
    state, said = fares(house, NOW)[asked.id]
    assert state == "ok"
    assert said.startswith(f"{asked.url} has moved for good to http")
    house.db.close()


def test_with_all_failing_the_pass_ends_and_the_briefing_says_so(replay: Replay, root: Path, tmp_path: Path) -> None:
    with open_house(config(replay, root, tmp_path)) as house:
        one_pass(house, now=NOW)
        before, then = coverage(house, NOW), kept(house)
        values = {
            r[:2]: r[2]
            for r in house.db.execute(
                'select narrative, "check", value from readings where value is not null'
            ).fetchall()
        }

        for one in house.settings.sources:
            replay.strike(one, FAULTS[one.id], house=house, now=LONG_AFTER)
        done = one_pass(house, now=LONG_AFTER)

        assert kept(house) == then
        told = " ".join((tmp_path / "briefings" / f"{LONG_AFTER.date()}.txt").read_text("utf-8").split())
        summary = json.loads(house.db.execute("select summary from runs order by id desc limit 1").fetchone()[0])
        problems = "\n".join(summary["series"]["problems"])
        for source, kind in FAULTS.items():
            state, reason = fares(house, LONG_AFTER)[source]
            assert (source, state) == (source, "failing")
            for text in (problems, reason, told):
                assert NAMED[kind][1] in text, (source, kind)
            assert f"{source} " in problems, source
            assert f"{source} (" in told, source
        assert f"0 of {len(FAULTS)} series sources are in order" in told
        assert [d.stage for d in done][-1] == "send"
        after = coverage(house, LONG_AFTER)
        assert {c: after[c] < before[c] for c in before} == dict.fromkeys(before, True), (before, after)
        fresh = house.db.execute(
            "select narrative, \"check\", value from readings where as_of = ? and freshness = 'FRESH' and value = 0",
            [stamp(LONG_AFTER)],
        ).fetchall()
        assert [row for row in fresh if values.get(row[:2]) != 0] == []

"""What the simulations compute at once is what the live functions give, morning by morning."""

from __future__ import annotations

from datetime import timedelta

import numpy as np
import pytest

from benchmarks import worlds
from benchmarks.worlds import START, Press
from core.tags import Mention, SourceCount
from signals.pressure import pressure, pressures


def invented(seed: int, *, days: int = 140, sources: int = 12) -> Press:
    """A press with busy and rare sources, one that is new, one that dies, stories told again and shared voices."""
    random = np.random.default_rng(seed)
    busy = random.choice([0.05, 0.4, 3.0, 12.0], sources)
    stories = random.poisson(busy[:, None], (sources, days))
    stories[0, : days // 2] = 0
    stories[1, days // 2 :] = 0
    carrying = random.binomial(stories, random.uniform(0, 0.4, (sources, 1)))
    number = int(carrying.sum()) * 2
    day = np.sort(random.integers(0, days, number))
    return Press(
        sources=tuple(f"Example {i}" for i in range(sources)),
        stories=stories,
        carrying=carrying,
        day=day,
        before=np.zeros(number, dtype=np.int64),
        story=np.maximum(0, np.arange(number) - random.geometric(0.5, number) + 1),  # often one that was told before
        voice=random.integers(0, sources // 2, number),
        source=random.integers(0, sources, number),
        stance=random.choice([-1, 0, 1], number),
    )


@pytest.mark.parametrize("seed", range(4))
def test_a_whole_history_at_once_is_every_morning_by_itself(seed: int) -> None:
    of = invented(seed)
    made = pressures("n", worlds.run(of, of.stance))
    measurable = 0
    for day in range(0, of.days, 3):
        mentions, counts, as_of = worlds.asked(of, of.stance, day)
        live = pressure("n", mentions, counts, as_of=as_of)
        assert made[day] == live
        measurable += live.attention is not None
    assert measurable > 5


def test_a_quiet_narrative_has_an_even_press() -> None:
    of = invented(7)
    nothing = Press(
        sources=of.sources,
        stories=of.stories,
        carrying=np.zeros_like(of.carrying),
        **{name: getattr(of, name)[:0] for name in ("day", "before", "story", "voice", "source", "stance")},
    )
    live = pressures("n", worlds.run(nothing, nothing.stance))[139]
    assert (live.lean, live.n_eff, live.articles) == (0.0, 0.0, 0)
    assert live.low == -live.high


def test_the_press_of_the_store_is_taken_day_by_day() -> None:
    sunday = START - timedelta(days=1)

    def mention(name: str, hours: float, stance: str, story: str) -> Mention:
        seen = sunday - timedelta(hours=hours)
        return Mention(
            article=name,
            story=story,
            source="A",
            voice="V",
            seen=seen,
            stance=stance,  # type: ignore[arg-type]  # one of the three
            probability=1.0,
        )

    told = [mention("x", 0, "promotes", "s"), mention("y", 25, "disputes", "t"), mention("z", 24 * 14, "reports", "u")]
    counts = [
        SourceCount(source="A", age=0, stories=3, carrying=1),
        SourceCount(source="B", age=13, stories=2, carrying=0),
    ]
    got = worlds.press(told, counts, as_of=sunday, days=14)
    assert got.day.tolist() == [12, 13]  # the third is fourteen days old, and out
    assert got.stance.tolist() == [-1, 1]
    assert got.before.tolist() == [3600, 0]
    assert (got.stories[0, 13], got.stories[1, 0], got.carrying[0, 13]) == (3, 2, 1)
    assert got.reporting == 0.0


def test_blocks_keep_weekdays_and_stories_of_two_blocks_are_two() -> None:
    of = invented(3)
    chosen, number = worlds.blocks(365, of.days, np.random.default_rng(1))
    assert (chosen % 7).tolist() == (np.arange(365) % 7).tolist()
    assert all((np.diff(chosen[number == block]) == 1).all() for block in range(number[-1]))
    made = worlds.lived(of, chosen, number)
    assert all(len(set(number[made.day[made.story == story]])) == 1 for story in set(made.story.tolist()))
    assert (made.stories[:, 100] == of.stories[:, chosen[100]]).all()
    assert len(made.day) == sum((of.day == day).sum() for day in chosen.tolist())


def test_long_blocks_are_of_sixty_days_at_least() -> None:
    chosen = worlds.long_blocks(3000, 400, np.random.default_rng(2))
    breaks = np.flatnonzero(np.diff(chosen) != 1)
    assert np.diff(breaks).min() >= 60
    assert chosen.min() >= 0
    assert chosen.max() < 400


def test_a_neutral_press_reports_as_it_did_and_takes_no_side() -> None:
    of = invented(5, days=1400)
    drawn = worlds.neutral(of, np.random.default_rng(3), reporting=0.4)
    _, first = np.unique(of.story, return_index=True)
    promoting, disputing = ((drawn[first] == side).mean() for side in (1, -1))
    assert promoting == pytest.approx(0.3, abs=0.03)
    assert disputing == pytest.approx(0.3, abs=0.03)
    for story in np.unique(of.story)[:50]:
        assert len(set(drawn[of.story == story].tolist())) == 1


def test_a_plant_turns_its_share_of_the_others_on_its_days() -> None:
    of = invented(6, days=1400)
    on = np.arange(of.days) >= 700
    got = worlds.planted(of, of.stance, on, np.random.default_rng(4), share=0.4)
    before, after = of.day < 700, of.day >= 700
    assert (got[before] == of.stance[before]).all()
    others = after & (of.stance != 1)
    assert (got[others] == 1).mean() == pytest.approx(0.4, abs=0.05)
    assert (got[after & (of.stance == 1)] == 1).all()


def test_two_presses_at_once_have_nothing_in_common() -> None:
    a, b = invented(8), invented(9)
    both = worlds.together([a, b])
    mentions, counts, as_of = worlds.asked(both, both.stance, 100)
    live = pressure("n", mentions, counts, as_of=as_of)
    alone = [pressure("n", *worlds.asked(one, one.stance, 100)[:2], as_of=as_of) for one in (a, b)]
    assert live == pressures("n", worlds.run(both, both.stance))[100]
    for name in ("stories", "voices", "outlets", "promotes", "disputes", "observed"):
        assert getattr(live, name) == pytest.approx(sum(getattr(one, name) for one in alone))

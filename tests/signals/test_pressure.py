"""Lean, its interval, and independence, worked out by hand."""

from __future__ import annotations

from datetime import timedelta

import pytest

from core.tags import Mention
from core.verdicts import Pressure
from signals.pressure import pressure, t_quantile
from tests.signals.builders import AS_OF, daily, mention


def press(mentions: list[Mention], *, window_days: int = 7) -> Pressure:
    return pressure("story", mentions, [], as_of=AS_OF, window_days=window_days)


@pytest.mark.parametrize(("df", "quantile"), [(1, 6.314), (2, 2.920), (3, 2.353), (4, 2.132), (9, 1.833), (30, 1.697)])
def test_the_t_quantile_is_the_tables(df: int, quantile: float) -> None:
    assert t_quantile(0.95, df) == pytest.approx(quantile, abs=5e-4)


def test_without_a_voice_nothing_leans() -> None:
    """Two invented voices: without either one the lean is -1 or +1, so the error is sqrt(1/2 x 2) = 1, times t(1) = 6.314."""
    got = press([])
    assert (got.lean, got.n_eff, got.voices, got.stories, got.articles) == (0.0, 0.0, 0, 0, 0)
    assert [got.low, got.high] == pytest.approx([-6.3138, 6.3138], abs=1e-4)
    assert (got.agreement, got.echo, got.own_book, got.attention, got.pressure) == (None, None, None, None, None)


def test_one_promoting_voice_leans_by_a_third() -> None:
    """1 / 3; leaving one out gives 0, 1, 0: mean 1/3, squares 6/9, error sqrt(2/3 x 6/9) = 2/3, times t(2) = 2.9200."""
    got = press([mention("a", "promotes")])
    assert got.lean == pytest.approx(1 / 3)
    assert [got.low, got.high] == pytest.approx([1 / 3 - 1.94666, 1 / 3 + 1.94666], abs=1e-4)
    assert (got.promotes, got.disputes, got.reports, got.n_eff) == (1.0, 0.0, 0.0, 1.0)


def test_a_loud_voice_weighs_three_split_as_its_stories_are() -> None:
    """A: 4 promote, 1 reports, weight 3: 2.4 and 0.6. B: one disputes. Lean 1.4 / 6; n_eff 16 / 10.

    Left out in turn: .4/5, 2.4/5, -1/3, 2.4/5; mean .176667; squares sum .453467; times 3/4, root .583181; t(3) 2.35336.
    """
    loud = [mention(f"a{i}", "promotes", voice="A") for i in range(4)] + [mention("a4", "reports", voice="A")]
    got = press([*loud, mention("b", "disputes", voice="B")])
    assert [got.promotes, got.disputes, got.reports] == pytest.approx([2.4, 1.0, 0.6])
    assert got.lean == pytest.approx(1.4 / 6)
    assert [got.low, got.high] == pytest.approx([1.4 / 6 - 1.372437, 1.4 / 6 + 1.372437], abs=1e-5)
    assert got.n_eff == pytest.approx(1.6)
    assert got.agreement == pytest.approx(2.4 / 3.4)


def test_reports_hold_the_lean_down_and_never_turn_it() -> None:
    promoting = [mention(f"p{i}", "promotes") for i in range(4)]
    reporting = [mention(f"r{i}", "reports") for i in range(6)]
    assert press(promoting).lean == pytest.approx(4 / 6)
    assert press([*promoting, *reporting]).lean == pytest.approx(4 / 12)


def test_a_story_counts_once_with_the_stance_and_voice_of_its_origin() -> None:
    hour = timedelta(hours=1)
    got = press(
        [
            mention("copy", "disputes", story="s", voice="late", seen=AS_OF - hour),
            mention("origin", "promotes", story="s", voice="first", seen=AS_OF - 2 * hour),
        ]
    )
    assert (got.promotes, got.disputes, got.stories, got.articles, got.voices) == (1.0, 0.0, 1, 2, 1)


def test_of_two_origins_seen_at_once_the_lower_article_id_speaks() -> None:
    one, two = mention("a1", "disputes", story="s"), mention("a2", "promotes", story="s")
    assert press([two, one]).disputes == press([one, two]).disputes == 1.0


def test_forty_copies_in_twenty_outlets_are_one_voice_and_twenty_reporters_are_twenty() -> None:
    copies = [
        mention(f"c{i:02}", "promotes", story="release", voice="issuer", source=f"outlet{i % 20}", copied=float(i > 0))
        for i in range(40)
    ]
    got = press(copies)
    assert (got.articles, got.outlets, got.stories, got.n_eff) == (40, 20, 1, 1.0)
    assert got.echo == pytest.approx(39 / 40)
    assert press([mention(f"r{i:02}", "promotes") for i in range(20)]).n_eff == pytest.approx(20.0)


def test_twenty_independent_voices_are_enough_to_speak_and_two_are_not() -> None:
    assert press([mention(f"r{i:02}", "promotes") for i in range(20)]).low > 0
    assert press([mention("a", "promotes"), mention("b", "promotes")]).low < 0


def test_only_the_window_speaks() -> None:
    edge = AS_OF - timedelta(days=7)
    inside, outside = mention("in", "promotes", seen=edge + timedelta(seconds=1)), mention("out", "promotes", seen=edge)
    later = mention("later", "disputes", seen=AS_OF + timedelta(seconds=1))
    assert press([inside, outside, later]) == press([inside])
    assert press([inside, outside, later], window_days=28).stories == 2


def test_own_book_is_the_share_of_promoting_stories_by_interested_parties() -> None:
    told = [
        mention("a", "promotes", own_book=True),
        mention("b", "promotes", own_book=False),
        mention("c", "promotes", own_book=False),
        mention("d", "promotes"),
        mention("e", "disputes", own_book=True),
    ]
    assert press(told).own_book == pytest.approx(1 / 3)
    assert press(told[3:]).own_book is None


def test_pressure_is_lean_times_attention() -> None:
    counts = daily("wire", range(63), stories=10, carrying=1)
    got = pressure("story", [mention("a", "promotes")], counts, as_of=AS_OF)
    assert got.attention is not None
    assert got.pressure == pytest.approx(got.attention / 3)
    assert (got.observed, got.window_days, got.limit) == (7, 7, "")

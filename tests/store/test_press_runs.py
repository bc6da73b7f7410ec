"""A run of mornings read at once is every morning read by itself."""

from __future__ import annotations

import random
from collections import Counter
from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from core.articles import Lineage, Signature
from core.press import PressRun
from core.tags import TaggedArticle
from store import articles, changes, press, tags
from store.database import Database, writing
from store.press import PressCountRow
from tests.store.making import MORNING, make_article, make_tag
from tests.store.making import press as publish

N = "nvidia_killer"
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
MORNINGS = [MORNING - k * DAY for k in reversed(range(9))]


def troubled(db: Database, seed: int) -> None:
    """Thirty articles over a fortnight, tagged anew, corrected, moved to other stories; releases; counts corrected."""
    r = random.Random(seed)  # noqa: S311 -- a drawn world, no secret
    names = [f"a{i:02}" for i in range(30)]
    moment = MORNING - 16 * DAY
    for name in names:
        moment += timedelta(seconds=r.randint(0, 86_400))
        article = make_article(name, source=r.choice("ABC"), owner=r.choice("OPQ"), first_seen=moment)
        tag = make_tag(carries=r.random() < 0.7, stance="reports", own_book=r.choice([None, True, False]))
        publish(db, article, tag, story=r.choice([name, names[0]]), at=moment + r.randint(0, 40) * HOUR)
    for _ in range(60):
        article = articles.load(db, [r.choice(names)])[0]
        at = article.first_seen + r.randint(1, 200) * HOUR
        tag = make_tag(carries=r.random() < 0.5, stance=r.choice(["promotes", "disputes"]))
        what = r.choice(["retag", "version", "move", "release"])
        if what == "move":
            place = Lineage(article=article.id, story=r.choice(names[:8]), copied=0.5, joined=at)
            signature = Signature(article=article.id, shingles=0, hashes=b"", bands=b"")
            with writing(db):
                articles.save_lineages(db, [(signature, place, article)])
        elif what == "release":
            changes.save_release(db, article.id, issuer=r.choice(["Chips Inc", "Bank AG"]), seen=at)
        else:
            if what == "version":
                article = replace(article, version=article.version + 1, quality=r.choice(["good", "wall"]))
                articles.add_version(db, article, seen=at)
            told = TaggedArticle(article=article.id, version=article.version, model=f"m{r.randint(2, 99)}", tags=(tag,))
            tags.save(db, told, at=at)
    rows = [
        PressCountRow(
            source=r.choice("AD"),
            narrative=N,
            day=MORNING - r.randint(-2, 12) * DAY,
            stories=n,
            carrying=r.randint(0, n),
            first_seen=MORNING - r.randint(-2, 12) * DAY - r.choice([0, 1]) * HOUR,
        )
        for n in range(40)
    ]
    press.import_counts(db, rows)


def counts_on(run: PressRun, k: int, *, days: int) -> dict[tuple[str, int], tuple[int, int]]:
    """Source and age before morning k: stories and carrying ones, as the columns say."""
    told: Counter[tuple[str, int]] = Counter()
    carrying: Counter[tuple[str, int]] = Counter()
    c, last = run.counts, len(run.mornings) - 1
    for i, age in enumerate((c.age - (last - k)).tolist()):
        if c.first[i] <= k < c.until[i] and 0 <= age < days:
            cell = c.sources[int(c.source[i])], age
            told[cell] += int(c.stories[i])
            carrying[cell] += int(c.carrying[i])
    return {cell: (n, carrying[cell]) for cell, n in told.items()}


@pytest.mark.parametrize("seed", range(12))
def test_every_morning_of_a_run_is_what_was_known_on_it(db: Database, seed: int) -> None:
    troubled(db, seed)
    run = press.run(db, N, MORNINGS, days=5, counted=12)
    some = 0
    for k, morning in enumerate(MORNINGS):
        alone = press.mentions(db, N, as_of=morning, days=5)
        since = morning - 5 * DAY
        stood = [s.mention for s in run.mentions if s.first <= k < s.until and since < s.mention.seen <= morning]
        assert stood == alone
        one = press.source_counts(db, N, as_of=morning, days=12)
        assert counts_on(run, k, days=12) == {(c.source, c.age): (c.stories, c.carrying) for c in one}
        some += len(alone)
    assert some > 20
    assert len({s.mention.article for s in run.mentions}) < len(run.mentions)  # some changed on the way


def test_an_article_tagged_anew_stands_as_it_was_said_on_each_morning(db: Database) -> None:
    """Seen and tagged on the fourth, said to dispute from an hour before the sixth morning, not to carry from the eighth on."""
    article = make_article(first_seen=MORNINGS[3] - HOUR)
    publish(db, article, make_tag())
    publish(db, article, make_tag(stance="disputes"), at=MORNINGS[5] - HOUR, model="m2")
    publish(db, article, make_tag(carries=False), at=MORNINGS[7], model="m3")
    run = press.run(db, N, MORNINGS, days=7, counted=7)
    assert [(s.mention.stance, s.first, s.until) for s in run.mentions] == [("promotes", 3, 5), ("disputes", 5, 7)]


def test_stories_begun_can_be_handed_in(db: Database) -> None:
    troubled(db, 1)
    begun = press.stories_begun(db, MORNINGS, counted=12)
    one = press.run(db, N, MORNINGS, days=5, counted=12)
    two = press.run(db, N, MORNINGS, days=5, counted=12, begun=begun)
    assert [counts_on(one, k, days=12) for k in range(9)] == [counts_on(two, k, days=12) for k in range(9)]


def test_the_last_mornings_of_a_run_are_a_run_of_their_own(db: Database) -> None:
    troubled(db, 2)
    last = press.run(db, N, MORNINGS, days=5, counted=12).last(3)
    alone = press.run(db, N, MORNINGS[-3:], days=5, counted=12)
    assert last.mornings == alone.mornings
    for k, morning in enumerate(last.mornings):
        seen = [
            [s.mention for s in run.mentions if s.first <= k < s.until and s.mention.seen > morning - 5 * DAY]
            for run in (last, alone)
        ]
        assert seen[0] == seen[1] != []
        assert counts_on(last, k, days=12) == counts_on(alone, k, days=12)


@pytest.mark.parametrize(
    "mornings",
    [
        pytest.param([MORNING, MORNING + 2 * DAY], id="a day is left out"),
        pytest.param([MORNING, MORNING + DAY - HOUR], id="an hour too early"),
    ],
)
def test_mornings_that_are_not_a_day_apart_are_refused(db: Database, mornings: list[datetime]) -> None:
    with pytest.raises(ValueError, match="a day apart"):
        press.run(db, N, mornings, days=5, counted=12)

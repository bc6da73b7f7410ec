"""Stories by shared text lineage: what was copied is one story, what was reported twice is two. Pure.

What proves a copy is text that both have and *others have not*. A mill's template, a company's description, a
consent notice stand in many stories; so a shared shingle counts for 1 / n^2 if n > 1 other stories among the
candidates have it too, and a headline's word for 1 / n. Nothing of an outlet needs to be learnt or kept.
How much of what is enough between two outlets was fitted (`ingest.lineage`). Measured on pairs labelled by reading:
precision 0.97, recall 0.69 on the 117 drawn last, which tuned nothing (by the rules before: 0.90 and 0.53); 0.97 and
0.94 on 765 drawn before, on which it was fitted. `python -m benchmarks.stories quality`.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime, timedelta

from core.articles import Lineage
from ingest.lineage import SAME, Decision, Shared, between, shipped
from ingest.shared import LITTLE, Around, Known, held, known
from ingest.sketches import WORD32, jaccard, signature

__all__ = ["COPIES", "Known", "jaccard", "join", "known", "recent", "signature", "worth"]

COPIES = timedelta(days=7)  # news is copied within days; what is alike for longer is an outlet's own template
SAME_HOUSE = timedelta(hours=60)  # an outlet takes its own text up again within two days: an update, a repeat
UPDATE = timedelta(hours=12)
HOUSE_SUBJECT = 0.85  # one desk's template has all but the names in common
LONG = 200  # shingles
SAME_TITLE = timedelta(hours=48)  # for a headline without a text, at another outlet
# Within one source, a headline that comes back the next day is a column ("Stocks making the
# biggest moves midday"); one that comes back within hours was published again.
SAME_COLUMN = timedelta(hours=12)
RAW = 0.08  # of the shorter text; less is not looked at
TRIED = 6  # members of one story; in a story of many the nearest few decide
PROOF = 12.0  # shingles of the sketch that no other story has
MUCH = 3 * PROOF


def join(mine: Known, candidates: Sequence[Known], *, now: datetime, decision: Decision | None = None) -> Lineage:
    """The article's place in the story of the text it shares most with, or in one of its own.

    `candidates` share a band key; the more of those with much in common are among them, the better is a
    template known as one. `copied` is the largest share of this article's text that one article of the
    story held. `decision` is the shipped one if None.
    """
    alone = Lineage(article=mine.article, story=mine.article, copied=0.0, joined=now)
    others = recent(mine, candidates)
    tried = worth(mine, others)
    if not tried:
        return alone
    decision, around = decision or shipped(), Around(others)
    found = [(_proof(mine, theirs, around, decision), theirs) for theirs in tried]
    # A text may take from several stories: the one that held most of it decides. Equal ones (a copy of a
    # copy) by the proof and the story's id, so that a rerun agrees.
    proved = [(held(mine, theirs), share, theirs.story) for share, theirs in found if share]
    if not proved:
        return alone
    copied, _, story = max(proved)
    return Lineage(article=mine.article, story=story, copied=copied, joined=now)


def recent(mine: Known, candidates: Sequence[Known]) -> list[Known]:
    """The candidates that the article may have been copied from, or they from it."""
    return [c for c in candidates if c.article != mine.article and abs(mine.seen - c.seen) <= COPIES]


def worth(mine: Known, others: Sequence[Known]) -> list[Known]:
    """Those for which a proof is worth looking for: of each story the `TRIED` with most in common."""
    stories: defaultdict[str, list[tuple[int, Known]]] = defaultdict(list)
    for theirs in others:
        if (common := _in_common(mine, theirs)) is not None:
            stories[theirs.story].append((common, theirs))
    return [known for tried in stories.values() for _, known in sorted(tried, key=_first)[:TRIED]]


def _first(tried: tuple[int, Known]) -> tuple[int, str]:
    return -tried[0], tried[1].article


def _in_common(mine: Known, theirs: Known) -> int | None:
    """Shingles of the sketch that both have; None if they are too few, or the headlines speak against it."""
    if _contradict(mine.sketch.tickers, theirs.sketch.tickers) or _contradict(
        mine.sketch.numbers, theirs.sketch.numbers
    ):
        return None
    if not (mine.shingles and theirs.shingles):
        return 0
    common = len(mine.sketch.shingles & theirs.sketch.shingles)  # what both samples hold is below both limits
    shorter = min(mine.shingles, theirs.shingles) * min(mine.sketch.limit, theirs.sketch.limit) / WORD32  # expected
    return common if common >= max(LITTLE, RAW * shorter) else None


def _contradict(one: frozenset[int], two: frozenset[int]) -> bool:
    """Both headlines name some, and most are not the same: two price targets, two companies."""
    return bool(one and two) and 2 * len(one & two) < len(one | two)


def _proof(mine: Known, theirs: Known, around: Around, decision: Decision) -> float:
    """How well it is proved that the two share a lineage: a share in (0, 1], or 0 for not at all."""
    if not (mine.shingles and theirs.shingles):
        return 1.0 if _same_headline(mine, theirs) else 0.0
    shared = between(mine, theirs, around)
    if shared is None:
        return 0.0
    if mine.sketch.source == theirs.sketch.source:
        proved = _taken_up(shared, min(mine.shingles, theirs.shingles))
    else:
        proved = decision.odds(shared) >= 0
    return shared.share if proved else 0.0


def _taken_up(s: Shared, shorter: int) -> bool:
    """In one outlet, whose articles are alike anyway: its text again, inside a longer one, or brought up to date."""
    if s.headlines < SAME and s.subject < HOUSE_SUBJECT:
        return False
    # An update: what both have stands in hardly another story, and nothing of the subject is lost. Of the
    # pairs of one outlet that the rules below leave apart, 42 were joined rightly and 3 wrongly.
    if s.apart <= UPDATE and min(s.share / 0.3, s.subject / 0.95, s.rare / 0.8, s.own / 0.4, s.weight / 10) >= 1:
        return True
    if s.weight < PROOF or s.share < 0.6 or s.apart > SAME_HOUSE:
        return False
    if s.share >= 0.8:
        long = shorter >= LONG and s.weight >= MUCH and s.apart <= 3 * UPDATE
        if s.headlines >= SAME or long:
            return True
    return s.common >= 0.5 and s.headlines >= 0.3 and s.apart <= UPDATE


def _same_headline(mine: Known, theirs: Known) -> bool:
    one, two, apart = mine.sketch, theirs.sketch, abs(mine.seen - theirs.seen)
    if one.here and one.here == two.here:
        return apart <= SAME_COLUMN
    return apart <= SAME_TITLE and bool(one.whole) and one.whole == two.whole

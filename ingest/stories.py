"""Stories by shared text lineage: what was copied is one story, what was reported twice is two. Pure.

What proves a copy is text that both have and *others have not*. A mill's template, a company's description, a
consent notice stand in many stories; so a shared shingle counts for 1 / n^2 if n > 1 other stories among the
candidates have it too, and a headline's word for 1 / n. Nothing of an outlet needs to be learnt or kept.
Measured on pairs labelled by reading: precision 0.98, recall 0.87 on the 597 first drawn (0.98 and 0.86 on the half
that tuned nothing), 0.94 and 0.71 on 168 drawn last: `python -m benchmarks.stories quality`.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from core.articles import Lineage
from ingest.shared import LITTLE, Around, Known, held, known, subject
from ingest.sketches import WORD32, jaccard, signature

__all__ = ["COPIES", "Known", "jaccard", "join", "known", "signature"]

COPIES = timedelta(days=7)  # news is copied within days; what is alike for longer is an outlet's own template
SAME_HOUSE = timedelta(hours=60)  # an outlet takes its own text up again within two days: an update, a repeat
UPDATE = timedelta(hours=12)
SAME = 0.7  # of two headlines' words in both: they say the same
KNOWN, SUBJECT = 0.3, 0.6  # of a headline's words in its own text; of those, in the other text as well
HOUSE_SUBJECT = 0.85  # one desk's template has all but the names in common
SISTER = 0.3  # of two sisters' headlines in both; one desk's template fills half of what they print
LONG = 200  # shingles
SOON = timedelta(hours=24)  # a rewrite under about the same headline appears within a day
SAME_TITLE = timedelta(hours=48)  # for a headline without a text, at another outlet
# Within one source, a headline that comes back the next day is a column ("Stocks making the
# biggest moves midday"); one that comes back within hours was published again.
SAME_COLUMN = timedelta(hours=12)
RAW = 0.08  # of the shorter text; less is not looked at
TRIED = 6  # members of one story; in a story of many the nearest few decide
PROOF = 12.0  # shingles of the sketch that no other story has
MUCH = 3 * PROOF


@dataclass(frozen=True, slots=True)
class _Shared:
    """What two articles share: text (as a share of the shorter, and in shingles) and headlines, and the shorter one's length."""

    share: float
    weight: float
    common: float
    alike: float
    apart: timedelta
    shorter: int


def join(mine: Known, candidates: Sequence[Known], *, now: datetime) -> Lineage:
    """The article's place in the story of the text it shares most with, or in one of its own.

    `candidates` share a band key; the more of those with much in common are among them, the better is a
    template known as one. `copied` is the largest share of this article's text that one article of the
    story held.
    """
    alone = Lineage(article=mine.article, story=mine.article, copied=0.0, joined=now)
    others = [c for c in candidates if c.article != mine.article and abs(mine.seen - c.seen) <= COPIES]
    worth = _worth(mine, others)
    if not worth:
        return alone
    around = Around(others)
    found = [(_proof(mine, theirs, around), theirs) for theirs in worth]
    # A text may take from several stories: the one that held most of it decides. Equal ones (a copy of a
    # copy) by the proof and the story's id, so that a rerun agrees.
    proved = [(held(mine, theirs), share, theirs.story) for share, theirs in found if share]
    if not proved:
        return alone
    copied, _, story = max(proved)
    return Lineage(article=mine.article, story=story, copied=copied, joined=now)


def _worth(mine: Known, others: Sequence[Known]) -> list[Known]:
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


def _proof(mine: Known, theirs: Known, around: Around) -> float:
    """How well it is proved that the two share a lineage: a share in (0, 1], or 0 for not at all."""
    apart = abs(mine.seen - theirs.seen)
    if not (mine.shingles and theirs.shingles):
        return 1.0 if _same_headline(mine, theirs, apart) else 0.0
    # A copy keeps the subject: of the headline's words that its own text has, the other has nearly all. A template or
    # a notice does not; and a text that hardly knows its own headline is furniture. Asked first: it is cheap, and most
    # of a template's siblings end here.
    common, alike = around.headline(mine, theirs)
    own, other = subject(mine, theirs)
    if alike < SAME and (own < KNOWN or other < SUBJECT * own):
        return 0.0
    share, weight = around.text(mine, theirs)
    kept = alike >= SAME or other >= HOUSE_SUBJECT * own
    shared = _Shared(share, weight, common, alike, apart, min(mine.shingles, theirs.shingles))
    if mine.sketch.source == theirs.sketch.source:
        proved = kept and _taken_up(shared)
    elif mine.sketch.owner == theirs.sketch.owner:
        proved = kept and _sisters(shared) and _copied(shared)
    else:
        proved = _copied(shared)
    return share if proved else 0.0


def _copied(s: _Shared) -> bool:
    """At another outlet: the more the headlines have in common, the less of the text must be shared."""
    if s.weight >= PROOF and (
        s.share >= 0.6 or (s.share >= 0.45 and s.common >= 0.15) or (s.share >= 0.33 and s.common >= 0.35)
    ):
        return True
    if s.apart > SOON:
        return False
    if s.weight >= LITTLE and s.share >= 0.22 and s.common >= 0.5:
        return True
    return s.weight >= 10 and s.share >= 0.14 and s.alike >= 0.4


def _sisters(s: _Shared) -> bool:
    """One desk's template fills half of what sisters print, so the headlines or much text must agree besides."""
    return s.alike >= SISTER or s.share >= 0.8 or (s.weight >= MUCH and s.share >= 0.55 and s.common >= 0.35)


def _taken_up(s: _Shared) -> bool:
    """In one outlet, whose articles are alike anyway: its text again, or inside a longer one."""
    if s.weight < PROOF or s.share < 0.6 or s.apart > SAME_HOUSE:
        return False
    if s.share >= 0.8:
        long = s.shorter >= LONG and s.weight >= MUCH and s.apart <= 3 * UPDATE
        if s.alike >= SAME or long:
            return True
    return s.common >= 0.5 and s.alike >= 0.3 and s.apart <= UPDATE


def _same_headline(mine: Known, theirs: Known, apart: timedelta) -> bool:
    one, two = mine.sketch, theirs.sketch
    if one.here and one.here == two.here:
        return apart <= SAME_COLUMN
    return apart <= SAME_TITLE and bool(one.whole) and one.whole == two.whole

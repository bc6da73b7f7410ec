"""Whether two texts share a lineage: what was measured of both, weighed by numbers that were fitted. Pure.

This is where it is decided for texts of two outlets. What an outlet takes from itself is decided by rules
(`ingest.stories`): its updates and its template share as much, and no measure of ours told them apart well enough.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import timedelta
from functools import cache
from math import log1p
from pathlib import Path

from core.errors import FormatError
from ingest.shared import Around, Known, subject
from ingest.sketches import WORD32

FILE = Path(__file__).with_name("lineage.json")
SAME = 0.7  # of two headlines' words in both: they say the same
KNOWN = 0.3  # of a headline's words in its own text; a text that hardly knows its headline is furniture
KEPT = 0.4  # of those, in the other text as well; fewer are another subject's (a template's siblings end here)
PART = 0.12  # of the shorter text; two reports of one event share as much by accident
MEASURES = ("share", "log shingles", "headlines", "share x headlines", "subject", "own subject", "log hours", "rare")


@dataclass(frozen=True, slots=True, kw_only=True)
class Shared:
    """What two texts share; all but the counts and `apart` in [0, 1].

    Of the text: `share` of the shorter one (shingles that others have too count for less), `weight` of it in
    shingles of the sketch and `shingles` in shingles of the text, `rare` the share of what both have that no other
    story has. Of the headlines: `headlines`, the words in both as a share of all, and `common`, as a share of the
    shorter one's. Of the shorter text's headline: `own`, the share of its words that its own text knows, and
    `subject`, the share of those that the longer text knows too.
    """

    share: float
    weight: float
    shingles: float
    rare: float
    headlines: float
    common: float
    own: float
    subject: float
    apart: timedelta

    def measures(self) -> tuple[float, ...]:
        """What a `Decision` weighs, as `MEASURES` names them; sizes and times as logarithms."""
        return (
            self.share,
            log1p(self.shingles),
            self.headlines,
            self.share * self.headlines,
            self.subject,
            self.own,
            log1p(self.apart / timedelta(hours=1)),
            self.rare,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Decision:
    """A weight for each measure, in log odds, and the constant they are added to."""

    weights: tuple[float, ...]
    constant: float

    def odds(self, shared: Shared) -> float:
        """The log odds of a shared lineage less those that are asked for: from 0 on it is one."""
        return self.constant + sum(w * x for w, x in zip(self.weights, shared.measures(), strict=True))


@cache
def shipped() -> Decision:
    """The decision that was fitted; raises FormatError."""
    return load(FILE)


def load(file: Path) -> Decision:
    """The decision that a file holds; raises FormatError."""
    try:
        told = json.loads(file.read_text(encoding="utf-8"))
        return Decision(weights=tuple(float(told["weights"][m]) for m in MEASURES), constant=float(told["constant"]))
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise FormatError(f"holds no weights ({error})", url=str(file)) from error


def between(mine: Known, theirs: Known, around: Around) -> Shared | None:
    """What two texts share; None if it proves nothing: little text, mostly furniture, or of another subject."""
    common, headlines = around.headline(mine, theirs)
    own, other = subject(mine, theirs)
    if headlines < SAME and (own < KNOWN or other < KEPT * own):
        return None
    share, weight, rare = around.text(mine, theirs)
    if share < PART:
        return None
    return Shared(
        share=share,
        weight=weight,
        shingles=weight * WORD32 / min(mine.sketch.limit, theirs.sketch.limit),
        rare=rare,
        headlines=headlines,
        common=common,
        own=own,
        subject=min(1.0, other / own) if own else 0.0,
        apart=abs(mine.seen - theirs.seen),
    )

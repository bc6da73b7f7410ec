"""What people say of articles, and how it came that they were asked."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from core.tags import Stance

Drawn = Literal["audit", "uncertain", "chosen"]
Stratum = Literal["tagged", "near", "far"]
STRATA: tuple[Stratum, ...] = ("tagged", "near", "far")


@dataclass(frozen=True, slots=True, kw_only=True)
class Drawing:
    """How an article came before a person.

    `audit`: by lot from its day's articles of one stratum, of which it stands for `weight`;
    `uncertain`: because the tagger was; `chosen`: because the person wanted to say something.
    Strata: `tagged`, not tagged but `near` it, and `far` from it.
    """

    drawn: Drawn = "chosen"
    stratum: Stratum | None = None
    weight: float = 1.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Label:
    """What one person said of one article and narrative at one instant.

    `tag` None takes back what the same person said before. `stance` is None unless `tag` is true.
    `passage` is the sentence that it was said of, "" for the article as a whole.
    """

    narrative: str
    article: str
    who: str
    at: datetime
    tag: bool | None
    stance: Stance | None = None
    passage: str = ""
    note: str = ""
    drawing: Drawing = Drawing()

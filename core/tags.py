"""What the tagger says of an article."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal

Stance = Literal["promotes", "disputes", "reports"]
STANCES: tuple[Stance, ...] = ("promotes", "disputes", "reports")


@dataclass(frozen=True, slots=True, kw_only=True)
class Span:
    """A passage that carries the narrative; offsets into `title + "\\n\\n" + text`.

    `claim` is the id of the contract's claim that it comes nearest to, "" for none; `example` the contract's example
    that it comes nearest to, of those that say the same of the narrative ("" where nobody kept it).
    """

    start: int
    end: int
    text: str
    says: str
    claim: str = ""
    example: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Tag:
    """Whether an article carries a narrative, and toward what end.

    `probability` (0 to 1) is calibrated to the natural stream. `stance` is None unless `carries`.
    `speaker` is who asserts it, "" for the outlet's own voice; `organisation` whom they speak for, "" where that is not
    known; `own_book` says that the speaker
    has an interest (None: unknown). No tag carries a narrative without a span.
    """

    narrative: str
    carries: bool
    probability: float
    stance: Stance | None = None
    stance_probabilities: Mapping[str, float] = field(default_factory=dict)
    speaker: str = ""
    organisation: str = ""
    own_book: bool | None = None
    claims: tuple[str, ...] = ()
    spans: tuple[Span, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class TaggedArticle:
    """All tags of one version of one article by one model; `skipped` says why it was not read, "" where it was."""

    article: str
    version: int
    model: str
    tags: tuple[Tag, ...]
    skipped: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Mention:
    """An article that carries a narrative, as `signals` sees it.

    `voice` is the owner, wire or copied-text component that stands behind the story; `copied` the
    share of the text that was in the story before; `speaker` is who asserts it, "" for the outlet
    itself.
    """

    article: str
    story: str
    source: str
    voice: str
    seen: datetime
    stance: Stance
    probability: float
    copied: float = 0.0
    own_book: bool | None = None
    speaker: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceCount:
    """How many stories a source began on one day, and how many of them carry the narrative.

    `age` is in whole days before `as_of`: 0 is the last 24 hours.
    """

    source: str
    age: int
    stories: int
    carrying: int

"""Feeds, what they carry, and the stories that articles belong to."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

TextKind = Literal["full", "feed", "headline"]
Mark = Literal["undated", "future", "stale"]
Quality = Literal["good", "headline", "stub", "wall", "list", "foreign"]
ChangeMark = Literal[
    "correction", "softened", "numbers removed", "numbers changed", "claim removed", "headline changed"
]

COUNTED: frozenset[Quality] = frozenset({"good", "headline"})
WALK_BACKS: frozenset[ChangeMark] = frozenset({"correction", "softened", "numbers removed", "claim removed"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Feed:
    """A feed to watch, and what earlier polls taught about it.

    `failures` counts in graded credits (a 503 is half of one, a DNS "try again" a quarter).
    `due` None means never polled. `interval` is in minutes. `read_at` is when its body was last got.
    `moved_to` is where it has permanently redirected `moves` times in a row; `gone` counts the 410
    in a row.
    """

    url: str
    source: str
    owner: str
    kind: str
    interval: int = 60
    due: datetime | None = None
    etag: str | None = None
    modified: str | None = None
    body_hash: str | None = None
    failures: float = 0.0
    last_ok: datetime | None = None
    problem: str = ""
    read_at: datetime | None = None
    moved_to: str = ""
    moves: int = 0
    gone: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One item of a feed, as the feed states it. Text is plain, HTML removed."""

    guid: str
    link: str
    title: str
    text: str = ""
    author: str = ""
    published: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Article:
    """An article in one version of its text.

    `published` is what it claims, `first_seen` when we first had it; signals use the second.
    `version` counts from 1. `marks` say why a date cannot be trusted: a stale item was published
    more than `ingest.plan.STALE` before it was first seen. `imported` marks history that was not
    lived through.
    """

    id: str
    source: str
    owner: str
    feed: str
    guid: str
    url: str
    title: str
    text: str
    text_kind: TextKind
    quality: Quality
    language: str
    author: str
    published: datetime | None
    first_seen: datetime
    marks: frozenset[Mark] = frozenset()
    version: int = 1
    imported: bool = False

    @property
    def counts(self) -> bool:
        """Whether the article may be evidence: it is dated, of its day, and no stub or wall."""
        return not self.marks and self.quality in COUNTED

    @property
    def body(self) -> str:
        """What is tagged and what span offsets refer to."""
        return f"{self.title}\n\n{self.text}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """One version of an article against the one before it.

    `diff` is compact and readable: one changed passage a line, `@title` or `@word N` (from 0, in the
    old text), then `-` what went and `+` what came, each cut at 240 characters. `share` is the part of
    the old words that is gone, 0 to 1. `marks` say what kind of change it is.
    """

    article: str
    old: int
    new: int
    diff: str
    share: float
    marks: frozenset[ChangeMark]

    @property
    def walks_back(self) -> bool:
        """Whether the newer version takes something back: a correction, a softer verb, a number or claim gone."""
        return bool(self.marks & WALK_BACKS)


def article_id(source: str, identity: str) -> str:
    """A stable id from the source's name and the item's guid (or link, or title and date)."""
    return hashlib.sha256(f"{source}\n{identity}".encode()).hexdigest()[:16]


@dataclass(frozen=True, slots=True, kw_only=True)
class Signature:
    """What is kept of an article's text to recognise copies.

    `hashes` is a packed sketch of the text, `bands` the 64-bit keys (little-endian) under which it is
    found; the store gives a signature back without them.
    """

    article: str
    shingles: int
    hashes: bytes
    bands: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class Lineage:
    """An article's place in a story: shared text lineage, never merely a shared event.

    `copied` is the share of its text, 0 to 1, that was in the story before it came.
    """

    article: str
    story: str
    copied: float
    joined: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Quotation:
    """A passage of the press that carries a narrative, with where it stands."""

    article: str
    version: int
    start: int
    end: int
    text: str
    says: str
    title: str
    url: str
    source: str
    first_seen: datetime
    probability: float


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceHealth:
    """How a feed or a series source fares at one instant, in words.

    `state` is "ok", "failing", "stale" or "never"; `reason` says what the last failure was. `look`
    is the stored row of the last look (None: never looked at).
    """

    name: str
    url: str
    kind: Literal["feed", "series"]
    state: Literal["ok", "failing", "stale", "never"]
    reason: str
    last_ok: datetime | None
    failures: int
    look: int | None = None

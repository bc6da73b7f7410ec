"""A briefing as final display values: templates place them, and compute nothing.

Every sentence with a figure carries `refs`, the stored rows it was made from, so that it can be
recomputed. `value`, `low` and `high` repeat figures as numbers for readers of the JSON form.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

Side = Literal["for", "against", "neither"]
Standing = Literal["for", "against", "neither", "stale", "unknown", "context", "crossed", "clear"]
CellKind = Literal["track", "zero", "range-for", "range-against", "mark-for", "mark-against", "mark-neither"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Ref:
    """A stored row: its table and the columns that name it."""

    table: str
    key: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Sentence:
    """Something said, and the rows that say it."""

    text: str
    refs: tuple[Ref, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Fact:
    """A labelled figure with its sample size or limits in the same text."""

    label: str
    text: str
    refs: tuple[Ref, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Cell:
    """A run of a bar: its `width` in percent of the bar, as CSS wants it, and what it shows."""

    width: str
    kind: CellKind


@dataclass(frozen=True, slots=True, kw_only=True)
class Bar:
    """A number on the scale from -1 (against) to +1 (for), with its interval.

    `drawn` is the same bar in ASCII, 41 characters; `said` is the bar in words.
    """

    label: str
    figure: str
    interval: str
    side: Side
    cells: tuple[Cell, ...]
    drawn: str
    said: str
    value: float | None
    low: float | None
    high: float | None
    refs: tuple[Ref, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Card:
    """The verdict on a narrative.

    `sentence` is the verdict in plain words, `tally` the mornings it rests on, `coverage` how many speak, how
    independently, and where the largest story came from; `stance` is what a contrarian is left with, `side` whom the
    verdict leaves with the better case; `concessions` are given up today, `limits` keep it from being more certain.
    """

    kind: str
    label: str
    side: Side
    sentence: Sentence
    tally: Sentence
    coverage: Sentence
    stance: str
    press: Bar
    data: Bar
    facts: tuple[Fact, ...]
    concessions: tuple[Sentence, ...]
    limits: tuple[Sentence, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Spark:
    """How a check's value went over the trailing 90 days: blocks of eight heights, and the same in words."""

    drawn: str
    said: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One question put to the data.

    `figure` is "" where nothing was measured. `says` is the standing in words, with the reason of
    an UNKNOWN or STALE. `date` is that of the oldest observation that had to be new. `sentence` is
    short; `detail` has what the signals say in full, and the pairs, one by one, `rule` how much the
    check can say: these two are for the page. `proxy` names what stands in for the thing asked.
    `main` rows are shown in full in the mail.
    """

    check: str
    asks: str
    figure: str
    unit: str
    standing: Standing
    says: str
    date: str
    sentence: str
    detail: tuple[str, ...]
    rule: str
    proxy: str
    spark: Spark
    main: bool
    value: float | None
    support: float | None
    refs: tuple[Ref, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Board:
    """The falsifier board: strongest readings first, then what is unknown, then rows without weight.

    `aside` says what the mail leaves to the page: measured rows that are not `main`, and those of context. `concede`
    are the rows that would prove the contrarian wrong. `proxies` says what each proxy is not.
    """

    summary: Sentence
    aside: str
    measured: tuple[Row, ...]
    unknown: tuple[Row, ...]
    context: tuple[Row, ...]
    concede: tuple[Row, ...]
    proxies: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Argument:
    """One side's best case, in the contract's words, and the questions whose answers speak most strongly for it."""

    side: Side
    title: str
    text: str
    checks: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Quote:
    """A passage of the press. `url` is "" when the article's address is not safe to link to.

    `wrong` is where a reader says that the tag is wrong, "" for nowhere.
    """

    text: str
    says: str
    title: str
    source: str
    date: str
    probability: str
    url: str
    wrong: str
    mark: str
    refs: tuple[Ref, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Claimed:
    """Something that somebody says and nobody measures. `url` is "" when it is not safe to link to."""

    check: str
    text: str
    who: str
    url: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Section:
    """Sentences under a title; `note` stands for what there is none of, or not shown, "" where nothing is.

    `rest` are sentences for the page alone.
    """

    title: str
    sentences: tuple[Sentence, ...]
    note: str = ""
    rest: tuple[Sentence, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Picture:
    """A drawing that the mail carries as `cid:NAME` and the page holds inline; `alt` says what is seen."""

    name: str
    title: str
    alt: str
    width: str
    height: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Narrative:
    """One narrative's part of the briefing. `mark` is "SAMPLE" in a demonstration, else "".

    `url` is where it stands on the archive page ("" where that has no address). `course` is the picture of press
    against data, `gap` that of the matched spot discounts (none where the contract compares none), `multiples` that of
    the checks, for the page alone. `numbers` holds claims against numbers, `book` who talks their own, `absent` what
    should exist, `change` what would change the verdict.
    """

    id: str
    url: str
    title: str
    proposition: str
    mark: str
    contract: str
    card: Card
    board: Board
    lead: tuple[Argument, ...]
    arguments: tuple[Argument, ...]
    claimed: tuple[Claimed, ...]
    quotes: tuple[Quote, ...]
    quotes_note: str
    numbers: Section
    book: Section
    absent: Section
    change: Section
    course: tuple[Picture, ...]
    gap: tuple[Picture, ...]
    multiples: tuple[Picture, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """What became of one narrative since the last briefing; `moved` when the verdict changed."""

    narrative: str
    title: str
    moved: bool
    sentence: Sentence
    alerts: tuple[Sentence, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Problem:
    """Sources that share one trouble, each named with the time it last answered."""

    what: str
    names: tuple[str, ...]
    refs: tuple[Ref, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Sources:
    """How the feeds and series sources fare."""

    summary: Sentence
    problems: tuple[Problem, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Briefing:
    """A whole briefing, in reading order.

    `notices` (a demonstration, a degraded day) come first. `command` recomputes it, `url` is its page ("" for none).
    """

    as_of: datetime
    url: str
    sample: bool
    mark: str
    subject: str
    preheader: str
    title: str
    dateline: str
    headline: str
    notices: tuple[Sentence, ...]
    changes_title: str
    changes: tuple[Change, ...]
    gaps: Sentence
    narratives: tuple[Narrative, ...]
    pairs: Section
    ledger: Section
    sources: Sources
    audits: Section
    unchecked: tuple[Sentence, ...]
    more: str
    reading: tuple[str, ...]
    command: str
    provenance: str

"""Invented histories made of real ones: press and evidence drawn in blocks, so that what is known to be true is known.

The press keeps its sources, stories, voices, copies and weekdays; only who promotes and who disputes is drawn anew.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

import numpy as np
from numpy.typing import NDArray

from core.press import Counts, PressRun, Stood
from core.tags import Mention, SourceCount, Stance
from signals.attention import BASELINE_DAYS, WEEK

Ints = NDArray[np.int64]

START = datetime(2001, 1, 1, 11, tzinfo=UTC)  # the morning of day 0, a Monday
DAY = timedelta(days=1)
PRESS_BLOCK = 28  # days; a multiple of seven, begun on the weekday that it replaces
REACH = 7 + BASELINE_DAYS  # days of counts behind a morning
SIGNS: dict[Stance, int] = {"promotes": 1, "disputes": -1, "reports": 0}
STANCES: dict[int, Stance] = {sign: stance for stance, sign in SIGNS.items()}


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Press:
    """What a press wrote on one narrative, day by day; a day ends with its morning, day 0 on a Monday.

    `stories` and `carrying` are sources by days. The columns below have one entry for each
    mention, in the order of (day, seen, article): `before` are the seconds until its morning.
    """

    sources: tuple[str, ...]
    stories: Ints
    carrying: Ints
    day: Ints
    before: Ints
    story: Ints
    voice: Ints
    source: Ints
    stance: Ints

    @property
    def days(self) -> int:
        """How many days there are."""
        return int(self.stories.shape[1])

    @property
    def reporting(self) -> float:
        """The share of stories whose first mention neither promotes nor disputes."""
        _, first = np.unique(self.story, return_index=True)
        return float((self.stance[first] == 0).mean()) if len(first) else 1.0


def press(mentions: Sequence[Mention], counts: Sequence[SourceCount], *, as_of: datetime, days: int) -> Press:
    """The last `days` before `as_of` of what the store gives, `as_of` being a Sunday's morning."""
    if as_of.weekday() != 6 or days % WEEK:
        raise ValueError("whole weeks that end with a Sunday's morning are needed")
    held = [c for c in counts if c.age < days]
    told = sorted((m for m in mentions if as_of - days * DAY < m.seen <= as_of), key=lambda m: (m.seen, m.article))
    sources = {name: i for i, name in enumerate(sorted({c.source for c in held} | {m.source for m in told}))}
    stories, carrying = np.zeros((2, len(sources), days), dtype=np.int64)
    for c in held:
        stories[sources[c.source], days - 1 - c.age] += c.stories
        carrying[sources[c.source], days - 1 - c.age] += c.carrying
    ago = [int((as_of - m.seen).total_seconds()) for m in told]
    return Press(
        sources=tuple(sources),
        stories=stories,
        carrying=carrying,
        day=_ints(days - 1 - a // 86_400 for a in ago),
        before=_ints(a % 86_400 for a in ago),
        story=_numbered([m.story for m in told]),
        voice=_numbered([m.voice for m in told]),
        source=_ints(sources[m.source] for m in told),
        stance=_ints(SIGNS[m.stance] for m in told),
    )


def blocks(days: int, of: int, random: np.random.Generator, *, length: int = PRESS_BLOCK) -> tuple[Ints, Ints]:
    """For each of `days` days a day of the `of` real ones, and the number of its block; blocks begin on Mondays."""
    starts = np.arange(0, of - length + 1, WEEK)
    number = np.arange(days) // length
    return random.choice(starts, number[-1] + 1)[number] + np.arange(days) % length, number


def long_blocks(days: int, of: int, random: np.random.Generator, *, least: int = 60, most: int = 120) -> Ints:
    """The same for evidence: blocks of 60 to 120 days, from anywhere where a whole one fits."""
    drawn: list[Ints] = []
    while sum(map(len, drawn)) < days:
        length = int(random.integers(least, min(most, of) + 1))
        start = int(random.integers(0, of - length + 1))
        drawn.append(np.arange(start, start + length))
    return np.concatenate(drawn)[:days]


def lived(real: Press, chosen: Ints, number: Ints) -> Press:
    """The press of the chosen days; a story that two blocks hold is another one in each."""
    rows, days = [], []
    first, last = np.searchsorted(real.day, chosen, side="left"), np.searchsorted(real.day, chosen, side="right")
    for day, (a, b) in enumerate(zip(first.tolist(), last.tolist(), strict=True)):
        rows.append(np.arange(a, b))
        days.append(np.full(b - a, day))
    row, day_of = np.concatenate(rows), np.concatenate(days)
    width = int(real.story.max(initial=0)) + 1
    return Press(
        sources=real.sources,
        stories=real.stories[:, chosen],
        carrying=real.carrying[:, chosen],
        day=day_of,
        before=real.before[row],
        story=number[day_of] * width + real.story[row],
        voice=real.voice[row],
        source=real.source[row],
        stance=real.stance[row],
    )


def together(parts: Sequence[Press]) -> Press:
    """Several presses at once, of equal length, that have no outlet, voice or story in common."""
    column = {name: [getattr(part, name) for part in parts] for name in ("day", "before", "stance")}
    for name in ("story", "voice"):
        width = max(int(getattr(part, name).max(initial=0)) for part in parts) + 1
        column[name] = [getattr(part, name) + i * width for i, part in enumerate(parts)]
    column["source"] = [part.source + i * len(parts[0].sources) for i, part in enumerate(parts)]
    flat = {name: np.concatenate(values) for name, values in column.items()}
    order = np.lexsort((-flat["before"], flat["day"]))
    return Press(
        sources=tuple(f"{name} {i}" for i, part in enumerate(parts) for name in part.sources),
        stories=np.concatenate([part.stories for part in parts]),
        carrying=np.concatenate([part.carrying for part in parts]),
        **{name: values[order] for name, values in flat.items()},
    )


def neutral(of: Press, random: np.random.Generator, *, reporting: float) -> Ints:
    """Stances under which nothing is pushed: each story's drawn by itself, promoting as likely as disputing."""
    stories, which = np.unique(of.story, return_inverse=True)
    sign = np.where(random.random(len(stories)) < reporting, 0, random.choice([-1, 1], len(stories)))
    return np.asarray(sign[which])


def stubborn(of: Press, number: Ints, random: np.random.Generator) -> Ints:
    """The real stances, each voice's turned round or not for a whole block: voices are as one-sided as they are."""
    width = int(of.voice.max(initial=0)) + 1
    flip = random.choice([-1, 1], (int(number[-1]) + 1) * width)
    return np.asarray(of.stance * flip[number[of.day] * width + of.voice])


def planted(of: Press, stance: Ints, on: NDArray[np.bool_], random: np.random.Generator, *, share: float) -> Ints:
    """`stance` with this share of the stories of the days `on` that do not promote turned to promoting."""
    stories, which = np.unique(of.story, return_inverse=True)
    turned = (random.random(len(stories)) < share)[which]
    return np.where(turned & on[of.day], 1, stance)


def run(of: Press, stance: Ints) -> PressRun:
    """What `signals.pressure.pressures` is handed for all mornings of this press."""
    source, day = np.nonzero(of.stories | of.carrying)
    none = np.zeros_like(day)
    return PressRun(
        mornings=tuple(START + day * DAY for day in range(of.days)),
        mentions=tuple(Stood(mention=m, first=0, until=of.days) for m in told(of, stance, np.arange(len(of.day)))),
        counts=Counts(
            sources=of.sources,
            source=source,
            age=of.days - 1 - day,
            first=none,
            until=none + of.days,
            stories=of.stories[source, day],
            carrying=of.carrying[source, day],
        ),
    )


def told(of: Press, stance: Ints, rows: Ints) -> list[Mention]:
    """These mentions of the press as `signals` knows them, with these stances."""
    return [
        Mention(
            article=f"{i:09}",
            story=str(of.story[i]),
            source=of.sources[of.source[i]],
            voice=str(of.voice[i]),
            seen=START + int(of.day[i]) * DAY - timedelta(seconds=int(of.before[i])),
            stance=STANCES[int(stance[i])],
            probability=1.0,
        )
        for i in rows.tolist()
    ]


def asked(of: Press, stance: Ints, day: int) -> tuple[list[Mention], list[SourceCount], datetime]:
    """What `signals.pressure.pressure` is handed for one morning of this press."""
    as_of = START + day * DAY
    rows = np.flatnonzero((of.day > day - 7) & (of.day <= day))
    mentions = told(of, stance, rows)
    counts = [
        SourceCount(
            source=of.sources[s],
            age=age,
            stories=int(of.stories[s, day - age]),
            carrying=int(of.carrying[s, day - age]),
        )
        for age in range(min(REACH, day + 1))
        for s in np.flatnonzero(of.stories[:, day - age]).tolist()
    ]
    return mentions, counts, as_of


def _ints(values: Any) -> Ints:
    return np.fromiter(values, np.int64)


def _numbered(names: Sequence[str]) -> Ints:
    number = {name: i for i, name in enumerate(sorted(set(names)))}
    return _ints(number[name] for name in names)

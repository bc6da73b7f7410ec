"""History of articles from JSON lines: imported, marked as such, never lived through, and resumable."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from core.articles import Article, TextKind, article_id
from core.errors import InputError
from core.languages import language_of
from core.settings import FeedSettings
from ingest import plan
from ingest.canonical import canonical
from ingest.plain import article_lines, entities, fold, plain, words
from ingest.quality import graded

FULL = 120  # words; a feed's summary is shorter (95 % of 4,916 measured have under 131)
UNDATED = datetime(1970, 1, 1, tzinfo=UTC)  # no day that any window covers; its mark keeps it out of evidence
DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class BadLine:
    """A line that is no article: `name` of the file, `line` from 1, and why."""

    name: str
    line: int
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """An article, or why a record is none, and where it stands: hand `position` in as `start` to go on from there.

    Of JSON lines and WARC files the position is a byte offset, of a Parquet file a row from 0. The
    record at `start` is read again; whoever keeps articles by their id keeps it once.
    """

    item: Article | BadLine
    position: int


def articles_from_file(
    path: Path, *, lag: timedelta, feeds: Iterable[FeedSettings] = (), start: int = 0
) -> Iterator[Found]:
    """`articles_from_jsonl` of a file, from the line at byte `start` on; raises InputError if it cannot be read."""
    watched = {f.source: f for f in feeds}
    try:
        with path.open("rb") as file:
            at = before = 0
            while at < start and (line := file.readline()):  # counted, so that a bad line is named by its number
                at, before = at + len(line), before + 1
            for number, line in enumerate(file, before + 1):
                if item := _item(line, number, str(path), lag, watched):
                    yield Found(item=item, position=at)
                at += len(line)
    except OSError as error:
        raise InputError(f"{path}: {error.strerror}") from None


def articles_from_jsonl(
    lines: Iterable[str], *, name: str, lag: timedelta, feeds: Iterable[FeedSettings] = ()
) -> Iterator[Article | BadLine]:
    """Read `{"id", "title", "text", "source"?, "url"?, "published"?}` a line; blank lines are skipped.

    `first_seen` is `published + lag` (a bare date counts as that day's end), so that nothing is
    known before it can have been. The owner comes from the feed of the same source, and the id is
    the one that such a feed gives an entry with this guid. A line without a date gives an article
    marked undated, first seen in 1970.
    """
    watched = {f.source: f for f in feeds}
    for number, line in enumerate(lines, 1):
        if item := _item(line, number, name, lag, watched):
            yield item


def _item(
    line: str | bytes, number: int, name: str, lag: timedelta, watched: Mapping[str, FeedSettings]
) -> Article | BadLine | None:
    """One line as an article, or why it is none; None for a blank one."""
    if not line.strip():
        return None
    try:
        return article_of(json.loads(line), name, lag, watched)
    except UnicodeDecodeError:
        return BadLine(name=name, line=number, reason="is not UTF-8")
    except (ValueError, RecursionError) as error:
        reason = "is not JSON" if isinstance(error, json.JSONDecodeError | RecursionError) else str(error)
        return BadLine(name=name, line=number, reason=reason)


def article_of(row: Any, name: str, lag: timedelta, watched: Mapping[str, FeedSettings]) -> Article:
    """One row of history as an article; raises ValueError saying what is wrong with it."""
    if not isinstance(row, dict):
        raise ValueError("is not an object")
    key, title, raw = (_text(row, part) for part in ("id", "title", "text"))
    if not key:
        raise ValueError("id is missing")
    title, text = fold(entities(title)), article_lines(plain(raw))
    if not title and not text:
        raise ValueError("has neither title nor text")
    source = fold(_text(row, "source")) or name
    published, seen = _times(_text(row, "published"), lag)
    feed = watched.get(source)
    title = title or text[:120].replace("\n", " ")
    text, fit = graded(title, text)
    kind: TextKind = "headline" if not text else "full" if words(text) >= FULL else "feed"
    return Article(
        id=article_id(source, key),
        source=source,
        owner=feed.owner if feed else source,
        feed=feed.url if feed else "",
        guid=key,
        url=canonical(_text(row, "url")) if row.get("url") else "",
        title=title,
        text=text,
        text_kind=kind,
        quality=fit,
        language=language_of(title, text),
        author=fold(_text(row, "author")),
        published=published,
        first_seen=seen,
        marks=plan.marks(published, seen),
        imported=True,
    )


def _text(row: Mapping[str, Any], key: str) -> str:
    value = row.get(key)
    if value is None:
        return ""
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        raise ValueError(f"{key} is not text")
    return str(value)


def _times(stated: str, lag: timedelta) -> tuple[datetime | None, datetime]:
    if not stated.strip():
        return None, UNDATED
    try:
        moment = datetime.fromisoformat(stated.strip())
        moment = (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).astimezone(UTC).replace(microsecond=0)
        return moment, moment + lag + (DAY if len(stated.strip()) == 10 else timedelta(0))
    except (ValueError, OverflowError):
        raise ValueError(f"published {stated!r} is not a date") from None

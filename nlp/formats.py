"""The two file formats that are promises: articles to tag, their tags, and labels to be measured by."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, cast

from core.articles import Article
from core.errors import InputError
from core.tags import STANCES, Stance, Tag, TaggedArticle


@dataclass(frozen=True, slots=True, kw_only=True)
class Label:
    """What a reader says of an article and a narrative. `tag` None: readers differed, not scored."""

    tag: bool | None
    stance: Stance | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Labelled:
    """An article with its labels by narrative."""

    article: Article
    labels: Mapping[str, Label]


def read_articles(lines: Iterable[str], name: str, *, now: datetime) -> Iterator[Article]:
    """Read `{"id", "title", "text", "source"?, "url"?, "published"?}` a line, blank lines skipped, order kept.

    An article keeps the id of its line; it is seen at `now`, and without text it is a headline. Raises InputError
    that names `name`, the line and the key; an id that stands there twice is one.
    """
    for where, record in _records(lines, name):
        yield _article(record, where, now)


def read_labels(lines: Iterable[str], name: str, *, now: datetime) -> Iterator[Labelled]:
    """Read the lines of `read_articles` with `"labels": {narrative: {"tag": bool | null, "stance"?}}`; raises InputError."""
    for where, record in _records(lines, name):
        labels = record.get("labels")
        if not isinstance(labels, dict):
            raise InputError(f"{where}: labels: must be an object of narratives")
        yield Labelled(
            article=_article(record, where, now),
            labels={str(n): _label(held, f"{where}: labels.{n}") for n, held in labels.items()},
        )


def tag_line(article_id: str, tagged: TaggedArticle) -> dict[str, Any]:
    """One line of the tags file as plain data: `{"id", "narratives": {narrative: {"tag", "probability", ...}}}`, with
    "skipped" beside them where the article was not read: why."""
    line: dict[str, Any] = {"id": article_id, "narratives": {tag.narrative: _plain(tag) for tag in tagged.tags}}
    return line | ({"skipped": tagged.skipped} if tagged.skipped else {})


def _plain(tag: Tag) -> dict[str, Any]:
    short: dict[str, Any] = {"tag": tag.carries, "probability": tag.probability}
    if not tag.carries:
        return short
    told: dict[str, Any] = {
        "stance": tag.stance,
        "stance_probabilities": dict(tag.stance_probabilities),
        "claims": list(tag.claims),
        "spans": [
            {"start": s.start, "end": s.end, "text": s.text, "says": s.says}
            | {name: told for name, told in (("claim", s.claim), ("example", s.example)) if told}
            for s in tag.spans
        ],
    }
    if tag.speaker:
        told["speaker"] = tag.speaker
    if tag.organisation:
        told["organisation"] = tag.organisation
    if tag.own_book is not None:
        told["own_book"] = tag.own_book
    return short | told


def _records(lines: Iterable[str], name: str) -> Iterator[tuple[str, dict[str, Any]]]:
    seen: dict[str, int] = {}
    for number, line in enumerate(lines, start=1):
        if not line.strip():
            continue
        where = f"{name}:{number}"
        try:
            record = json.loads(line)
        except json.JSONDecodeError as error:
            raise InputError(f"{where}: is not JSON ({error.msg}, column {error.colno})") from error
        if not isinstance(record, dict):
            raise InputError(f"{where}: must be an object")
        identity = record.get("id")
        if not isinstance(identity, str) or not identity:
            raise InputError(f"{where}: id: must be a text that is not empty")
        if identity in seen:
            raise InputError(f"{where}: id: {identity!r} stands on line {seen[identity]} already")
        seen[identity] = number
        yield where, record


def _article(record: dict[str, Any], where: str, now: datetime) -> Article:
    def text(key: str, *, needed: bool = False) -> str:
        value = record.get(key)
        if value is None and not needed:
            return ""
        if not isinstance(value, str):
            raise InputError(f"{where}: {key}: must be a text")
        return value

    title, body, source = text("title", needed=True), text("text", needed="text" not in record), text("source")
    return Article(
        id=record["id"],
        source=source,
        owner=source,
        feed="",
        guid=record["id"],
        url=text("url"),
        title=title,
        text=body,
        text_kind="full" if body.strip() else "headline",
        quality="good" if body.strip() else "headline",
        language="",
        author="",
        published=_published(text("published"), where),
        first_seen=now,
    )


def _published(text: str, where: str) -> datetime | None:
    if not text:
        return None
    try:
        moment = datetime.fromisoformat(text)
    except ValueError as error:
        raise InputError(f"{where}: published: {text!r} is not an ISO 8601 instant") from error
    return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).astimezone(UTC)


def _label(held: Any, where: str) -> Label:
    if not isinstance(held, dict) or "tag" not in held:
        raise InputError(f"{where}: must be an object with a tag")
    tag, stance = held["tag"], held.get("stance")
    if tag is not None and not isinstance(tag, bool):
        raise InputError(f"{where}.tag: must be true, false or null")
    if stance is not None and stance not in STANCES:
        raise InputError(f"{where}.stance: {stance!r} is none of {', '.join(STANCES)}")
    return Label(tag=tag, stance=cast(Stance | None, stance))

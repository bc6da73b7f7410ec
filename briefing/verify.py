"""A briefing that was sent, held against one made again from rows."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import zip_longest
from typing import Any

from briefing.model import Briefing
from briefing.render import as_plain

LONGEST = 160  # characters of a statement in a fault

_FIGURE = re.compile(r"\d")
_SAID_IN = ("text", "sentence", "said", "asks", "label", "title")  # what names a part of a briefing to its reader


@dataclass(frozen=True, slots=True, kw_only=True)
class Fault:
    """Something that does not hold: where, what was sent, and what the rows give."""

    where: str
    sent: str
    made: str

    def __str__(self) -> str:
        return f"{self.where}: sent {self.sent}, the rows give {self.made}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Held:
    """What a verification looked at: statements with figures, quotations, links, and references to rows."""

    figures: int
    quotations: int
    links: int
    rows: int


def differences(sent: str, made: Briefing) -> tuple[Fault, ...]:
    """Every statement of the JSON form `sent` that `made` does not repeat, in reading order."""
    try:
        kept = json.loads(sent)
    except json.JSONDecodeError as error:
        return (Fault(where=f"json, line {error.lineno}", sent="no JSON", made="a briefing"),)
    return tuple(_differ(kept, as_plain(made), "briefing", ""))


def altered(form: str, sent: str, made: str) -> Fault | None:
    """The first line in which a rendered form differs from the one made again, byte for byte."""
    if sent == made:
        return None
    lines = zip_longest(sent.split("\n"), made.split("\n"))
    for number, (was, now) in enumerate(lines, start=1):
        if was != now:
            return Fault(where=f"{form}, line {number}", sent=_told(was), made=_told(now))
    raise AssertionError("two texts that differ have a line that differs")


def held(made: Briefing) -> Held:
    """Count what a verification of this briefing recomputes."""
    plain = as_plain(made)
    texts = [text for key, text in _leaves(plain) if key != "url"]
    return Held(
        figures=sum(bool(_FIGURE.search(text)) for text in texts),
        quotations=sum(len(n.quotes) for n in made.narratives),
        links=sum(bool(text) for key, text in _leaves(plain) if key == "url"),
        rows=len(references(made)),
    )


def references(made: Briefing) -> tuple[tuple[str, tuple[tuple[str, str], ...]], ...]:
    """The stored rows that a briefing says it was made from: table and key columns, each once, in order."""
    found: dict[tuple[str, tuple[tuple[str, str], ...]], None] = {}
    for ref in _refs(as_plain(made)):
        key = tuple((column, value) for column, value in ref.items() if column != "table")
        found.setdefault((ref["table"], key))
    return tuple(sorted(found))


def _differ(sent: Any, made: Any, where: str, about: str) -> Iterator[Fault]:
    if isinstance(sent, Mapping) and isinstance(made, Mapping):
        name = next((str(made[key]) for key in _SAID_IN if isinstance(made.get(key), str) and made[key]), about)
        for key in dict.fromkeys((*made, *sent)):
            yield from _differ(sent.get(key), made.get(key), f"{where}.{key}", name)
    elif isinstance(sent, list) and isinstance(made, list):
        for number, (was, now) in enumerate(zip_longest(sent, made), start=1):
            yield from _differ(was, now, f"{where}[{number}]", about)
    elif sent != made or type(sent) is not type(made):
        place = f"{where} ({_told(about)})" if about and about not in (sent, made) else where
        yield Fault(where=place, sent=_told(sent), made=_told(made))


def _leaves(value: Any, key: str = "") -> Iterator[tuple[str, str]]:
    if isinstance(value, Mapping):
        for name, part in value.items():
            if name != "refs":
                yield from _leaves(part, name)
    elif isinstance(value, list):
        for part in value:
            yield from _leaves(part, key)
    elif isinstance(value, str):
        yield key, value


def _refs(value: Any) -> Iterator[Mapping[str, str]]:
    if isinstance(value, Mapping):
        yield from value.get("refs", ())
        for name, part in value.items():
            if name != "refs":
                yield from _refs(part)
    elif isinstance(value, list):
        for part in value:
            yield from _refs(part)


def _told(value: Any) -> str:
    if value is None:
        return "nothing"
    text = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
    return repr(text if len(text) <= LONGEST else text[: LONGEST - 1] + "\u2026")

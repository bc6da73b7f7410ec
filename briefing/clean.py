"""Text from outside, made safe to place in a line of mail: no controls, no bidi tricks, bounded."""

from __future__ import annotations

import re
import unicodedata
from urllib.parse import quote, urlsplit

LONGEST_WORD = 40  # characters; the narrowest column (a phone at 375 px) holds about as many
LONGEST_LINK = 1500  # characters; longer addresses carry tracking, and some mail clients cut them
MARKS = 2  # combining marks kept on one character; stacks of them run over neighbouring lines

_DROPPED = frozenset({"Cc", "Cf", "Cs", "Co", "Cn"})  # controls, bidi and zero-width, surrogates, unassigned
_SPACES = re.compile(r"\s+")
_UNSAFE = re.compile(r"[\s<>\"'`{}|\\^\x00-\x20\x7f]")


def clean(text: str, limit: int | None = None) -> str:
    """One line of visible text: white space runs become one space, the rest of the controls go.

    Words over LONGEST_WORD and text over `limit` characters are cut and end in an ellipsis.
    """
    kept: list[str] = []
    marks = 0
    for char in unicodedata.normalize("NFC", _SPACES.sub(" ", text)):
        category = unicodedata.category(char)
        if category in _DROPPED:
            continue
        marks = marks + 1 if category in {"Mn", "Me"} else 0
        if marks <= MARKS:
            kept.append(char)
    line = " ".join(_fold(word) for word in "".join(kept).split(" ") if word)
    return line if limit is None or len(line) <= limit else _cut(line, limit)


def link(url: str) -> str:
    """The address as plain ASCII if it is http(s) and nothing but an address, else ""."""
    if len(url) > LONGEST_LINK or _UNSAFE.search(url) or any(unicodedata.category(c) in _DROPPED for c in url):
        return ""
    try:
        parts = urlsplit(url)
        host = (parts.hostname or "").encode("idna").decode("ascii")
        port = f":{parts.port}" if parts.port else ""
    except ValueError:  # a bad port, a bad bracket, a host that is no IDNA name
        return ""
    if parts.scheme not in {"http", "https"} or not host or parts.username is not None:
        return ""
    where = f"[{host}]" if ":" in host else host
    path = quote(parts.path, safe="/%:@!$&*+,;=~-._")  # parentheses would end a Markdown link
    query = f"?{quote(parts.query, safe='/%:@!$&*+,;=~-._?')}" if parts.query else ""
    fragment = f"#{quote(parts.fragment, safe='/%:@!$&*+,;=~-._?')}" if parts.fragment else ""
    return f"{parts.scheme}://{where}{port}{path}{query}{fragment}"


def _fold(word: str) -> str:
    return word if len(word) <= LONGEST_WORD else word[: LONGEST_WORD - 1] + "…"


def _cut(line: str, limit: int) -> str:
    head = line[: limit - 1]
    space = head.rfind(" ")
    return (head[:space] if space > limit // 2 else head).rstrip(" ,;:.") + "…"

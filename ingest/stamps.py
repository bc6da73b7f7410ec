"""When a text was written or read, as it stands in the text: no part of what it says. Pure."""

from __future__ import annotations

import re

__all__ = ["is_stamp", "undated"]

_MONTH = (
    r"(?:jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?|oct(?:ober)?"
    r"|nov(?:ember)?|dec(?:ember)?)"
)
_WHEN = re.compile(
    r"\b\d{4}-\d\d-\d\d(?:t\d\d:\d\d[\d:.]*z?)?\b|\b\d{1,2}/\d{1,2}/\d{2,4}\b"
    r"|\b\d{1,2}:\d\d(?::\d\d)?(?:\s?[ap]\.?m\b\.?)?|\b\d{1,2}(?:\.\d\d)?\s?[ap]\.?m\b\.?"
    rf"|\b{_MONTH}\.?\s\d{{1,2}}(?:st|nd|rd|th)?\b(?:,?\s\d{{4}}(?!\d))?|\b\d{{1,2}}(?:st|nd|rd|th)?\s{_MONTH}\b\.?(?:,?\s\d{{4}}(?!\d))?"
    r"|\b(?:\d+|an?|one)\s(?:sec(?:ond)?|min(?:ute)?|hour|hr|day)s?\sago\b|\b\d+[\s-]min(?:ute)?s?\sread\b",
    re.IGNORECASE,
)
_AROUND = re.compile(
    r"\b(?:last|first|originally|updated?|published|posted|modified|created|as of|on|at|date|time|just now|today|yesterday"
    r"|(?:mon|tues?|wed(?:nes)?|thu(?:rs)?|fri|sat(?:ur)?|sun)(?:day)?|[ecmp][sd]?t|gmt|utc|bst|cet|ist)\b",
    re.IGNORECASE,
)


def undated(text: str) -> str:
    """The text without its dates and times of day."""
    return _WHEN.sub(" ", text)


def is_stamp(line: str) -> bool:
    """Whether a line says nothing but when: "Updated April 15, 2026, 6:03 a.m. ET"."""
    return not re.search(r"\w", _AROUND.sub(" ", undated(line)))

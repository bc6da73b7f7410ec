"""Who asserts a sentence, by the few ways in which the press attributes: "said X", "X said", "according to X"."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

WORD = r"[A-Z][\w.&\u2019'-]*\w"
NAME = rf"{WORD}(?:\s+(?:(?:of|and|&|de|van|der)\s+)?{WORD}){{0,5}}"
GROUP = r"(?:[Aa]nalysts|[Ss]trategists|[Ee]conomists|[Ii]nvestors|[Cc]ritics|[Ee]xecutives|[Oo]fficials|[Tt]raders)"
WHO = rf"(?:{GROUP}(?:\s+(?:at|with|from)\s+{NAME})?|{NAME})"
SAID = (
    r"(?:said|says|say|told|argued|argues|argue|wrote|writes|claimed|claims|claim|warned|warns|warn|predicted|predicts|"
    r"predict|estimates|estimated|believes|reckons|noted|notes|added|sees|forecasts)"
)
ROLE = r"(?:,\s(?P<role>[^,.;\u201c\u201d\"]{3,90})(?=[,.;]|$))?"
PATTERNS = (
    re.compile(rf"\b[Aa]ccording\s+to\s+(?:an?\s+|the\s+)?(?P<who>{WHO}){ROLE}"),
    re.compile(
        rf"(?:[,\u201d\"\u2019']\s*)(?:said|says|wrote|argued|argues|added|warned|warns)\s+(?P<who>{WHO}){ROLE}"
    ),
    re.compile(
        rf"\b(?P<who>{WHO})(?:,\s(?P<role>[^,.;\u201c\u201d\"]{{3,90}}),)?\s+(?:(?:has|have|also|recently)\s+)?{SAID}\b"
    ),
)
NOBODY = frozenset(
    [
        "he",
        "she",
        "it",
        "they",
        "we",
        "i",
        "you",
        "this",
        "that",
        "who",
        "which",
        "but",
        "and",
        "the",
        "there",
        "what",
        "one",
        "some",
        "many",
    ]
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Speaker:
    """Who is quoted, in the sentence's words, for whom they speak, and the interest that the contract states for either
    ("" for what is not known)."""

    name: str
    organisation: str
    interest: str


def speaker(sentence: str, interests: Mapping[str, str], known: Mapping[str, str]) -> Speaker | None:
    """The first speaker that a sentence names; None for the outlet's own voice, and for a pronoun.

    `interests` maps organisations in lower case to their interest; one counts as the speaker's if it stands in the
    name or in the role after it ("Matt Garman, the chief executive of AWS, said"), or is whose the speaker is in `known`
    (`nlp.entities.organisations`).
    """
    for pattern in PATTERNS:
        for match in pattern.finditer(sentence):
            name = match["who"].strip()
            if name.split()[0].lower() in NOBODY:
                name = " ".join(name.split()[1:])
            if name and name.lower() not in NOBODY:
                told = f"{name} {match['role'] or ''}"
                organisation = next((owner for one, owner in known.items() if _names(told, one)), "")
                return Speaker(
                    name=name, organisation=organisation, interest=_interest(f"{told} {organisation}", interests)
                )
    return None


def _interest(told: str, interests: Mapping[str, str]) -> str:
    return next((i for name, i in interests.items() if _names(told.lower(), name.lower())), "")


def _names(told: str, name: str) -> bool:
    return re.search(rf"(?<!\w){re.escape(name)}(?!\w)", told) is not None

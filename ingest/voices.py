"""Whose voice an article is: its house's, or that of the wire or the press release whose text it prints. Pure."""

from __future__ import annotations

import re
from dataclasses import dataclass

from core.articles import Article
from core.families import Families, Wire

__all__ = ["Spoken", "owner", "spoken"]

OPENS, CLOSES = 300, 200  # characters in which a wire marks its text
# "... /PRNewswire/ -- Example Corp, a maker of ..., today announced": who speaks is named first.
_NAME = r"[A-Z\d][\w&.'\u2019-]*"
_ISSUER = re.compile(
    rf"[^-\u2013\u2014\n]{{0,40}}[-\u2013\u2014]{{1,2}}\s*({_NAME}(?:\s+(?:{_NAME}|&|of|and|the|de|for)){{0,6}}?)(?:\u00ae|\u2122)?"
    r"(?=,|\s\(|\s(?:today|has|have|is|are|will|announced|announces|said|reported|and its)\b)"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Spoken:
    """Whose voice a text is, and whether it is a press release: an interested party's own words, an origin."""

    voice: str
    release: bool


def owner(source: str, families: Families, *, default: str = "") -> str:
    """Who owns an outlet by its name (or host, where that is its name); `default`, else the name, if it is not listed."""
    return families.owners.get(source.casefold()) or default or source


def spoken(article: Article, families: Families) -> Spoken:
    """Whose words the article prints: the wire whose text it is, a release's issuer, else the outlet's owner.

    A wire's text carries its mark in the dateline, the last lines or the byline. A mention of a wire
    ("Reuters reported") is no mark. A release without a readable issuer speaks for its service.
    """
    wire, mark = _wire(article, families)
    house = owner(article.source, families, default=article.owner)
    if wire is None:
        return Spoken(voice=house, release=False)
    if wire.kind == "agency":
        return Spoken(voice=wire.name, release=False)
    issuer = _ISSUER.match(article.text[mark : mark + OPENS]) if mark else None
    return Spoken(voice=issuer[1] if issuer else house if wire.name == "press release" else wire.name, release=True)


def _wire(article: Article, families: Families) -> tuple[Wire | None, int]:
    """The first wire whose mark the text carries, and where the mark ends if it stands at the beginning."""
    opening, closing = article.text[:OPENS], article.text[-CLOSES:]
    for wire in families.wires:
        for pattern in wire.opens:
            if found := re.search(pattern, opening):
                return wire, found.end()
        places = ((wire.closes, closing), (wire.bylines, article.author))
        if any(re.search(pattern, text) for patterns, text in places if text for pattern in patterns):
            return wire, 0
    return None, 0

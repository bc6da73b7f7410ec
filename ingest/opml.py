"""OPML, in which feed readers exchange their subscriptions (opml.org/spec2.opml)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from xml.etree import ElementTree as ET

from core.errors import InputError

DEEP = 50  # folders in folders; nobody has more, and what is deeper is meant to harm


@dataclass(frozen=True, slots=True, kw_only=True)
class Subscription:
    """A feed of a list; "" for what the list does not say. `owner` and `kind` are attributes of ours."""

    url: str
    title: str
    owner: str = ""
    kind: str = ""


def read_opml(body: bytes, *, name: str) -> list[Subscription]:
    """The feeds of a list, in its order, folders opened; each address once.

    Raises InputError for what is no OPML, and for any doctype: entities are refused, not expanded.
    """
    if b"\0" in body or b"<!DOCTYPE" in body or b"<!ENTITY" in body:
        raise InputError(f"{name}: has a doctype, entities or null bytes, which no subscription list needs")
    try:
        root = ET.fromstring(body)  # noqa: S314 -- without a doctype there are no entities to expand
    except ET.ParseError as error:
        raise InputError(f"{name}:{error.position[0]}: {error}") from None
    if root.tag.lower() != "opml":
        raise InputError(f"{name}: is no OPML (its first element is {root.tag!r})")
    found: dict[str, Subscription] = {}
    waiting = [(root, 0)]
    while waiting:
        element, depth = waiting.pop()
        given = {k.lower(): v.strip() for k, v in element.attrib.items()}
        if element.tag.lower() == "outline" and (url := _address(given.get("xmlurl", ""))):
            title = given.get("title") or given.get("text") or ""
            found.setdefault(
                url, Subscription(url=url, title=title, owner=given.get("owner", ""), kind=given.get("kind", ""))
            )
        if depth < DEEP:
            waiting += [(child, depth + 1) for child in reversed(element)]
    return list(found.values())


def _address(stated: str) -> str:
    """The address with `feed:` undone, which some readers put before or for `http:`."""
    if not stated.lower().startswith("feed:"):
        return stated
    rest = stated[len("feed:") :]
    return f"http:{rest}" if rest.startswith("//") else rest


def write_opml(feeds: Iterable[Subscription], *, title: str) -> str:
    """The feeds as an OPML 2.0 document, ended by a newline."""
    root = ET.Element("opml", version="2.0")
    ET.SubElement(ET.SubElement(root, "head"), "title").text = title
    body = ET.SubElement(root, "body")
    for feed in feeds:
        given = {"type": "rss", "text": feed.title, "title": feed.title, "xmlUrl": feed.url}
        ours = {"owner": feed.owner, "kind": feed.kind}
        ET.SubElement(body, "outline", {**given, **{k: v for k, v in ours.items() if v}})
    ET.indent(root)
    return f'<?xml version="1.0" encoding="UTF-8"?>\n{ET.tostring(root, encoding="unicode")}\n'

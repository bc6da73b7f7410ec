"""The kept briefings as an Atom feed (RFC 4287), for readers who would rather not have mail."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from email.utils import parseaddr
from html import escape
from urllib.parse import quote
from uuid import NAMESPACE_URL, uuid5
from xml.etree import ElementTree as ET  # only written here, never read

from core.clock import stamp
from counterwire.house import House
from counterwire.stages.briefs import domain
from store import briefings
from store.briefings import StoredBriefing

ENTRIES = 30  # about a month of mornings
ATOM = "http://www.w3.org/2005/Atom"
START = datetime(1970, 1, 1, tzinfo=UTC)

_ILLEGAL = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")  # XML 1.0, section 2.2


def feed(house: House) -> str:
    """The newest briefings, the newest first. An entry's id is the same however often it is written."""
    held = briefings.newest(house.db, ENTRIES)
    where = domain(house)
    base = house.settings.web.url.rstrip("/")
    root = ET.Element("feed", {"xmlns": ATOM})
    _add(root, "id", _name(where, ""))
    _add(root, "title", "Counterwire: briefings")
    _add(root, "updated", stamp(max((b.at for b in held), default=START)))
    _add(_add(root, "author"), "name", parseaddr(house.settings.delivery.sender)[0] or "Counterwire")
    for kept in held:
        root.append(_entry(kept, where, base))
    return '<?xml version="1.0" encoding="utf-8"?>\n' + ET.tostring(root, encoding="unicode") + "\n"


def _entry(kept: StoredBriefing, where: str, base: str) -> ET.Element:
    entry = ET.Element("entry")
    page = f"{quote(kept.id)}.html"
    _add(entry, "id", _name(where, kept.id))
    _add(entry, "title", kept.subject)
    _add(entry, "updated", stamp(kept.at))
    _add(entry, "link", rel="alternate", type="text/html", href=f"{base}/briefings/{quote(kept.id)}" if base else page)
    # As HTML, since readers fold plain text; escaped once as HTML here, and once as XML when it is written.
    _add(entry, "content", f"<pre>{escape(kept.renders.get('text', ''))}</pre>", type="html")
    return entry


def _name(where: str, briefing: str) -> str:
    return uuid5(NAMESPACE_URL, f"counterwire:{where}/{briefing}").urn


def _add(parent: ET.Element, tag: str, text: str = "", **attributes: str) -> ET.Element:
    child = ET.SubElement(parent, tag, attributes)
    if text:
        child.text = _ILLEGAL.sub("", text)
    return child

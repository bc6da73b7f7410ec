"""One RSS item or Atom entry, read as feedparser 6.0.14 reads it or not at all; part of `ingest.fastlane`."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from html.entities import entitydefs

# Elements whose handlers in feedparser touch no field of ours.
_IGNORED = frozenset(
    (
        *("category", "comments", "enclosure", "post-id", "rights", "dc:subject", "dc:publisher", "dc:type"),
        *("dc:format", "dc:identifier", "dc:language", "dc:rights", "media:content", "media:thumbnail"),
        *("media:credit", "media:category", "media:keywords", "media:group", "media:text", "media:copyright"),
    )
)
_HOLDS = frozenset(("media:content", "media:group"))  # may have such children
# Some of the elements by which feedparser recognises HTML; it knows more.
_INLINE = frozenset(
    (
        *("a", "abbr", "b", "big", "blockquote", "br", "cite", "code", "del", "div", "em", "font", "i", "img", "ins"),
        *("li", "ol", "p", "q", "s", "small", "span", "strike", "strong", "sub", "sup", "tt", "u", "ul"),
    )
)
_ADDRESS = re.compile(
    r"https?://[a-z0-9][\w.-]*(?::\d+)?(?:/(?:[\w.~%:@!$'()*+,=-]|/(?!\.))*)?(?:\?[\w.~%:@!$'()*+,=/?&-]+)?(?:#[\w.~%:@!$'()*+,=/-]+)?",
    re.ASCII,
)
_OPAQUE = re.compile(r"(?:tag|urn):[\w.~%:@!$'()*+,=/-]+", re.ASCII)
_C1 = re.compile("[\x7f-\x9f]")
_CLOSES, _REFERS = re.compile(r"</\w+>"), re.compile(r"&#?\w+;")
_TAG, _NAMED = re.compile(r"</?(\w+)"), re.compile(r"&(\w+);")
_MONTHS = {name: i for i, name in enumerate(("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"), 1)}  # fmt: skip
_ZONES = {"gmt": 0, "utc": 0, "ut": 0, "z": 0, "est": -5, "edt": -4, "cst": -6, "cdt": -5, "mst": -7, "mdt": -6, "pst": -8, "pdt": -7}  # fmt: skip
_RFC822 = re.compile(
    r"(?:mon|tue|wed|thu|fri|sat|sun),\s+(\d{1,2})\s+(\w{3})\s+(\d{4})\s+(\d\d):(\d\d):(\d\d)\s+(?:([+-]\d{4})|([a-z]{1,3}))",
    re.ASCII,
)
_ISO = re.compile(r"(\d{4})-(\d\d)-(\d\d)t(\d\d):(\d\d):(\d\d)(?:\.\d{1,9})?(?:z|([+-]\d\d:\d\d))", re.ASCII)


class UnsureError(Exception):
    """This is for feedparser."""


@dataclass(slots=True)
class RawEntry:
    """What feedparser would have in an entry. Of texts: the value and whether it is HTML."""

    guid: str = ""
    link: str = ""
    title: tuple[str, bool] = ("", True)
    texts: list[tuple[str, bool]] = field(default_factory=list)
    author: str = ""
    published: datetime | None = None
    updated: datetime | None = None


class FastEntry:
    """One item or entry while it is read."""

    def __init__(self, *, atom: bool) -> None:
        self.atom, self.raw = atom, RawEntry()
        self.seen: set[str] = set()
        self.link: str | None = None
        self.permalink = False
        self.person: dict[str, str] = {}

    def opens(self, name: str, inside: list[str], attributes: dict[str, str]) -> bool:
        """Whether the text of this element is wanted. `inside` are its parents within the entry."""
        if name.startswith("?:"):
            return False
        if inside:
            return self._nested(name, inside[-1], attributes)
        if name in _IGNORED or name == "feedburner:origlink" or name.startswith(("slash:", "wfw:", "sy:")):
            return False
        if name.startswith("media:"):
            return self._media(name, attributes)
        return self._atom(name, attributes) if self.atom else self._rss(name, attributes)

    def _nested(self, name: str, parent: str, attributes: dict[str, str]) -> bool:
        if parent in _HOLDS and name.startswith("media:"):
            return self._media(name, attributes)
        if self.atom and parent in ("author", "contributor") and name in ("name", "email", "uri"):
            return parent == "author"
        raise UnsureError

    def _media(self, name: str, attributes: dict[str, str]) -> bool:
        if name == "media:title" and self.raw.title[0] and "source" not in self.seen:
            return True  # ignored by feedparser, which has a title already; markup inside would not be
        if name == "media:description" and "description" in self.seen and "content" not in self.seen:
            if attributes.get("type", "plain") not in ("plain", "html"):
                raise UnsureError
            self.seen.add("content")
            return True
        if name not in _IGNORED:
            raise UnsureError
        return False

    def _rss(self, name: str, attributes: dict[str, str]) -> bool:
        if name == "link" and attributes:  # atom:link among RSS
            if attributes.get("rel", "alternate").lower() == "alternate" or "href" not in attributes:
                raise UnsureError
            return False
        if name in ("author", "dc:creator"):
            return True
        if name == "source":
            self.seen.add(name)
            return True
        if name not in ("title", "link", "description", "content:encoded", "guid", "pubdate", "dc:date"):
            raise UnsureError
        if name == "guid":
            given = {k.lower(): v for k, v in attributes.items()}
            self.permalink = given.pop("ispermalink", "true") == "true"
            attributes = given
        return self._once("content" if name == "content:encoded" else name, attributes)

    def _atom(self, name: str, attributes: dict[str, str]) -> bool:
        if name == "link":
            self._atom_link({k.lower(): v for k, v in attributes.items()})
            return False
        if name in ("author", "contributor"):
            self.person = {}
            return False
        if name in ("title", "summary", "content"):
            if attributes.get("type", "text").lower() not in ("text", "html", "text/plain", "text/html"):
                raise UnsureError
            return self._once("description" if name == "summary" else name, {})
        if name not in ("id", "published", "updated"):
            raise UnsureError
        return self._once(name, attributes)

    def _once(self, name: str, attributes: dict[str, str]) -> bool:
        if name in self.seen or any(not k.lower().endswith(" lang") for k in attributes):
            raise UnsureError
        self.seen.add(name)
        return True

    def _atom_link(self, given: dict[str, str]) -> None:
        if given.get("rel", "alternate").lower() == "alternate":
            if given.get("type", "text/html").lower() not in ("text/html", "application/xhtml+xml", "html"):
                return
            href = given.get("href", "")
            if not _ADDRESS.fullmatch(href) or "url" in given or "uri" in given:
                raise UnsureError
            self.link = href  # the last one holds
        elif "href" not in given:
            raise UnsureError

    def closes(self, name: str, inside: list[str], attributes: dict[str, str], text: str) -> None:
        """An element whose text was wanted is complete."""
        sure(text)
        raw = self.raw
        if inside and inside[-1] == "author":
            self.person[name] = text
        elif name == "title":
            raw.title = (text, self._html(text, attributes))
        elif name == "description":
            raw.texts.append((text, True))
        elif name == "summary":
            raw.texts.append((text, self._html(text, attributes)))
        elif name in ("content:encoded", "content", "media:description"):
            html = name == "content:encoded" or self._html(text, attributes)
            raw.texts.insert(0, (text, html))  # before the summary, as of two texts of one length the first is taken
            if self.atom and not html and "<" in text:
                raise UnsureError  # feedparser keeps it as a summary too, without a type, which we read as HTML
        elif name in ("guid", "id"):
            self._identity(text)
        elif name == "link":
            if not _ADDRESS.fullmatch(text):
                raise UnsureError
            self.link = text
        elif name in ("author", "dc:creator"):
            raw.author = text
        elif name in ("pubdate", "published"):
            raw.published = _moment(text)
        elif name in ("dc:date", "updated"):
            raw.updated = _moment(text)

    def leaves(self, name: str) -> None:
        """An element without text of its own is complete."""
        if name == "author" and self.atom:
            who, mail = self.person.get("name", ""), self.person.get("email", "")
            if not who:
                raise UnsureError
            self.raw.author = f"{who} ({mail})" if mail else who

    def _identity(self, text: str) -> None:
        resolved = self.atom or self.permalink
        if resolved and not (_ADDRESS.fullmatch(text) or (self.atom and _OPAQUE.fullmatch(text))):
            raise UnsureError  # a relative guid is resolved, by rules that are feedparser's own
        self.raw.guid = text
        if resolved and self.link is None:
            self.raw.link = text

    def finished(self) -> RawEntry:
        """What was read, when the entry is complete."""
        if self.link is not None:
            self.raw.link = self.link
        return self.raw

    def _html(self, text: str, attributes: dict[str, str]) -> bool:
        """Whether feedparser would take it for HTML: declared in Atom, guessed in RSS (`looks_like_html`)."""
        stated = attributes.get("type", "").lower()
        if stated in ("html", "text/html"):
            return True
        if self.atom or not (_CLOSES.search(text) or _REFERS.search(text)):
            return False
        tags = {t.lower() for t in _TAG.findall(text)}
        if not tags <= _INLINE:
            raise UnsureError
        return all(e in entitydefs for e in _NAMED.findall(text))


def sure(text: str) -> None:
    """Raises UnsureError for what feedparser would decode again, or map from windows-1252."""
    if text.isascii():
        if "\x7f" in text:
            raise UnsureError
        return
    if _C1.search(text):
        raise UnsureError
    try:
        text.encode("latin-1").decode("utf-8")
    except UnicodeError:
        return
    raise UnsureError


def _moment(text: str) -> datetime:
    low = text.lower()
    try:
        if found := _RFC822.fullmatch(low):
            day, month, year, hour, minute, second, offset, zone = found.groups()
            shift = _offset(offset) if offset else timedelta(hours=_ZONES[zone])
            return (
                datetime(int(year), _MONTHS[month], int(day), int(hour), int(minute), int(second), tzinfo=UTC) - shift
            )
        if found := _ISO.fullmatch(low):
            *parts, offset = found.groups()
            shift = _offset(offset.replace(":", "")) if offset else timedelta(0)
            return datetime(*map(int, parts), tzinfo=UTC) - shift  # type: ignore[misc,arg-type] # six numbers
    except (KeyError, ValueError, OverflowError):
        pass
    raise UnsureError


def _offset(text: str) -> timedelta:
    span = timedelta(hours=int(text[1:3]), minutes=int(text[3:]))
    return -span if text[0] == "-" else span

"""What a collector is: a module that says what to ask for, and what the answers mean.

A collector decides and reads; it fetches nothing, knows no clock and keeps nothing. To add one,
write a module with the three functions of `Collector` and name it in `ingest.series.COLLECTORS`;
`ingest.series` fetches, counts what failed, refuses what is implausible and dates what is left.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, Protocol, TypeVar
from urllib.parse import urlencode

from pydantic import BaseModel, ValidationError

from core.errors import FormatError
from core.settings import SourceSettings

HISTORY = date(2014, 1, 1)  # the contracts look back ten years, and the oldest briefing is of 2024
DAYS = (date(1900, 1, 1), date(2200, 1, 1))  # what an answer may be about; beyond is a broken date


class OptionError(ValueError):
    """A source's settings do not fit its collector; `keys` lead to the place, below the source."""

    def __init__(self, message: str, *keys: str | int) -> None:
        where = ".".join(map(str, keys))
        super().__init__(f"{where}: {message}" if where else message)
        self.message, self.keys = message, keys


class NotReadyError(Exception):
    """A source cannot be asked on this visit; the text is the reason, such as a key that is not there."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Visit:
    """One visit to one source at `now`; `held` is the time of the newest value held, per series.

    `secrets` are the keys that the source's options name, by the name of their variable.
    """

    source: SourceSettings
    now: datetime
    held: Mapping[str, datetime] = field(default_factory=dict)
    secrets: Mapping[str, str] = field(default_factory=dict, repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """An address to ask, and the series whose values its answer holds.

    `since` is the first day asked for, None if the address knows no such thing. `before` holds the
    answers of the pages before this one, where only all pages together make a value. `secret` is
    added to the query when it is sent, and stands in no kept address. `may_lack`: there need be
    nothing at the address, so that a 404 is no fault.
    """

    url: str
    series: tuple[str, ...]
    headers: Mapping[str, str] = field(default_factory=dict)
    since: date | None = None
    before: tuple[bytes, ...] = ()
    secret: Mapping[str, str] = field(default_factory=dict, repr=False)
    may_lack: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Value:
    """A number for one series. `time` None: the source does not date it, so it is of the visit.

    `published` is since when it can be known, where the source says so; values of one time that
    were published one after the other are its vintages. `rank`: where a source tells one time in
    several ways, a worse one (larger) never follows a better one that was out by then.
    """

    series: str
    value: float
    time: datetime | None
    published: datetime | None = None
    rank: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """What an answer holds: values, series that it cannot serve with the reason, and what to ask next.

    `lacks` are series that had nothing at an address where there need be nothing: a fault only if
    no other address had them.
    """

    values: tuple[Value, ...] = ()
    faults: tuple[tuple[str, str], ...] = ()
    lacks: tuple[tuple[str, str], ...] = ()
    more: tuple[Request, ...] = ()


class Collector(Protocol):
    """The three functions of a collector's module."""

    def check(self, source: SourceSettings) -> None:
        """Raise OptionError if the source's options, or a series' key or options, do not fit."""

    def requests(self, visit: Visit) -> Sequence[Request]:
        """What to ask on this visit. Requests for the same address are made once.

        Raises NotReadyError if nothing can be asked at all.
        """

    def read(self, visit: Visit, request: Request, body: bytes) -> Found:
        """What an answer says; pure. Raises FormatError if it is not what the source is known to send.

        A series that the source has no value for is a fault "not listed", never a zero.
        """


M = TypeVar("M", bound=BaseModel)


def options(model: type[M], given: Mapping[str, Any], *keys: str | int) -> M:
    """Options read into `model`; raises OptionError with the path below `keys`."""
    try:
        return model.model_validate(dict(given))
    except ValidationError as error:
        first = error.errors()[0]
        raise OptionError(first["msg"], *keys, *first["loc"]) from None


def needs_keys(source: SourceSettings) -> None:
    """Raise OptionError for the first series without the source's own name for it, or with options."""
    if source.options:
        raise OptionError(f"the collector {source.collector!r} knows no options", "options")
    for name, series in source.series.items():
        if not series.key:
            raise OptionError("is missing: the source's own name for it", "series", name, "key")
        if series.options:
            raise OptionError(f"the collector {source.collector!r} knows no options", "series", name, "options")


def changed(error: ValidationError, *, url: str, body: bytes, field: str = "") -> FormatError:
    """An answer that a model refused, as our error: the first field that does not fit, and the sample."""
    first = error.errors()[0]
    where = ".".join(str(part) for part in (field, *first["loc"]) if part != "")
    return FormatError(first["msg"], url=url, field=where, sample=body)


def address(base: str, **query: str) -> str:
    """`base` with `query` added to whatever query it has."""
    return f"{base}{'&' if '?' in base else '?'}{urlencode(query)}"

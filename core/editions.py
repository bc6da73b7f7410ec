"""Editions of the briefing: for whom, when, of what, and what each was made with."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import datetime, time, timedelta
from typing import Annotated, Any, Literal
from zoneinfo import ZoneInfo

from pydantic import AfterValidator, BeforeValidator, Field, model_validator

from core.yaml import Strict

DAILY = "daily"  # the edition that `schedule` and `delivery.recipients` describe
WEEK = timedelta(days=7)


def _zone(name: str) -> str:
    try:
        ZoneInfo(name)
    except (KeyError, ValueError, OSError):
        raise ValueError(f"{name!r} is not a time zone such as Europe/Berlin or America/New_York") from None
    return name


def _hour(value: Any) -> time:
    if isinstance(value, time):
        return value
    try:
        return time.fromisoformat(str(value))
    except ValueError:
        raise ValueError(f"{value!r} is not a time of day such as '07:00' (quote it)") from None


Zone = Annotated[str, AfterValidator(_zone)]
Hour = Annotated[time, BeforeValidator(_hour)]
_ADDRESS = r"^[^@\s<>\r\n]+@[^@\s<>\r\n]+$"
Address = Annotated[str, Field(pattern=_ADDRESS)]
Channel = Annotated[str, Field(pattern=r"^[A-Z][A-Z0-9_]*$")]
Day = Literal["mon", "tue", "wed", "thu", "fri", "sat", "sun"]
Form = Literal["html", "text"]
Span = Literal["day", "week"]

DAYS: tuple[Day, ...] = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")


class EditionSettings(Strict):
    """An edition as `delivery.editions` describes it; what is not said is as in the daily one.

    An entry with the id `daily` says more of the daily one itself. `narratives` empty: all of them.
    `only_changes`: mailed only when something moved. `alerts`: what cannot wait comes in between.
    `channels` are names of environment variables that hold an address of Apprise.
    """

    id: Annotated[str, Field(pattern=r"^[a-z][a-z0-9_-]*$", max_length=40)]
    zone: Zone | None = None
    briefing: Hour | None = None
    days: tuple[Day, ...] | None = None
    narratives: tuple[str, ...] = ()
    form: Form = "html"
    span: Span = "day"
    only_changes: bool = False
    alerts: bool = False
    recipients: tuple[Address, ...] | None = None
    channels: tuple[Channel, ...] = ()

    @model_validator(mode="after")
    def _once_a_week(self) -> EditionSettings:
        if self.span == "week" and len(self.days or ()) != 1:
            raise ValueError("a weekly edition needs its one day, such as days: [sat]")
        return self


@dataclass(frozen=True, slots=True, kw_only=True)
class Terms:
    """What an edition's bytes depend on besides rows; kept, so that an old one can be made again.

    `hour` is the local time of the briefing, `wrong_tag` where a reader says that a tag is wrong
    (an address of the web, or `mailto:` and an address; "" nowhere).
    """

    edition: str
    zone: str
    hour: str
    days: tuple[Day, ...]
    narratives: tuple[str, ...] = ()
    span: Span = "day"
    wrong_tag: str = ""

    @property
    def place(self) -> ZoneInfo:
        """The zone in which this edition tells the time."""
        return ZoneInfo(self.zone)

    @property
    def clock(self) -> time:
        """The local time at which this edition is due."""
        return time.fromisoformat(self.hour)

    def name(self, as_of: datetime) -> str:
        """The id of this edition's briefing of `as_of`: the local date, and the edition unless it is the daily one."""
        day = as_of.astimezone(self.place).date().isoformat()
        return day if self.edition == DAILY else f"{day}-{self.edition}"

    def page(self, as_of: datetime) -> str:
        """The address of the archive page of this edition's briefing of `as_of`, "" where the web has none."""
        return f"{self.wrong_tag}/briefings/{self.name(as_of)}" if self.wrong_tag.startswith("http") else ""

    def is_due(self, now: datetime) -> bool:
        """Whether the local day of `now` has a briefing, and its hour has come."""
        local = now.astimezone(self.place)
        return DAYS[local.weekday()] in self.days and local.time() >= self.clock

    def before(self, as_of: datetime) -> datetime:
        """The instant that a briefing of `as_of` is compared with: the same hour of the scheduled day, or week, before.

        Taken from the calendar and not from what was sent, so that a briefing can be recomputed when
        everything derived has been deleted.
        """
        if self.span == "week":
            return as_of - WEEK
        days = [as_of - timedelta(days=k) for k in range(1, 8)]
        return next((d for d in days if DAYS[d.astimezone(self.place).weekday()] in self.days), days[0])

    def as_json(self) -> str:
        """The terms as text, the same for the same terms."""
        return json.dumps(asdict(self), sort_keys=True, ensure_ascii=False)

    @classmethod
    def from_json(cls, text: str) -> Terms:
        """The inverse of `as_json`."""
        held = json.loads(text)
        return cls(**held | {"days": tuple(held["days"]), "narratives": tuple(held["narratives"])})


@dataclass(frozen=True, slots=True, kw_only=True)
class Edition:
    """An edition with everything filled in. `recipients` are mail addresses and `apprise:NAME` channels."""

    terms: Terms
    form: Form = "html"
    only_changes: bool = False
    alerts: bool = False
    recipients: tuple[str, ...] = ()

    @property
    def id(self) -> str:
        """The name of the edition."""
        return self.terms.edition


def edition_of(briefing: str) -> str:
    """The edition that a briefing called `2026-04-15` or `2026-04-15-berlin` belongs to."""
    return briefing[11:] or DAILY


def editions(
    described: Sequence[EditionSettings],
    *,
    zone: str,
    hour: time,
    days: tuple[Day, ...],
    recipients: tuple[str, ...],
    wrong_tag: str,
) -> tuple[Edition, ...]:
    """The daily edition and those that are described beside it, the daily one first."""
    first = next((e for e in described if e.id == DAILY), EditionSettings(id=DAILY))
    return tuple(
        Edition(
            terms=Terms(
                edition=e.id,
                zone=e.zone or zone,
                hour=(e.briefing or hour).isoformat("minutes"),
                days=e.days or days,
                narratives=e.narratives,
                span=e.span,
                wrong_tag=wrong_tag,
            ),
            form=e.form,
            only_changes=e.only_changes,
            alerts=e.alerts,
            recipients=(
                *dict.fromkeys(recipients if e.recipients is None else e.recipients),
                *(f"apprise:{name}" for name in dict.fromkeys(e.channels)),
            ),
        )
        for e in (first, *(e for e in described if e.id != DAILY))
    )


def is_address(text: str) -> bool:
    """Whether a mail can be addressed so: one @, nothing that could end a header."""
    return re.fullmatch(_ADDRESS, text) is not None

"""`config.yaml`, read once at the door, checked and frozen."""

from __future__ import annotations

from datetime import timedelta
from email.utils import parseaddr
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import Field, model_validator

from core.durations import Duration
from core.editions import DAYS, Address, Day, Edition, EditionSettings, Hour, Zone, editions
from core.errors import ConfigError
from core.yaml import Document, Strict, read

Url = Annotated[str, Field(pattern=r"^https?://[^\s]+$")]


FeedKind = Literal["wire", "newspaper", "magazine", "broadcaster", "trade", "blog", "aggregator", "release", "company"]


class FeedSettings(Strict):
    """A feed to poll. `owner` is the company that controls the outlet: one owner is one voice."""

    url: Url
    source: str
    owner: str
    kind: FeedKind
    every: Duration = timedelta(minutes=60)


class SeriesSettings(Strict):
    """One series of a source. `key` is the source's own name for it.

    `lag` is the publication rule: an imported observation counts as first seen that long after
    the time it is for. A value outside `plausible` is kept out. `stands_in_for` names a series of
    another source which this one is compared with, `tolerance` percent apart at most, and lends
    its newest values to if that source fails.
    """

    unit: str
    key: str = ""
    lag: Duration = timedelta(days=1)
    plausible: tuple[float, float] | None = None
    stands_in_for: str = ""
    tolerance: Annotated[float, Field(gt=0, le=50)] = 0.5
    options: dict[str, Any] = Field(default_factory=dict)


class SourceSettings(Strict):
    """Where series come from. `collector` names a module of `ingest.collectors`.

    `each` spares repetition: with `each: {package: [torch, jax]}` a series written as
    `downloads.{package}` stands for `downloads.torch` and `downloads.jax`, and `{package}` is
    filled in wherever it stands in that series' settings.
    """

    id: Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]*$")]
    collector: str
    url: Url
    every: Duration
    terms: str
    options: dict[str, Any] = Field(default_factory=dict)
    each: dict[str, tuple[str, ...]] = Field(default_factory=dict)
    series: dict[str, SeriesSettings]

    @model_validator(mode="before")
    @classmethod
    def _each(cls, data: Any) -> Any:
        return spelled_out(data)


def spelled_out(data: Any) -> Any:
    """Settings with `each` filled into the names and the settings of their `series`."""
    each, series = (data.get("each"), data.get("series")) if isinstance(data, dict) else (None, None)
    if not isinstance(each, dict) or not isinstance(series, dict):
        return data
    for word, members in each.items():
        if not isinstance(members, list | tuple) or not any(f"{{{word}}}" in name for name in series):
            raise ValueError(f"each.{word} must be a list, and some series must be named with {{{word}}}")
        series = {
            _filled(name, word, str(member)): _filled(settings, word, str(member))
            for name, settings in series.items()
            for member in (members if f"{{{word}}}" in name else [f"{{{word}}}"])
        }
    return {**data, "series": series}


def _filled(node: Any, word: str, member: str) -> Any:
    """`node` with `{word}` replaced by `member` in every text of it."""
    if isinstance(node, str):
        return node.replace(f"{{{word}}}", member)
    if isinstance(node, dict):
        return {_filled(key, word, member): _filled(value, word, member) for key, value in node.items()}
    if isinstance(node, list | tuple):
        return [_filled(value, word, member) for value in node]
    return node


class FetchSettings(Strict):
    """How we behave toward other people's servers."""

    contact: str
    timeout: Annotated[float, Field(gt=0, le=300)] = 20.0
    per_host: Annotated[int, Field(ge=1, le=8)] = 2
    spacing: Annotated[float, Field(ge=0, le=60)] = 1.0
    concurrency: Annotated[int, Field(ge=1, le=256)] = 32
    max_bytes: Annotated[int, Field(ge=10_000)] = 10_000_000
    full_text: bool = True
    allow_hosts: tuple[str, ...] = ()


class SmtpSettings(Strict):
    """The mail server. User and password come from the environment, never from a file."""

    host: str
    port: Annotated[int, Field(ge=1, le=65535)] = 587
    tls: Literal["starttls", "implicit", "none"] = "starttls"
    timeout: Annotated[float, Field(gt=0, le=300)] = 30.0
    user_env: str = "COUNTERWIRE_SMTP_USER"
    password_env: str = "COUNTERWIRE_SMTP_PASSWORD"  # noqa: S105 -- the name of a variable, not a secret


class DeliverySettings(Strict):
    """Who gets the briefing, and from whom. Without `smtp` it is written to `folder` only.

    `recipients` get the daily edition; `editions` describe others, or say more of it.
    """

    sender: str
    recipients: tuple[Address, ...] = ()
    folder: Path = Path("briefings")
    smtp: SmtpSettings | None = None
    editions: tuple[EditionSettings, ...] = ()

    @model_validator(mode="after")
    def _can_be_sent(self) -> DeliverySettings:
        if self.smtp is None and (self.recipients or any(e.recipients for e in self.editions)):
            raise ValueError("recipients need smtp")
        return self


class ScheduleSettings(Strict):
    """When things happen: a pass `every` so often, and the briefing at `briefing` in `zone`."""

    zone: Zone
    briefing: Hour
    days: tuple[Day, ...] = DAYS
    every: Duration = timedelta(minutes=15)


class WebSettings(Strict):
    """Where readers find `counterwire web`, "" for nowhere: mails then ask for an answer by mail."""

    url: Url | Literal[""] = ""


class Settings(Strict):
    """All of `config.yaml`. Relative paths are taken from the folder of that file.

    `families` has rows of your own for the table of owners and wires (`core.families`), before the
    shipped ones. `sample`: the articles are made up, and every page says so.
    """

    database: Path
    narratives: Path = Path("narratives")
    templates: Path | None = None
    families: Path | None = None
    schedule: ScheduleSettings
    fetch: FetchSettings
    delivery: DeliverySettings
    web: WebSettings = WebSettings()
    feeds: tuple[FeedSettings, ...]
    sources: tuple[SourceSettings, ...] = ()
    sample: bool = False

    @property
    def editions(self) -> tuple[Edition, ...]:
        """Every edition of the briefing, the daily one first."""
        answer = parseaddr(self.delivery.sender)[1]
        return editions(
            self.delivery.editions,
            zone=self.schedule.zone,
            hour=self.schedule.briefing,
            days=self.schedule.days,
            recipients=self.delivery.recipients,
            wrong_tag=self.web.url.rstrip("/") or (f"mailto:{answer}" if answer else ""),
        )


def load(path: Path) -> tuple[Settings, Document]:
    """Read the settings; raises ConfigError with file, line and key.

    The document comes back too, so that what is checked later can still name its line.
    """
    if not path.exists():
        raise ConfigError("there is no such file; `counterwire init` writes one to start from", file=str(path))
    document = read(path)
    settings = document.parse(Settings)
    seen: dict[str, int] = {}
    for i, feed in enumerate(settings.feeds):
        if feed.url in seen:
            raise document.error(f"is watched already (feeds.{seen[feed.url]})", "feeds", i, "url")
        seen[feed.url] = i
    _series_once(document, settings)
    _editions_once(document, settings)
    base = path.parent
    return settings.model_copy(
        update={
            "database": base / settings.database,
            "narratives": base / settings.narratives,
            "templates": base / settings.templates if settings.templates else None,
            "families": base / settings.families if settings.families else None,
            "delivery": settings.delivery.model_copy(update={"folder": base / settings.delivery.folder}),
        }
    ), document


def _editions_once(document: Document, settings: Settings) -> None:
    seen: set[str] = set()
    for i, edition in enumerate(settings.delivery.editions):
        if edition.id in seen:
            raise document.error(f"{edition.id!r} stands here twice", "delivery", "editions", i, "id")
        seen.add(edition.id)


def _series_once(document: Document, settings: Settings) -> None:
    owner: dict[str, str] = {}
    ids: set[str] = set()
    for i, source in enumerate(settings.sources):
        if source.id in ids:
            raise document.error(f"{source.id!r} stands here twice", "sources", i, "id")
        ids.add(source.id)
        for name in source.series:
            if name in owner:
                raise document.error(f"comes from {owner[name]!r} already", "sources", i, "series", name)
            owner[name] = source.id
    for i, source in enumerate(settings.sources):
        for name, series in source.series.items():
            if series.stands_in_for and owner.get(series.stands_in_for, source.id) == source.id:
                where = ("sources", i, "series", name, "stands_in_for")
                raise document.error(f"{series.stands_in_for!r} is no series of another source", *where)

"""The feeds of the config beside what polling has learnt of each, for the `feeds` commands."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from pydantic import ValidationError

from core import settings, yaml
from core.articles import Feed, SourceHealth
from core.clock import stamp
from core.durations import in_words
from core.errors import InputError
from core.settings import FeedSettings, Settings
from counterwire.house import House
from store import feeds, health


@dataclass(frozen=True, slots=True, kw_only=True)
class Watched:
    """A configured feed, its health, and its learnt state (None before the first pass that knows it)."""

    settings: FeedSettings
    health: SourceHealth | None
    feed: Feed | None

    @property
    def words(self) -> str:
        """How it fares: "ok", "failing, 3 times: http 503", "not looked at yet"."""
        if self.health is None or self.health.state == "never":
            return "not looked at yet"
        if self.health.state == "failing":
            times = "once" if self.health.failures == 1 else f"{self.health.failures} times"
            return f"failing, {times}: {self.health.reason}"
        return ", ".join(part for part in (self.health.state, self.health.reason) if part)

    @property
    def rhythm(self) -> str:
        """How often it is polled and when it is next due."""
        if self.feed is None or self.feed.due is None:
            return f"every {in_words(self.settings.every)}, due at once"
        return f"every {in_words(timedelta(minutes=self.feed.interval))}, due {stamp(self.feed.due)}"


def watched(house: House, *, as_of: datetime) -> list[Watched]:
    """The configured feeds, in the config's order."""
    known = {feed.url: feed for feed in feeds.load(house.db)}
    fares = {s.url: s for s in health.sources(house.db, as_of=as_of) if s.kind == "feed"}
    return [
        Watched(settings=feed, health=fares.get(feed.url), feed=known.get(feed.url)) for feed in house.settings.feeds
    ]


def chosen(house: House, name: str, *, as_of: datetime) -> list[Watched]:
    """The feeds of that address or source; raises InputError if there is none."""
    found = [w for w in watched(house, as_of=as_of) if name in (w.settings.url, w.settings.source)]
    if not found:
        raise InputError(f"{name}: no feed of that address or source is in {house.document.path}")
    return found


def enter(path: Path, config: Settings, rows: Sequence[dict[str, str]]) -> list[FeedSettings]:
    """Write feeds that are not in the config yet at the end of its list, comments and all else kept.

    Gives those that were written. Raises InputError for one that no feed can be, and ConfigError.
    """
    held = {feed.url for feed in config.feeds}
    fresh = {row["url"]: row for row in rows if row["url"] not in held}
    try:
        made = [FeedSettings.model_validate(row) for row in fresh.values()]
    except ValidationError as error:
        fault = error.errors()[0]
        said = "is no address that begins with http:// or https://" if fault["loc"][0] == "url" else fault["msg"]
        raise InputError(f"{fault['loc'][0]}: {said.removeprefix('Value error, ')} ({fault['input']!r})") from None
    if made:
        yaml.append(path, "feeds", list(fresh.values()))
        settings.load(path)
    return made

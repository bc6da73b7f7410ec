"""Does every configured collector still work: settings, key, address, and the form of the answer."""

from __future__ import annotations

import asyncio
import os
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from core.series import Collected
from core.settings import SourceSettings
from counterwire.house import House
from counterwire.progress import bar
from ingest.client import Client
from ingest.collectors.collector import OptionError
from ingest.series import check, collect, secrets_of
from store import series as store_series

ENOUGH = timedelta(days=120)  # of history asked for where none is held: a monthly value comes within 61 days
NAMED = 3  # series of one source that are named with their fault; the others are counted


@dataclass(frozen=True, slots=True, kw_only=True)
class Visited:
    """What one source is worth today."""

    source: str
    well: bool
    words: str


def visited(house: House) -> Iterator[Visited]:
    """Ask every configured source now, in the order of the settings. Nothing is stored."""
    now = house.clock()
    sources = house.settings.sources
    told = {source.id: fault for source in sources if (fault := _unfit(source))}
    fit = [source for source in sources if source.id not in told]
    answers = asyncio.run(_ask(house, fit, now=now))
    for source in sources:
        if source.id in told:
            yield Visited(source=source.id, well=False, words=told[source.id])
        else:
            yield _judged(source, answers[source.id])


async def _ask(house: House, sources: list[SourceSettings], *, now: datetime) -> dict[str, Collected]:
    held = dict.fromkeys((name for s in sources for name in s.series), now - ENOUGH) | store_series.newest(house.db)
    async with Client(house.settings.fetch) as client:
        visits = [collect(client, s, now=now, held=held, secrets=secrets_of(s, os.environ)) for s in sources]
        found = {}
        with bar(f"asking {len(sources)} sources", len(sources)) as step:
            for visit in asyncio.as_completed(visits):
                one = await visit
                found[one.source] = one
                step()
    return found


def _unfit(source: SourceSettings) -> str:
    try:
        check(source)
    except OptionError as error:
        return f"{source.collector}: its settings do not fit: {error}"
    return ""


def _judged(source: SourceSettings, found: Collected) -> Visited:
    given = {o.series for o in found.values}
    faults = [f"{name}: {reason}" for name, reason in found.faults]
    drifted = any(reason.startswith("changed format") for _, reason in found.faults)
    many = f" and {len(faults) - NAMED} more" if len(faults) > NAMED else ""
    words = "; ".join(
        part
        for part in (
            f"{source.collector}, {len(given)} of {len(source.series)} series answered in the known form",
            _keys(source),
            "; ".join(faults[:NAMED]) + many,
            found.moves,
        )
        if part
    )
    return Visited(source=source.id, well=bool(given) and not drifted, words=words)


def _keys(source: SourceSettings) -> str:
    names = [name for option, name in source.options.items() if option.endswith("_env")]
    return ", ".join(f"{name} is {'set' if os.environ.get(name) else 'not set'} in the environment" for name in names)

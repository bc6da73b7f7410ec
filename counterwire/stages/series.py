"""Series sources that are due -> observations with their vintages, one transaction per source."""

from __future__ import annotations

import asyncio
import os
from datetime import datetime, timedelta

from core.series import Collected
from core.settings import SourceSettings
from counterwire.house import House
from counterwire.stages import Done
from ingest.series import collect, due, secrets_of
from ingest.standins import reconcile
from ingest.web import Web
from store import answers, events, feeds, quarantine
from store import series as store_series
from store.database import writing

TRUSTED = timedelta(days=7)  # "not modified" is believed that long after a whole answer, in case a server errs
RETRY = timedelta(hours=1)  # before a source that failed is asked again; passes come every quarter of an hour


async def series(house: House, web: Web, *, now: datetime, run: int) -> Done:
    """Visit every due source; a source's fault is counted, never raised."""
    asked = store_series.last_visited(house.db)
    wanted = due(house.settings.sources, store_series.last_collected(house.db), now=now)
    rested = [s for s in wanted if s.id not in asked or now - asked[s.id] >= min(RETRY, s.every)]
    return await visit(house, web, rested, now=now, run=run)


async def visit(
    house: House, web: Web, sources: list[SourceSettings], *, now: datetime, run: int, imported: bool = False
) -> Done:
    """Visit `sources` now. `imported` dates history by each source's publication rule."""
    held = store_series.newest(house.db)
    visits = [
        collect(
            web,
            source,
            now=now,
            imported=imported,
            held=held,
            secrets=secrets_of(source, os.environ),
            repeatable=answers.repeatable(house.db, source.id, since=now - TRUSTED),
        )
        for source in sources
    ]
    collected = {c.source: c for c in await asyncio.gather(*visits)}
    collected = reconcile(sources, collected, now=now, held=held)
    new, problems = 0, []
    for source in sources:
        one = collected[source.id]
        new += _keep(house, source, one, now=now, run=run)
        problems += [f"{one.source} {series_id}: {reason}" for series_id, reason in one.faults]
    return Done(stage="series", handled=len(sources), new=new, problems=tuple(sorted(problems)))


def _keep(house: House, source: SourceSettings, collected: Collected, *, now: datetime, run: int) -> int:
    seen = sorted({o.series for o in collected.values})
    with writing(house.db):
        new = store_series.save(
            house.db,
            collected.values,
            seen=now,
            units={name: s.unit for name, s in source.series.items()},
            sources=dict.fromkeys(seen, source.id),
        )
        quarantine.hold(
            house.db,
            collected.refused,
            units={name: s.unit for name, s in source.series.items()},
            sources=dict.fromkeys(source.series, source.id),
        )
        for answer in collected.answers:
            answers.save(house.db, source.id, answer, at=now)
        if new:
            events.append(house.db, "vintage", seen, at=now)
        feeds.record_fetch(
            house.db,
            url=source.url,
            source=source.id,
            due=now + source.every,
            kind="series",
            status=_status(collected),
            reason=_reason(source, collected),
            entries=len(collected.values),
            new=new,
            bytes=sum(len(a.body) for a in collected.answers),
            at=now,
            run=run,
        )
    return new


def _reason(source: SourceSettings, collected: Collected) -> str:
    """Each trouble once, after the series that have it; alone, where all of them have it; and where it moved."""
    troubled: dict[str, list[str]] = {}
    for name, reason in collected.faults:
        troubled.setdefault(reason, []).append(name)
    told = [
        reason if len(names) == len(source.series) else f"{', '.join(names)}: {reason}"
        for reason, names in troubled.items()
    ]
    return "; ".join([*told, *([collected.moves] if collected.moves else [])])


def _status(collected: Collected) -> str:
    if not collected.faults:
        return "ok"
    return "partial" if collected.values else "failed"

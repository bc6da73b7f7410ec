"""One pass: every stage in its order. A pass that was killed is continued by the next."""

from __future__ import annotations

import asyncio
from datetime import datetime, timedelta

from counterwire.house import House
from counterwire.shipped import shipped
from counterwire.stages import Done, briefs
from counterwire.stages.alerts import alerts
from counterwire.stages.calls import calls
from counterwire.stages.claims import claims
from counterwire.stages.judge import Court, judge
from counterwire.stages.notices import notices
from counterwire.stages.poll import poll
from counterwire.stages.sending import catalogue, publish, sending
from counterwire.stages.series import series
from counterwire.stages.stories import MEMORY, stories
from counterwire.stages.tagging import tagging
from counterwire.stages.texts import texts
from ingest.client import Client
from ingest.web import Web
from store import answers, briefings, editions, events, runs
from store import contracts as store_contracts
from store import shipped as store_shipped
from store.articles import prune_signatures
from store.database import writing

ANSWERS_KEPT = timedelta(days=90)  # of series sources, so that a quarter's releases can be traced to their bytes
PUBLISHED = timedelta(days=2)  # briefings of so long are written to the folder by every pass, where they are not yet


def one_pass(house: House, *, now: datetime, web: Web | None = None) -> list[Done]:
    """Read, tag, collect, judge, brief and send what is due at `now`; returns what each stage did."""
    with writing(house.db):
        run = runs.start(house.db, now=now)
        events.append(house.db, "contract", store_contracts.save(house.db, house.contracts, at=now), at=now)
        store_shipped.save(house.db, shipped(house), at=now)
        editions.save(house.db, (e.terms for e in house.settings.editions), at=now)
    done = asyncio.run(_outside(house, web, now=now, run=run))
    done += [stories(house, now=now), tagging(house, now=now), claims(house, now=now)]
    due = briefs.due(house, now=now)
    court = Court(house)
    done.append(judge(house, court, now=now, everything=bool(due)))
    done += [calls(house, court, now=now), alerts(house, court, now=now)]
    done.append(notices(house, now=now))
    if due:
        done.append(briefs.brief(house, court, due, now=now))
        _forget(house, now=now)
    done.append(sending(house, now=now))
    lately = briefings.since(house.db, now - PUBLISHED)
    for kept in lately:  # those of a pass that was killed before it came to this, too
        publish(kept.renders, house.settings.delivery.folder, kept.id, briefings.pictures_of(house.db, kept.id))
    if lately:
        catalogue(house)
    summary = {d.stage: {"handled": d.handled, "new": d.new, "problems": list(d.problems)} for d in done}
    with writing(house.db):
        runs.finish(house.db, run, summary=summary, at=now)
    return done


def _forget(house: House, *, now: datetime) -> None:
    """Once a day: drop what no recomputation reads any more."""
    with writing(house.db):
        answers.prune(house.db, before=now - ANSWERS_KEPT)
        prune_signatures(house.db, before=now - MEMORY)


async def _outside(house: House, web: Web | None, *, now: datetime, run: int) -> list[Done]:
    """The stages that touch the network."""
    if web is None:
        async with Client(house.settings.fetch) as client:
            return await _outside(house, client, now=now, run=run)
    polled = await poll(house, web, now=now, run=run)
    read, collected = await asyncio.gather(texts(house, web, now=now), series(house, web, now=now, run=run))
    return [polled, read, collected]

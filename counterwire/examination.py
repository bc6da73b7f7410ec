"""What `doctor` looks at, one finding after the other; a failing look does not stop the next."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path

from core.claims import as_series
from core.deliveries import CHANNEL
from core.errors import CounterwireError
from counterwire.checkup import doubts
from counterwire.house import House, open_house

HALF = 0.5  # of its own history: a check that is always at its limit says nothing
ROOM = 1_000_000_000  # bytes; a month of a hundred feeds takes about a third of it


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """One thing looked at."""

    what: str
    well: bool
    words: str


def examine(config: Path | None) -> Iterator[Finding]:
    """Look at everything; raises nothing for what can be put into words."""
    try:
        house = open_house(config)
    except CounterwireError as error:
        yield Finding(what="settings", well=False, words=str(error))
        return
    with house:
        yield Finding(what="settings", well=True, words=f"{house.document.path}, {len(house.settings.feeds)} feeds")
        for what, look in LOOKS:
            try:
                yield from look(house)
            except CounterwireError as error:
                yield Finding(what=what, well=False, words=str(error))


def _doubts(house: House) -> Iterator[Finding]:
    for doubt in doubts(
        house.settings,
        house.document,
        house.contracts,
        house.accelerators,
        told=frozenset(as_series(house.claims)),
        derived=house.derived,
    ):
        # A check that nobody feeds is shown as unknown in every briefing: worth knowing, not a fault here.
        yield Finding(what="settings", well="nobody collects" in doubt, words=doubt)


def _database(house: House) -> Iterator[Finding]:
    version = next(house.db.query("select sqlite_version() as v"))["v"]
    broken = next(house.db.query("pragma quick_check"))["quick_check"]
    yield Finding(what="database", well=broken == "ok", words=f"{house.settings.database}, SQLite {version}, {broken}")
    free = shutil.disk_usage(house.settings.database.parent).free
    yield Finding(what="disk", well=free > ROOM, words=f"{free / 1e9:.1f} GB free")


def _language(house: House) -> Iterator[Finding]:
    from nlp.embedding import load_embedder

    held, warning = load_embedder()
    yield Finding(what="language", well=not warning, words=warning or f"sentence embeddings by {held.name}")


def _clipped(house: House) -> Iterator[Finding]:
    from counterwire.known import known
    from signals.readings import clipped_share

    now = house.clock()
    series = known(house, None, as_of=now)
    for contract in house.contracts:
        for check in contract.checks:
            share = clipped_share(check, series, as_of=now, accelerators=house.accelerators)
            if share is not None and share > HALF:
                words = (
                    f"{contract.id}.{check.id}: its scale would have been exceeded on {share:.0%} of its own history"
                )
                yield Finding(what="checks", well=False, words=words)


def _channels(house: House) -> Iterator[Finding]:
    names = {r.removeprefix(CHANNEL) for e in house.settings.editions for r in e.recipients if r.startswith(CHANNEL)}
    for name in sorted(names):
        held = bool(os.environ.get(name))
        yield Finding(what="channel", well=held, words=f"{name} is {'set' if held else 'not set'} in the environment")
    if names and find_spec("apprise") is None:
        yield Finding(what="channel", well=False, words='channels need Apprise: pip install "counterwire[apprise]"')


def _mail(house: House) -> Iterator[Finding]:
    delivery = house.settings.delivery
    if delivery.smtp is None:
        yield Finding(what="mail", well=True, words=f"none; briefings are written to {delivery.folder}")
        return
    for name in (delivery.smtp.user_env, delivery.smtp.password_env):
        held = bool(os.environ.get(name))
        yield Finding(what="mail", well=held, words=f"{name} is {'set' if held else 'not set'} in the environment")


def _collectors(house: House) -> Iterator[Finding]:
    from counterwire.sourcecheck import visited

    for one in visited(house):
        yield Finding(what=f"source {one.source}", well=one.well, words=one.words)


def _sources(house: House) -> Iterator[Finding]:
    from store import health

    for source in health.sources(house.db, as_of=house.clock()):
        if source.state != "ok":
            yield Finding(what=source.kind, well=False, words=f"{source.name}: {source.state}, {source.reason}")


LOOKS: tuple[tuple[str, Callable[[House], Iterator[Finding]]], ...] = (
    ("settings", _doubts),
    ("database", _database),
    ("language", _language),
    ("checks", _clipped),
    ("mail", _mail),
    ("channel", _channels),
    ("collectors", _collectors),
    ("sources", _sources),
)

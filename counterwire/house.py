"""Everything a command needs, opened once: settings, contracts, database, clock."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Self
from zoneinfo import ZoneInfo

from filelock import FileLock, Timeout

from core import accelerators, claims, derived, families, settings
from core.accelerators import Accelerator
from core.claims import Claim
from core.clock import Clock, instant, utc_now
from core.contracts import Contract
from core.derived import Derived
from core.errors import StoreError
from core.families import Families
from core.settings import Settings
from core.yaml import Document
from counterwire import paths
from counterwire.choosing import read_contracts
from store.contracts import in_force
from store.database import Database, open_database


@dataclass(frozen=True, slots=True, kw_only=True)
class House:
    """The open house: what the owner wrote, the database, and the way to tell the time.

    `with` closes the database at the end.
    """

    settings: Settings
    document: Document
    contracts: tuple[Contract, ...]
    accelerators: tuple[Accelerator, ...]
    claims: tuple[Claim, ...]
    derived: tuple[Derived, ...]
    families: Families
    db: Database
    clock: Clock

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.db.close()

    @property
    def zone(self) -> ZoneInfo:
        """The analyst's time zone."""
        return ZoneInfo(self.settings.schedule.zone)

    @property
    def sample(self) -> bool:
        """Whether the articles are made up, so that every page has to say so."""
        return self.settings.sample

    def contracts_at(self, as_of: datetime) -> tuple[Contract, ...]:
        """The contracts that were in force at `as_of`; today's, where no pass had been made by then."""
        return in_force(self.db, as_of=as_of) or self.contracts

    def instant(self, text: str | None) -> datetime:
        """An instant given on the command line, or the present one."""
        if text is None:
            return self.clock()
        return instant(text, zone=self.zone, hour=self.settings.schedule.briefing)


def open_house(config: Path | None, *, now: str | None = None, clock: Clock = utc_now) -> House:
    """Read the settings and contracts and open the database; raises ConfigError or StoreError.

    With `now` the clock stands at that instant, so that a replayed pass has exactly the time it was given.
    """
    chosen, document = settings.load(paths.config_path(config))
    if now is not None:
        start = instant(now, zone=ZoneInfo(chosen.schedule.zone), hour=chosen.schedule.briefing)
        clock = lambda: start  # noqa: E731 -- a clock that stands still
    return House(
        settings=chosen,
        document=document,
        contracts=read_contracts(chosen, document),
        accelerators=accelerators.load(paths.ACCELERATORS),
        claims=claims.load(paths.CLAIMS),
        derived=derived.load(paths.DERIVED),
        families=read_families(chosen),
        db=open_database(chosen.database),
        clock=clock,
    )


def read_families(chosen: Settings) -> Families:
    """The shipped table of owners and wires, the owner's own rows before it; raises ConfigError."""
    shipped = families.load(paths.FAMILIES)
    return shipped.extended(families.load(chosen.families)) if chosen.families else shipped


def shifted(start: datetime) -> Clock:
    """A clock that reads `start` now and runs on at the usual speed, to live through a past world."""
    offset: timedelta = start - utc_now()
    return lambda: utc_now() + offset


@contextmanager
def alone(house: House) -> Iterator[None]:
    """Hold the lock that lets one pass at a time work on a database; raises StoreError if it is taken."""
    lock = FileLock(f"{house.settings.database}.lock")
    try:
        with lock.acquire(timeout=0):
            yield
    except Timeout:
        raise StoreError(f"another pass is working on {house.settings.database}; wait for it, or stop it") from None

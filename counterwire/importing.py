"""Files of history -> stored observations, by the units, lags and ranges of the settings."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta
from pathlib import Path

from core.errors import InputError
from core.imports import Column, Table
from core.settings import SeriesSettings
from counterwire.house import House
from ingest.columns import Imported, Rule, read
from store import events, quarantine
from store import series as store_series
from store.database import writing


def bring_in(house: House, table: Table, path: Path, *, now: datetime) -> tuple[int, int]:
    """Import the series of one file; returns how many values are new, and how many were quarantined.

    A series of the settings keeps its unit, lag, range and source there, unless the table says
    otherwise. Raises InputError for a file that cannot be read and for a series without a unit.
    """
    configured = {name: (s, source.id) for source in house.settings.sources for name, s in source.series.items()}
    rules, units, sources = {}, {}, {}
    for name, column in table.series.items():
        known, source = configured.get(name, (None, table.source))
        units[name], rules[name] = _unit(name, column, known), _rule(column, known)
        sources[name] = source
    try:
        with path.open(encoding="utf-8", newline="") as lines:
            given = read(lines, table, rules, name=str(path), now=now)
    except (OSError, UnicodeDecodeError) as error:
        reason = error.strerror if isinstance(error, OSError) else "is not UTF-8"
        raise InputError(f"{path}: {reason}") from None
    return _keep(house, given, units=units, sources=sources, now=now)


def _unit(name: str, column: Column, known: SeriesSettings | None) -> str:
    unit = column.unit or (known.unit if known else None)
    if unit is None:
        raise InputError(f"{name}: has no unit: no source of the settings collects it, so say which")
    return unit


def _rule(column: Column, known: SeriesSettings | None) -> Rule:
    lag = column.lag if column.lag is not None else known.lag if known else timedelta(days=1)
    return Rule(lag=lag, plausible=column.plausible or (known.plausible if known else None))


def _keep(
    house: House, given: Iterable[Imported], *, units: dict[str, str], sources: dict[str, str], now: datetime
) -> tuple[int, int]:
    new = held = 0
    with writing(house.db):
        touched = []
        for one in given:
            held += quarantine.hold(house.db, one.refused, units=units, sources=sources)
            if not one.observations:
                continue
            # Importing is no look at the source: what was seen is as old as the newest value that could be known.
            seen = max(o.first_seen for o in one.observations)
            added = store_series.save(house.db, one.observations, seen=seen, units=units, sources=sources)
            touched += [one.series] if added else []
            new += added
        events.append(house.db, "vintage", touched, at=now)
    return new, held

"""Values outside their plausible range: kept apart, shown, and let in when somebody vouches for them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from core.clock import from_stamp, stamp
from core.errors import InputError
from core.series import Observation
from store.database import Database, saving
from store.known import cut

_HELD = cut(
    "SELECT series, time, value, first_seen, CASE WHEN KNOWN(released) THEN released END FROM quarantine"
    " WHERE KNOWN(first_seen) ORDER BY series, time, first_seen, value"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Quarantined:
    """A refused value; `released` is when it was let in, None while it is not."""

    series: str
    time: datetime
    value: float
    first_seen: datetime
    released: datetime | None


def hold(db: Database, refused: Iterable[Observation], *, units: Mapping[str, str], sources: Mapping[str, str]) -> int:
    """Keep refused values apart; returns how many are new.

    A source repeats what it said: the same value for the same time is held once, and so is one of
    an undated source until it says another. `units` and `sources` name every series that occurs.
    """
    new = 0
    with saving(db):
        for o in sorted(refused, key=lambda o: (o.series, o.time, o.value)):
            db.execute(
                "INSERT INTO series (id, unit, source) VALUES (?, ?, ?) ON CONFLICT (id) DO NOTHING",
                [o.series, units[o.series], sources[o.series]],
            )
            if o.undated and _repeats(db, o):
                continue
            new += db.execute(
                "INSERT INTO quarantine (series, time, value, first_seen, undated) VALUES (?, ?, ?, ?, ?)"
                " ON CONFLICT (series, time, value) DO NOTHING",
                [o.series, stamp(o.time), o.value, stamp(o.first_seen), o.undated],
            ).rowcount
    return new


def held(db: Database, *, as_of: datetime) -> list[Quarantined]:
    """What was refused by `as_of`, by series and time, released or not as it stood then."""
    return [
        Quarantined(
            series=series,
            time=from_stamp(time),
            value=value,
            first_seen=from_stamp(first_seen),
            released=from_stamp(released) if released else None,
        )
        for series, time, value, first_seen, released in db.execute(_HELD, {"as_of": stamp(as_of)}).fetchall()
    ]


def release(db: Database, series: str, *, time: datetime, at: datetime) -> Quarantined:
    """Let the value in that is held for `time`: from `at` on, and not before, it is an observation.

    Of several held for one time, the one seen last. Raises InputError where none is held, or where
    all are released.
    """
    with saving(db):
        row = db.execute(
            "SELECT value, first_seen FROM quarantine WHERE series = ? AND time = ? AND released IS NULL"
            " ORDER BY first_seen DESC, value DESC LIMIT 1",
            [series, stamp(time)],
        ).fetchone()
        if row is None:
            raise InputError(f"no value of {series} for {stamp(time)} is held in quarantine")
        value, first_seen = row
        db.execute(
            "UPDATE quarantine SET released = ? WHERE series = ? AND time = ? AND value = ?",
            [stamp(at), series, stamp(time), value],
        )
        db.execute(
            "INSERT INTO observations (series, time, first_seen, value, imported) VALUES (?, ?, ?, ?, 0)"
            " ON CONFLICT (series, time, first_seen) DO UPDATE SET value = excluded.value",
            [series, stamp(time), stamp(at), value],
        )
    return Quarantined(series=series, time=time, value=value, first_seen=from_stamp(first_seen), released=at)


def _repeats(db: Database, o: Observation) -> bool:
    row = db.execute(
        "SELECT value FROM quarantine WHERE series = ? AND undated = 1 ORDER BY time DESC, first_seen DESC LIMIT 1",
        [o.series],
    ).fetchone()
    return row is not None and bool(row[0] == o.value)

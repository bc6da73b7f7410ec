"""Observations with every vintage, and when each series was looked at."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from datetime import datetime
from itertools import groupby

from core.clock import from_stamp, stamp
from core.series import Observation, Series
from store.database import Database, saving
from store.known import cut

_OBSERVATIONS = cut(
    """
    SELECT s.id, s.unit, o.time, o.value, o.first_seen, o.imported
    FROM series AS s JOIN observations AS o ON o.series = s.id
    WHERE s.id = :series AND KNOWN(o.first_seen)
    ORDER BY o.time, o.first_seen
    """
)

_SIGHTINGS = cut("SELECT series, seen FROM sightings WHERE KNOWN(seen) ORDER BY series, seen")


def save(
    db: Database,
    observations: Iterable[Observation],
    *,
    seen: datetime,
    units: Mapping[str, str],
    sources: Mapping[str, str],
) -> int:
    """Store what one visit gave, and that it was seen then; returns the number of new vintages.

    A value equal to the one in force for its time is no new vintage; another value is one more
    row. A value whose `time` is its `first_seen` comes from an undated source and is new only if
    it differs from the series' last one. An imported value is passed over where its time arrived while
    the series was being collected: when it was seen is known. Where the rule would have it known at a
    look that did not give it, it is known from this visit on. Else briefings sent since would no longer
    hold. `units` and `sources` name every series that occurs.
    """
    total = 0
    ordered = sorted(observations, key=lambda o: (o.series, o.first_seen, o.time))
    with saving(db):
        for series, group in groupby(ordered, key=lambda o: o.series):
            db.execute(
                "INSERT INTO series (id, unit, source) VALUES (?, ?, ?) ON CONFLICT (id) DO UPDATE SET"
                " unit = excluded.unit, source = excluded.source",
                [series, units[series], sources[series]],
            )
            values = list(group)
            new = _insert(db, series, values, seen=stamp(seen))
            db.execute(
                "INSERT INTO sightings (series, seen, held, new) VALUES (?, ?, ?, ?) ON CONFLICT (series, seen)"
                " DO UPDATE SET held = max(held, excluded.held), new = new + excluded.new",
                [series, stamp(seen), len(values), new],
            )
            total += new
    return total


def load(
    db: Database, ids: Collection[str] | None, *, as_of: datetime, prefixes: Collection[str] = ()
) -> dict[str, Series]:
    """The series with these ids or with an id that begins with one of `prefixes`; None is all.

    Each with every vintage first seen by `as_of`, by time and then first seen, and with every look
    that gave values of it by then. A series of which nothing was known then is absent.
    """
    stored = [row[0] for row in db.execute("SELECT id FROM series ORDER BY id").fetchall()]
    starts = tuple(prefixes)
    wanted = [s for s in stored if ids is None or s in ids or s.startswith(starts)]
    looks = _looks(db, as_of=as_of)
    loaded = {}
    for name in wanted:
        rows = db.execute(_OBSERVATIONS, {"series": name, "as_of": stamp(as_of)}).fetchall()
        if rows:
            loaded[name] = Series(
                id=name,
                unit=rows[0][1],
                observations=tuple(
                    Observation(
                        series=series,
                        time=from_stamp(time),
                        value=value,
                        first_seen=from_stamp(first_seen),
                        imported=bool(imported),
                    )
                    for series, _, time, value, first_seen, imported in rows
                ),
                sightings=tuple(from_stamp(seen) for seen in looks.get(name, ())),
            )
    return loaded


def _looks(db: Database, *, as_of: datetime) -> dict[str, list[str]]:
    looks: dict[str, list[str]] = defaultdict(list)
    for series, seen in db.execute(_SIGHTINGS, {"as_of": stamp(as_of)}).fetchall():
        looks[series].append(seen)
    return looks


def last_collected(db: Database) -> dict[str, datetime]:
    """When each source last gave any value, by source."""
    rows = db.execute(
        "SELECT s.source, max((SELECT max(g.seen) FROM sightings AS g WHERE g.series = s.id)) FROM series AS s"
        " GROUP BY s.source"
    ).fetchall()
    return {source: from_stamp(seen) for source, seen in rows if seen}


def sources(db: Database) -> dict[str, str]:
    """The source of every series."""
    return dict(db.execute("SELECT id, source FROM series ORDER BY id").fetchall())


def newest(db: Database) -> dict[str, datetime]:
    """The time of the newest observation held, by series."""
    rows = db.execute("SELECT series, max(time) FROM observations GROUP BY series").fetchall()
    return {series: from_stamp(time) for series, time in rows}


def last_visited(db: Database) -> dict[str, datetime]:
    """When each source was last asked, whether it answered or not."""
    rows = db.execute("SELECT watched, max(at) FROM fetches WHERE kind = 'series' GROUP BY watched").fetchall()
    return {source: from_stamp(at) for source, at in rows}


def _insert(db: Database, series: str, values: list[Observation], *, seen: str) -> int:
    """Insert what differs from the value in force; `values` are ordered by first_seen.

    All vintages of the span are read at once: a source re-sends its whole history on every visit.
    """
    held: dict[str, dict[str, float]] = defaultdict(dict)
    for time, first_seen, value in db.execute(
        "SELECT time, first_seen, value FROM observations WHERE series = ? AND time >= ?",
        [series, stamp(min(o.time for o in values))],
    ).fetchall():
        held[time][first_seen] = value
    first_look, last_look = _looked(db, series)
    arrived = _arrived(db, series, since=first_look) if any(o.imported for o in values) else frozenset()
    new = 0
    for o in values:
        time, first_seen = stamp(o.time), stamp(o.first_seen)
        if o.imported and time in arrived:
            continue
        if o.imported and not held[time] and first_look < first_seen <= last_look:
            first_seen = seen
        vintages = held[time]
        undated = o.time == o.first_seen and not o.imported
        in_force = _last(db, series, first_seen) if undated else _in_force(vintages, first_seen)
        if in_force != o.value and first_seen not in vintages:
            db.execute(
                "INSERT INTO observations (series, time, first_seen, value, imported) VALUES (?, ?, ?, ?, ?)",
                [series, time, first_seen, o.value, o.imported],
            )
            vintages[first_seen] = o.value
            new += 1
    return new


def _looked(db: Database, series: str) -> tuple[str, str]:
    """When the series was first looked at and when last, "" before that."""
    first, last = db.execute("SELECT min(seen), max(seen) FROM sightings WHERE series = ?", [series]).fetchone()
    return first or "", last or ""


def _arrived(db: Database, series: str, *, since: str) -> frozenset[str]:
    """The times of which nothing was there at the first look, and something was later."""
    rows = db.execute(
        "SELECT time FROM observations WHERE series = ? AND imported = 0 GROUP BY time HAVING min(first_seen) > ?",
        [series, since],
    ).fetchall()
    return frozenset(time for (time,) in rows)


def _in_force(vintages: dict[str, float], first_seen: str) -> float | None:
    known = [seen for seen in vintages if seen <= first_seen]
    return vintages[max(known)] if known else None


def _last(db: Database, series: str, first_seen: str) -> float | None:
    row = db.execute(
        "SELECT value FROM observations WHERE series = ? AND first_seen <= ? ORDER BY time DESC, first_seen DESC LIMIT 1",
        [series, first_seen],
    ).fetchone()
    return None if row is None else float(row[0])

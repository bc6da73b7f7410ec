"""What was computed for an instant: pressures, readings, evidence, verdicts."""

from __future__ import annotations

import json
from dataclasses import fields

from core.clock import stamp
from core.verdicts import Evidence, Pressure, Reading, Verdict
from store.database import Database, saving

_MEASURED = [field.name for field in fields(Pressure) if field.name not in {"narrative", "as_of"}]


def save(db: Database, verdict: Verdict) -> None:
    """Store a verdict with the pressure, evidence and readings of its own instant.

    Rows of the same narrative, instant and contract are replaced. The earlier mornings that it
    rests on are counted in it, not stored: they are computed again, each with its own `as_of`.
    """
    key = (verdict.narrative, stamp(verdict.as_of), verdict.contract)
    with saving(db):
        _save_pressure(db, key, verdict.pressure)
        _save_evidence(db, key, verdict.evidence)
        db.execute(
            "INSERT OR REPLACE INTO verdicts (narrative, as_of, contract, kind, reason, press_for, press_against,"
            " data_for, data_against, quiet) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            [
                *key,
                verdict.kind.value,
                verdict.reason,
                *verdict.press,
                *verdict.data,
                verdict.quiet,
            ],
        )


def save_wide(db: Database, pressure: Pressure, *, contract: str) -> None:
    """Store the pressure over the other window, beside a verdict of the same instant and contract."""
    with saving(db):
        key = {"narrative": pressure.narrative, "as_of": stamp(pressure.as_of), "contract": contract}
        measured = {name: getattr(pressure, name) for name in _MEASURED}
        db.table("wide_pressures").insert(key | measured, replace=True)


def clear_derived(db: Database) -> None:
    """Delete all that can be computed again: readings, evidence, pressures, verdicts, comparisons, briefings.

    Deliveries, calls and alerts stay: what was sent was sent.
    """
    with saving(db):
        for table in (
            "readings",
            "evidence",
            "pressures",
            "wide_pressures",
            "verdicts",
            "comparisons",
            "briefings",
            "pictures",
        ):
            db.table(table).delete_where()


def _save_pressure(db: Database, key: tuple[str, str, str], pressure: Pressure) -> None:
    row = dict(zip(("narrative", "as_of", "contract"), key, strict=True))
    db.table("pressures").insert(row | {name: getattr(pressure, name) for name in _MEASURED}, replace=True)


def _save_evidence(db: Database, key: tuple[str, str, str], evidence: Evidence) -> None:
    db.execute(
        "INSERT OR REPLACE INTO evidence (narrative, as_of, contract, support, low, high, coverage)"
        " VALUES (?, ?, ?, ?, ?, ?, ?)",
        [*key, evidence.support, evidence.low, evidence.high, evidence.coverage],
    )
    db.execute("DELETE FROM readings WHERE (narrative, as_of, contract) = (?, ?, ?)", key)
    db.conn.executemany(
        'INSERT INTO readings (narrative, as_of, contract, concede, number, "check", family, asks, value, unit, threshold,'
        " scale, support, weight, context, freshness, reason, sentence, detail, observations)"
        " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        [(*key, *_reading(number, reading)) for number, reading in enumerate(evidence.readings, start=1)],
    )


def _reading(number: int, reading: Reading) -> tuple[object, ...]:
    return (
        reading.concede,
        number,
        reading.check,
        reading.family,
        reading.asks,
        reading.value,
        reading.unit,
        reading.threshold,
        reading.scale,
        reading.support,
        reading.weight,
        reading.context,
        reading.freshness,
        reading.reason,
        reading.sentence,
        reading.detail,
        json.dumps([[o.series, stamp(o.time), o.value, stamp(o.first_seen)] for o in reading.observations]),
    )

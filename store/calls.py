"""The ledger of calls: rows that are only appended, each chained to the one before by its hash.

The hash of a row is the SHA-256 of the previous row's hash and of every column of the row in a
fixed JSON form. Whoever edits a past row must make all later ones anew; who keeps the head of the
ledger, as a briefing prints it, sees even that.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable
from datetime import datetime
from typing import Any

from core.calls import Act, Call, LedgerRow, Record, Resolution
from core.clock import from_stamp, stamp
from core.contracts import Measure
from core.errors import StoreError
from core.verdicts import VerdictKind
from store.database import Database, saving

BEGINNING = "0" * 64  # the previous hash of the first row


def append(db: Database, entries: Iterable[Call | Resolution], *, at: datetime) -> list[str]:
    """Append openings and resolutions in the order given, at `at`; returns the calls that were new.

    What the ledger holds already is passed over, so that a killed pass can be run again. Raises
    StoreError for a resolution of a call that was never opened.
    """
    with saving(db):
        return [entry.id if isinstance(entry, Call) else entry.call for entry in entries if _append(db, entry, at=at)]


def records(db: Database, *, as_of: datetime, narrative: str | None = None) -> tuple[Record, ...]:
    """Every call opened by `as_of`, oldest first, with its resolution if that was due by then.

    Cut at the instants that the calls are of, not at those at which their rows were written.
    """
    calls: dict[str, Call] = {}
    ends: dict[str, Resolution] = {}
    for row in rows(db):
        if narrative is None or row.narrative == narrative:
            if row.act == "opened":
                calls[row.call] = _call(row.call, row.narrative, json.loads(row.body))
            else:
                ends[row.call] = _resolution(row.call, json.loads(row.body))
    known = sorted((c for c in calls.values() if c.opened <= as_of), key=lambda c: (c.opened, c.id))
    return tuple(Record(call=c, resolution=end if (end := ends.get(c.id)) and end.at <= as_of else None) for c in known)


def rows(db: Database) -> list[LedgerRow]:
    """The ledger as it is stored, in its order."""
    found = db.execute("SELECT number, call, act, narrative, at, body, previous, hash FROM calls ORDER BY number")
    return [
        LedgerRow(
            number=number,
            call=call,
            act=act,
            narrative=narrative,
            at=from_stamp(at),
            body=body,
            previous=previous,
            hash=hashed,
        )
        for number, call, act, narrative, at, body, previous, hashed in found.fetchall()
    ]


def head(db: Database, *, as_of: datetime | None = None) -> tuple[int, str]:
    """How many rows the ledger had at `as_of` (now, without), and the hash of the last one."""
    row = db.execute(
        "SELECT number, hash FROM calls WHERE at <= ? ORDER BY number DESC LIMIT 1", [stamp(as_of) if as_of else "9999"]
    ).fetchone()
    return (int(row[0]), str(row[1])) if row else (0, BEGINNING)


def first_edited(db: Database) -> str | None:
    """The first row that is not as it was written, in words, or None when the chain holds.

    A row that was taken out shows at the one after it.
    """
    previous, number = BEGINNING, 0
    found = db.execute("SELECT number, call, act, narrative, at, body, previous, hash FROM calls ORDER BY number")
    for *content, before, hashed in found.fetchall():
        name = f"row {content[0]} of the ledger ({content[2]} {content[1]})"
        if content[0] != number + 1:
            return f"{name}: row {number + 1} before it is missing"
        if before != previous:
            return f"{name} does not follow from the row before it"
        if (made := _hash(before, *content)) != hashed:
            return f"{name} was edited: its content gives {made[:12]}, its hash is {hashed[:12]}"
        previous, number = hashed, content[0]
    return None


def first_denied(db: Database) -> str | None:
    """The first kept briefing that names a last row which the ledger has no more, in words, or None.

    It sees what the chain alone cannot: a last row that was taken out, and rows that were all made anew.
    """
    found = db.execute(
        "SELECT b.id, json_extract(ref.value, '$.hash')"
        " FROM briefings AS b, json_each(b.json, '$.ledger.sentences') AS told, json_each(told.value, '$.refs') AS ref"
        " WHERE json_extract(ref.value, '$.table') = 'calls'"
        " AND json_extract(ref.value, '$.hash') NOT IN (SELECT hash FROM calls) ORDER BY b.as_of, b.id"
    ).fetchone()
    if found is None:
        return None
    return f"the briefing of {found[0]} ends the ledger with {found[1][:12]}, which is no row of it now"


def rests_on_imports(db: Database, narrative: str, *, since: datetime, as_of: datetime) -> bool:
    """Whether imported articles, or imported counts of the narrative's stories, were first seen or are of that time."""
    window = [stamp(since), stamp(as_of)]
    return bool(
        db.execute(
            "SELECT EXISTS (SELECT 1 FROM articles WHERE imported = 1 AND first_seen > ? AND first_seen <= ?)"
            " OR EXISTS (SELECT 1 FROM press_counts WHERE narrative = ? AND day > ? AND day <= ?)",
            [*window, narrative, *window],
        ).fetchone()[0]
    )


def _append(db: Database, entry: Call | Resolution, *, at: datetime) -> bool:
    act: Act = "opened" if isinstance(entry, Call) else "resolved"
    call = entry.id if isinstance(entry, Call) else entry.call
    held = dict(db.execute("SELECT act, narrative FROM calls WHERE call = ?", [call]).fetchall())
    if act in held:
        return False
    if isinstance(entry, Resolution) and "opened" not in held:
        raise StoreError(f"the call {call} was never opened")
    narrative = entry.narrative if isinstance(entry, Call) else held["opened"]
    number, previous = head(db)
    body = _body(entry)
    content = (number + 1, call, act, narrative, stamp(at), body)
    db.execute(
        "INSERT INTO calls (number, call, act, narrative, at, body, previous, hash) VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
        [*content, previous, _hash(previous, *content)],
    )
    return True


def _hash(previous: str, *content: object) -> str:
    return hashlib.sha256(json.dumps([previous, *content], ensure_ascii=False).encode()).hexdigest()


def _body(entry: Call | Resolution) -> str:
    told: dict[str, Any]
    if isinstance(entry, Call):
        told = {
            "contract": entry.contract,
            "opened": stamp(entry.opened),
            "kind": entry.kind.value,
            "measure": entry.measure.model_dump(mode="json", exclude_none=True),
            "direction": entry.direction,
            "due": stamp(entry.due),
            "start": entry.start,
            "probability": entry.probability,
            "base_rate": entry.base_rate,
            "horizons": entry.horizons,
            "tilt": entry.tilt,
            "calibrated": entry.calibrated,
            "void": entry.void,
        }
    else:
        told = {
            "at": stamp(entry.at),
            "end": entry.end,
            "came_true": entry.came_true,
            "brier": entry.brier,
            "base_brier": entry.base_brier,
            "void": entry.void,
        }
    return json.dumps(told, sort_keys=True, ensure_ascii=False)


def _call(name: str, narrative: str, told: dict[str, Any]) -> Call:
    return Call(
        id=name,
        narrative=narrative,
        contract=told["contract"],
        opened=from_stamp(told["opened"]),
        kind=VerdictKind(told["kind"]),
        measure=Measure.model_validate_json(json.dumps(told["measure"])),
        direction=told["direction"],
        due=from_stamp(told["due"]),
        start=told["start"],
        probability=told["probability"],
        base_rate=told["base_rate"],
        horizons=told["horizons"],
        tilt=told["tilt"],
        calibrated=told["calibrated"],
        void=told["void"],
    )


def _resolution(name: str, told: dict[str, Any]) -> Resolution:
    return Resolution(
        call=name,
        at=from_stamp(told["at"]),
        end=told["end"],
        came_true=told["came_true"],
        brier=told["brier"],
        base_brier=told["base_brier"],
        void=told["void"],
    )

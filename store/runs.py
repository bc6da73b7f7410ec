"""Every pass of the program, the interrupted ones too."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

from core.clock import from_stamp, stamp
from store.database import Database, saving


@dataclass(frozen=True, slots=True, kw_only=True)
class Run:
    """One pass. "interrupted": it was still running when the next one started."""

    id: int
    started: datetime
    finished: datetime | None
    state: Literal["running", "finished", "interrupted"]
    summary: Mapping[str, Any]


def start(db: Database, *, now: datetime) -> int:
    """Note that a pass begins, and that whichever had not ended was interrupted; returns its id."""
    with saving(db):
        db.execute("UPDATE runs SET state = 'interrupted' WHERE state = 'running'")
        rows = db.execute(
            "INSERT INTO runs (started, state) VALUES (?, 'running') RETURNING id", [stamp(now)]
        ).fetchall()
    return int(rows[0][0])


def finish(db: Database, run: int, *, summary: Mapping[str, Any], at: datetime) -> None:
    """Note that the pass came to its end, and what it did."""
    with saving(db):
        db.execute(
            "UPDATE runs SET state = 'finished', finished = ?, summary = ? WHERE id = ?",
            [stamp(at), json.dumps(summary, sort_keys=True, ensure_ascii=False), run],
        )


def last(db: Database, n: int) -> list[Run]:
    """The last `n` passes, the newest first."""
    rows = db.execute("SELECT id, started, finished, state, summary FROM runs ORDER BY id DESC LIMIT ?", [n]).fetchall()
    return [
        Run(
            id=number,
            started=from_stamp(started),
            finished=from_stamp(finished) if finished else None,
            state=state,
            summary=json.loads(summary),
        )
        for number, started, finished, state, summary in rows
    ]

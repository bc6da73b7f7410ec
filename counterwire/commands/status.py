"""`counterwire status`: what happened lately, what waits, and which sources are in trouble."""

from __future__ import annotations

import json
from datetime import timedelta

import typer

from core.clock import stamp
from core.deliveries import Delivery
from counterwire.options import Config, Json, Now

LATELY = timedelta(days=7)  # of so long it is told which briefings were held back


def status(config: Config = None, now: Now = None, as_json: Json = False) -> None:
    """Show the last passes, what waits in each stage and in the outbox, and sources in trouble."""
    from rich.console import Console
    from rich.table import Table

    from counterwire.house import open_house
    from counterwire.stages import LISTENS
    from store import briefings, editions, events, health, outbox, runs

    with open_house(config, now=now) as house:
        last = runs.last(house.db, 5)
        sources = health.sources(house.db, as_of=house.clock())
        waiting = outbox.unsent(house.db)
        backlog = events.backlog(house.db, LISTENS)
        quiet = briefings.held_back(house.db, since=house.clock() - LATELY)
        gone = editions.unsubscribed(house.db)
        if as_json:
            report = {
                "runs": [
                    {"id": r.id, "started": stamp(r.started), "state": r.state, "summary": r.summary} for r in last
                ],
                "backlog": backlog,
                "outbox": [
                    {
                        "to": d.recipient,
                        "briefing": d.briefing,
                        "attempts": d.attempts,
                        "reason": d.reason,
                        "next_try": stamp(d.next_try) if d.next_try else None,
                        "given_up": d.given_up,
                    }
                    for d in waiting
                ],
                "held_back": [{"briefing": name, "reason": reason} for name, reason in quiet],
                "unsubscribed": [{"to": u.recipient, "edition": u.edition, "at": stamp(u.at)} for u in gone],
                "sources": [
                    {"name": s.name, "url": s.url, "kind": s.kind, "state": s.state, "reason": s.reason}
                    for s in sources
                ],
            }
            typer.echo(json.dumps(report, ensure_ascii=False))
            return
        console = Console(highlight=False)
        console.print(f"database {house.settings.database}", soft_wrap=True)
        for run in last:
            new = ", ".join(f"{stage} {done['new']}" for stage, done in run.summary.items())
            console.print(f"pass {run.id}  {stamp(run.started)}  {run.state}  {new}", soft_wrap=True)
        console.print("waiting: " + (", ".join(f"{stage} {n}" for stage, n in backlog.items() if n) or "nothing"))
        for d in waiting:
            console.print(_told(d), markup=False, soft_wrap=True)
        for name, reason in quiet:
            console.print(f"briefing {name} was mailed to nobody: {reason}", markup=False, soft_wrap=True)
        for u in gone:
            console.print(f"{u.recipient} left the {u.edition} edition {stamp(u.at)}", markup=False, soft_wrap=True)
        trouble = [s for s in sources if s.state != "ok"]
        table = Table(
            title=f"{len(sources) - len(trouble)} sources well, {len(trouble)} in trouble", title_justify="left"
        )
        for column in ("source", "state", "reason", "last good"):
            table.add_column(column, overflow="fold")
        for s in (s for s in sources if s.state != "ok" or s.reason):  # a reason without trouble: read in part
            table.add_row(s.name, s.state, s.reason, stamp(s.last_ok) if s.last_ok else "never")
        console.print(table)


def _told(d: Delivery) -> str:
    tries = f"{d.attempts} {'try' if d.attempts == 1 else 'tries'}"
    if d.given_up:
        return f"mail to {d.recipient} of {d.briefing}: GIVEN UP after {tries}, {d.reason}"
    when = f"next {stamp(d.next_try)}" if d.next_try else "sent before"
    return f"mail to {d.recipient} of {d.briefing}: {tries}, {d.reason or 'not tried yet'}; {when}"

"""`counterwire watch`: passes on the configured schedule, until stopped."""

from __future__ import annotations

import logging
import signal
from datetime import datetime

import typer

from counterwire.options import Config, Now

GRACE_SECONDS = 3600  # APScheduler drops a job that is a second late unless told otherwise
log = logging.getLogger("counterwire.watch")


def watch(config: Config = None, now: Now = None) -> None:
    """Make a pass at once, then on the configured schedule until stopped (Ctrl-C or SIGTERM)."""
    from apscheduler.schedulers.blocking import BlockingScheduler
    from apscheduler.triggers.cron import CronTrigger
    from apscheduler.triggers.interval import IntervalTrigger

    from core.errors import CounterwireError
    from counterwire.house import alone, open_house, shifted
    from counterwire.passes import one_pass

    with open_house(config, now=now) as first:
        schedule, zone = first.settings.schedule, first.zone
        hours = [e.terms for e in first.settings.editions]
        clock = shifted(first.clock()) if now else first.clock

    def make_pass() -> None:
        # Opened anew each time: an SQLite connection does not travel between threads, and an edited
        # contract or feed list takes effect at the next pass.
        moment: datetime = clock()
        try:
            with open_house(config, clock=clock) as house, alone(house):
                done = one_pass(house, now=moment)
        except (CounterwireError, OSError) as error:
            # The lock is held, the disk is full, an edit is wrong: the next pass tries again.
            log.error("%s", error)
            return
        failed = sum(len(d.problems) for d in done)
        typer.echo(
            f"{moment:%Y-%m-%d %H:%M:%SZ} " + ", ".join(f"{d.stage} {d.new}" for d in done) + f"; {failed} failed"
        )

    scheduler = BlockingScheduler(
        timezone=zone,
        job_defaults={"coalesce": True, "max_instances": 1, "misfire_grace_time": GRACE_SECONDS},
        executors={"default": {"type": "threadpool", "max_workers": 1}},
    )
    scheduler.add_job(make_pass, IntervalTrigger(seconds=int(schedule.every.total_seconds())), id="pass")
    # An edition's hour gets a pass of its own, so that it is not up to a quarter of an hour late. Should two
    # fall together, the second finds nothing due. Passes share one worker.
    for terms in hours:
        at = terms.clock
        hour = CronTrigger(day_of_week=",".join(terms.days), hour=at.hour, minute=at.minute, timezone=terms.place)
        scheduler.add_job(make_pass, hour, id=f"briefing {terms.edition}")
    scheduler.add_job(make_pass, id="first")
    signal.signal(signal.SIGTERM, lambda *_: scheduler.shutdown(wait=False))
    told = ", ".join(f"{t.edition} briefing at {t.hour} {t.zone}" for t in hours)
    typer.echo(f"watching {len(first.settings.feeds)} feeds every {schedule.every}; {told}")
    try:
        scheduler.start()
    except (KeyboardInterrupt, SystemExit):
        scheduler.shutdown(wait=True)

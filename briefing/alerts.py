"""Alerts of one pass as a short mail, in HTML and in text."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from pathlib import Path

from briefing.changes import name_of
from briefing.clean import clean
from briefing.figures import instant, number
from briefing.render import page
from briefing.words import SAMPLE, SAMPLE_NOTICE
from core.alerts import Alert
from core.clock import stamp
from core.contracts import Contract
from core.deliveries import Notice
from core.editions import DAILY, Terms

KINDS = {
    "verdict": "a verdict changed",
    "concede": "a concede-if line is crossed",
    "burst": "coverage bursts",
    "walk_back": "an article takes something back",
}
LONGEST_SUBJECT = 110  # characters, as of a briefing
LONGEST = 500  # characters of a sentence; a walk-back quotes a headline


def composed(
    given: Sequence[tuple[Contract, Alert]],
    *,
    edition: Terms,
    at: datetime,
    sample: bool,
    templates: Path,
    overrides: Path | None,
) -> Notice:
    """A notice of at least one alert; the same alerts give the same bytes."""
    mark = SAMPLE if sample else ""
    named = "; ".join(dict.fromkeys(f"{name_of(c)}: {KINDS[a.kind]}" for c, a in given))
    subject = clean(f"{mark} Counterwire alert | {named}", LONGEST_SUBJECT)
    values = {
        "subject": subject,
        "notice": SAMPLE_NOTICE if sample else "",
        "dateline": instant(at, edition.place),
        "alerts": [
            {
                "title": f"{name_of(c)}: {KINDS[a.kind]}",
                "sentence": clean(a.sentence, LONGEST),
                "chance": _chance(a),
            }
            for c, a in given
        ],
    }
    suffix = "" if edition.edition == DAILY else f"-{edition.edition}"
    return Notice(
        id=f"alert-{stamp(at)}{suffix}",
        edition=edition.edition,
        at=at,
        subject=subject,
        alerts=tuple(a.id for _, a in given),
        html=page("alert.html", values, templates=templates, overrides=overrides),
        text=page("alert.txt", values, templates=templates, overrides=overrides),
    )


def _chance(alert: Alert) -> str:
    if alert.a_year is None:
        return f"How often chance alone would give this alert is {clean(alert.null_history, LONGEST)}."
    if alert.kind == "verdict":  # the others have no null: theirs is the rate of what really happened
        return f"Chance alone gives {number(alert.a_year, 1)} such alerts a year."
    return f"Such alerts so far: {clean(alert.null_history, LONGEST)}."

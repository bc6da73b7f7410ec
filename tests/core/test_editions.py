"""Editions: what is not said is inherited, each is due by its own clock, and old terms can be read again."""

import re
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from core.editions import DAYS, Edition, Terms, edition_of
from core.errors import ConfigError
from core.settings import load

BASE = """\
database: x.db
schedule: {zone: America/New_York, briefing: "07:00", days: [mon, tue, wed, thu, fri]}
fetch: {contact: me@example.com}
feeds: []
"""


def settings(tmp_path: Path, delivery: str, more: str = "") -> tuple[Edition, ...]:
    path = tmp_path / "config.yaml"
    path.write_text(BASE + more + "delivery:\n  sender: Desk <desk@example.com>\n" + delivery, "utf-8")
    return load(path)[0].editions


SMTP = "  smtp: {host: mail.example.com}\n  recipients: [ann@example.com, ann@example.com]\n"


def test_the_schedule_and_the_recipients_are_the_daily_edition(tmp_path: Path) -> None:
    (daily,) = settings(tmp_path, SMTP)
    assert daily == Edition(
        terms=Terms(
            edition="daily",
            zone="America/New_York",
            hour="07:00",
            days=("mon", "tue", "wed", "thu", "fri"),
            wrong_tag="mailto:desk@example.com",
        ),
        recipients=("ann@example.com",),
    )


def test_an_edition_inherits_what_it_does_not_say(tmp_path: Path) -> None:
    described = (
        "  editions:\n"
        "    - {id: berlin, zone: Europe/Berlin, recipients: [ben@example.com], alerts: true}\n"
        "    - {id: week, span: week, days: [sat], briefing: '09:30', form: text, channels: [DESK_CHAT]}\n"
        "    - {id: daily, only_changes: true}\n"
    )
    daily, berlin, week = settings(tmp_path, SMTP + described, "web: {url: https://desk.example.com/}\n")
    assert (daily.id, daily.only_changes, daily.terms.zone) == ("daily", True, "America/New_York")
    assert (berlin.terms.zone, berlin.terms.hour, berlin.terms.days) == ("Europe/Berlin", "07:00", daily.terms.days)
    assert (berlin.recipients, berlin.alerts, berlin.only_changes) == (("ben@example.com",), True, False)
    assert (week.terms.hour, week.terms.days, week.terms.span, week.form) == ("09:30", ("sat",), "week", "text")
    assert week.recipients == ("ann@example.com", "apprise:DESK_CHAT")
    assert {e.terms.wrong_tag for e in (daily, berlin, week)} == {"https://desk.example.com"}


@pytest.mark.parametrize(
    ("described", "told"),
    [
        ("{id: Berlin}", "id"),
        ("{id: berlin, zone: Berlin}", "time zone"),
        ("{id: week, span: week}", "its one day"),
        ("{id: week, span: week, days: [sat, sun]}", "its one day"),
        ("{id: a, colour: red}", "colour"),
        ("{id: a}, {id: a}", "stands here twice"),
        ('{id: a, recipients: ["a@example.com\\r\\nBcc: b@example.com"]}', "recipients"),
        ("{id: a, recipients: [a@example.com]}", "need smtp"),
        ("{id: a, channels: ['slack://token']}", "channels"),
    ],
    ids=[
        "a capital letter",
        "no such zone",
        "a week without its day",
        "a week of two days",
        "an unknown key",
        "the same id twice",
        "a line end in an address",
        "recipients without a server",
        "a secret where a name belongs",
    ],
)
def test_what_is_wrong_with_an_edition_is_told_with_its_line(tmp_path: Path, described: str, told: str) -> None:
    with pytest.raises(ConfigError, match=told) as caught:
        settings(tmp_path, f"  editions: [{described}]\n")
    assert caught.value.line is not None


def terms(**given: Any) -> Terms:
    return Terms(**{"edition": "berlin", "zone": "Europe/Berlin", "hour": "07:00", "days": DAYS, **given})


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


@pytest.mark.parametrize(
    ("now", "due"),
    [("2026-04-15T04:59", False), ("2026-04-15T05:00", True), ("2026-04-18T06:00", False), ("2026-01-16T05:30", False)],
    ids=["a minute before", "seven in summer is five in UTC", "a Saturday", "half past six in winter"],
)
def test_an_edition_is_due_by_its_own_clock(now: str, due: bool) -> None:
    assert terms(days=("mon", "tue", "wed", "thu", "fri")).is_due(at(now)) is due


def test_a_briefing_is_named_by_the_local_day_and_the_edition() -> None:
    late = at("2026-04-15T23:30")
    assert terms().name(late) == "2026-04-16-berlin"
    assert terms(edition="daily", zone="UTC").name(late) == "2026-04-15"
    assert (edition_of("2026-04-16-berlin"), edition_of("2026-04-15")) == ("berlin", "daily")


@pytest.mark.parametrize(
    ("given", "before"),
    [
        ({}, "2026-04-19T05:00"),
        ({"days": ("mon", "fri")}, "2026-04-17T05:00"),
        ({"days": ("mon",)}, "2026-04-13T05:00"),
        ({"span": "week", "days": ("mon",)}, "2026-04-13T05:00"),
    ],
    ids=["every day", "the Friday before a Monday", "a week when there is no other day", "weekly"],
)
def test_a_briefing_is_compared_with_the_scheduled_one_before(given: dict[str, Any], before: str) -> None:
    assert terms(**given).before(at("2026-04-20T05:00")) == at(before)


def test_terms_come_back_as_they_were_written() -> None:
    one = terms(narratives=("a", "b"), span="week", days=("sun",), wrong_tag="https://desk.example.com")
    assert Terms.from_json(one.as_json()) == one


def test_the_documented_example_is_read(tmp_path: Path, root: Path) -> None:
    (example,) = re.findall(r"```yaml\n(.*?)```", (root / "docs" / "mail.md").read_text("utf-8"), re.DOTALL)
    path = tmp_path / "config.yaml"
    path.write_text(f"database: x.db\nfetch: {{contact: me@example.com}}\nfeeds: []\n{example}", "utf-8")
    assert [e.id for e in load(path)[0].editions] == ["daily", "berlin", "week"]

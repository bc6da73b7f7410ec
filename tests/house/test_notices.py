"""Alerts as short mails: once, to those who asked for them, with nothing in them that a feed put there."""

import json
from email.message import Message
from pathlib import Path

import pytest

from core.alerts import Alert
from counterwire.cli import run
from counterwire.house import open_house
from counterwire.stages.notices import notices
from store import alerts, events, outbox
from store.database import writing
from tests.house.posting import AT, NOW, Post, an_alert, furnished, serving

EDITIONS = (
    "  recipients: [a@example.com]\n"
    "  editions:\n"
    "    - {id: berlin, alerts: true, zone: Europe/Berlin, narratives: [nvidia_killer], recipients: [b@example.com]}\n"
    "    - {id: all, alerts: true, form: text, recipients: [c@example.com, d@example.com]}\n"
)


def alarmed(config: Path, *given: Alert) -> list[int]:
    """What two passes queue when these alerts were given before the first."""
    with open_house(config, now=AT[1]) as house:
        with writing(house.db):
            alerts.save(house.db, given)
            events.append(house.db, "alert", [a.id for a in given], at=NOW)
        return [notices(house, now=NOW).new for _ in range(2)]


def body(mail: Message, kind: str) -> str:
    part = next(p for p in mail.walk() if p.get_content_type() == kind)
    return bytes(part.get_payload(decode=True)).decode()


def test_an_alert_comes_once_to_the_editions_that_want_it(tmp_path: Path) -> None:
    post = Post()
    with serving(post) as port:
        config = furnished(tmp_path, port, more=EDITIONS)
        crossed = an_alert(
            "wall_street_recovery",
            kind="concede",
            subject="spreads",
            sentence="Spreads fell.",
            a_year=0.7,
            null_history="0.7 a year in its own history of 3.0 years",
        )
        assert alarmed(config, an_alert(), crossed) == [3, 0]
        assert run(["send", "-c", str(config), *AT]) == 0
    got = {str(m["To"]): m for m in post.mails}
    assert sorted(got) == ["b@example.com", "c@example.com", "d@example.com"]
    one, both = got["b@example.com"], got["c@example.com"]
    assert "Counterwire alert" in str(one["Subject"])
    assert [p.get_content_type() for p in one.walk()] == ["multipart/alternative", "text/plain", "text/html"]
    for kind in ("text/plain", "text/html"):
        told = " ".join(body(one, kind).split())
        assert "The verdict is now that the press runs ahead." in told
        assert "not yet estimable: 7 of 365 days of press" in told
        assert "Spreads fell" not in told
        assert "09:00\u00a0CEST" in body(one, kind)
    assert both.get_content_type() == "text/plain"
    assert "Spreads fell." in body(both, "text/plain")
    assert "Such alerts so far: 0.7 a year in its own history of 3.0 years." in body(both, "text/plain")


def test_who_asked_for_no_alerts_gets_none_and_nothing_old_when_he_asks_later(tmp_path: Path) -> None:
    config = furnished(tmp_path, 9, more="  recipients: [a@example.com]\n")
    assert alarmed(config, an_alert()) == [0, 0]
    furnished(tmp_path, 9, more="  recipients: [a@example.com]\n  editions: [{id: daily, alerts: true}]\n")
    assert alarmed(config) == [0, 0]


HOSTILE = (
    "<script>alert(1)</script><img src=x onerror=alert(1)>",
    "x\r\nBcc: all@example.com\r\n\r\n<b>",
    "{{ 7*7 }} {% include 'config.yaml' %}",
    "\u202egnp.exe\u200b\u0000\u2028Subject: y",
    "A" * 10_000,
)


@pytest.mark.parametrize("said", HOSTILE, ids=["markup", "line ends", "a template", "tricks of Unicode", "a long word"])
def test_nothing_in_a_headline_gets_out_of_its_place(said: str, tmp_path: Path) -> None:
    post = Post()
    with serving(post) as port:
        config = furnished(tmp_path, port, more=EDITIONS)
        sentence = f"The Harbour walks back “{said}” in version 2: softened."
        alarmed(config, an_alert(kind="walk_back", subject=f"{said[:40]} 2", sentence=sentence))
        assert run(["send", "-c", str(config), *AT]) == 0
    mail = next(m for m in post.mails if m["To"] == "b@example.com")
    assert mail["Bcc"] is None
    assert len(mail.get_all("Subject", [])) == 1
    html = body(mail, "text/html")
    assert "<script" not in html
    assert "<img" not in html
    assert "49" not in html
    assert not set("\u202e\u200b\u2028\x00") & set(html)
    assert max(map(len, html.split())) < 300


def test_an_alert_that_cannot_be_sent_waits_like_any_mail(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    config = furnished(tmp_path, 9, more=EDITIONS)
    alarmed(config, an_alert())
    assert run(["send", "-c", str(config), *AT]) == 6
    capsys.readouterr()
    assert run(["status", "-c", str(config), "--json", *AT]) == 0
    held = json.loads(capsys.readouterr().out)["outbox"]
    assert {row["briefing"] for row in held} == {
        "alert-2026-04-15T07:00:00Z-berlin",
        "alert-2026-04-15T07:00:00Z-all",
    }
    with open_house(config) as house:
        assert len(outbox.unsent(house.db)) == 3

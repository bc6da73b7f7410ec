"""The outbox against real mail servers: whatever they do is seen, and nobody's trouble is another's."""

import asyncio
import json
import subprocess
import sys
import threading
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from email.message import Message
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from core.clock import stamp
from counterwire.cli import run
from counterwire.house import open_house
from counterwire.stages.sending import sending
from store import editions
from store.outbox import unsent as waiting
from tests.house.posting import AT, NOW, ROOT, Post, furnished, queued, serving

ANN, BEN, CAT = "ann@example.com", "ben@example.com", "cat@example.com"
LATER = ["--now", "2026-04-15T08:00:00Z"]


def outbox(config: Path, capsys: pytest.CaptureFixture[str], *, now: list[str] = AT) -> dict[str, dict[str, Any]]:
    capsys.readouterr()
    assert run(["status", "-c", str(config), "--json", *now]) == 0
    return {row["to"]: row for row in json.loads(capsys.readouterr().out)["outbox"]}


TROUBLE: dict[str, tuple[Callable[[Post], None], str, bool]] = {
    "it does not answer": (lambda p: p.slow.add(BEN), "timed out", False),
    "it refuses one recipient for good": (lambda p: p.rcpt.update({BEN: "550 no such mailbox"}), "550", True),
    "it refuses one recipient for now": (lambda p: p.rcpt.update({BEN: "451 greylisted"}), "451", False),
    "it refuses the message for now": (lambda p: p.data.update({BEN: "452 disk full"}), "452", False),
    "it refuses the message for good": (lambda p: p.data.update({BEN: "554 spam"}), "554", True),
    "it hangs up after the message": (lambda p: p.dropped.add(BEN), "Disconnected", False),
}


@pytest.mark.parametrize("trouble", TROUBLE)
def test_one_recipients_trouble_is_seen_and_holds_up_nobody(
    trouble: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    make, told, for_good = TROUBLE[trouble]
    post = Post()
    make(post)
    with serving(post) as port:
        config = furnished(tmp_path, port, timeout=0.4)
        queued(config, ANN, BEN, CAT)
        assert run(["send", "-c", str(config), *AT]) == 6
        assert [str(m["To"]) for m in post.mails] == [ANN, CAT]
        assert set(held := outbox(config, capsys)) == {BEN}
        assert told in held[BEN]["reason"]
        assert (held[BEN]["given_up"], held[BEN]["attempts"]) == (for_good, 1)
        post.__init__()  # type: ignore[misc]  # the server has come to its senses
        run(["send", "-c", str(config), *LATER])
    assert [str(m["To"]) for m in post.mails] == ([] if for_good else [BEN])
    assert set(outbox(config, capsys)) == ({BEN} if for_good else set())


@pytest.mark.parametrize("there", [True, False], ids=["a server without TLS", "no server at all"])
def test_where_nothing_can_be_sent_everything_waits_and_says_why(
    there: bool, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    post = Post()
    with serving(post) as port:
        config = furnished(tmp_path, port if there else 9, tls="starttls")
        queued(config, ANN, BEN)
        assert run(["send", "-c", str(config), *AT]) == 6
    assert post.mails == []
    held = outbox(config, capsys)
    assert set(held) == {ANN, BEN}
    assert all(("STARTTLS" if there else "refused") in row["reason"] and not row["given_up"] for row in held.values())


def test_eleven_tries_over_two_days_and_then_it_is_given_up_for_all_to_see(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    config = furnished(tmp_path, 9)
    queued(config, ANN)
    moments: list[str] = []
    with open_house(config) as house:
        now: datetime | None = NOW
        while now:
            moments.append(stamp(now))
            sending(replace(house, clock=partial(datetime.fromisoformat, stamp(now))), now=now)
            (row,) = waiting(house.db)
            now = row.next_try
        assert (row.attempts, row.given_up) == (len(moments), True) == (11, True)
        assert moments[:3] == ["2026-04-15T07:00:00Z", "2026-04-15T07:05:00Z", "2026-04-15T07:20:00Z"]
        # 5 + 15 + 30 + 60 + 120 + 240 + 480 + 480 + 720 + 720 minutes after seven
        assert moments[-1] == "2026-04-17T06:50:00Z"
        run(["status", "-c", str(config), *AT])
        assert "GIVEN UP after 11 tries" in capsys.readouterr().out


def test_a_server_that_is_slow_to_everybody_ends_the_sending_and_the_next_pass_begins_with_the_others(
    tmp_path: Path,
) -> None:
    config = furnished(tmp_path, 9)
    queued(config, ANN, BEN, CAT)
    ticks = iter(range(100))
    with replace(open_house(config), clock=lambda: NOW + timedelta(minutes=3) * next(ticks)) as house:
        done = sending(house, now=NOW)
        assert done.problems[-1] == "1 messages are left for the next pass"
        assert [(d.recipient, d.attempts) for d in waiting(house.db)] == [(CAT, 0), (ANN, 1), (BEN, 1)]


class Together(Post):
    """Answers nobody before two processes have connected, so that both have looked into the outbox."""

    def __init__(self) -> None:
        super().__init__()
        self.met = threading.Barrier(2, timeout=60)
        self.seen: set[str] = set()

    async def handle_EHLO(self, server: Any, session: Any, envelope: Any, name: str, told: list[str]) -> list[str]:  # noqa: N802 -- aiosmtpd's name
        session.host_name = name
        if len(self.seen) < 2:
            self.seen.add(str(session.peer))
            await asyncio.get_running_loop().run_in_executor(None, self.met.wait)
        return told


def test_two_processes_send_every_message_once(tmp_path: Path) -> None:
    post = Together()
    with serving(post) as port:
        config = furnished(tmp_path, port)
        ids = queued(config, *(f"reader{k}@example.com" for k in range(40)))
        command = [sys.executable, "-m", "counterwire", "send", "-c", str(config), *AT]
        both = [subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) for _ in range(2)]
        told = [process.communicate(timeout=120)[0] for process in both]
    assert sorted(str(m["Message-ID"]) for m in post.mails) == sorted(ids)
    sent = [int(text.split()[0]) for text in told]
    assert sum(sent) == 40
    assert all(sent), f"one process did it all: {sent}"


def test_a_dry_run_says_what_would_go_to_whom_and_sends_nothing(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    post = Post()
    with serving(post) as port:
        config = furnished(tmp_path, port)
        queued(config, ANN, BEN)
        queued(config, CAT, name="2026-04-16", day=1)
        assert run(["send", "--dry-run", "-c", str(config), *AT]) == 0
    told = capsys.readouterr().out
    assert f"to {ANN} (html, now, try 1): 2026-04-15, Counterwire | Nothing moved" in told
    assert f"to {CAT} (html, from 2026-04-16T07:00:00Z, try 1): 2026-04-16" in told
    assert "3 messages wait; nothing was sent" in told
    assert post.mails == []


def test_a_briefing_is_sent_again_with_the_same_id_to_all_or_to_one(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    post = Post()
    with serving(post) as port:
        config = furnished(tmp_path, port)
        ids = queued(config, ANN, BEN)
        assert run(["send", "-c", str(config), *AT]) == 0
        again = ["send", "--resend", "2026-04-15", "-c", str(config), *LATER]
        assert run([*again, "--dry-run"]) == 0
        assert len(post.mails) == 2
        assert run([*again, "--yes"]) == 0
        assert sorted(str(m["Message-ID"]) for m in post.mails) == sorted(ids * 2)
        assert run([*again, "--yes", "--to", BEN]) == 0
        assert run([*again, "--yes", "--to", CAT]) == 0  # who never had it
        assert [str(m["To"]) for m in post.mails[4:]] == [BEN, CAT]
        assert post.mails[4]["Message-ID"] == ids[1]
        assert post.mails[4].as_bytes() == post.mails[1].as_bytes()
        with open_house(config) as house:
            editions.unsubscribe(house.db, recipient=BEN, edition="daily", at=house.clock())
            assert run([*again, "--yes", "--to", BEN]) == 4
            assert "has unsubscribed" in capsys.readouterr().err
            assert run([*again, "--yes", "--to", "nobody"]) == 4
            assert "--to nobody: not a mail address" in capsys.readouterr().err
            assert run([*again[:1], "--resend", "1999-12-31", "-c", str(config), "--yes"]) == 4
            assert run(["send", "--to", ANN, "-c", str(config)]) == 4
    assert len(post.mails) == 6
    assert outbox(config, capsys) == {}


def test_sending_again_asks_first(tmp_path: Path) -> None:
    post = Post()
    with serving(post) as port:
        config = furnished(tmp_path, port)
        queued(config, ANN)
        assert run(["send", "-c", str(config), *AT]) == 0
        command = [sys.executable, "-m", "counterwire", "send", "--resend", "2026-04-15", "-c", str(config), *LATER]
        said_no = subprocess.run(command, cwd=ROOT, input="n\n", capture_output=True, text=True, check=False)
        assert said_no.returncode == 1
        assert len(post.mails) == 1
        subprocess.run(command, cwd=ROOT, input="y\n", capture_output=True, text=True, check=True)
    assert len(post.mails) == 2


HOSTILE = (
    "x\r\nBcc: all@example.com",
    "=?utf-8?q?=0D=0ABcc:_all@example.com?=",
    "a\nSubject: other\n\n<script>",
    "\u202etxet\u2028Bcc: all@example.com\x00\x0b\x85",
)


@pytest.mark.parametrize("said", HOSTILE, ids=["line ends", "an encoded word", "a body", "Unicode's line ends"])
def test_no_subject_makes_a_header_of_its_own(said: str, tmp_path: Path) -> None:
    post = Post()
    with serving(post) as port:
        config = furnished(tmp_path, port)
        queued(config, ANN, subject=said)
        assert run(["send", "-c", str(config), *AT]) == 0
    (mail,) = post.mails
    assert mail["Bcc"] is None
    assert len(mail.get_all("Subject", [])) == 1
    assert mail["To"] == ANN


def sent_with(tmp_path: Path, more: str, **given: Any) -> Message:
    post = Post()
    with serving(post) as port:
        config = furnished(tmp_path, port, more=more)
        queued(config, ANN, **given)
        assert run(["send", "-c", str(config), *AT]) == 0
    return post.mails[0]


def test_a_reader_of_text_gets_text(tmp_path: Path) -> None:
    mail = sent_with(tmp_path, "", form="text")
    assert mail.get_content_type() == "text/plain"
    assert "Nothing moved" in str(mail.get_payload())


def test_the_next_mail_of_an_edition_answers_the_one_before(tmp_path: Path) -> None:
    post = Post()
    with serving(post) as port:
        config = furnished(tmp_path, port)
        ids = [queued(config, ANN, name=f"2026-04-{day}")[0] for day in (13, 14, 15)]
        assert run(["send", "-c", str(config), *AT]) == 0
    by_id = {str(m["Message-ID"]): m for m in post.mails}
    assert by_id[ids[0]]["References"] is None
    assert by_id[ids[1]]["In-Reply-To"] == ids[0]
    assert by_id[ids[2]]["In-Reply-To"] == ids[1]
    assert str(by_id[ids[2]]["References"]).split() == ids[:2]

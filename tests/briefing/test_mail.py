"""The message, and handing it to real mail servers on loopback that behave in all the ways they do."""

import shutil
import socket
import ssl
import subprocess
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import SMTP
from pathlib import Path
from threading import Thread
from typing import Any

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import AuthResult, Envelope
from hypothesis import given, settings
from hypothesis import strategies as st

from briefing.mail import message, message_id, send
from core.errors import DeliveryError
from core.settings import SmtpSettings

M = "\u2212"
AS_OF = datetime(2026, 4, 24, 5, 0, tzinfo=UTC)


def a_message(**given: Any) -> EmailMessage:
    base: dict[str, Any] = {
        "sender": "Counterwire <briefing@example.com>",
        "recipient": "analyst@example.com",
        "subject": "Counterwire 24 Apr 2026 | Nvidia killer: mixed",
        "html": f"<p>Lean {M}0.41 — “é”</p>\n.dot\n",
        "text": f"Lean {M}0.41 — “é”\n.dot\n",
        "message_id": message_id("b1", "analyst@example.com", "example.com"),
        "as_of": AS_OF,
    }
    return message(**{**base, **given})


class Inbox:
    """A handler that keeps what it accepts and answers as it is told."""

    def __init__(self, *, mail: str = "", rcpt: str = "", data: str = "") -> None:
        self.held: list[bytes] = []
        self.answers = {"mail": mail, "rcpt": rcpt, "data": data}

    async def handle_MAIL(self, server: Any, session: Any, envelope: Envelope, address: str, options: Any) -> str:  # noqa: N802 -- aiosmtpd's name
        envelope.mail_from = address
        return self.answers["mail"] or "250 OK"

    async def handle_RCPT(self, server: Any, session: Any, envelope: Envelope, address: str, options: Any) -> str:  # noqa: N802 -- aiosmtpd's name
        if not self.answers["rcpt"]:
            envelope.rcpt_tos.append(address)
        return self.answers["rcpt"] or "250 OK"

    async def handle_DATA(self, server: Any, session: Any, envelope: Envelope) -> str:  # noqa: N802 -- aiosmtpd's name
        if self.answers["data"]:
            return self.answers["data"]
        assert isinstance(envelope.content, bytes)
        self.held.append(envelope.content)
        return "250 taken"


@contextmanager
def serving(inbox: Inbox, **given: Any) -> Iterator[int]:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = int(free.getsockname()[1])
    controller = Controller(inbox, hostname="127.0.0.1", port=port, **given)
    controller.start()
    try:
        yield port
    finally:
        controller.stop()


def plain(port: int, **given: Any) -> SmtpSettings:
    return SmtpSettings(**{"host": "127.0.0.1", "port": port, "tls": "none", "timeout": 5, **given})


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> tuple[ssl.SSLContext, ssl.SSLContext]:
    """A server's context with a fresh certificate for 127.0.0.1, and a client's that trusts it."""
    if shutil.which("openssl") is None:
        pytest.skip("needs the openssl command to make a certificate")
    folder = tmp_path_factory.mktemp("tls")
    key, cert = folder / "key.pem", folder / "cert.pem"
    command = (
        "openssl req -x509 -newkey rsa:2048 -nodes -days 2 -subj /CN=127.0.0.1 -addext subjectAltName=IP:127.0.0.1"
    )
    subprocess.run([*command.split(), "-keyout", str(key), "-out", str(cert)], check=True, capture_output=True)
    server = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    server.load_cert_chain(cert, key)
    return server, ssl.create_default_context(cafile=str(cert))


def test_a_message_says_the_same_twice_and_nothing_by_itself() -> None:
    mail = a_message()
    assert mail.get_content_type() == "multipart/alternative"
    text, html = mail.iter_parts()
    assert (text.get_content_type(), html.get_content_type()) == ("text/plain", "text/html")
    assert f"{M}0.41 — “é”" in text.get_content()
    assert mail["Date"].datetime == AS_OF
    assert mail["Auto-Submitted"] == "auto-generated"
    assert mail["List-Unsubscribe"] == "<mailto:briefing@example.com?subject=unsubscribe>"
    assert all(len(line) <= 998 for line in mail.as_bytes().split(b"\r\n"))
    assert mail.as_bytes().isascii()


def test_the_same_message_is_the_same_bytes_on_every_try() -> None:
    assert a_message().as_bytes() == a_message().as_bytes()


def test_a_message_id_is_of_one_briefing_and_one_recipient() -> None:
    ids = {message_id(b, r, "example.com") for b in ("b1", "b2") for r in ("a@x.example", "b@x.example")}
    assert len(ids) == 4
    assert all(i.startswith("<") and i.endswith("@example.com>") and "a@x" not in i for i in ids)
    assert message_id("b1", "a@x.example", "example.com") in ids


def test_a_subject_holds_no_line_end_and_no_encoded_word() -> None:
    subject = "a\r\nBcc: all@example.com =?utf-8?q?=0D=0ABcc:_all@example.com?= ünï"
    back = message_from_bytes(a_message(subject=subject).as_bytes(), policy=SMTP)
    assert "Bcc" not in back
    assert back["Subject"].startswith("a Bcc: all@example.com")
    assert back["Subject"].endswith("ünï")


@given(st.text(st.characters(codec="utf-8"), max_size=300))
@settings(max_examples=300, deadline=None)
def test_no_subject_adds_or_takes_a_header(subject: str) -> None:
    back = message_from_bytes(a_message(subject=subject, thread=("<a@example.com>",)).as_bytes(), policy=SMTP)
    assert back.keys() == [
        "From",
        "To",
        "Subject",
        "Date",
        "Message-ID",
        "In-Reply-To",
        "References",
        "Auto-Submitted",
        "List-Unsubscribe",
        "MIME-Version",
        "Content-Type",
    ]
    assert not back.defects


def test_a_long_sender_keeps_its_unsubscribe_address_readable() -> None:
    address = "a.long.address.of.the.kind.that.companies.have@mail.counterwire-briefings.example.com"
    raw = a_message(sender=f"Frühstück <{address}>").as_bytes()
    assert f"List-Unsubscribe: <mailto:{address}?subject=unsubscribe>\r\n".encode() in raw


def test_pictures_hang_on_the_html_that_shows_them_and_no_others_go_along() -> None:
    shown = {"html": '<img src="cid:course-nvidia"><img src="cid:gap">', "text": "t"}
    pictures = {"gap": b"\x89PNG gap", "course-nvidia": b"\x89PNG course", "unseen": b"\x89PNG no"}
    mail = a_message(**shown, pictures=pictures)
    text, related = mail.iter_parts()
    assert (text.get_content_type(), related.get_content_type()) == ("text/plain", "multipart/related")
    html, *images = related.iter_parts()
    assert html.get_content_type() == "text/html"
    assert [(i["Content-ID"], i.get_content(), i.get_content_disposition()) for i in images] == [
        ("<course-nvidia>", b"\x89PNG course", "inline"),
        ("<gap>", b"\x89PNG gap", "inline"),
    ]
    assert mail.as_bytes() == a_message(**shown, pictures=dict(reversed(pictures.items()))).as_bytes()


def test_a_message_without_html_is_text_alone() -> None:
    assert a_message(html="", pictures={"gap": b"x"}).get_content_type() == "text/plain"


def test_threads_and_one_click_stand_in_the_head_unfolded() -> None:
    ids = tuple(message_id(b, "analyst@example.com", "a-domain-of-more-than-common-length.example.com") for b in "ab")
    raw = a_message(thread=ids, edition="berlin", unsubscribe=f"https://desk.example.com/unsubscribe/{'f' * 32}")
    head = raw.as_bytes().split(b"\r\n\r\n")[0].decode().split("\r\n")
    assert f"References: {ids[0]} {ids[1]}" in head
    assert f"In-Reply-To: {ids[1]}" in head
    assert (
        f"List-Unsubscribe: <https://desk.example.com/unsubscribe/{'f' * 32}>,"
        " <mailto:briefing@example.com?subject=unsubscribe%20berlin>"
    ) in head
    assert "List-Unsubscribe-Post: List-Unsubscribe=One-Click" in head


@pytest.mark.parametrize(
    "address",
    ["https://a.example.com/x>\r\nBcc: b@example.com", "javascript:alert(1)", "https://a.example.com/ x"],
    ids=["a line end", "a script", "a space"],
)
def test_an_address_that_is_none_promises_no_click(address: str) -> None:
    mail = a_message(unsubscribe=address)
    assert mail["List-Unsubscribe"] == "<mailto:briefing@example.com?subject=unsubscribe>"
    assert "List-Unsubscribe-Post" not in mail
    assert b"Bcc" not in mail.as_bytes()


@pytest.mark.parametrize(
    "recipient",
    ["a@example.com\r\nBcc: b@example.com", "", "@", "a b", "a@", "<>", "a@example.com\x00", "nobody"],
    ids=["a line end", "nothing", "no names", "a space", "no host", "brackets", "a null", "no at"],
)
def test_what_is_no_address_is_refused_for_good(recipient: str) -> None:
    with pytest.raises(DeliveryError, match="cannot be addressed") as caught:
        a_message(recipient=recipient)
    assert caught.value.permanent


def test_a_server_takes_the_message_as_it_is() -> None:
    inbox = Inbox()
    with serving(inbox) as port:
        send(a_message(), plain(port))
    (raw,) = inbox.held
    assert raw.rstrip() == a_message().as_bytes().rstrip()
    back = message_from_bytes(raw, policy=SMTP)
    assert ".dot" in back.get_body(("plain",)).get_content()  # type: ignore[union-attr]  # a body there is


@pytest.mark.parametrize(
    ("answers", "permanent", "told"),
    [
        pytest.param({"rcpt": "550 no such user"}, True, "recipient refused: 550 no such user", id="550 recipient"),
        pytest.param({"rcpt": "451 greylisted"}, False, "recipient refused: 451 greylisted", id="451 recipient"),
        pytest.param({"mail": "553 not you"}, True, "sender refused: 553 not you", id="553 sender"),
        pytest.param({"mail": "530 log in first"}, False, "sender refused: 530 log in first", id="530 sender"),
        pytest.param({"data": "554 looks like spam"}, True, "message refused: 554 looks like spam", id="554 data"),
        pytest.param({"data": "452 disk full"}, False, "message refused: 452 disk full", id="452 data"),
        pytest.param({"rcpt": "421 closing"}, False, "recipient refused: 421 closing", id="421 recipient"),
    ],
)
def test_a_refusal_is_permanent_when_it_is_about_the_message(
    answers: dict[str, str], permanent: bool, told: str
) -> None:
    inbox = Inbox(**answers)
    with serving(inbox) as port, pytest.raises(DeliveryError) as caught:
        send(a_message(), plain(port))
    assert (caught.value.permanent, caught.value.reason) == (permanent, told)
    assert inbox.held == []


def test_no_tls_where_it_is_demanded_sends_nothing_in_the_clear() -> None:
    inbox = Inbox()
    with serving(inbox) as port, pytest.raises(DeliveryError, match="STARTTLS") as caught:
        send(a_message(), plain(port, tls="starttls"), user="u", password="p")
    assert not caught.value.permanent
    assert inbox.held == []


def test_starttls_with_a_trusted_certificate(certificate: tuple[ssl.SSLContext, ssl.SSLContext]) -> None:
    inbox = Inbox()
    with serving(inbox, tls_context=certificate[0], require_starttls=True) as port:
        send(a_message(), plain(port, tls="starttls"), context=certificate[1])
    assert len(inbox.held) == 1


def test_a_certificate_of_nobody_is_not_trusted(certificate: tuple[ssl.SSLContext, ssl.SSLContext]) -> None:
    inbox = Inbox()
    with (
        serving(inbox, tls_context=certificate[0]) as port,
        pytest.raises(DeliveryError, match="CERTIFICATE") as caught,
    ):
        send(a_message(), plain(port, tls="starttls"))
    assert not caught.value.permanent
    assert inbox.held == []


def test_implicit_tls(certificate: tuple[ssl.SSLContext, ssl.SSLContext]) -> None:
    inbox = Inbox()
    with serving(inbox, ssl_context=certificate[0]) as port:
        send(a_message(), plain(port, tls="implicit"), context=certificate[1])
    assert len(inbox.held) == 1


def test_a_wrong_password_keeps_the_message(certificate: tuple[ssl.SSLContext, ssl.SSLContext]) -> None:
    """A password can be mended, and the message must outlive that."""

    def knows(server: Any, session: Any, envelope: Any, mechanism: str, data: Any) -> AuthResult:
        return AuthResult(success=(data.login, data.password) == (b"u", b"p"), handled=False)

    inbox = Inbox()
    with serving(inbox, tls_context=certificate[0], authenticator=knows, auth_required=True) as port:
        settings = plain(port, tls="starttls")
        send(a_message(), settings, user="u", password="p", context=certificate[1])
        with pytest.raises(DeliveryError, match="535") as caught:
            send(a_message(), settings, user="u", password="wrong", context=certificate[1])
    assert not caught.value.permanent
    assert len(inbox.held) == 1


@contextmanager
def scripted(talk: Callable[[socket.socket], None]) -> Iterator[int]:
    """A server that follows a script and no protocol."""
    with socket.create_server(("127.0.0.1", 0)) as listener:

        def serve() -> None:
            connection, _ = listener.accept()
            with connection:
                talk(connection)

        thread = Thread(target=serve)
        thread.start()
        yield int(listener.getsockname()[1])
        thread.join(10)


def polite(connection: socket.socket, *, after_data: bytes | None, goodbye: bytes | None) -> None:
    """Answer everything well up to the end of DATA, then as told; None hangs up."""
    connection.sendall(b"220 hello\r\n")
    lines = connection.makefile("rb")
    with lines:
        for line in lines:
            word = line[:4].upper()
            if word == b"QUIT":
                if goodbye:
                    connection.sendall(goodbye)
                return
            if word == b"DATA":
                connection.sendall(b"354 go on\r\n")
                while lines.readline() not in {b".\r\n", b""}:
                    pass
                if after_data is None:
                    return
                connection.sendall(after_data)
            else:
                connection.sendall(b"250 OK\r\n")


def test_a_connection_dropped_after_the_data_is_not_a_delivery() -> None:
    with (
        scripted(lambda c: polite(c, after_data=None, goodbye=None)) as port,
        pytest.raises(DeliveryError) as caught,
    ):
        send(a_message(), plain(port))
    assert not caught.value.permanent


@pytest.mark.parametrize("goodbye", [None, b"500 what?\r\n"], ids=["a hang-up", "nonsense"])
def test_a_bad_goodbye_after_the_250_is_a_delivery(goodbye: bytes | None) -> None:
    with scripted(lambda c: polite(c, after_data=b"250 taken\r\n", goodbye=goodbye)) as port:
        send(a_message(), plain(port))


@pytest.mark.parametrize(
    ("greeting", "told"),
    [(b"", "SMTPServerDisconnected"), (b"554 not today\r\n", "no session: 554"), (b"\xff\xfe\r\n", "no session")],
    ids=["a hang-up", "a refusal", "noise"],
)
def test_a_bad_greeting_is_tried_again_later(greeting: bytes, told: str) -> None:
    with scripted(lambda c: c.sendall(greeting)) as port, pytest.raises(DeliveryError, match=told) as caught:
        send(a_message(), plain(port))
    assert not caught.value.permanent


def test_a_server_that_never_answers_runs_into_the_timeout() -> None:
    def silent(connection: socket.socket) -> None:
        connection.recv(1)  # returns when the client gives up

    with scripted(silent) as port, pytest.raises(DeliveryError, match="timed out"):
        send(a_message(), plain(port, timeout=0.2))


def test_nobody_there_is_tried_again_later(tmp_path: Path) -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        with pytest.raises(DeliveryError, match="refused") as caught:
            send(a_message(), plain(int(free.getsockname()[1])))
    assert not caught.value.permanent

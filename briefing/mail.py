"""A briefing as a mail message, and handing it to a mail server."""

from __future__ import annotations

import re
import smtplib
import ssl
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from datetime import datetime
from email.errors import MessageError
from email.headerregistry import Address, HeaderRegistry, UnstructuredHeader
from email.message import EmailMessage
from email.policy import SMTP, Policy
from email.utils import format_datetime, parseaddr
from hashlib import sha256
from types import MappingProxyType
from urllib.parse import quote

from briefing.clean import clean, link
from core.errors import DeliveryError
from core.settings import SmtpSettings

# 5xx replies that are about the session, not about the message: the owner can mend them, so the
# message is kept (RFC 4954 section 6: 530, 534, 535, 538).
SESSION_CODES = frozenset({530, 534, 535, 538})


class _Whole:
    """A header that is never folded: the parser would turn a long address into encoded words."""

    def fold(self, *, policy: Policy) -> str:
        return f"{self.name}: {self}{policy.linesep}"  # type: ignore[attr-defined]  # the registry adds BaseHeader


# EmailMessage decodes an encoded word in a header that it is given, and does not check what comes
# out: `=?utf-8?q?=0D=0ABcc:...?=` in a title became a header of its own (Python 3.11).
_ENCODED_WORD = re.compile(r"=\?")

_REGISTRY = HeaderRegistry()
for _name in ("list-unsubscribe", "references", "in-reply-to"):
    _REGISTRY.map_to_type(_name, type("_WholeHeader", (_Whole, UnstructuredHeader), {}))
_POLICY = SMTP.clone(header_factory=_REGISTRY)


def message(
    *,
    sender: str,
    recipient: str,
    subject: str,
    html: str,
    text: str,
    message_id: str,
    as_of: datetime,
    thread: Sequence[str] = (),
    edition: str = "",
    unsubscribe: str = "",
    pictures: Mapping[str, bytes] = MappingProxyType({}),
) -> EmailMessage:
    """A message in text, and in HTML unless `html` is ""; the same arguments give the same bytes.

    `Date` is `as_of`, so that a retry is the same message. `thread` holds Message-IDs of the same
    edition to this recipient, the last of which this one follows. `unsubscribe` is the address that
    takes this recipient off the `edition`, "" for none but by mail. `pictures` are PNG by name, those
    that the HTML shows as `cid:NAME`. Raises DeliveryError (permanent) for an address that cannot
    stand in a header.
    """
    mail = EmailMessage(policy=_POLICY)
    try:
        mail["From"] = _address(sender)
        mail["To"] = _address(recipient)
        mail["Subject"] = _ENCODED_WORD.sub("= ?", clean(subject))
        mail["Date"] = format_datetime(as_of)
        mail["Message-ID"] = message_id
        if thread:
            mail["In-Reply-To"] = thread[-1]
            mail["References"] = " ".join(thread)
        mail["Auto-Submitted"] = "auto-generated"
        _leaving(mail, _address(sender).addr_spec, edition, unsubscribe)
    except (ValueError, MessageError, IndexError) as error:  # the last is how the parser meets an empty part
        raise DeliveryError(f"cannot be addressed: {clean(str(error), 200)}", permanent=True) from error
    mail.set_content(text, charset="utf-8", cte="quoted-printable")
    if html:
        mail.add_alternative(html, subtype="html", charset="utf-8", cte="quoted-printable")
        mail.set_boundary(_boundary(message_id, "alternative"))
        _attach(mail, html, pictures, _boundary(message_id, "related"))
    return mail


def _boundary(message_id: str, kind: str) -> str:
    return f"=_{sha256(f'{kind} {message_id}'.encode()).hexdigest()[:32]}"  # "=_" cannot stand in quoted-printable


def _attach(mail: EmailMessage, html: str, pictures: Mapping[str, bytes], boundary: str) -> None:
    """Hang the pictures that the HTML part shows on that part, so that no reader lists them as files."""
    shown = {name: png for name, png in pictures.items() if f"cid:{name}" in html}
    part = mail.get_payload()[1]  # type: ignore[index,unused-ignore]  # a multipart's payload is the list of its parts
    for name, png in sorted(shown.items()):
        part.add_related(png, "image", "png", cid=f"<{name}>", disposition="inline", filename=f"{name}.png")  # type: ignore[union-attr,unused-ignore]
    if shown:
        part.set_boundary(boundary)  # type: ignore[union-attr,unused-ignore]


def _leaving(mail: EmailMessage, sender: str, edition: str, unsubscribe: str) -> None:
    """How to get no more of this: by mail, and with one click (RFC 8058, which asks for https)."""
    what = quote(f"unsubscribe {edition}".strip())
    by_mail = f"<mailto:{quote(sender, safe='@')}?subject={what}>"
    address = link(unsubscribe)
    mail["List-Unsubscribe"] = f"<{address}>, {by_mail}" if address else by_mail
    if address.startswith("https://"):
        mail["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"


def message_id(briefing_id: str, recipient: str, domain: str) -> str:
    """The Message-ID of one briefing for one recipient: the same on every try, and says nothing of either."""
    digest = sha256(f"{briefing_id}\n{recipient}".encode()).hexdigest()[:32]
    return f"<{digest}@{domain}>"


def send(
    message: EmailMessage,
    smtp: SmtpSettings,
    *,
    user: str | None = None,
    password: str | None = None,
    context: ssl.SSLContext | None = None,
) -> None:
    """Hand the message to the server; returning means that the server took it.

    Never falls back to an unencrypted connection when `smtp.tls` asks for one. `context` holds the
    authorities to trust, the system's when None. Raises DeliveryError, permanent only when the
    server refused this sender, recipient or message with a 5xx reply.
    """
    try:
        name = parseaddr(str(message["From"]))[1].rpartition("@")[2]
        with _session(smtp, name=name, context=context) as session:
            if user:
                session.login(user, password or "")
            session.send_message(message)
    except smtplib.SMTPRecipientsRefused as error:
        code, reply = next(iter(error.recipients.values()))
        raise _refused("recipient refused", code, reply) from error
    except (smtplib.SMTPSenderRefused, smtplib.SMTPDataError) as error:
        what = "sender refused" if isinstance(error, smtplib.SMTPSenderRefused) else "message refused"
        raise _refused(what, error.smtp_code, error.smtp_error) from error
    except smtplib.SMTPResponseException as error:
        raise DeliveryError(_told("no session", error.smtp_code, error.smtp_error)) from error
    except (smtplib.SMTPException, OSError, UnicodeError, ValueError) as error:
        raise DeliveryError(clean(f"{type(error).__name__}: {error}", 300)) from error


@contextmanager
def _session(smtp: SmtpSettings, *, name: str, context: ssl.SSLContext | None) -> Iterator[smtplib.SMTP]:
    trusted = context or ssl.create_default_context()
    # Named outright: smtplib would ask DNS for this machine's name, which can take seconds.
    if smtp.tls == "implicit":
        session: smtplib.SMTP = smtplib.SMTP_SSL(smtp.host, smtp.port, name, timeout=smtp.timeout, context=trusted)
    else:
        session = smtplib.SMTP(smtp.host, smtp.port, name, timeout=smtp.timeout)
    try:
        if smtp.tls == "starttls":
            session.starttls(context=trusted)
        yield session
        with suppress(smtplib.SMTPException, OSError):  # after the 250 a bad goodbye is no failed delivery
            session.quit()
    finally:
        session.close()


def _address(text: str) -> Address:
    name, address = parseaddr(text)
    if not address or not text.isprintable():
        raise ValueError(f"{text!r} is not an address")
    return Address(display_name=name, addr_spec=address)


def _refused(what: str, code: int, reply: bytes | str) -> DeliveryError:
    return DeliveryError(_told(what, code, reply), permanent=500 <= code < 600 and code not in SESSION_CODES)


def _told(what: str, code: int, reply: bytes | str) -> str:
    text = reply.decode("utf-8", "replace") if isinstance(reply, bytes) else reply
    return clean(f"{what}: {code} {text}", 300)

"""Unsubscribing with one click: a token that nobody can make without the secret, and what it stands for."""

from __future__ import annotations

import hmac
import os
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from secrets import token_hex

from core.deliveries import CHANNEL
from core.errors import InputError
from counterwire.house import House
from store import editions, outbox
from store.database import writing

SECRET = "COUNTERWIRE_SECRET"  # noqa: S105 -- the name of a variable, not a secret


def link(house: House, recipient: str, edition: str) -> str:
    """Where this recipient leaves this edition, "" where no `web.url` is configured."""
    base = house.settings.web.url.rstrip("/")
    if not base or recipient.startswith(CHANNEL):
        return ""
    return f"{base}/unsubscribe/{token(secret(house.settings.database), recipient, edition)}"


def token(key: bytes, recipient: str, edition: str) -> str:
    """What stands for a recipient and an edition in an address: 32 hexadecimal digits that say nothing of either."""
    return hmac.new(key, f"{edition}\n{recipient.lower()}".encode(), "sha256").hexdigest()[:32]


def bearer(house: House, given: str) -> tuple[str, str] | None:
    """The recipient and the edition that a token was made for, None for any other text.

    Found by making the tokens of all who get mail, so that no address stands in a link.
    """
    key = secret(house.settings.database)
    found = None
    for recipient, edition in _everybody(house):
        if hmac.compare_digest(token(key, recipient, edition).encode(), given.encode()):
            found = recipient, edition
    return found


def leave(house: House, given: str, *, at: datetime) -> tuple[str, str]:
    """Unsubscribe whom a token stands for, at once; raises InputError for any other text. Twice is once."""
    found = bearer(house, given)
    if found is None:
        raise InputError("this link is not one of ours")
    with writing(house.db):
        editions.unsubscribe(house.db, recipient=found[0], edition=found[1], at=at)
    return found


def secret(database: Path) -> bytes:
    """The secret of the environment, or of the key file beside the database, which is made where it is missing.

    Never kept in the database, since that is made to be passed on. Raises InputError for a key file
    that others can read.
    """
    told = os.environ.get(SECRET)
    if told:
        return told.encode()
    path = database.with_name(database.name + ".key")
    if not path.exists():
        _make(path)
    if os.name == "posix" and path.stat().st_mode & 0o077:
        raise InputError(f"{path} can be read by others; chmod 600 it, or set {SECRET}")
    return path.read_bytes().strip()


def _make(path: Path) -> None:
    # Written aside and then linked, so that a second process sees a whole key or none.
    part = path.with_name(f"{path.name}.{os.getpid()}")
    with os.fdopen(os.open(part, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as file:
        file.write(token_hex(32) + "\n")
    try:
        os.link(part, path)
    except FileExistsError:
        pass
    finally:
        part.unlink()


def _everybody(house: House) -> Iterator[tuple[str, str]]:
    for edition in house.settings.editions:
        yield from ((recipient, edition.id) for recipient in edition.recipients)
    yield from outbox.audience(house.db)

"""Our words for how an address failed, and how long it asks to be left alone."""

from __future__ import annotations

import socket
import ssl
from collections.abc import Mapping
from email.utils import parsedate_to_datetime

import aiohttp

from ingest.guard import REFUSED


def retry_after(headers: Mapping[str, str]) -> float | None:
    """Seconds that `Retry-After` asks for, never negative; None if absent or unreadable.

    A date is measured against the answer's own `Date`, so that a wrong clock on either side
    cancels out (RFC 9110, 10.2.3).
    """
    value = headers.get("retry-after", "").strip()
    if value.isascii() and value.isdigit():
        return float(value)
    try:
        gap = parsedate_to_datetime(value) - parsedate_to_datetime(headers.get("date", ""))
    except (TypeError, ValueError):
        return None
    return max(0.0, gap.total_seconds())


def reason(error: Exception) -> str:
    """Our word for what aiohttp or the system said; the first match wins, so order matters."""
    if isinstance(error, aiohttp.ClientConnectorError) and REFUSED in str(error.os_error):
        return REFUSED  # several refused attempts come as one OSError that joins their texts
    if isinstance(error, aiohttp.ClientConnectorDNSError):
        cause = error.os_error
        transient = isinstance(cause, socket.gaierror) and cause.errno == socket.EAI_AGAIN
        return "dns try again" if transient else "no such host"
    for kinds, word in (
        ((aiohttp.ClientSSLError, ssl.SSLError), "tls"),
        ((aiohttp.InvalidURL,), "invalid address"),
        ((aiohttp.ClientConnectorError,), "no connection"),
        ((aiohttp.ClientPayloadError,), "truncated"),
        ((aiohttp.ClientResponseError,), "bad answer"),
        ((aiohttp.ClientError, OSError), "connection lost"),
    ):
        if isinstance(error, kinds):
            return word
    return "invalid address"

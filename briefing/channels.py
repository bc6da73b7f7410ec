"""A short message to any channel that Apprise knows: chat, push, telephone."""

from __future__ import annotations

from briefing.clean import clean
from core.errors import DeliveryError


def notify(address: str, *, title: str, body: str) -> None:
    """Hand a message to the channel at `address`, such as `slack://...`; returning means that it took it.

    Raises DeliveryError, permanent only for an address that Apprise does not know.
    """
    try:
        import apprise
    except ImportError:
        raise DeliveryError('channels need Apprise: pip install "counterwire[apprise]"') from None
    target = apprise.Apprise()
    if not target.add(address):
        raise DeliveryError("is no address that Apprise knows", permanent=True)
    with apprise.LogCapture(level=apprise.logging.WARNING, fmt="%(message)s") as said:  # type: ignore[no-untyped-call,unused-ignore]  # Apprise types it not
        taken = target.notify(title=clean(title), body=body, body_format=apprise.NotifyFormat.TEXT)
        reason = said.getvalue()
    if not taken:
        # The address holds the channel's secret, and this text is stored and shown.
        raise DeliveryError(clean(f"the channel did not take it: {reason.replace(address, '...')}", 300))

"""What is only claimed: dated, sourced, shown as a claim and never weighed."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime

from briefing.clean import clean, link
from briefing.model import Claimed
from core.claims import Claim, known
from core.contracts import Contract

LONGEST_CLAIM = 220  # characters
MONTHS = {"day": "%-d %b %Y", "month": "%b %Y", "year": "%Y"}


def claimed(contract: Contract, claims: Iterable[Claim], *, as_of: datetime) -> tuple[Claimed, ...]:
    """The newest claim beside each context check of a contract that was out by `as_of`, in the contract's order.

    Of several of one day it is the one that answers the check's question, if any does.
    """
    held = tuple(claims)
    newest = [
        max(known(held, check.id, as_of=as_of), key=_place, default=None) for check in contract.checks if check.context
    ]
    return tuple(
        Claimed(
            check=one.check,
            text=clean(one.says, LONGEST_CLAIM),
            who=f"{clean(one.who, 80)}, {one.on.strftime(MONTHS[one.dated])} ({one.kind})",
            url=link(one.source),
        )
        for one in newest
        if one is not None
    )


def _place(claim: Claim) -> tuple[date, bool, str]:
    return claim.on, claim.series is not None, claim.who

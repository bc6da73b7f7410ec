"""Contracts named on the command line."""

from __future__ import annotations

from collections.abc import Sequence

from core.contracts import Contract
from core.errors import InputError


def chosen(contracts: Sequence[Contract], narrative: str | None) -> tuple[Contract, ...]:
    """The contract of this narrative, or all; raises InputError for one that there is not."""
    found = tuple(c for c in contracts if narrative in (None, c.id))
    if not found:
        raise InputError(f"there is no narrative {narrative!r}; there are {', '.join(c.id for c in contracts)}")
    return found

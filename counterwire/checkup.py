"""What is allowed and yet doubtful in settings and contracts."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from core.accelerators import Accelerator
from core.contracts import Check, Contract
from core.derived import Derived
from core.settings import Settings
from core.yaml import Document
from ingest.collectors.collector import OptionError
from ingest.series import check as check_source
from nlp.leaks import leaks
from signals.derived import members
from signals.readings import needed

PLACEHOLDERS = ("", "you@example.com")


def doubts(
    chosen: Settings,
    document: Document,
    contracts: Sequence[Contract],
    table: Sequence[Accelerator],
    *,
    told: frozenset[str],
    derived: Sequence[Derived] = (),
) -> Iterator[str]:
    """Every doubt in words; raises ConfigError where a source's options are wrong.

    `told` are the ids of series that come from elsewhere than a source: from the tables of claims.
    What is `derived` is there when its members are (of a chain: any of them).
    """
    for i, source in enumerate(chosen.sources):
        try:
            check_source(source)
        except OptionError as error:
            raise document.error(error.message, "sources", i, *error.keys) from None
    if chosen.fetch.contact in PLACEHOLDERS:
        yield str(
            document.error("put your own address here: publishers and the SEC ask for a contact", "fetch", "contact")
        )
    collected = {name for source in chosen.sources for name in source.series} | told
    for one in derived:
        fed = [name in collected for name in members(one, table)]
        if any(fed) if one.side else all(fed):
            collected.add(one.id)
    for contract in contracts:
        unfed = [c.id for c in (*contract.checks, *contract.concede_if) if not _fed(contract, c, collected, table)]
        if unfed:
            yield f"{contract.id}: nobody collects what these ask for, so they read UNKNOWN: {', '.join(unfed)}"
        yield from (f"{contract.id}: {leak}" for leak in leaks(contract))


def _fed(contract: Contract, check: Check, collected: set[str], table: Sequence[Accelerator]) -> bool:
    """Whether some source collects what the check needs (of a paired check: both parts of any pair)."""
    alone = contract.model_copy(update={"checks": (check,), "concede_if": ()})
    ids, _ = needed(alone, table)
    if check.measure.kind == "paired_difference":
        return any(i in collected for i in ids)
    return {i for i in (check.measure.a, check.measure.b) if i} <= collected

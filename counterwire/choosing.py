"""The contracts of the settings' folder, and of them those that the command line names."""

from __future__ import annotations

from collections.abc import Sequence

from core import contracts
from core.contracts import Contract
from core.errors import InputError
from core.settings import Settings
from core.yaml import Document


def read_contracts(settings: Settings, document: Document) -> tuple[Contract, ...]:
    """The contracts of the settings' folder; raises ConfigError where there is none."""
    if not settings.narratives.is_dir():
        raise document.error(f"there is no folder {settings.narratives}", "narratives")
    held = contracts.load_all(settings.narratives)
    if not held:
        raise document.error(f"{settings.narratives} holds no contract (*.yaml)", "narratives")
    ids = {c.id for c in held}
    for i, edition in enumerate(settings.delivery.editions):
        for name in edition.narratives:
            if name not in ids:
                raise document.error(f"there is no narrative {name!r}", "delivery", "editions", i, "narratives")
    return held


def chosen(held: Sequence[Contract], narrative: str | None) -> tuple[Contract, ...]:
    """The contract of this narrative, or all; raises InputError for one that there is not."""
    found = tuple(c for c in held if narrative in (None, c.id))
    if not found:
        raise InputError(f"there is no narrative {narrative!r}; there are {', '.join(c.id for c in held)}")
    return found

"""The tagger for commands that work on files and want no database."""

from __future__ import annotations

from pathlib import Path

from core import contracts, settings
from core.contracts import Contract
from counterwire import paths
from counterwire.house import read_contracts
from counterwire.models import fitted
from nlp.tagger import Tagger, load


def standalone_tagger(config: Path | None) -> Tagger:
    """A tagger fitted from the configured contracts, or from the shipped ones where nothing is configured."""
    held = _contracts(config)
    return load(held, {contract.id: fitted(contract) for contract in held})


def _contracts(config: Path | None) -> tuple[Contract, ...]:
    path = paths.config_path(config)
    if config is None and not path.exists():
        return contracts.load_all(paths.NARRATIVES)
    return read_contracts(*settings.load(path))

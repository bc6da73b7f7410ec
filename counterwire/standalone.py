"""The tagger for commands that work on files and want no database."""

from __future__ import annotations

import sys
from pathlib import Path

from core import contracts, settings
from core.contracts import Contract
from counterwire import paths
from counterwire.choosing import read_contracts
from counterwire.models import fitted
from nlp.tagger import Tagger, load


def standalone_tagger(config: Path | None) -> Tagger:
    """A tagger fitted from the configured contracts, or from the shipped ones where nothing is configured; where the
    preferred embedder does not load, a warning says so."""
    held = _contracts(config)
    tagger = load(held, {contract.id: fitted(contract) for contract in held})
    if tagger.warning:
        print(f"warning: {tagger.warning}", file=sys.stderr)
    return tagger


def _contracts(config: Path | None) -> tuple[Contract, ...]:
    path = paths.config_path(config)
    if config is None and not path.exists():
        return contracts.load_all(paths.NARRATIVES)
    return read_contracts(*settings.load(path))

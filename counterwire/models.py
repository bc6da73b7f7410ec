"""Fitted models, kept in the user's cache folder by content hash: fitting takes seconds, and is done once."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path

from core.contracts import Contract
from core.errors import FormatError
from nlp.tagger import card, fit, model_id


def cache_folder() -> Path:
    """COUNTERWIRE_CACHE, else the user's cache folder."""
    home = os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache"
    return Path(os.environ.get("COUNTERWIRE_CACHE") or Path(home) / "counterwire")


def fitted(contract: Contract) -> bytes:
    """The model of a contract, fitted at most once; without a folder to write to it is fitted each time, and anew where
    the kept file is damaged."""
    path = cache_folder() / f"{model_id(contract).replace(':', '-')}.model"
    try:
        kept = path.read_bytes()
        card(kept)
        return kept
    except (OSError, FormatError):
        data = fit(contract)
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.NamedTemporaryFile(dir=path.parent, delete=False) as part:  # two may fit at once
            part.write(data)
        Path(part.name).replace(path)
    except OSError:
        pass  # a read-only home costs seconds, and is no reason to stop
    return data

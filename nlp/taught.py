"""What real articles taught of a shipped narrative: numbers only, beside the ids and labels that they come from.

A narrative without such a file is tagged from its contract's examples alone. One whose proposition was rewritten is a
narrative of its own, and leaves the file aside.
"""

from __future__ import annotations

import hashlib
import io
import json
import zipfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from core.contracts import Contract
from core.errors import FormatError
from nlp.words import WIDTH

FOLDER = Path(__file__).parent / "teaching"
Values = NDArray[np.float64]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Taught:
    """Linear weights with their intercepts last.

    `sentence` (1, d + 1): logit that a sentence carries the narrative, from its vector of d values; `words` (WIDTH + 1): calibrated logit that an article carries it, from `nlp.words`. `card` says from what.
    """

    sentence: Values
    words: Values
    card: Mapping[str, Any]

    @property
    def hash(self) -> str:
        """Twelve hex digits of the numbers."""
        held = self.sentence.astype(np.float32).tobytes() + self.words.astype(np.float32).tobytes()
        return hashlib.sha256(held).hexdigest()[:12]


def subject(contract: Contract) -> str:
    """What the teaching of a narrative is bound to: its proposition, by hash."""
    return hashlib.sha256(" ".join(contract.proposition.split()).encode()).hexdigest()[:12]


def taught(contract: Contract, embedder: str, folder: Path = FOLDER) -> Taught | None:
    """The teaching of this narrative for this embedder; None where there is none. Raises FormatError for a broken file."""
    path = folder / f"{contract.id}.npz"
    if not path.exists():
        return None
    try:
        with np.load(path, allow_pickle=False) as archive:
            card = json.loads(archive["card"].tobytes())
            if card["subject"] != subject(contract) or f"{embedder} sentence" not in archive:
                return None
            sentence = archive[f"{embedder} sentence"].astype(np.float64)
            words = archive["words"].astype(np.float64)
    except (OSError, ValueError, KeyError, EOFError, zipfile.BadZipFile) as error:
        raise FormatError("is no teaching", url=str(path)) from error
    if sentence.ndim != 2 or len(sentence) != 1 or words.shape != (WIDTH + 1,):
        raise FormatError("has arrays of the wrong size", url=str(path))
    return Taught(sentence=sentence, words=words, card=card)


def to_bytes(by_embedder: Mapping[str, Taught]) -> bytes:
    """One file for all embedders; the words and the card are those of the first. Half precision: 0.001 of a logit."""
    first = next(iter(by_embedder.values()))
    arrays: dict[str, Any] = {f"{name} sentence": t.sentence.astype(np.float32) for name, t in by_embedder.items()}
    words = np.frombuffer(json.dumps(dict(first.card), sort_keys=True).encode(), dtype=np.uint8)
    out = io.BytesIO()
    np.savez_compressed(out, card=words, words=first.words.astype(np.float16), **arrays)
    return out.getvalue()

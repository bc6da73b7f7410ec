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
from nlp.words import SIGNS, WIDTH

FOLDER = Path(__file__).parent / "teaching"
Values = NDArray[np.float64]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Taught:
    """Linear weights with their intercepts last.

    `sentence` (1, d + 1): logit that a sentence carries the narrative, from its vector of d values; `stance` (3,
    2 d + 1): logits of STANCES from the vector of the headline and the mean vector of the sentences, weighed by their
    probability of carrying it; `words` (WIDTH + 1): calibrated logit that an article carries it, from `nlp.words`.
    `screen` (6,): logit that an article with a text carries it, from `nlp.words.signs`. `card` says from what.
    """

    sentence: Values
    stance: Values
    words: Values
    screen: Values
    card: Mapping[str, Any]

    @property
    def hash(self) -> str:
        """Twelve hex digits of the numbers."""
        held = b"".join(v.astype(np.float32).tobytes() for v in (self.sentence, self.stance, self.words, self.screen))
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
            here = all(f"{embedder} {part}" in archive for part in ("sentence", "stance")) and "screen" in archive
            if card["subject"] != subject(contract) or not here:
                return None
            sentence = archive[f"{embedder} sentence"].astype(np.float64)
            stance = archive[f"{embedder} stance"].astype(np.float64)
            words, screen = archive["words"].astype(np.float64), archive["screen"].astype(np.float64)
    except (OSError, ValueError, KeyError, EOFError, zipfile.BadZipFile) as error:
        raise FormatError("is no teaching", url=str(path)) from error
    right = sentence.ndim == 2 and len(sentence) == 1 and stance.shape == (3, 2 * sentence.shape[1] - 1)
    if not right or words.shape != (WIDTH + 1,) or screen.shape != (SIGNS + 1,):
        raise FormatError("has arrays of the wrong size", url=str(path))
    return Taught(sentence=sentence, stance=stance, words=words, screen=screen, card=card)


def to_bytes(by_embedder: Mapping[str, Taught]) -> bytes:
    """One file for all embedders; words, screen and card are those of the first. Half precision: 0.001 of a logit."""
    first = next(iter(by_embedder.values()))
    arrays: dict[str, Any] = {}
    for name, one in by_embedder.items():
        arrays |= {f"{name} sentence": one.sentence.astype(np.float32), f"{name} stance": one.stance.astype(np.float16)}
    words = np.frombuffer(json.dumps(dict(first.card), sort_keys=True).encode(), dtype=np.uint8)
    out = io.BytesIO()
    arrays |= {"words": first.words.astype(np.float16), "screen": first.screen.astype(np.float32)}
    np.savez_compressed(out, card=words, **arrays)
    return out.getvalue()

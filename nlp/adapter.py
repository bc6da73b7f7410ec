"""What `benchmarks/adapt.py` taught the encoder's upper layers: for each matrix two factors of low rank (Hu and others,
LoRA, 2021), whose product is added to it."""

from __future__ import annotations

import hashlib
import io
import zipfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from nlp.e5 import LAYERS
from nlp.weights import SHAPES

Factors = tuple[NDArray[np.float32], NDArray[np.float32]]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Adapter:
    """Factors (in, rank) and (rank, out) by layer and matrix, for every matrix of the layers from `first` on.

    `hash` is eight hex digits of the numbers.
    """

    first: int
    factors: Mapping[tuple[int, str], Factors]
    hash: str

    def delta(self, layer: int, matrix: str) -> NDArray[np.float32]:
        """What is added to a matrix (in, out)."""
        down, up = self.factors[layer, matrix]
        return down @ up


def read_adapter(path: Path) -> Adapter:
    """Raises OSError for a file that cannot be read or is none."""
    data = path.read_bytes()
    try:
        with np.load(io.BytesIO(data), allow_pickle=False) as archive:
            held = {name: archive[name].astype(np.float32) for name in archive.files}
        first = min(int(name.split()[0]) for name in held)
        factors = {
            (layer, matrix): (held[f"{layer} {matrix} down"], held[f"{layer} {matrix} up"])
            for layer in range(first, LAYERS)
            for matrix in SHAPES
        }
        wrong = [f"{k[0]} {k[1]}" for k, (a, b) in factors.items() if (len(a), b.shape[1]) != SHAPES[k[1]]]
        if wrong:
            raise ValueError(f"wrong sizes: {', '.join(wrong)}")
    except (ValueError, KeyError, IndexError, EOFError, zipfile.BadZipFile) as error:
        raise OSError(f"{path}: is no adapter ({error})") from error
    digest = hashlib.sha256(b"".join(held[name].tobytes() for name in sorted(held)))
    return Adapter(first=first, factors=factors, hash=digest.hexdigest()[:8])

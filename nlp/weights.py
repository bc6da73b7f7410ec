"""What an encoder's weights are, whichever file they are read from: a BERT of layers of one size (Devlin and others 2018)."""

from __future__ import annotations

import importlib.util
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from nlp.pieces import Pieces, WordPieces

WIDTH, HEADS, BROAD = 384, 12, 1536

Matrix = NDArray[np.float32]

# Of a layer: what `Layer` calls a matrix, and its shape (in, out).
SHAPES = {
    "query": (WIDTH, WIDTH),
    "key": (WIDTH, WIDTH),
    "value": (WIDTH, WIDTH),
    "attended": (WIDTH, WIDTH),
    "broad": (WIDTH, BROAD),
    "narrow": (BROAD, WIDTH),
}


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Layer:
    """Its matrices (in, out) and biases (out,) by the names of SHAPES; slope and offset of its two normalisations."""

    matrices: Mapping[str, Matrix]
    biases: Mapping[str, Matrix]
    attended: tuple[Matrix, Matrix]
    narrow: tuple[Matrix, Matrix]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Weights:
    """The whole model: vocabulary, embeddings of pieces (pieces, WIDTH) and places (512, WIDTH), layers."""

    pieces: Pieces | WordPieces
    words: NDArray[np.float16]
    places: Matrix
    normal: tuple[Matrix, Matrix]
    layers: tuple[Layer, ...]


def inside(package: str, file: str) -> Path:
    """Where a file of a package lies, which need not be imported for it; raises ImportError without the package."""
    spec = importlib.util.find_spec(package)
    if spec is None or not spec.submodule_search_locations:
        raise ImportError(f"the package {package.replace('_', '-')}, which holds the weights, is not installed")
    return Path(spec.submodule_search_locations[0]) / file

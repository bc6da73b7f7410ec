"""multilingual-e5-small, with an adapter, and all-MiniLM-L6-v2 on onnxruntime, in whole numbers."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import Any

import numpy as np
from numpy.typing import NDArray

from nlp import e5, minilm
from nlp.adapter import Adapter, read_adapter
from nlp.pieces import Pieces, WordPieces
from nlp.weights import HEADS, WIDTH, Layer, Weights

ADAPTER = Path(__file__).parent / "teaching" / "adapter.npz"

LONGEST = 400  # characters of a sentence that are read; longer ones are tables and link lists that lost their breaks
TOKENS = 128  # of a sentence that are read; 400 characters are rarely more
PREFIX = "query: "  # which the model's authors advise for features of a classifier
# Matrices are rounded to -63 to 63, not to 127: on processors without VNNI sums of two products of 8 bits overflow their
# 16 bits. The cosine to the unrounded model is .9968 on average and at least .9948 (200 sentences).
LARGEST = 63
TINY = 1e-12
CONTRIBUTED = "com.microsoft"  # onnxruntime's own operators


class Encoder:
    """Sentences as vectors of 1,152 values: what the two models make of them as they came, e5 first, and what e5 makes of
    them with the adapter in its upper layers. Raises ImportError, OSError or RuntimeError where it cannot run.
    """

    plain = 2 * WIDTH

    def __init__(self, adapter: Path = ADAPTER) -> None:
        taught = read_adapter(adapter)
        self.name = f"e5-minilm-7bit-{taught.hash}"
        self.pieces, self._e5 = ready(lambda: e5.read(e5.find()), taught)
        self.words, self._minilm = ready(lambda: minilm.read(minilm.find()), None)

    def encode(self, sentences: Sequence[str]) -> NDArray[np.float32]:
        """See `nlp.embedding.Embedder`: the three means over the pieces of a sentence, of equal length. One sentence at
        a time, for a batch is rounded together, and company would change a row."""
        rows = np.zeros((len(sentences), 3 * WIDTH), dtype=np.float32)
        for row, sentence in zip(rows, sentences, strict=True):
            came, adapted = _means(self._e5, self.pieces.numbers(PREFIX + sentence[:LONGEST], TOKENS))
            (second,) = _means(self._minilm, self.words.numbers(sentence[:LONGEST], TOKENS))
            row[:] = np.concatenate([came, second, adapted]) / np.sqrt(3)
        return rows


def _means(model: Any, numbers: Sequence[int]) -> NDArray[np.float32]:
    """The mean over the pieces of each of a model's outputs, at length 1 (outputs, WIDTH)."""
    states = model.run(None, {"pieces": np.array([numbers], dtype=np.int64)})
    means = np.stack([state[0].mean(axis=0) for state in states])
    return np.asarray(means / np.linalg.norm(means, axis=1, keepdims=True))


def ready(read: Callable[[], Weights], adapter: Adapter | None) -> tuple[Pieces | WordPieces, Any]:
    """Vocabulary and session of a model. Its weights, its graph and what that is written from are let go one after the
    other: together they take 300 MB."""
    pieces, model = _model(read(), adapter)
    with NamedTemporaryFile(suffix=".onnx") as file:  # bytes onnxruntime would hold on to, 95 MB for the two
        file.write(model.SerializeToString())
        file.flush()
        del model
        return pieces, session(Path(file.name))


def _model(held: Weights, adapter: Adapter | None) -> tuple[Pieces | WordPieces, Any]:
    return held.pieces, graph(held, adapter)


def session(path: Path) -> Any:
    """The model of a file, ready to run on one core. Raises ImportError or RuntimeError where onnxruntime cannot."""
    import onnxruntime

    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = options.inter_op_num_threads = 1
    try:
        return onnxruntime.InferenceSession(path, options, providers=["CPUExecutionProvider"])
    except Exception as error:  # its errors have no other base, and the caller has a fallback
        raise RuntimeError(f"onnxruntime does not take the encoder's graph ({error})") from error


def graph(weights: Weights, adapter: Adapter | None) -> Any:
    """The model for onnxruntime, a ModelProto: numbers of pieces (1, n) in, their vectors (1, n, 384) out: as it came
    and, with an adapter, once more, from its first layer on with what it adds to the matrices."""
    from onnx import ModelProto, TensorProto, helper

    versions = [helper.make_opsetid("", 18), helper.make_opsetid(CONTRIBUTED, 1)]
    model = ModelProto(ir_version=9, opset_import=versions)
    model.graph.name = "encoder"
    built = _Graph(model.graph)
    places = built.add("Slice", built.keep(weights.places), built.keep([0]), _length(built))
    words = built.add("Cast", built.add("Gather", built.keep(weights.words), "pieces"), to=TensorProto.FLOAT)
    state = built.add(
        "LayerNormalization", built.add("Add", words, places), *map(built.keep, weights.normal), epsilon=TINY
    )
    first = adapter.first if adapter else len(weights.layers)
    for layer in weights.layers[:first]:
        state = _layer(built, state, layer)
    branches = [weights.layers[first:]]
    if adapter:
        branches.append(tuple(_added(layer, first + at, adapter) for at, layer in enumerate(branches[0])))
    model.graph.input.append(helper.make_tensor_value_info("pieces", TensorProto.INT64, [1, None]))
    for layers in branches:
        last = state
        for layer in layers:
            last = _layer(built, last, layer)
        model.graph.output.append(helper.make_tensor_value_info(last, TensorProto.FLOAT, [1, None, WIDTH]))
    return model


def _added(layer: Layer, at: int, adapter: Adapter) -> Layer:
    return replace(layer, matrices={name: m + adapter.delta(at, name) for name, m in layer.matrices.items()})


def _length(built: _Graph) -> str:
    return built.add("Slice", built.add("Shape", "pieces"), built.keep([1]), built.keep([2]))


def _layer(built: _Graph, state: str, layer: Layer) -> str:
    three = [built.product(state, layer.matrices[k], layer.biases[k]) for k in ("query", "key", "value")]
    seen = built.add("MultiHeadAttention", *three, domain=CONTRIBUTED, num_heads=HEADS)

    def product(given: str, name: str) -> str:
        return built.product(given, layer.matrices[name], layer.biases[name])

    def normal(old: str, new: str, scale: Sequence[Any]) -> str:
        kept = map(built.keep, scale)
        return built.add("SkipLayerNormalization", old, new, *kept, domain=CONTRIBUTED, epsilon=TINY)

    state = normal(state, product(seen, "attended"), layer.attended)
    broad = built.add("FastGelu", product(state, "broad"), domain=CONTRIBUTED)
    return normal(state, product(broad, "narrow"), layer.narrow)


class _Graph:
    """Nodes and constants of a graph as they are added, numbered: helpers of onnx would copy 60 MB twice."""

    def __init__(self, graph: Any) -> None:
        self._graph = graph

    def add(self, operator: str, *inputs: str, domain: str = "", **attributes: Any) -> str:
        """The name of the output of a new node."""
        from onnx import helper

        name = f"node {len(self._graph.node)}"
        self._graph.node.append(helper.make_node(operator, inputs, [name], name=name, domain=domain, **attributes))
        return name

    def keep(self, values: Any) -> str:
        """The name of a new constant."""
        from onnx import helper

        array, name = np.asarray(values), f"values {len(self._graph.initializer)}"
        kind = helper.np_dtype_to_tensor_dtype(array.dtype)
        self._graph.initializer.add(name=name, data_type=kind, dims=array.shape, raw_data=array.tobytes())
        return name

    def product(self, given: str, matrix: NDArray[np.float32], bias: NDArray[np.float32]) -> str:
        """`given` times the matrix plus the bias, in whole numbers, with a scale for each column."""
        scale = np.abs(matrix).max(axis=0) / LARGEST
        rounded = np.round(matrix / scale).astype(np.int8)
        parts = (rounded, scale.astype(np.float32), np.zeros(len(scale), dtype=np.int8), bias)
        return self.add("DynamicQuantizeMatMul", given, *map(self.keep, parts), domain=CONTRIBUTED)

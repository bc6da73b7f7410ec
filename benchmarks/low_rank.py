"""Low-rank additions to the encoder's upper layers (Hu and others, LoRA, 2021), fitted with jax, which nothing else needs."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import Any

import jax
import jax.numpy as jnp
import numpy as np

from core.tags import STANCES
from nlp.e5 import LAYERS, find, read
from nlp.encoder import LONGEST, PREFIX, TOKENS, ready
from nlp.weights import HEADS, SHAPES, WIDTH

FIRST = 8  # layers from here on are adapted
RANK = 16
RATE = 1e-3
SPREAD = 16.0
LENGTHS = {16: 96, 24: 64, 32: 48, 48: 32, 64: 24, 128: 12}  # pieces, padded to, and sentences a batch
SEED = 10


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """A sentence and a narrative's number; the number of its stance if it carries the narrative, or -1."""

    text: str
    task: int
    carries: bool
    stance: int
    weight: float


Batch = tuple[int, list[Item], float]  # pieces that are padded to, sentences, weight of lying close together


class States:
    """What the layers below FIRST make of sentences, kept."""

    def __init__(self) -> None:
        weights = read(find())
        lower = replace(weights, layers=weights.layers[:FIRST])
        self._pieces, self._session = ready(lambda: lower, None)
        self._known: dict[str, Any] = {}
        self.layers = [
            {
                "matrices": {k: jnp.asarray(m) for k, m in layer.matrices.items()},
                "biases": {k: jnp.asarray(b) for k, b in layer.biases.items()},
                "attended": layer.attended,
                "narrow": layer.narrow,
            }
            for layer in weights.layers[FIRST:]
        ]

    def of(self, text: str) -> Any:
        """(pieces, WIDTH), in half precision."""
        if text not in self._known:
            numbers = np.array([self._pieces.numbers(PREFIX + text[:LONGEST], TOKENS)], dtype=np.int64)
            self._known[text] = self._session.run(None, {"pieces": numbers})[0][0].astype(np.float16)
        return self._known[text]

    def length(self, text: str) -> int:
        """Of LENGTHS the one that it fits in."""
        return next(n for n in LENGTHS if len(self.of(text)) <= n)

    def padded(self, texts: Sequence[str], length: int) -> tuple[Any, Any]:
        """(sentences, length, WIDTH), and which pieces are there."""
        states, there = np.zeros((len(texts), length, WIDTH), np.float16), np.zeros((len(texts), length), np.float32)
        for row, text in enumerate(texts):
            held = self.of(text)[:length]
            states[row, : len(held)], there[row, : len(held)] = held, 1
        return states, there


def fitted(plan: Sequence[Batch], tasks: int, lower: States) -> dict[tuple[int, str], Any]:
    """The factors by layer and matrix, learnt from the batches in their order for so many narratives."""
    random = np.random.default_rng(SEED)
    factors = {
        f"{layer} {name}": [
            jnp.asarray(random.normal(0, shape[0] ** -0.5, (shape[0], RANK)).astype(np.float32)),
            jnp.zeros((RANK, shape[1])),
        ]
        for layer in range(FIRST, LAYERS)
        for name, shape in SHAPES.items()
    }
    heads = {"carries": jnp.zeros((tasks, WIDTH + 1)), "stance": jnp.zeros((tasks, len(STANCES), WIDTH + 1))}
    held: dict[str, Any] = {"factors": factors, "heads": heads}
    moments = (jax.tree.map(jnp.zeros_like, held), jax.tree.map(jnp.zeros_like, held))
    texts = [i.text for _, part, _ in plan[:20] for i in part]
    centre = jnp.mean(jnp.stack([_vectors(factors, lower.layers, *lower.padded([t], 128))[0] for t in texts[:300]]), 0)
    for at, (length, part, close) in enumerate(plan, 1):
        states, there = lower.padded([i.text for i in part], length)
        told = {
            "task": np.array([i.task for i in part]),
            "carries": np.array([i.carries for i in part], np.float32),
            "stance": np.array([i.stance for i in part]),
            "weight": np.array([i.weight for i in part], np.float32),
        }
        rate = RATE * min(1.0, at / 40) * 0.5 * (1 + math.cos(math.pi * at / len(plan)))
        held, moments, _ = _step(held, moments, lower.layers, states, there, told, centre, rate, float(at), close)
    return {(int(k.split()[0]), k.split()[1]): (np.asarray(a), np.asarray(b)) for k, (a, b) in held["factors"].items()}


def _vectors(factors: Any, layers: Any, states: Any, there: Any) -> Any:
    """Rows of length 1 (sentences, WIDTH): the upper layers of the encoder, written out for differentiation."""
    x, mask = jnp.asarray(states, jnp.float32), (1 - there)[:, None, None, :] * -1e9
    size, length, _ = x.shape
    for at, layer in enumerate(layers):

        def product(given: Any, name: str, at: int = at, layer: Any = layer) -> Any:
            down, up = factors[f"{FIRST + at} {name}"]
            return given @ layer["matrices"][name] + layer["biases"][name] + given @ down @ up

        def split(name: str, x: Any = x, product: Any = product) -> Any:
            return product(x, name).reshape(size, length, HEADS, -1).transpose(0, 2, 1, 3)

        weights = jax.nn.softmax(
            split("query") @ split("key").transpose(0, 1, 3, 2) * (WIDTH // HEADS) ** -0.5 + mask, -1
        )
        seen = (weights @ split("value")).transpose(0, 2, 1, 3).reshape(size, length, WIDTH)
        x = _normal(x + product(seen, "attended"), *layer["attended"])
        x = _normal(x + product(jax.nn.gelu(product(x, "broad"), approximate=True), "narrow"), *layer["narrow"])
    mean = (x * there[:, :, None]).sum(1) / there.sum(1)[:, None]
    return mean / jnp.linalg.norm(mean, axis=1, keepdims=True)


def _normal(x: Any, slope: Any, offset: Any) -> Any:
    x = x - x.mean(-1, keepdims=True)
    return x * jax.lax.rsqrt((x * x).mean(-1, keepdims=True) + 1e-12) * slope + offset


def _loss(  # noqa: PLR0917 -- jax differentiates by the first
    held: Any, layers: Any, states: Any, there: Any, told: Any, centre: Any, close: float
) -> Any:
    z = (_vectors(held["factors"], layers, states, there) - centre) * SPREAD
    one = jnp.concatenate([z, jnp.ones((len(z), 1))], axis=1)
    carries, weight, stance = told["carries"], told["weight"], jnp.maximum(told["stance"], 0)
    logit = (one * held["heads"]["carries"][told["task"]]).sum(1)
    loss = ((jnp.logaddexp(0, logit) - carries * logit) * weight).sum() / weight.sum()
    said = jax.nn.log_softmax(jnp.einsum("bd,bkd->bk", one, held["heads"]["stance"][told["task"]]))
    missed = -jnp.take_along_axis(said, stance[:, None], 1)[:, 0]
    loss += (missed * weight * carries).sum() / jnp.maximum(carries.sum(), 1)
    if close:
        loss += close * _apart(z, jnp.where(carries > 0, stance, len(STANCES)))
    return loss + 1e-4 * sum((h**2).sum() for h in held["heads"].values())


def _apart(z: Any, classes: Any) -> Any:
    """How unlikely each sentence's class is by its cosine to the classes' means, its own taken without it."""
    one, unit = jax.nn.one_hot(classes, len(STANCES) + 1), z / jnp.linalg.norm(z, axis=1, keepdims=True)
    sums, counts = one.T @ unit, one.sum(0)
    own = (sums[classes] - unit) / jnp.maximum(counts[classes] - 1, 1)[:, None]
    means = sums / jnp.maximum(jnp.linalg.norm(sums, axis=1, keepdims=True), 1e-6)
    logits = 10 * unit @ means.T * (1 - one) + 10 * (unit * own).sum(1)[:, None] * one
    return -(jax.nn.log_softmax(logits) * one).sum(1).mean()


@partial(jax.jit, static_argnames=("close",))
def _step(  # noqa: PLR0917 -- jax compiles it as a whole
    held: Any,
    moments: Any,
    layers: Any,
    states: Any,
    there: Any,
    told: Any,
    centre: Any,
    rate: Any,
    at: Any,
    close: float,
) -> Any:
    loss, slope = jax.value_and_grad(_loss)(held, layers, states, there, told, centre, close)
    size = jnp.sqrt(sum((s**2).sum() for s in jax.tree.leaves(slope)))
    slope = jax.tree.map(lambda s: s * jnp.minimum(1, 1 / size), slope)
    first = jax.tree.map(lambda m, s: 0.9 * m + 0.1 * s, moments[0], slope)
    second = jax.tree.map(lambda v, s: 0.98 * v + 0.02 * s**2, moments[1], slope)

    def moved(part: str, rate: Any) -> Any:
        return jax.tree.map(
            lambda p, m, v: p * (1 - 0.01 * rate) - rate * m / (1 - 0.9**at) / (jnp.sqrt(v / (1 - 0.98**at)) + 1e-8),
            held[part],
            first[part],
            second[part],
        )

    return {"factors": moved("factors", rate), "heads": moved("heads", 4 * rate)}, (first, second), loss


def write_adapter(path: Path, factors: Mapping[tuple[int, str], Any]) -> None:
    """What `nlp.adapter.read_adapter` reads, in half precision."""
    arrays: dict[str, Any] = {}
    for (layer, matrix), (down, up) in factors.items():
        arrays |= {f"{layer} {matrix} down": down.astype(np.float16), f"{layer} {matrix} up": up.astype(np.float16)}
    np.savez_compressed(path, **arrays)

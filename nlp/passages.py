"""An article's sentences, and which of them a narrative looks at."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

Hits = tuple[tuple[int, int], ...]

SENTENCES = 60  # of an article that are read at all
# Of those that are embedded for one narrative, at about 100 a CPU-second: two first, more only while the answer is open.
# By average precision of the tag (Nvidia killer, Wall Street recovery; cross-validated on `labelled_more.jsonl`) three
# scored .74 and .89, six .76 and .90, twelve .79 and .90, and these steps .76 and .89 for 4.3 sentences on average.
STEPS = (2, 6, 12)
HEADLINE = "headline"  # the step of an article that is no more than a headline

SPEAKING = 12  # sentences with a hit, from the top, whose words are weighed


@dataclass(frozen=True, slots=True, kw_only=True)
class Passage:
    """A sentence: its place among the sentences, its offsets in the article's body, its text on one line."""

    index: int
    start: int
    end: int
    text: str


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Scores:
    """What one narrative's heads say of the n sentences that were embedded, in reading order (logits (n,), stances (n, 3)).

    `step` is HEADLINE or the one of STEPS reached, as text. `words` is the logit by the article's words, 0 where
    nothing was taught of them; `claims` (n,) are the numbers of the contract's nearest claims, `near` (n,) their
    cosines (a contract without claims: no values); `examples` (n, 3) those of the nearest example of each stance; `lean` (2,) how much likelier promoting and disputing are than reporting by headline
    and sentences together, as logits, 0 likewise. `sentences` are those of the article, `speaking` those with a hit.
    """

    passages: tuple[Passage, ...]
    hits: Hits
    logits: NDArray[np.float64]
    stances: NDArray[np.float64]
    claims: NDArray[np.int_]
    near: NDArray[np.float64]
    examples: NDArray[np.int_]
    step: str
    sentences: int
    speaking: int
    words: float = 0.0
    lean: NDArray[np.float64] = field(default_factory=lambda: np.zeros(2))


def passages(doc: Any) -> tuple[Passage, ...]:
    """The sentences of a `Doc`, broken at line ends too, trimmed of white space; at most SENTENCES."""
    found: list[Passage] = []
    for sentence in doc.sents:
        for line in re.finditer(r"[^\n]+", sentence.text):
            text = line.group()
            trimmed = text.strip()
            if len(trimmed) < 2:
                continue
            start = sentence.start_char + line.start() + len(text) - len(text.lstrip())
            found.append(
                Passage(index=len(found), start=start, end=start + len(trimmed), text=" ".join(trimmed.split()))
            )
            if len(found) == SENTENCES:
                return tuple(found)
    return tuple(found)


def speaking(held: Sequence[Passage], hits: Hits) -> tuple[int, ...]:
    """The sentences after the headline with a hit, in order; at most SPEAKING."""
    places = sorted({start for start, _ in hits})
    found: list[int] = []
    at = 0
    for passage in held:
        while at < len(places) and places[at] < passage.start:
            at += 1
        if at == len(places) or len(found) == SPEAKING:
            break
        if passage.index and places[at] < passage.end:
            found.append(passage.index)
    return tuple(found)


def considered(held: Sequence[Passage], own: Sequence[int]) -> tuple[int, ...]:
    """The headline, the sentences `own` (the best first), then their neighbours: in the order in which to embed them."""
    if not held:
        return ()
    near = [i for i in sorted({j for k in own for j in (k - 1, k + 1)}) if 0 <= i < len(held)]
    return tuple(dict.fromkeys([0, *own, *near]))[: STEPS[-1]]

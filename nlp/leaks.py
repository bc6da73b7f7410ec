"""Examples that teach too little: near-copies across classes, which no classifier can keep apart, and too few of a class."""

from __future__ import annotations

import re

from core.contracts import Contract
from core.tags import STANCES

ENOUGH = 15  # of a class; the shipped method was tried with twenty
NEAR = 0.7  # share of common word triples; a changed name or number in a sentence of ten words leaves about this


def leaks(contract: Contract) -> list[str]:
    """Warnings in words, none for a sound contract: classes under ENOUGH, and pairs of classes with near-copies.

    A sentence that differs from another class's by negation alone is a lesson and no leak.
    """
    named = {kind: getattr(contract.examples, kind) for kind in (*STANCES, "unrelated")}
    told = [
        f"{kind} has {len(held)} examples, and fewer than {ENOUGH} teach little"
        for kind, held in named.items()
        if len(held) < ENOUGH
    ]
    held = [(kind, sentence, _words(sentence)) for kind, sentences in named.items() for sentence in sentences]
    parts = [_parts(words) for _, _, words in held]
    for i, (kind, sentence, words) in enumerate(held):
        for k in range(i + 1, len(held)):
            other, copy, theirs = held[k]
            if other == kind or not parts[i] or not parts[k] or NEGATION & (set(words) ^ set(theirs)):
                continue
            common = len(parts[i] & parts[k])
            if common >= NEAR * min(len(parts[i]), len(parts[k])):
                told.append(f"{kind} {sentence!r} is nearly {other} {copy!r}")
    return told


NEGATION = frozenset(
    [
        "not",
        "no",
        "never",
        "neither",
        "nor",
        "cannot",
        "won't",
        "isn't",
        "doesn't",
        "don't",
        "can't",
        "hardly",
        "fails",
        "unlikely",
    ]
)


def _words(sentence: str) -> list[str]:
    return re.findall(r"[\w']+", sentence.lower().replace("\u2019", "'"))


def _parts(words: list[str]) -> frozenset[tuple[str, ...]]:
    return frozenset(zip(words, words[1:], words[2:], strict=False))

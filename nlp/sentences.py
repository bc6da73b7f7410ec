"""Sentences found by their ends alone, with their offsets: enough to read numbers in, and without a model."""

from __future__ import annotations

import re
from collections.abc import Iterator

# A full stop ends a sentence when a capital, a quotation mark or a figure follows; not after an initial, "vs." or "U.S.".
_END = re.compile(
    r"(?<!\b[A-Z])(?<!\bvs)(?<!\bNo)(?<!\bInc)(?<!\bCo)(?<!\bCorp)(?<!\bMr)(?<!\bMs)(?<!\bDr)[.!?][\"\u201d\u2019)]*\s+(?=[\"\u201c(A-Z\d$])|\n+"
)


def sentences(text: str) -> Iterator[tuple[int, int]]:
    """Start and end of each sentence of `text` that has any words, trimmed of white space."""
    start = 0
    for match in (*_END.finditer(text), None):
        end = match.end() if match else len(text)
        piece = text[start:end]
        if piece.strip():
            yield start + len(piece) - len(piece.lstrip()), start + len(piece.rstrip())
        start = end

"""Words, shingles and their hashes: what of a text is compared, as numbers. Pure."""

from __future__ import annotations

import unicodedata
import zlib
from functools import cache
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Hashes = NDArray[np.uint32]

SHINGLE = 4  # words; long enough to be somebody's phrasing, short enough to survive a light rewrite
ENOUGH = 12  # shingles; with fewer, texts are alike by accident
SEED = 20260415
WORD32 = 2**32

# Words cut out as bytes: a tenth of a regular expression's time. Letters outside ASCII are bytes from 128 on.
_LOWER = bytes(c if chr(c).isalnum() or c > 127 else 32 for c in range(256)).lower()
_TYPOGRAPHIC = "\u2018\u2019\u201c\u201d\u2013\u2014\u2026\u00a0\u2022\u00b7\u00ab\u00bb\u00ae\u2122\u00a9\u20ac\u00a3"
_SPACED = str.maketrans(dict.fromkeys(_TYPOGRAPHIC, " "))


def cut(text: str) -> list[bytes]:
    """A text's words in lower case, as UTF-8; what is no letter or digit ends a word."""
    if not text.isascii():
        text = unicodedata.normalize("NFKC", text).casefold().translate(_SPACED)
    return text.encode().translate(_LOWER).split()


def hashed(words: list[bytes]) -> Hashes:
    """The CRC-32 of each word."""
    return np.fromiter(map(zlib.crc32, words), np.uint32, len(words))


def shingles(words: Hashes) -> Hashes:
    """The distinct hashes of each `SHINGLE` words in a row, sorted; empty if they are not `ENOUGH`."""
    ends = len(words) - SHINGLE + 1
    if ends < ENOUGH:
        return np.empty(0, np.uint32)
    mixed = words[:ends].copy()
    for i in range(1, SHINGLE):  # order matters: each word is added to a multiple of those before it
        mixed *= np.uint32(0x9E3779B1)
        mixed += words[i : i + ends]
    mixed ^= mixed >> np.uint32(15)
    mixed *= np.uint32(0x85EBCA6B)
    mixed ^= mixed >> np.uint32(13)
    mixed.sort()
    first = np.empty(ends, np.bool_)
    first[0] = True
    np.not_equal(mixed[1:], mixed[:-1], out=first[1:])
    distinct = mixed[first]
    return distinct if len(distinct) >= ENOUGH else np.empty(0, np.uint32)


def shingle_keys(found: Hashes, kind: int) -> bytes:
    """A 64-bit key for each shingle, little-endian; the lowest two bits are the `kind`."""
    mixed = found * np.uint64(0x9E3779B97F4A7C15)
    mixed ^= mixed >> np.uint64(31)
    mixed <<= np.uint64(2)
    mixed |= np.uint64(kind)
    return mixed.astype("<u8").tobytes()


def minhash_keys(found: Hashes, kind: int, bands: int, rows: int) -> bytes:
    """A 64-bit key for each band of `rows` MinHash values, little-endian; the lowest two bits are the `kind`."""
    a, b = _permutations(bands * rows)
    values = found * a
    values += b
    lowest = values.min(axis=1).reshape(bands, rows).astype(np.uint64)
    mixed = _numbers(bands) * np.uint64(0x9E3779B97F4A7C15)
    for column in lowest.T:
        mixed += column
        mixed *= np.uint64(0xBF58476D1CE4E5B9)
        mixed ^= mixed >> np.uint64(31)
    mixed <<= np.uint64(2)
    mixed |= np.uint64(kind)
    return mixed.astype("<u8").tobytes()


@cache
def _permutations(count: int) -> tuple[Hashes, Hashes]:
    draw = np.random.default_rng(SEED)
    odd = draw.integers(1, WORD32, count, np.uint32) | np.uint32(1)
    return odd[:, None], draw.integers(0, WORD32, count, np.uint32)[:, None]


@cache
def _numbers(count: int) -> NDArray[np.uint64]:
    return np.arange(1, count + 1, dtype=np.uint64)

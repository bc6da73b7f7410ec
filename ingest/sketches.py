"""What is kept of an article to recognise copies of its text: a sketch of its shingles, and its headline."""

from __future__ import annotations

import hashlib
import re
import struct
import unicodedata
import zlib
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING

from core.articles import Article, Signature

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Hashes = NDArray[np.uint32]

SHINGLE = 4  # words; long enough to be somebody's phrasing, short enough to survive a light rewrite
ENOUGH = 12  # shingles; with fewer, texts are alike by accident
KEPT = 160  # shingle hashes of a sketch at most: a share of a half is then known to 0.04
BANDS, ROWS = 24, 3  # two texts of Jaccard 0.3 are met in 1 of 2 cases, of 0.5 in 24 of 25
TITLE_BANDS, TITLE_ROWS = 8, 2  # two headlines of Jaccard 0.3 in 1 of 2, of 0.6 in 31 of 32
TITLE_WORDS = 5  # "Market update" is a column's name, not a story's
VOCABULARY = 2048  # bits; an article of 300 words sets one in twelve
SEED = 20260415
WORD32 = 2**32

# Words of headlines that say nothing of the subject.
_COMMON = (
    "the a an and or of to in on for with by from at as is are be was will its his her it this that how why what "
    "says say said after over amid s t"
)
COMMON = frozenset(_COMMON.split())

_WORD = re.compile(r"[^\W_]+")
# Words cut out as bytes: a tenth of a regular expression's time. Letters outside ASCII are bytes from 128 on.
_LOWER = bytes(c if chr(c).isalnum() or c > 127 else 32 for c in range(256)).lower()
_TYPOGRAPHIC = "\u2018\u2019\u201c\u201d\u2013\u2014\u2026\u00a0\u2022\u00b7\u00ab\u00bb\u00ae\u2122\u00a9\u20ac\u00a3"
# The words of a speaker are his, and independent reports of one event share them.
_QUOTED = re.compile(r"\u201c[^\u201c\u201d]{1,600}\u201d|(?:(?<=\s)|^)\"(?=\S)[^\"\n]{1,600}(?<=\S)\"", re.MULTILINE)
_QUOTE = re.compile('["\u201c]')
_NUMBER = re.compile(r"\d[\d,]*(?:\.\d+)?")
_NAMED = re.compile(r"\s(?:[-|\u2013\u2014]|\|)\s(?:[^\s|]+\s?){1,4}$")
_TICKER = re.compile(
    r"\$([A-Z]{1,5})\b|\((?:(?:NYSE|NASDAQ|NasdaqGS|Nasdaq|TSX|LSE|AMEX)\s?:\s?)?([A-Z]{1,5})(?:\.US)?\)"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Sketch:
    """A signature taken apart.

    `shingles` are hashes below `limit`, an even sample of the text's; `words` has a bit for each of the
    text's words (a Bloom filter of one hash); `title`, `numbers` and
    `tickers` are hashes of the headline's words. All of 32 bits.
    """

    source: int
    owner: int
    title: frozenset[int]
    numbers: frozenset[int]
    tickers: frozenset[int]
    limit: int
    words: int
    shingles: frozenset[int]

    def knows(self, title: frozenset[int]) -> float:
        """The share of a headline's words that the text has too; a word that it lacks passes in 1 case of 12."""
        return sum(self.words >> (w % VOCABULARY) & 1 for w in title) / max(1, len(title))


def signature(article: Article) -> Signature:
    """What is kept of an article to recognise copies of its text.

    The text is what is in no quotation marks. `hashes` hold the parts of a `Sketch`, `bands` the keys
    under which candidates are found: 24 of the text's MinHash, 8 of the headline's, two of the whole
    headline. What is no article's own text (a block page, a stub, a headline again) or too short for
    shingles is known by its headline alone; `shingles` is 0 then.
    """
    words = _title(article)
    told = [w for w in words if w not in COMMON]
    title = sorted({zlib.crc32(w) for w in _cut(" ".join(told))})
    numbers = sorted({_crc(n.replace(",", "").rstrip("0").rstrip(".") or "0") for n in _NUMBER.findall(article.title)})
    tickers = sorted({_crc(a or b) for a, b in _TICKER.findall(article.title)})
    found, vocabulary = _shingles(article)
    level, kept = _sample(found) if len(found) else (0, [])
    parts = (title, numbers, tickers)
    hashes = [_crc(article.source.casefold()), _crc(article.owner.casefold()), level, *vocabulary]
    for part in parts:
        hashes += [len(part), *part]
    bands = [*_minhash(found, "b", BANDS, ROWS)] if len(found) else []
    if len(words) >= TITLE_WORDS:
        bands += _title_keys(article, words, title)
    return Signature(article=article.id, shingles=len(found), hashes=(*hashes, *kept), bands=tuple(bands))


def sketch(signature: Signature) -> Sketch:
    """The parts of a signature."""
    source, owner, level, *rest = signature.hashes
    words = 0
    if signature.shingles:
        words = int.from_bytes(struct.pack(f"<{VOCABULARY // 32}I", *rest[: VOCABULARY // 32]), "little")
        rest = rest[VOCABULARY // 32 :]
    parts = []
    for _ in range(3):
        size = rest[0]
        parts.append(frozenset(rest[1 : 1 + size]))
        rest = rest[1 + size :]
    return Sketch(
        source=source,
        owner=owner,
        title=parts[0],
        numbers=parts[1],
        tickers=parts[2],
        limit=WORD32 >> level,
        words=words,
        shingles=frozenset(rest),
    )


def jaccard(a: Signature, b: Signature) -> float:
    """The estimated Jaccard similarity of two texts' shingles; its standard error is about 0.04."""
    if not a.shingles or not b.shingles:
        return 0.0
    one, two = sketch(a), sketch(b)
    limit = min(one.limit, two.limit)
    mine, theirs = ({h for h in s.shingles if h < limit} for s in (one, two))
    return len(mine & theirs) / max(1, len(mine | theirs))


def _shingles(article: Article) -> tuple[Hashes, list[int]]:
    import numpy as np

    none = np.empty(0, np.uint32), list[int]()
    if article.quality in ("wall", "stub"):
        return none
    own = _QUOTED.sub(" ", article.text) if _QUOTE.search(article.text) else article.text
    found = _cut(own)
    if len(found) < SHINGLE + ENOUGH:  # what is nearly all quotation is a text of quotations
        found = _cut(article.text)
    if len(found) < SHINGLE + ENOUGH - 1 or _is_headline(found, article):
        return none
    one = np.fromiter(map(zlib.crc32, found), np.uint32, len(found))
    ends = len(one) - SHINGLE + 1
    mixed = np.zeros(ends, np.uint32)
    for i in range(SHINGLE):  # order matters: each word is added to a multiple of those before it
        mixed = mixed * np.uint32(0x9E3779B1) + one[i : i + ends]
    mixed ^= mixed >> np.uint32(15)
    mixed *= np.uint32(0x85EBCA6B)
    mixed ^= mixed >> np.uint32(13)
    distinct = np.unique(mixed)
    if len(distinct) < ENOUGH:
        return none
    bits = np.zeros(VOCABULARY, np.uint8)
    bits[one % VOCABULARY] = 1
    return distinct, np.packbits(bits, bitorder="little").view("<u4").tolist()


def _is_headline(found: list[bytes], article: Article) -> bool:
    """Whether a feed's text only says the headline again, with the outlet's name at most."""
    title = {*_cut(article.title), *_cut(article.source)}
    return len(found) < 40 and sum(w not in title for w in found) <= 1


def _sample(found: Hashes) -> tuple[int, list[int]]:
    level = 0
    kept = found
    while len(kept) > KEPT:
        level += 1
        kept = kept[kept < WORD32 >> level]
    return level, kept.tolist()


def _minhash(found: Hashes, kind: str, bands: int, rows: int) -> tuple[str, ...]:
    a, b = _permutations(bands * rows)
    lowest = (found[None, :] * a[:, None] + b[:, None]).min(axis=1).reshape(bands, rows)
    return tuple(f"{kind}{i}:{row.tobytes().hex()}" for i, row in enumerate(lowest.astype("<u4")))


@cache
def _permutations(count: int) -> tuple[Hashes, Hashes]:
    import numpy as np

    draw = np.random.default_rng(SEED)
    return draw.integers(1, WORD32, count, np.uint32) | np.uint32(1), draw.integers(0, WORD32, count, np.uint32)


def _title_keys(article: Article, words: list[str], title: list[int]) -> list[str]:
    """Keys for the headline's words, for the headline, and for the headline in this source."""
    import numpy as np

    text = " ".join(words)
    keys = [_key("t", text), _key("s", f"{text}\n{article.source}")]
    if title:
        keys += _minhash(np.array(title, np.uint32), "h", TITLE_BANDS, TITLE_ROWS)
    return keys


def _title(article: Article) -> list[str]:
    """The headline's words, without the outlet's name that aggregators hang on."""
    title, source = article.title.casefold(), article.source.casefold()
    cut = title.removesuffix(source)
    # "... - Reuters", "... | The Example": aggregators' own separators, and at most four words after them.
    words = _words(_NAMED.sub("", cut))
    return words if len(words) >= TITLE_WORDS else _words(cut)


def _words(text: str) -> list[str]:
    return _WORD.findall((text if text.isascii() else unicodedata.normalize("NFKC", text)).casefold())


def _cut(text: str) -> list[bytes]:
    if not text.isascii():
        text = unicodedata.normalize("NFKC", text).casefold()
        for mark in _TYPOGRAPHIC:
            text = text.replace(mark, " ")
    return text.encode().translate(_LOWER).split()


def _crc(text: str) -> int:
    return zlib.crc32(text.encode())


def _key(kind: str, text: str) -> str:
    return f"{kind}:{hashlib.blake2b(text.encode(), digest_size=8).hexdigest()}"

"""What is kept of an article to recognise copies of its text: a sketch of its shingles, and its headline."""

from __future__ import annotations

import hashlib
import re
import struct
import unicodedata
import zlib
from dataclasses import dataclass
from typing import TYPE_CHECKING

from core.articles import Article, Signature

if TYPE_CHECKING:
    from ingest.shingles import Hashes

KEPT = 160  # shingle hashes of a sketch at most: a share of a half is then known to 0.04
# The lowest hashes of a text are its keys: a copy cut to a quarter has about 6 of the 24 lowest, where 24 bands of
# three MinHash values met it in 1 case of 8.
LOWEST = 24
TITLE_BANDS, TITLE_ROWS = 8, 2  # two headlines of Jaccard 0.3 in 1 of 2, of 0.6 in 31 of 32
TITLE_WORDS = 5  # "Market update" is a column's name, not a story's
VOCABULARY = 2048  # bits; an article of 300 words sets one in twelve
WORD32 = 2**32
TEXT, HEADLINE, WHOLE, HERE = range(4)  # what a key is made of: its lowest two bits

# Words of headlines that say nothing of the subject.
_COMMON = (
    "the a an and or of to in on for with by from at as is are be was will its his her it this that how why what "
    "says say said after over amid s t"
)
COMMON = frozenset(_COMMON.split())

_WORD = re.compile(r"[^\W_]+")
# The words of a speaker are his, and independent reports of one event share them.
_QUOTED = re.compile(r"\u201c[^\u201c\u201d]{1,600}\u201d|(?:(?<=\s)|^)\"(?=\S)[^\"\n]{1,600}(?<=\S)\"", re.MULTILINE)
_NUMBER = re.compile(r"\d[\d,]*(?:\.\d+)?")
_NAMED = re.compile(r"\s(?:[-|\u2013\u2014]|\|)\s(?:[^\s|]+\s?){1,4}$")
_TICKER = re.compile(
    r"\$([A-Z]{1,5})\b|\((?:(?:NYSE|NASDAQ|NasdaqGS|Nasdaq|TSX|LSE|AMEX)\s?:\s?)?([A-Z]{1,5})(?:\.US)?\)"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Sketch:
    """A signature taken apart.

    `shingles` are hashes below `limit`, an even sample of the text's; `words` has a bit for each of the
    text's words (a Bloom filter of one hash) and `headline` one for each of the headline's; `title`, `numbers`
    and `tickers` are hashes of the headline's words, all of 32 bits. `whole` and `here` stand for the headline
    as it is, anywhere and in its own source: of 64 bits, 0 if it is too short to tell anything.
    """

    source: int
    owner: int
    title: frozenset[int]
    headline: int
    numbers: frozenset[int]
    tickers: frozenset[int]
    whole: int
    here: int
    limit: int
    words: int
    shingles: frozenset[int]

    def knows(self, headline: int) -> float:
        """The share of a headline's words that the text has too; a word that it lacks passes in 1 case of 12."""
        return (self.words & headline).bit_count() / max(1, headline.bit_count())


def signature(article: Article) -> Signature:
    """What is kept of an article to recognise copies of its text; 0.2 ms for 320 words.

    The text is what is in no quotation marks. `hashes` hold the parts of a `Sketch`, `bands` the keys
    under which candidates are found: the 24 lowest of the text's shingles, 8 of the headline's, two of the whole
    headline. What is no article's own text (a block page, a stub, a headline again) or too short for
    shingles is known by its headline alone; `shingles` is 0 then.
    """
    from ingest.shingles import cut, minhash_keys, shingle_keys

    words = _title(article)
    title = sorted({zlib.crc32(w) for w in cut(" ".join(w for w in words if w not in COMMON))})
    numbers = {_crc(n.replace(",", "").rstrip("0").rstrip(".") or "0") for n in _NUMBER.findall(article.title)}
    tickers = {_crc(a or b) for a, b in _TICKER.findall(article.title)}
    whole, here = _whole(words, article.source) if len(words) >= TITLE_WORDS else (0, 0)
    found, vocabulary = _shingles(article)
    level, kept = _sample(found)

    parts = [_crc(article.source.casefold()), _crc(article.owner.casefold()), level]
    for part in (title, sorted(numbers), sorted(tickers)):
        parts += [len(part), *part]
    hashes = struct.pack(f"<2Q{len(parts)}I", whole, here, *parts) + vocabulary + kept.astype("<u4").tobytes()
    bands = shingle_keys(found[:LOWEST], TEXT)
    if whole:
        bands += struct.pack("<2Q", whole, here)
        bands += minhash_keys(_array(title), HEADLINE, TITLE_BANDS, TITLE_ROWS) if title else b""
    return Signature(article=article.id, shingles=len(found), hashes=hashes, bands=bands)


def sketch(signature: Signature) -> Sketch:
    """The parts of a signature."""
    data = signature.hashes
    whole, here, source, owner, level, *_ = struct.unpack_from("<2Q3I", data)
    rest = struct.unpack_from(f"<{len(data) // 4 - 7}I", data, 28)
    at, parts = 0, []
    for _ in range(3):
        ends = at + 1 + rest[at]
        parts.append(frozenset(rest[at + 1 : ends]))
        at = ends
    words = headline = 0
    for word in parts[0]:
        headline |= 1 << word % VOCABULARY
    if signature.shingles:
        words = int.from_bytes(data[28 + 4 * at : 28 + 4 * at + VOCABULARY // 8], "little")
        at += VOCABULARY // 32
    return Sketch(
        source=source,
        owner=owner,
        title=parts[0],
        headline=headline,
        numbers=parts[1],
        tickers=parts[2],
        whole=whole,
        here=here,
        limit=WORD32 >> level,
        words=words,
        shingles=frozenset(rest[at:]),
    )


def jaccard(a: Signature, b: Signature) -> float:
    """The estimated Jaccard similarity of two texts' shingles; its standard error is about 0.04."""
    if not a.shingles or not b.shingles:
        return 0.0
    one, two = sketch(a), sketch(b)
    limit = min(one.limit, two.limit)
    mine, theirs = ({h for h in s.shingles if h < limit} for s in (one, two))
    return len(mine & theirs) / max(1, len(mine | theirs))


def _shingles(article: Article) -> tuple[Hashes, bytes]:
    """The hashes of the text's shingles, sorted, and a bit for each of its words; both empty if it is no own text."""
    import numpy as np

    from ingest.shingles import ENOUGH, SHINGLE, cut, hashed, shingles

    none = np.empty(0, np.uint32), b""
    if article.quality in ("wall", "stub"):
        return none
    text = article.text
    found = cut(_QUOTED.sub(" ", text) if '"' in text or "\u201c" in text else text)
    if len(found) < SHINGLE + ENOUGH:  # what is nearly all quotation is a text of quotations
        found = cut(text)
    if len(found) < SHINGLE + ENOUGH - 1 or _is_headline(found, article):
        return none
    words = hashed(found)
    distinct = shingles(words)
    if not len(distinct):
        return none
    bits = np.zeros(VOCABULARY, np.bool_)
    bits[words % np.uint32(VOCABULARY)] = True
    return distinct, np.packbits(bits, bitorder="little").tobytes()


def _is_headline(found: list[bytes], article: Article) -> bool:
    """Whether a feed's text only says the headline again, with the outlet's name at most."""
    from ingest.shingles import cut

    if len(found) >= 40:
        return False
    title = {*cut(article.title), *cut(article.source)}
    return sum(w not in title for w in found) <= 1


def _sample(found: Hashes) -> tuple[int, Hashes]:
    level, kept = 0, found
    while len(kept) > KEPT:
        level += 1
        kept = kept[: int(kept.searchsorted(WORD32 >> level))]
    return level, kept


def _array(numbers: list[int]) -> Hashes:
    import numpy as np

    return np.array(numbers, np.uint32)


def _whole(words: list[str], source: str) -> tuple[int, int]:
    text = " ".join(words)
    return _key(WHOLE, text), _key(HERE, f"{text}\n{source}")


def _title(article: Article) -> list[str]:
    """The headline's words, without the outlet's name that aggregators hang on."""
    title, source = article.title.casefold(), article.source.casefold()
    cut = title.removesuffix(source)
    # "... - Reuters", "... | The Example": aggregators' own separators, and at most four words after them.
    words = _words(_NAMED.sub("", cut))
    return words if len(words) >= TITLE_WORDS else _words(cut)


def _words(text: str) -> list[str]:
    return _WORD.findall((text if text.isascii() else unicodedata.normalize("NFKC", text)).casefold())


def _crc(text: str) -> int:
    return zlib.crc32(text.encode())


def _key(kind: int, text: str) -> int:
    return int.from_bytes(hashlib.blake2b(text.encode(), digest_size=8).digest(), "little") & ~3 | kind

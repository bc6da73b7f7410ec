"""Text as the numbers of a vocabulary's pieces: the likeliest ones by a unigram model (SentencePiece, Kudo 2018), or the
longest ones from the left (WordPiece, as BERT cuts lower-cased text, Devlin and others 2018)."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

SPACE = "\u2581"  # how the vocabulary writes the space before a word
UNKNOWN = 10.0  # below the least likely piece: the score of a character that no piece covers
LONGEST_WORD = 100  # characters of a word; BERT knows no longer one
CHINESE = ((0x4E00, 0x9FFF), (0x3400, 0x4DBF), (0x20000, 0x2CEAF), (0xF900, 0xFAFF), (0x2F800, 0x2FA1F))
KEPT_WORDS = 50_000  # whose pieces are remembered; the press uses fewer


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Pieces:
    """A vocabulary: `scores` by piece (its number, its log probability), `normal` what a character is replaced by.

    `first`, `last` and `unknown` are the numbers of the marks around a text and of what no piece covers.
    """

    scores: Mapping[str, tuple[int, float]]
    normal: Mapping[int, str]
    first: int
    last: int
    unknown: int
    _longest: int = field(init=False)
    _worst: float = field(init=False)
    _known: dict[str, list[int]] = field(init=False, default_factory=dict)

    def __post_init__(self) -> None:
        """Look up what every word needs."""
        object.__setattr__(self, "_longest", max(map(len, self.scores)))
        object.__setattr__(self, "_worst", min(score for _, score in self.scores.values()) - UNKNOWN)

    def numbers(self, text: str, most: int) -> list[int]:
        """Those of `text` between the two marks, cut to `most` in all; spaces at its ends do not count
        (the engine the weights come with counts a piece for those after it).

        No piece spans a space, so that words can be cut one by one, and remembered.
        """
        found = [self.first]
        for word in filter(None, text.translate(self.normal).split(" ")):
            found += self._of(word)
        return [*found[: most - 1], self.last]

    def _of(self, word: str) -> list[int]:
        if word not in self._known:
            if len(self._known) == KEPT_WORDS:
                self._known.clear()
            self._known[word] = self._likeliest(SPACE + word)
        return self._known[word]

    def _likeliest(self, word: str) -> list[int]:
        """Viterbi's way: the best score up to each character, and the piece that got there."""
        best = [0.0] + [float("-inf")] * len(word)
        piece = [(0, self.unknown)] * (len(word) + 1)
        for start in range(len(word)):
            score = best[start]
            for end in range(start + 1, min(len(word), start + self._longest) + 1):
                number, gain = self.scores.get(word[start:end], (self.unknown, 0.0))
                if number != self.unknown and score + gain > best[end]:
                    best[end], piece[end] = score + gain, (start, number)
            if score + self._worst > best[start + 1]:
                best[start + 1], piece[start + 1] = score + self._worst, (start, self.unknown)
        found, at = [], len(word)
        while at:
            at, number = piece[at]
            found.append(number)
        return found[::-1]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class WordPieces:
    """A vocabulary by piece; those that go on within a word begin with `##`."""

    numbers_of: Mapping[str, int]
    _known: dict[str, list[int]] = field(init=False, default_factory=dict)

    def numbers(self, text: str, most: int) -> list[int]:
        """Those of `text` between the two marks, cut to `most` in all."""
        found = [self.numbers_of["[CLS]"]]
        for word in text.split():
            found += self._of(word)
        return [*found[: most - 1], self.numbers_of["[SEP]"]]

    def _of(self, word: str) -> list[int]:
        if word not in self._known:
            if len(self._known) == KEPT_WORDS:
                self._known.clear()
            self._known[word] = [number for part in _parts(word) for number in self._longest(part)]
        return self._known[word]

    def _longest(self, part: str) -> list[int]:
        unknown = [self.numbers_of["[UNK]"]]
        found: list[int] = []
        at = 0
        while at < len(part):
            if len(part) > LONGEST_WORD:
                return unknown
            sign = "##" if at else ""
            end = next((e for e in range(len(part), at, -1) if sign + part[at:e] in self.numbers_of), None)
            if end is None:
                return unknown
            found.append(self.numbers_of[sign + part[at:end]])
            at = end
        return found


def _parts(word: str) -> Iterator[str]:
    """A word in lower case without accents, cut at punctuation and around Chinese characters; controls are left out."""
    plain = "".join(c for c in word if c != "\ufffd" and not unicodedata.category(c).startswith("C"))
    lower = "".join(c.lower() for c in unicodedata.normalize("NFD", plain) if unicodedata.category(c) != "Mn")
    held = ""
    for c in lower:
        if not _stands_alone(c):
            held += c
            continue
        if held:
            yield held
        yield c
        held = ""
    if held:
        yield held


def _stands_alone(c: str) -> bool:
    sign = c.isascii() and not c.isalnum()
    chinese = any(low <= ord(c) <= high for low, high in CHINESE)
    return sign or chinese or unicodedata.category(c).startswith("P")

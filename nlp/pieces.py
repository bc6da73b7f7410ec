"""Text as the numbers of a vocabulary's pieces, the likeliest ones by a unigram model (SentencePiece, Kudo 2018)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

SPACE = "\u2581"  # how the vocabulary writes the space before a word
UNKNOWN = 10.0  # below the least likely piece: the score of a character that no piece covers
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

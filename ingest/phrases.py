"""Which of a hundred phrases a text has in it, without a hundred searches."""

from __future__ import annotations

import re
from collections.abc import Collection

WORDS = 100_000  # words remembered, some 10 MB; 4,000 articles of the financial press have as many different ones


class Phrases:
    """A set of phrases in lower case; knows of each word that it has met which of them may stand there.

    A phrase can only be in a text if its longest word is part of a word of the text. So only the
    phrases of suspicious words are looked for, and most texts have few such words. The answer is
    exact, what is remembered only saves time.
    """

    def __init__(self, phrases: Collection[str]) -> None:
        self._longest = [(max(phrase.split(), key=len), phrase) for phrase in sorted(phrases)]
        self._any = re.compile("|".join(sorted({re.escape(longest) for longest, _ in self._longest})))
        self._innocent: set[str] = set()
        self._suspicious: dict[str, list[str]] = {}

    def present(self, small: str) -> set[str]:
        """The phrases in `small`, a text in lower case."""
        words = set(small.split()) - self._innocent
        return {phrase for word in words for phrase in self._of(word) if phrase in small}

    def _of(self, word: str) -> list[str]:
        phrases = self._suspicious.get(word)
        if phrases is None:
            phrases = [p for longest, p in self._longest if longest in word] if self._any.search(word) else []
            if len(self._innocent) + len(self._suspicious) >= WORDS:
                self._innocent.clear()
                self._suspicious.clear()
            if phrases:
                self._suspicious[word] = phrases
            else:
                self._innocent.add(word)
        return phrases

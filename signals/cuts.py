"""Series as they stood at one instant after another, and what was computed from them, kept while it holds."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterator, Mapping
from datetime import datetime
from typing import Any, TypeVar

from core.series import Series

T = TypeVar("T")


class Memory:
    """The newest result of each computation, for as long as what it rests on is the very same.

    A backtest asks for 2,500 mornings, on most of which a monthly series says what it said the day
    before. Nothing that is remembered changes a result: what is given back is what would be computed.
    """

    def __init__(self) -> None:
        self._kept: dict[Hashable, tuple[tuple[object, ...], Hashable, Any]] = {}
        self._last: dict[Hashable, Any] = {}

    def kept(self, what: Hashable, rests_on: tuple[object, ...], compute: Callable[[], T], *, at: Hashable = None) -> T:
        """The result of `compute`, the last one if it rests on the same objects and an equal `at`.

        `what` names the computation with its parameters; `rests_on` are the objects it reads,
        compared by identity: two cuts between which nothing became known share them.
        """
        held = self._kept.get(what)
        if held is not None and held[1] == at and all(a is b for a, b in zip(held[0], rests_on, strict=True)):
            return held[2]  # type: ignore[no-any-return]  # what one name stands for has one type
        made = compute()
        self._kept[what] = (rests_on, at, made)
        return made

    def last(self, what: Hashable) -> Any:
        """What `keep` was given last under this name, or None."""
        return self._last.get(what)

    def keep(self, what: Hashable, made: Any) -> None:
        """Remember `made` for who can go on from it, and can tell whether that is right."""
        self._last[what] = made


class Cut(Mapping[str, Series]):
    """What was known at `as_of`, cut when it is asked for; a series of which nothing was known is absent."""

    def __init__(self, series: Mapping[str, Series], as_of: datetime) -> None:
        self.as_of = as_of
        self._whole = series
        self._made: dict[str, Series | None] = {}

    def __getitem__(self, series_id: str) -> Series:
        made = self.known(series_id)
        if made is None:
            raise KeyError(series_id)
        return made

    def known(self, series_id: str) -> Series | None:
        """The series, or None; most parts of a pair are asked for and never sold, so that raising would cost."""
        if series_id not in self._made:
            whole = self._whole.get(series_id)
            cut = whole.known_at(self.as_of) if whole is not None else None
            self._made[series_id] = cut if cut is not None and cut.observations else None
        return self._made[series_id]

    def __iter__(self) -> Iterator[str]:
        return (name for name in self._whole if name in self)

    def __len__(self) -> int:
        return sum(1 for _ in self)

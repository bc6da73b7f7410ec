"""The table of families: which outlets one house owns, and how a text shows that a wire or a press release wrote it."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date
from functools import cached_property
from pathlib import Path
from typing import Literal

from pydantic import field_validator

from core.yaml import Strict, read

Basis = Literal["general knowledge", "read", "observed"]


class House(Strict):
    """Outlets that speak with one voice: of one owner, or of one desk whose texts they print.

    `relation` says which; `source` is where that can be checked (for a desk: what was observed, and when),
    `date` the day of which the row holds, and `basis` whether `source` was read, what it tells was
    observed, or the row is from general knowledge and nobody has looked it up yet. Names and hosts of outlets are compared without regard to case.
    """

    name: str
    outlets: tuple[str, ...]
    relation: Literal["owned", "desk"] = "owned"
    source: str
    date: date
    basis: Basis = "general knowledge"


class Wire(Strict):
    """An agency or a service for press releases, and the marks by which its text is known.

    `opens` are regular expressions sought in a text's first 300 characters, `closes` in its last
    200, `bylines` in the author's name. A release's voice is its issuer, not the service. `source`,
    `date` and `basis` as of a House.
    """

    name: str
    kind: Literal["agency", "release"] = "agency"
    opens: tuple[str, ...] = ()
    closes: tuple[str, ...] = ()
    bylines: tuple[str, ...] = ()
    source: str
    date: date
    basis: Basis = "general knowledge"

    @field_validator("opens", "closes", "bylines")
    @classmethod
    def _compiles(cls, patterns: tuple[str, ...]) -> tuple[str, ...]:
        for pattern in patterns:
            try:
                re.compile(pattern)
            except re.error as error:
                raise ValueError(f"{pattern!r} is no regular expression: {error}") from error
        return patterns


class Families(Strict):
    """The whole file. A user's own file has the same shape, and its rows come before the shipped ones."""

    houses: tuple[House, ...] = ()
    wires: tuple[Wire, ...] = ()

    @cached_property
    def owners(self) -> Mapping[str, str]:
        """Each outlet's owner by its name in lower case, the first row deciding."""
        found: dict[str, str] = {}
        for house in self.houses:
            for outlet in (house.name, *house.outlets):
                found.setdefault(outlet.casefold(), house.name)
        return found

    def extended(self, own: Families) -> Families:
        """These families with a user's before them: the first row that names an outlet or matches a text decides."""
        return Families(houses=own.houses + self.houses, wires=own.wires + self.wires)


def load(path: Path) -> Families:
    """Read the table; raises ConfigError with file, line and key."""
    return read(path).parse(Families)

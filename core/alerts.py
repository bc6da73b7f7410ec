"""Alerts: changes worth a mail between briefings."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

AlertKind = Literal["verdict", "concede", "burst", "walk_back"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Alert:
    """Something that began at `at`: a verdict, a crossed concede-if, a burst of coverage, a walk-back.

    `subject` is the verdict's kind, the check's id, "attention", or article and version. `a_year` is
    how many of its kind a year the narrative's own null history gives; None where `null_history` says
    that this cannot be estimated yet.
    """

    id: str
    narrative: str
    kind: AlertKind
    subject: str
    at: datetime
    contract: str
    sentence: str
    a_year: float | None
    null_history: str


@dataclass(frozen=True, slots=True, kw_only=True)
class WalkBack:
    """A tagged article whose newer version takes something back; `marks` say what kind of change it is."""

    article: str
    version: int
    source: str
    title: str
    marks: str

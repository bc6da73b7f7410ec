"""The stages of a pass. Each takes up its events, and commits rows, new events and cursor together."""

from __future__ import annotations

from dataclasses import dataclass

# What each stage listens to: the kinds of events that its cursor moves over.
LISTENS = {
    "texts": ("article",),
    "stories": ("text",),
    "tagging": ("text",),
    "claims": ("text",),
    "judge": ("tag", "story", "vintage", "contract"),
    "alerts": ("verdict",),
    "notices": ("alert",),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Done:
    """What a stage did: items handled, new rows, and what failed, in words."""

    stage: str
    handled: int = 0
    new: int = 0
    problems: tuple[str, ...] = ()

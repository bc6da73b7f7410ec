"""What people said of tagged articles, beside what the tagger had said."""

from __future__ import annotations

from dataclasses import dataclass

from core.labels import Stratum
from core.tags import Stance


@dataclass(frozen=True, slots=True, kw_only=True)
class Judged:
    """One article as the tagger and as a person saw it; a stance is None where it does not carry the narrative.

    It was drawn by lot from its `stratum` and stands for `weight` articles of the stream.
    """

    article: str
    tagged: Stance | None
    labelled: Stance | None
    stratum: Stratum | None = None
    weight: float = 1.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Rates:
    """Of `labels` articles drawn by lot: how often a tag is right, and how much is found.

    `precision` is the share of carrying tags that people confirmed, `recall` the share of carrying
    articles that were tagged, each with its 90 % interval; None where no label can tell.
    """

    labels: int
    precision: tuple[float, float, float] | None
    recall: tuple[float, float, float] | None

    @property
    def sentence(self) -> str:
        """Both in one plain sentence."""
        if not self.labels:
            return "How often the tags are wrong is not known: not audited."
        told = [
            f"{name} {of[0]:.0%} [{of[1]:.0%}, {of[2]:.0%}]" if of else f"{name} not audited"
            for name, of in (("precision", self.precision), ("recall", self.recall))
        ]
        return f"By {self.labels} articles drawn by lot and read: {', '.join(told)}, 90 % intervals."

"""Scores of the tags as a reader and as a script want them."""

from __future__ import annotations

from typing import Any

from nlp.evaluation import FIGURES, NarrativeScores


def in_words(scores: NarrativeScores) -> str:
    """Figures with their 95 % intervals and the confusion table."""
    lines = [f"{scores.narrative}: {scores.scored} scored, {scores.positives} carry it"]
    held = [(name, getattr(scores, name)) for name in FIGURES]
    lines += [f"  {name:10} {s.value:.3f}   [{s.low:.3f}, {s.high:.3f}]" for name, s in held]
    lines += [f"  {labelled:>9} -> {given:9} {n:5}" for (labelled, given), n in scores.confusion.items()]
    return "\n".join(lines)


def in_figures(scores: NarrativeScores) -> dict[str, Any]:
    """The same as plain data: each figure as [value, low, high]."""
    held = [(name, getattr(scores, name)) for name in FIGURES]
    return {
        "scored": scores.scored,
        "positives": scores.positives,
        **{name: [round(v, 4) for v in (s.value, s.low, s.high)] for name, s in held},
        "confusion": {f"{labelled} -> {given}": n for (labelled, given), n in scores.confusion.items()},
    }

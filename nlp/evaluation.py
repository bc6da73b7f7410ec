"""How good tags are against labels: precision, recall, F1 with intervals, calibration, and what is confused."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from core.tags import STANCES, Tag, TaggedArticle
from nlp.formats import Label, Labelled

DRAWS = 1000  # resamples of the articles for an interval
SEED = 0
BINS = 10  # of the calibration error

Row = tuple[Label, Tag | None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Score:
    """A figure with its 95 % interval from DRAWS resamples of the articles."""

    value: float
    low: float
    high: float


@dataclass(frozen=True, slots=True, kw_only=True)
class NarrativeScores:
    """How one narrative's tags fare on `scored` articles, of which `positives` carry it by their label.

    `stance` is the macro-F1 over the stances on articles that truly carry it (an untagged one is wrong), `both`
    that over none and the stances on all; `ece` the expected calibration error of the probability in ten bins,
    `brier` its Brier score, `skill` 1 - brier over that of the base rate. `confusion` counts (labelled, given).
    """

    narrative: str
    scored: int
    positives: int
    precision: Score
    recall: Score
    f1: Score
    stance: Score
    both: Score
    ece: Score
    brier: Score
    skill: Score
    confusion: Mapping[tuple[str, str], int]


FIGURES = ("precision", "recall", "f1", "stance", "both", "ece", "brier", "skill")
ALL = "all narratives"


def evaluate(labelled: Sequence[Labelled], tagged: Sequence[TaggedArticle]) -> tuple[NarrativeScores, ...]:
    """Scores for each narrative that the labels name, then for ALL pooled; an article without a tag counts as none.

    Labels whose `tag` is None are not scored; a missing stance leaves an article out of the two stance figures.
    """
    given = {(t.article, tag.narrative): tag for t in tagged for tag in t.tags}
    names = sorted({n for one in labelled for n in one.labels})
    out: list[NarrativeScores] = []
    everything: list[Row] = []
    draw = random.Random(SEED)  # noqa: S311 -- resampling, nothing secret
    for name in names:
        rows: list[Row] = [
            (one.labels[name], given.get((one.article.id, name)))
            for one in labelled
            if name in one.labels and one.labels[name].tag is not None
        ]
        everything += rows
        out.append(_scores(name, rows, draw))
    if names:
        out.append(_scores(ALL, everything, draw))
    return tuple(out)


def _scores(name: str, rows: Sequence[Row], draw: random.Random) -> NarrativeScores:
    point = _figures(rows)
    draws = [_figures(draw.choices(rows, k=len(rows))) for _ in range(DRAWS)] if rows else [point]
    cut = len(draws) // 40  # 2.5 % at either end
    scores: dict[str, Score] = {}
    for figure in FIGURES:
        values = sorted(d[figure] for d in draws)
        scores[figure] = Score(value=point[figure], low=values[cut], high=values[len(values) - 1 - cut])
    return NarrativeScores(
        narrative=name,
        scored=len(rows),
        positives=sum(bool(label.tag) for label, _ in rows),
        confusion=dict(Counter((_said(label), _given(tag)) for label, tag in rows)),
        **scores,
    )


def _said(label: Label) -> str:
    return str(label.stance) if label.tag else "none"


def _given(tag: Tag | None) -> str:
    return str(tag.stance) if tag is not None and tag.carries else "none"


def _figures(rows: Sequence[Row]) -> dict[str, float]:
    precision, recall, f1 = _f1([(bool(label.tag), tag is not None and tag.carries) for label, tag in rows], True)
    told = [(_said(label), _given(tag)) for label, tag in rows if not label.tag or label.stance]
    carrying = [pair for pair in told if pair[0] != "none"]
    present = [s for s in STANCES if any(said == s for said, _ in carrying)]
    return {
        "precision": precision,
        "recall": recall,
        "f1": f1,
        "stance": _macro(carrying, present),
        "both": _macro(told, ["none", *present]),
        **_calibration([(tag.probability if tag else 0.0, bool(label.tag)) for label, tag in rows]),
    }


def _f1(pairs: Sequence[tuple[object, object]], of: object) -> tuple[float, float, float]:
    counts = Counter((said == of, given == of) for said, given in pairs)
    right, false, missed = counts[True, True], counts[False, True], counts[True, False]
    share: Callable[[int, int], float] = lambda part, whole: part / whole if whole else 0.0  # noqa: E731 -- one line, three uses
    return share(right, right + false), share(right, right + missed), share(2 * right, 2 * right + false + missed)


def _macro(pairs: Sequence[tuple[str, str]], classes: Sequence[str]) -> float:
    return sum(_f1(pairs, c)[2] for c in classes) / max(1, len(classes))


def _calibration(pairs: Sequence[tuple[float, bool]]) -> dict[str, float]:
    held = max(1, len(pairs))
    bins: list[list[tuple[float, bool]]] = [[] for _ in range(BINS)]
    for probability, true in pairs:
        bins[min(BINS - 1, int(probability * BINS))].append((probability, true))
    brier = sum((p - t) ** 2 for p, t in pairs) / held
    base = sum(t for _, t in pairs) / held
    spread = base * (1 - base)
    return {
        "ece": sum(abs(sum(p for p, _ in b) - sum(t for _, t in b)) for b in bins) / held,
        "brier": brier,
        "skill": 1 - brier / spread if spread else 0.0,
    }

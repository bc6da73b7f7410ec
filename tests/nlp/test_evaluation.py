"""Scores of tags against labels, by hand and against the published scorer."""

import json
import random
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

import pytest

from core.tags import STANCES, Tag, TaggedArticle
from nlp.evaluation import ALL, evaluate
from nlp.formats import read_labels, tag_line

NOW = datetime(2026, 4, 15, 6, tzinfo=UTC)


def row(identity: str, tag: bool | None, stance: str | None = None) -> str:
    return json.dumps({"id": identity, "title": "T", "text": "", "labels": {"n": {"tag": tag, "stance": stance}}})


def given(identity: str, probability: float, stance: str | None = None, narrative: str = "n") -> TaggedArticle:
    tag = Tag(narrative=narrative, carries=stance is not None, probability=probability, stance=stance)  # type: ignore[arg-type]
    return TaggedArticle(article=identity, version=1, model="m", tags=(tag,))


def test_figures_are_those_computed_by_hand() -> None:
    """Two carried articles found, one of them with the wrong stance, one missed, one false alarm, one undecided."""
    labels = [
        row("a", True, "promotes"),
        row("b", True, "disputes"),
        row("c", True, "reports"),
        row("d", False),
        row("e", False),
        row("f", None),
    ]
    tags = [
        given("a", 0.9, "promotes"),
        given("b", 0.8, "reports"),
        given("c", 0.3),
        given("d", 0.6, "reports"),
        given("e", 0.0),
        given("f", 0.9, "promotes"),
    ]
    scores, pooled = evaluate(list(read_labels(labels, "l", now=NOW)), tags)
    assert (scores.narrative, scores.scored, scores.positives) == ("n", 5, 3)
    assert scores.precision.value == pytest.approx(2 / 3)
    assert scores.recall.value == pytest.approx(2 / 3)
    assert scores.f1.value == pytest.approx(2 / 3)
    assert scores.stance.value == pytest.approx((1 + 0 + 0) / 3)
    # none: one of two found, one false (c): 2*1/(2+1+1); promotes 1; disputes 0; reports 0
    assert scores.both.value == pytest.approx((0.5 + 1 + 0 + 0) / 4)
    # each probability stands alone in its bin
    assert scores.ece.value == pytest.approx((0.1 + 0.2 + 0.7 + 0.6 + 0.0) / 5)
    assert scores.brier.value == pytest.approx((0.01 + 0.04 + 0.49 + 0.36 + 0.0) / 5)
    assert scores.skill.value == pytest.approx(1 - 0.18 / 0.24)
    assert scores.confusion == {
        ("promotes", "promotes"): 1,
        ("disputes", "reports"): 1,
        ("reports", "none"): 1,
        ("none", "reports"): 1,
        ("none", "none"): 1,
    }
    assert (pooled.narrative, pooled.f1.value) == (ALL, scores.f1.value)
    assert scores.f1.low <= scores.f1.value <= scores.f1.high


def test_an_article_without_a_tag_counts_as_none() -> None:
    scores = evaluate(list(read_labels([row("a", True, "reports"), row("b", False)], "l", now=NOW)), [])[0]
    assert (scores.recall.value, scores.precision.value, scores.ece.value) == (0.0, 0.0, 0.5)


def test_nothing_labelled_is_no_score() -> None:
    assert evaluate([], []) == ()


@pytest.mark.real
def test_the_figures_and_intervals_are_those_of_the_published_scorer(real: Path, tmp_path: Path) -> None:
    """Random tags on the real labels: every figure agrees to the three decimals that the scorer prints."""
    path = real / "data/news/labelled.jsonl"
    labelled = list(read_labels(path.read_text(encoding="utf-8").splitlines(), path.name, now=NOW))
    draw, tags = random.Random(7), []  # noqa: S311 -- made-up tags, nothing secret
    for one in labelled:
        marks = []
        for narrative in one.labels:
            probability = round(draw.random(), 4)
            carries = probability > 0.6
            stance = draw.choice(STANCES) if carries else None
            marks.append(Tag(narrative=narrative, carries=carries, probability=probability, stance=stance))
        tags.append(TaggedArticle(article=one.article.id, version=1, model="m", tags=tuple(marks)))
    (tmp_path / "tags.jsonl").write_text("".join(json.dumps(tag_line(t.article, t)) + "\n" for t in tags))
    scorer = [sys.executable, str(real / "tools/score_tags.py"), str(path), str(tmp_path / "tags.jsonl"), "--json"]
    theirs = json.loads(subprocess.run(scorer, check=True, capture_output=True, text=True).stdout)
    for ours in evaluate(labelled, tags):
        told = theirs[ours.narrative]
        assert (ours.scored, ours.positives) == (told["scored"], told["positives"])
        for figure in ("precision", "recall", "stance", "both", "ece", "brier", "skill"):
            score = getattr(ours, figure)
            assert [round(score.value, 3), round(score.low, 3), round(score.high, 3)] == told[figure], figure
        assert round(ours.f1.value, 3) == told["tag"][0]
        shown = {f"{a} -> {b}": n for (a, b), n in ours.confusion.items()}
        assert shown == told["confusion (labelled, given)"]

"""Precision and recall from articles drawn by lot, each standing for as many as its draw says."""

import math

import pytest

from core.audits import Judged
from core.labels import Stratum
from signals.auditing import Z, rates, share, wilson


def drawn(n: int, stratum: Stratum, *, weight: float, tagged: bool, carries: bool) -> list[Judged]:
    said = "reports" if carries else None
    return [
        Judged(
            article=f"{stratum}{tagged}{carries}{k}",
            tagged="promotes" if tagged else None,
            labelled=said,  # type: ignore[arg-type]
            stratum=stratum,
            weight=weight,
        )
        for k in range(n)
    ]


def test_what_was_missed_counts_as_often_as_it_stands_for() -> None:
    labels = [
        *drawn(8, "tagged", weight=5, tagged=True, carries=True),
        *drawn(2, "tagged", weight=5, tagged=True, carries=False),
        *drawn(1, "near", weight=20, tagged=False, carries=True),
        *drawn(4, "near", weight=20, tagged=False, carries=False),
        *drawn(10, "far", weight=300, tagged=False, carries=False),
    ]
    found = rates(labels)
    assert found.labels == 25
    assert found.precision is not None
    assert found.precision[0] == pytest.approx(0.8)
    assert found.recall is not None
    assert found.recall[0] == pytest.approx(40 / (40 + 20))  # 8 x 5 found, 1 x 20 missed
    # By hand: of the far ones 0 of 10 carry, and Wilson's upper end is z^2 / (10 + z^2) of 3000; of the near ones
    # it is that of 1 in 5, of 100. Distances from the estimates add up as squares.
    far = 3000 * Z * Z / (10 + Z * Z)
    near = 100 * (wilson(1 / 5, 5)[2] - 1 / 5)
    missed = 20 + math.hypot(far, near)
    low = 50 * wilson(8 / 10, 10)[1]
    assert found.recall[1] == pytest.approx(low / (low + missed))
    assert found.recall[1] < found.recall[0] < found.recall[2] < 1


def test_unequal_weights_are_worth_fewer_labels() -> None:
    one = drawn(1, "tagged", weight=3, tagged=True, carries=True)
    labels = [*one, *drawn(1, "tagged", weight=1, tagged=True, carries=False)]
    told = share(labels, lambda label: label.labelled is not None)
    assert told == wilson(0.75, 16 / 10)  # Kish: 4^2 / (3^2 + 1^2)


def test_tags_alone_say_nothing_of_what_was_missed() -> None:
    found = rates(drawn(5, "tagged", weight=1, tagged=True, carries=True))
    assert found.recall is None
    assert "recall not audited" in found.sentence


def test_without_labels_it_says_so() -> None:
    assert rates([]).sentence == "How often the tags are wrong is not known: not audited."


def test_tags_that_are_never_right_have_a_recall_of_nothing() -> None:
    labels = [
        *drawn(3, "tagged", weight=1, tagged=True, carries=False),
        *drawn(3, "near", weight=1, tagged=False, carries=True),
    ]
    found = rates(labels)
    assert found.precision is not None
    assert found.recall is not None
    assert (found.precision[0], found.recall[0]) == (0, 0)


def test_a_share_of_nothing_is_refused() -> None:
    with pytest.raises(ValueError, match="nothing"):
        share([], lambda _: True)

"""The rule from sentences to articles."""

import numpy as np
import pytest

from core.tags import STANCES
from nlp.aggregation import Aggregator
from nlp.aggregators import fitted
from nlp.training import MIRROR, Row, fit_aggregator, unseen


@pytest.mark.parametrize("aggregator", [pytest.param(a, id=f"{e} {t}") for (e, t), a in fitted().items()])
def test_exchanging_promoting_and_disputing_exchanges_the_stance(aggregator: Aggregator) -> None:
    """The weights are symmetric, to the four decimals they are kept with."""
    features = np.array([0.5, 0.2, 0.6, 0.1, 0.7, 0.3, 0.4, 0.55, 0.25, 1.5, -0.5])
    promotes, disputes, reports = aggregator.stances(features)
    assert aggregator.stances(features[MIRROR]) == pytest.approx([disputes, promotes, reports], abs=1e-3)


def made_up(n: int) -> list[Row]:
    """Articles whose first feature decides the tag, and whose first stance features the stance."""
    draw, rows = np.random.default_rng(3), []
    for i in range(n):
        tag, stance = i % 2 == 0, STANCES[i % 3]
        lean = np.array([stance == "promotes", stance == "disputes"], dtype=float)
        rows.append(
            Row(
                article=str(i),
                narrative="n",
                features={"2": np.append(2.0 * tag - 1, draw.normal(0, 0.1, 12))},
                stance_features=np.append(lean, draw.normal(0, 0.1, 9)),
                tag=tag,
                stance=stance if tag else None,
            )
        )
    return rows


def test_what_decides_is_learnt_and_measured_on_articles_not_learnt_from() -> None:
    rows = made_up(120)
    given = unseen(rows)
    assert set(given) == {(r.article, "n") for r in rows}
    assert all((given[r.article, "n"][0]["2"] > 0.5) == r.tag for r in rows)
    assert all(given[r.article, "n"][1] == r.stance for r in rows if r.tag)


def test_an_article_behind_a_shut_gate_has_no_probability() -> None:
    shut = Row(article="shut", narrative="n", features={}, stance_features=None, tag=True, stance="reports")
    assert unseen([*made_up(60), shut])["shut", "n"] == ({}, None)


def test_a_headline_alone_needs_more_than_a_text() -> None:
    fitted = fit_aggregator(made_up(60), threshold=0.3, headline=0.6)
    assert (fitted.carried(0.3, "2"), fitted.carried(0.29, "2")) == (True, False)
    assert (fitted.carried(0.6, "headline"), fitted.carried(0.59, "headline")) == (True, False)

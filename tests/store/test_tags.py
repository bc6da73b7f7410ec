"""What is kept of a tag, and the models that made it."""

from collections.abc import Callable
from datetime import timedelta

import pytest

from core.errors import StoreError
from core.tags import Span, TaggedArticle
from store import articles, tags
from store.database import Database
from tests.store.making import MORNING, make_article, make_tag

HOUR = timedelta(hours=1)


def test_a_tag_is_kept_with_its_claims_and_spans(db: Database) -> None:
    articles.add(db, [make_article()])
    tag = make_tag(
        speaker="a vendor",
        organisation="Chipworks",
        own_book=True,
        claims=("independence", "cheaper", "cheaper"),
        spans=(
            Span(start=19, end=28, text="The cloud", says="promotes", example="Clouds are cheap."),
            Span(start=0, end=5, text="Chips", says="reports"),
        ),
    )
    tags.save(db, TaggedArticle(article="a1", version=1, model="m1", tags=(tag,)), at=MORNING)
    (row,) = db.query("SELECT * FROM tags")
    assert (row["narrative"], row["carries"], row["stance"], row["own_book"]) == ("nvidia_killer", 1, "promotes", 1)
    assert (row["speaker"], row["organisation"]) == ("a vendor", "Chipworks")
    assert row["stance_probabilities"] == '{"disputes": 0.1, "promotes": 0.8, "reports": 0.1}'
    assert [r["claim"] for r in db.query("SELECT claim FROM claims ORDER BY claim")] == ["cheaper", "independence"]
    spans = [
        tuple(r.values())
        for r in db.query("SELECT number, starts, ends, text, says, example FROM spans ORDER BY number")
    ]
    assert spans == [(1, 19, 28, "The cloud", "promotes", "Clouds are cheap."), (2, 0, 5, "Chips", "reports", "")]


def test_saving_twice_changes_nothing_even_when_the_model_says_otherwise(
    db: Database, dump: Callable[[], object]
) -> None:
    articles.add(db, [make_article()])
    tags.save(db, TaggedArticle(article="a1", version=1, model="m1", tags=(make_tag(),)), at=MORNING)
    before = dump()
    for carries in (True, False):
        again = TaggedArticle(article="a1", version=1, model="m1", tags=(make_tag(carries=carries),))
        tags.save(db, again, at=MORNING + HOUR)
    assert dump() == before


@pytest.mark.parametrize(
    "tagged",
    [
        pytest.param(TaggedArticle(article="nobody", version=1, model="m", tags=(make_tag(),)), id="of no article"),
        pytest.param(TaggedArticle(article="a1", version=2, model="m", tags=(make_tag(),)), id="of no version"),
        pytest.param(
            TaggedArticle(article="a1", version=1, model="m", tags=(make_tag(stance=None),)),
            id="that carries without stance",
        ),
        pytest.param(
            TaggedArticle(article="a1", version=1, model="m", tags=(make_tag(probability=1.1),)),
            id="with a chance over one",
        ),
    ],
)
def test_a_tag_is_refused(db: Database, tagged: TaggedArticle) -> None:
    articles.add(db, [make_article()])
    with pytest.raises(StoreError):
        tags.save(db, tagged, at=MORNING)
    assert db.table("tags").count == 0


def test_a_model_is_kept_byte_for_byte_and_never_replaced(db: Database) -> None:
    tags.register_model(db, id="m1", card={"embedder": "ü"}, data=b"\x00\xff", at=MORNING)
    tags.register_model(db, id="m1", card={}, data=b"other", at=MORNING + HOUR)
    assert tags.model(db, "m1") == b"\x00\xff"
    assert tags.model(db, "m2") is None
    assert db.execute("SELECT card FROM models").fetchone() == ('{"embedder": "ü"}',)

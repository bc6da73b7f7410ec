"""The two promised file formats."""

import json
from datetime import UTC, datetime

import pytest

from core.errors import InputError
from core.tags import Span, Tag, TaggedArticle
from nlp.formats import Label, read_articles, read_labels, tag_line

NOW = datetime(2026, 4, 15, 6, tzinfo=UTC)


def test_articles_keep_their_order_and_their_ids_and_blank_lines_are_skipped() -> None:
    lines = ['{"id": "b", "title": "T", "text": "Body."}', "", '{"id": "a", "title": "Only a headline", "text": ""}']
    first, second = read_articles(lines, "in.jsonl", now=NOW)
    assert (first.id, first.quality, first.text_kind, first.first_seen) == ("b", "good", "full", NOW)
    assert (second.id, second.quality, second.text_kind) == ("a", "headline", "headline")


def test_optional_keys_are_taken_over_and_a_time_without_zone_is_utc() -> None:
    line = json.dumps(
        {
            "id": "x",
            "title": "T",
            "text": None,
            "source": "The Bugle",
            "url": "https://example.com/x",
            "published": "2026-04-14T08:00:00+02:00",
        }
    )
    (article,) = read_articles([line], "in.jsonl", now=NOW)
    assert (article.source, article.url) == ("The Bugle", "https://example.com/x")
    assert article.published == datetime(2026, 4, 14, 6, tzinfo=UTC)
    (article,) = read_articles(
        ['{"id": "x", "title": "T", "text": "", "published": "2026-04-14T08:00:00"}'], "f", now=NOW
    )
    assert article.published == datetime(2026, 4, 14, 8, tzinfo=UTC)


@pytest.mark.parametrize(
    ("lines", "message"),
    [
        pytest.param(["{"], "in.jsonl:1: is not JSON", id="broken JSON is named with its line"),
        pytest.param(["", "[]"], "in.jsonl:2: must be an object", id="a blank line still counts as a line"),
        pytest.param(['{"title": "T", "text": ""}'], "in.jsonl:1: id: must be a text", id="an id is needed"),
        pytest.param(['{"id": 7, "title": "T", "text": ""}'], "in.jsonl:1: id:", id="an id is a text"),
        pytest.param(['{"id": "a", "text": ""}'], "in.jsonl:1: title: must be a text", id="a title is needed"),
        pytest.param(['{"id": "a", "title": "T"}'], "in.jsonl:1: text: must be a text", id="a text is needed"),
        pytest.param(['{"id": "a", "title": "T", "text": 3}'], "in.jsonl:1: text:", id="a text is a text"),
        pytest.param(
            ['{"id": "a", "title": "T", "text": "", "published": "soon"}'],
            "in.jsonl:1: published: 'soon' is not an ISO 8601 instant",
            id="a date is a date",
        ),
        pytest.param(
            ['{"id": "a", "title": "T", "text": ""}', '{"id": "a", "title": "U", "text": ""}'],
            "in.jsonl:2: id: 'a' stands on line 1 already",
            id="an id stands once",
        ),
    ],
)
def test_faults_name_file_line_and_key(lines: list[str], message: str) -> None:
    with pytest.raises(InputError) as caught:
        list(read_articles(lines, "in.jsonl", now=NOW))
    assert str(caught.value).startswith(message)


def labelled(labels: object) -> list[str]:
    return [json.dumps({"id": "a", "title": "T", "text": "", "labels": labels})]


def test_labels_may_be_undecided_and_may_lack_a_stance() -> None:
    (one,) = read_labels(labelled({"n": {"tag": True, "stance": "disputes"}, "m": {"tag": None}}), "l", now=NOW)
    assert one.labels == {"n": Label(tag=True, stance="disputes"), "m": Label(tag=None)}


@pytest.mark.parametrize(
    ("labels", "message"),
    [
        pytest.param(None, "l:1: labels: must be an object", id="labels are needed"),
        pytest.param({"n": True}, "l:1: labels.n: must be an object with a tag", id="a label is an object"),
        pytest.param({"n": {"tag": "yes"}}, "l:1: labels.n.tag: must be true, false or null", id="a tag is a boolean"),
        pytest.param(
            {"n": {"tag": True, "stance": "pro"}}, "l:1: labels.n.stance: 'pro' is none of", id="stances are three"
        ),
    ],
)
def test_faults_in_labels_name_narrative_and_key(labels: object, message: str) -> None:
    with pytest.raises(InputError) as caught:
        list(read_labels(labelled(labels), "l", now=NOW))
    assert str(caught.value).startswith(message)


def test_a_tag_line_is_the_promised_shape() -> None:
    carried = Tag(
        narrative="n",
        carries=True,
        probability=0.97,
        stance="disputes",
        stance_probabilities={"promotes": 0.1, "disputes": 0.7, "reports": 0.2},
        claims=("cheaper",),
        spans=(Span(start=3, end=6, text="no.", says="disputes", example="Not so."),),
    )
    tagged = TaggedArticle(
        article="7", version=1, model="m", tags=(carried, Tag(narrative="m", carries=False, probability=0.02))
    )
    assert tag_line("7", tagged) == {
        "id": "7",
        "narratives": {
            "n": {
                "tag": True,
                "probability": 0.97,
                "stance": "disputes",
                "stance_probabilities": {"promotes": 0.1, "disputes": 0.7, "reports": 0.2},
                "claims": ["cheaper"],
                "spans": [{"start": 3, "end": 6, "text": "no.", "says": "disputes", "example": "Not so."}],
            },
            "m": {"tag": False, "probability": 0.02},
        },
    }

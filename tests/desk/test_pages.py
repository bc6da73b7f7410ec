"""Every page on a real server: what it shows, what it refuses, and what it may change."""

import re
from collections.abc import Callable

import pytest

from counterwire.unsubscribing import secret, token
from tests.desk.conftest import READER, Desk

Rows = Callable[[str], list[dict[str, object]]]


@pytest.mark.parametrize(
    ("path", "holds"),
    [
        pytest.param("/", "/narratives/nvidia_killer", id="the front page leads to the narratives"),
        pytest.param("/", 'href="/briefings/2026-04-15"', id="the front page leads to the briefings"),
        pytest.param("/narratives/nvidia_killer", "Who cuts prices?", id="a narrative shows its board"),
        pytest.param("/narratives/nvidia_killer", "press lean +0.40", id="a narrative shows its course"),
        pytest.param("/narratives/wall_street_recovery", "No verdict yet.", id="a narrative may have no verdict"),
        pytest.param("/briefings/2026-04-15", "<p>mail</p>", id="a briefing"),
        pytest.param("/briefings/2026-04-15.txt", "as text", id="a briefing as text"),
        pytest.param(
            "/label?narrative=nvidia_killer&article=a1", "Tagged: promotes", id="the form of a tagged article"
        ),
        pytest.param("/label?narrative=nvidia_killer&article=a2", "Not tagged", id="the form of one that is not"),
    ],
)
def test_a_page_shows_what_is_stored(desk: Desk, path: str, holds: str) -> None:
    told = desk.ask(path)
    assert told.status == 200
    assert holds in told.text
    assert "default-src 'none'" in told.headers["content-security-policy"]


@pytest.mark.parametrize(
    "path",
    [
        "/narratives/nope",
        "/briefings/nope",
        "/briefings/2026-04-15.exe",
        "/label?narrative=nvidia_killer&article=nope",
        "/label",
        "/unsubscribe/nope",
        "/elsewhere",
    ],
)
def test_what_is_not_there_is_said_so(desk: Desk, path: str) -> None:
    assert desk.ask(path).status == 404


@pytest.mark.parametrize("path", ["/narratives/nvidia_killer", "/label?narrative=nvidia_killer&article=a1&saved=<b>"])
def test_nothing_of_a_feed_becomes_markup(desk: Desk, path: str) -> None:
    told = desk.ask(path).text
    assert "<script" not in told
    assert "&lt;script&gt;" in told
    assert "javascript:" not in told
    assert "<b>" not in told


def test_another_name_for_this_machine_is_refused(desk: Desk) -> None:
    assert desk.ask("/", host="elsewhere.example.com").status == 400


def form_of(desk: Desk) -> dict[str, str]:
    told = desk.ask("/label?narrative=nvidia_killer&article=a1").text
    return dict(re.findall(r'type="hidden" name="(\w+)" value="([^"]*)"', told))


def test_a_passage_stands_beside_the_example_that_it_is_nearest_to(desk: Desk) -> None:
    told = desk.ask("/label?narrative=nvidia_killer&article=a1").text
    assert re.search(r"Chips get cheaper</span><br>.*nearest to: Chips are cheap\.</span>", told)


def test_a_label_is_added_with_who_when_and_the_passage(desk: Desk, rows: Rows) -> None:
    told = desk.ask("/label", method="POST", **form_of(desk), says="disputes", passage="0", who="Ann", note="a\r\nb")
    assert told.status == 303
    assert "Kept, thank you: disputes" in desk.ask(told.headers["location"]).text
    (row,) = rows("select * from labels where who = 'Ann'")
    assert {k: row[k] for k in ("narrative", "article", "at", "tag", "stance", "passage", "note", "drawn")} == {
        "narrative": "nvidia_killer",
        "article": "a1",
        "at": "2026-04-15T06:00:00Z",
        "tag": 1,
        "stance": "disputes",
        "passage": "Chips get cheaper",
        "note": "a b",
        "drawn": "chosen",
    }


@pytest.mark.parametrize(
    ("change", "status"),
    [
        pytest.param({"token": "0" * 32}, 403, id="a token that we did not make"),
        pytest.param({"token": ""}, 403, id="no token"),
        pytest.param({"article": "a2"}, 403, id="the token of another article"),
        pytest.param({"says": "rubbish"}, 400, id="an answer that there is not"),
        pytest.param({"passage": "7"}, 400, id="a passage that there is not"),
        pytest.param({"passage": "\u00b2"}, 400, id="a passage that is no number"),
        pytest.param({"note": "x" * 20_000}, 404, id="more than any form of ours"),
    ],
)
def test_a_form_that_is_not_ours_keeps_nothing(desk: Desk, rows: Rows, change: dict[str, str], status: int) -> None:
    before = rows("select count(*) as n from labels")
    form = {**form_of(desk), "says": "none", **change}
    assert desk.ask("/label", method="POST", **form).status == status
    assert rows("select count(*) as n from labels") == before


def test_looking_at_the_link_changes_nothing_and_one_click_unsubscribes(desk: Desk, rows: Rows) -> None:
    address = f"/unsubscribe/{token(secret(desk.house.settings.database), READER, 'daily')}"
    told = desk.ask(address)
    assert told.status == 200
    assert "a…@example.com" in told.text
    assert READER not in told.text
    assert rows("select * from unsubscribed") == []
    for _ in range(2):  # twice is once
        assert desk.ask(address, method="POST", **{"List-Unsubscribe": "One-Click"}).status == 200
    assert [r["recipient"] for r in rows("select * from unsubscribed")] == [READER]
    assert [r["reason"] for r in rows("select * from deliveries")] == ["unsubscribed"]


def test_an_unknown_token_unsubscribes_nobody(desk: Desk, rows: Rows) -> None:
    before = rows("select count(*) as n from unsubscribed")
    assert desk.ask("/unsubscribe/" + "0" * 32, method="POST").status == 404
    assert rows("select count(*) as n from unsubscribed") == before

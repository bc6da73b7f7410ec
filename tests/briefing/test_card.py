"""The card's coverage clause names the origin of the largest story; the mail leads to its page where it has one."""

from pathlib import Path
from types import SimpleNamespace

import pytest

from briefing.card import card
from briefing.render import Form, render
from core.findings import Origin

NB = "\u00a0"


@pytest.mark.parametrize(
    ("articles", "issuer", "said"),
    [
        pytest.param(3, "", "the largest story (3 articles) began at The Harbour Ledger.", id="an outlet"),
        pytest.param(
            3,
            "Quux Looms",
            "the largest story (3 articles) began as a press release of Quux Looms.",
            id="a press release",
        ),
        pytest.param(1, "Quux Looms", "no story was told twice.", id="every article its own story"),
    ],
)
def test_the_origin_of_the_largest_story_is_named(make: SimpleNamespace, articles: int, issuer: str, said: str) -> None:
    origin = Origin(
        story="s1",
        articles=articles,
        article="a1",
        outlet="The Harbour Ledger",
        release="a2" if issuer else "",
        issuer=issuer,
    )
    verdict = make.verdicts()[0]
    made = card(verdict, zone=make.zone, origin=origin)
    assert f"; {said}" in made.coverage.text.replace(NB, " ")
    assert f"n_eff {verdict.pressure.n_eff:.1f}" in made.coverage.text
    told = {(r.table, dict(r.key).get("id") or dict(r.key).get("article")) for r in made.coverage.refs}
    assert {("stories", "s1"), ("articles", "a1")} <= told
    assert (("releases", "a2") in told) == bool(issuer)


def test_an_issuer_cannot_write_into_the_card(make: SimpleNamespace) -> None:
    origin = Origin(
        story="s1", articles=2, article="a1", outlet="x", release="a1", issuer="Evil\r\nBcc: a@example.com\u202e"
    )
    text = card(make.verdicts()[0], zone=make.zone, origin=origin).coverage.text
    assert not {"\r", "\n", "\u202e"} & set(text)


def test_without_an_origin_nothing_is_said_of_one(make: SimpleNamespace) -> None:
    assert "story" not in card(make.verdicts()[0], zone=make.zone).coverage.text


@pytest.mark.parametrize("form", ["html", "text", "markdown"])
def test_the_mail_leads_to_its_page_where_that_has_an_address(
    make: SimpleNamespace, templates: Path, form: Form
) -> None:
    page = "https://desk.example.com/briefings/2026-04-24"
    with_page = render(make.composed(page=page), form, templates=templates)
    for address in (page, f"{page}#nvidia_killer", f"{page}#wall_street_recovery"):
        assert address in with_page
    without = render(make.composed(), form, templates=templates)
    assert "n the page:" not in without
    assert ">On the page<" not in without
    assert "](<#" not in without
    assert 'href=""' not in without

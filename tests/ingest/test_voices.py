"""Who is speaking: the outlet's house, the wire whose text it prints, or the one who issued a release."""

from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from core.articles import Article
from core.errors import ConfigError
from core.families import Families, House, load
from ingest.voices import owner, spoken

NOW = datetime(2026, 4, 15, 6, tzinfo=UTC)
ARTICLE = Article(
    id="a",
    source="Example Courier",
    owner="Example Media",
    feed="",
    guid="a",
    url="",
    title="Loom maker sells plant",
    text="",
    text_kind="full",
    quality="good",
    language="en",
    author="",
    published=NOW,
    first_seen=NOW,
)
SALE = "The maker of looms said on Monday that it would sell its plant. " * 8


@pytest.fixture(scope="module")
def shipped(root: Path) -> Families:
    return load(root / "ingest/families.yaml")


@pytest.mark.parametrize(
    ("text", "author", "speaks"),
    [
        (f"LONDON, April 14 (Reuters) - {SALE}", "", "Thomson Reuters"),
        (f"NEW YORK (AP) \u2014 {SALE}", "", "Associated Press"),
        (f"PARIS (AFP) - {SALE}", "", "AFP"),
        (f"(Bloomberg) -- {SALE}", "", "Bloomberg"),
        (f"{SALE}(Reporting by A Person in London; Editing by Another)", "", "Thomson Reuters"),
        (SALE, "The Associated Press", "Associated Press"),
        (
            f"HILLTOWN, April 14, 2026 /PRNewswire/ -- Quux Looms, a maker of looms, today announced. {SALE}",
            "",
            "Quux Looms",
        ),
        (
            f"HILLTOWN, April 14, 2026 (GLOBE NEWSWIRE) -- Quux Looms Inc. (QUX) announced. {SALE}",
            "",
            "Quux Looms Inc.",
        ),
        (f"HILLTOWN--(BUSINESS WIRE)--Frobnitz & Sons today announced that. {SALE}", "", "Frobnitz & Sons"),
        (f"HILLTOWN, April 14, 2026 (GLOBE NEWSWIRE) -- what follows is not a name. {SALE}", "", "GlobeNewswire"),
        (f"FOR IMMEDIATE RELEASE {SALE}", "", "Example Media"),
        (f"Quux Looms told Reuters that it was not for sale. {SALE}", "", "Example Media"),
        (f"{SALE} Reuters reported the sale first.", "A Person", "Example Media"),
    ],
    ids=[
        "a Reuters dateline",
        "an AP dateline",
        "an AFP dateline",
        "a Bloomberg opening",
        "a Reuters sign-off",
        "an agency's byline",
        "a release with its issuer",
        "a release of a company with a ticker",
        "a release without spaces",
        "a release whose issuer cannot be read",
        "a release of no service",
        "Reuters mentioned in the opening",
        "Reuters mentioned at the end",
    ],
)
def test_a_text_speaks_for_whom_its_marks_name(text: str, author: str, speaks: str, shipped: Families) -> None:
    assert spoken(replace(ARTICLE, text=text, author=author), shipped).voice == speaks


def test_a_release_is_known_as_one(shipped: Families) -> None:
    assert spoken(replace(ARTICLE, text=f"HILLTOWN /PRNewswire/ -- Quux Looms said. {SALE}"), shipped).release is True
    assert spoken(replace(ARTICLE, text=f"LONDON (Reuters) - {SALE}"), shipped).release is False


@pytest.mark.parametrize(
    ("source", "house"),
    [
        ("Barron's", "News Corp"),
        ("marketwatch.com", "News Corp"),
        ("YAHOO FINANCE UK", "Yahoo"),
        ("Example", "Example"),
    ],
)
def test_outlets_of_one_house_have_one_owner(source: str, house: str, shipped: Families) -> None:
    assert owner(source, shipped) == house


def test_a_users_rows_come_before_the_shipped_ones(shipped: Families) -> None:
    own = Families(houses=(House(name="My House", outlets=("Barron's",), source="the imprint", date=NOW.date()),))
    assert owner("Barron's", shipped.extended(own)) == "My House"
    assert owner("Example Courier", shipped, default="Example Media") == "Example Media"


def test_no_outlet_is_in_two_houses_and_every_row_has_a_source(shipped: Families) -> None:
    named = [{name.casefold() for name in (house.name, *house.outlets)} for house in shipped.houses]
    assert sorted(o for o in set().union(*named) if sum(o in names for names in named) > 1) == []
    assert all(house.source and house.date for house in shipped.houses)
    assert all(wire.source and wire.date for wire in shipped.wires)
    assert {row.basis for row in shipped.houses} == {"general knowledge", "read", "observed"}


def test_a_pattern_that_is_none_is_told_with_its_line(tmp_path: Path) -> None:
    path = tmp_path / "families.yaml"
    path.write_text("wires:\n  - {name: Example Wire, opens: ['(unclosed'], source: x, date: 2026-04-15}\n")
    with pytest.raises(ConfigError, match=r"families\.yaml:2: wires\.0\.opens: .*no regular expression"):
        load(path)

"""A small contract and articles, all made up."""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest

from core.articles import Article
from core.contracts import Contract

MEASURE = {"kind": "level", "a": "price.x"}


def make_contract(**parts: Any) -> Contract:
    """A contract with as little as can be beside what a test says of it."""
    words = dict.fromkeys(("title", "proposition", "counter", "steelman", "scope"), "x")
    outcome = {"measure": MEASURE, "direction": "up", "horizon": "90d"}
    return Contract.model_validate({"id": "tin", "checks": [], "outcome": outcome, "claims": [], **words, **parts})


@pytest.fixture(scope="session")
def tin() -> Contract:
    """A narrative on tin kettles, which no embedder and no example of ours knows."""
    return make_contract(
        about={"entities": ["Kettleworks"], "terms": ["tin kettles"], "not": ["kettleworks street"]},
        claims=[{"id": "cheap", "says": "Tin kettles are cheaper than copper kettles."}],
        examples={
            "promotes": [
                f"Tin kettles will replace copper in every {room}."
                for room in ("kitchen", "hotel", "café", "inn", "mess")
            ],
            "disputes": [
                f"Tin kettles never last, the {who} say." for who in ("cooks", "smiths", "buyers", "shops", "critics")
            ],
            "reports": [
                f"Kettleworks sells tin kettles in {town}." for town in ("Lyme", "Hove", "Bude", "Looe", "Rye")
            ],
            "unrelated": [
                f"The {thing} of Lyme opened on Monday." for thing in ("bridge", "school", "museum", "port", "pier")
            ],
        },
    )


@pytest.fixture(scope="session")
def article() -> Callable[..., Article]:
    """Makes an article of a title, a text, and what else a test says."""

    def make(title: str, text: str = "", **parts: Any) -> Article:
        held: dict[str, Any] = {
            "id": "a1",
            "source": "The Bugle",
            "owner": "Bugle House",
            "feed": "https://example.com/feed",
            "guid": "1",
            "url": "https://example.com/1",
            "title": title,
            "text": text,
            "text_kind": "full" if text else "headline",
            "quality": "good" if text else "headline",
            "language": "en",
            "author": "",
            "published": None,
            "first_seen": datetime(2026, 4, 15, 6, tzinfo=UTC),
        }
        return Article(**(held | parts))

    return make

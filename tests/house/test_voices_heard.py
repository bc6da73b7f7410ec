"""Copies are one voice and reports of one's own are many, through the joining, the store and the pressure."""

import random
from collections.abc import Iterable
from datetime import timedelta
from pathlib import Path

import pytest

from core.articles import Article
from core.tags import TaggedArticle
from core.verdicts import Pressure
from counterwire.house import House
from counterwire.sample import LAST, furnish
from counterwire.stages.judge import Court
from counterwire.stages.stories import stories
from store import articles, events, tags
from store.database import writing
from tests.store.making import make_article, make_tag

OUTLETS = 20


def prose(seed: str, sentences: int) -> str:
    """Invented sentences; of another seed there is not a run of words in common."""
    draw = random.Random(seed)  # noqa: S311 -- no secret, and it must come out the same every time
    words = ["".join(draw.choices("abcdefghiklmnoprstuvw", k=draw.randint(3, 9))) for _ in range(400)]
    return " ".join(" ".join(draw.choices(words, k=14)).capitalize() + "." for _ in range(sentences))


def headline(name: str, of: str) -> str:
    """Seven words of the text's first forty, as each desk picks them."""
    words = of.replace(".", "").split()[:40]
    return " ".join(random.Random(name).sample(words, 7)).capitalize()  # noqa: S311 -- as above


def printed(name: str, outlet: int, text: str, *, about: str, hours: float) -> Article:
    """An article of an outlet that belongs to nobody else, headed by words of the text that it is about."""
    seen = LAST - timedelta(hours=hours)
    return make_article(
        name,
        source=f"Example Gazette {outlet}",
        owner=f"Gazette Holdings {outlet}",
        title=headline(name, about),
        text=text,
        text_kind="full",
        published=seen,
        first_seen=seen,
    )


def heard(house: House, arrived: Iterable[Article]) -> Pressure:
    """Keep the articles, join them, tag all as promoting, and listen."""
    held = list(arrived)
    with writing(house.db):
        events.append(house.db, "text", articles.add(house.db, held), at=LAST)
    stories(house, now=LAST)
    with writing(house.db):
        for a in held:
            told = TaggedArticle(article=a.id, version=1, model="m", tags=(make_tag(),))
            tags.save(house.db, told, at=a.first_seen)
    contract = next(c for c in house.contracts if c.id == "nvidia_killer")
    return Court(house).morning(contract, LAST, known=LAST).pressure


@pytest.fixture
def house(tmp_path: Path) -> House:
    return furnish(tmp_path)


def test_forty_copies_of_a_release_in_twenty_outlets_are_hardly_more_than_one_voice(house: House) -> None:
    release = prose("the release", 25)

    def copies() -> Iterable[Article]:
        for k in range(40):
            cut = release[: len(release) * (100 - 2 * (k % 10)) // 100]  # up to 18 % shorter
            own = prose(f"opening {k}", 2), prose(f"furniture {k % OUTLETS}", 3)
            yield printed(f"copy{k}", k % OUTLETS, f"{own[0]} {cut} {own[1]}", about=release, hours=40 - k)

    got = heard(house, copies())
    assert (got.articles, got.outlets) == (40, OUTLETS)
    assert 0 < got.n_eff < 1.5
    assert got.low < 0  # one voice, however often it is printed, cannot make the press speak


def test_twenty_outlets_that_report_on_their_own_are_twenty_voices(house: House) -> None:
    quote = prose("what the minister said", 1)

    def reports() -> Iterable[Article]:
        for k in range(OUTLETS):
            own = prose(f"report {k}", 12)
            yield printed(f"own{k}", k, f"{own} {quote} {prose(f'more {k}', 8)}", about=own, hours=k + 1)

    got = heard(house, reports())
    assert (got.articles, got.stories, got.outlets) == (OUTLETS, OUTLETS, OUTLETS)
    assert got.n_eff > 12
    assert got.low > 0

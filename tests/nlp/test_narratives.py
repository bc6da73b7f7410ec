"""The shipped contracts' texts: that they teach what they should, on sentences made up for the purpose."""

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pytest
from ruamel.yaml import YAML

from core.articles import Article
from core.contracts import Contract
from core.tags import STANCES, Tag
from nlp.encoder import Encoder
from nlp.tagger import Tagger, fit, load

NARRATIVES = ("nvidia_killer", "wall_street_recovery")
Tags = Callable[[str], Mapping[str, Tag]]


@pytest.fixture(scope="module")
def texts(root: Path) -> dict[str, Any]:
    return {n: YAML(typ="safe").load(root / "narratives" / f"{n}.yaml") for n in NARRATIVES}


def contract(text: Mapping[str, Any]) -> Contract:
    """The contract with the parts that this room reads, and a check-free rest."""
    words = {k: text[k] for k in ("id", "title", "proposition", "counter", "steelman", "scope", "about", "claims")}
    outcome = {"measure": {"kind": "level", "a": "price.x"}, "direction": "up", "horizon": "90d"}
    return Contract.model_validate({**words, "examples": text["examples"], "checks": [], "outcome": outcome})


@pytest.mark.parametrize("name", NARRATIVES)
def test_each_narrative_has_enough_examples_and_none_twice(texts: dict[str, Any], name: str) -> None:
    examples = contract(texts[name]).examples
    held = [s for kind in (*STANCES, "unrelated") for s in getattr(examples, kind)]
    assert all(len(getattr(examples, kind)) >= 25 for kind in (*STANCES, "unrelated"))
    assert len({s.casefold() for s in held}) == len(held)
    assert 5 <= len(texts[name]["claims"]) <= 8


@pytest.fixture(scope="module")
def tagger(texts: dict[str, Any]) -> Tagger:
    embedder = Encoder()
    contracts = [contract(texts[n]) for n in NARRATIVES]
    return load(contracts, {c.id: fit(c, embedder) for c in contracts}, embedder)


@pytest.fixture
def tags(tagger: Tagger, article: Callable[..., Article]) -> Tags:
    def of(title: str) -> Mapping[str, Tag]:
        (tagged,) = tagger.tag([article(title)])
        return {t.narrative: t for t in tagged.tags}

    return of


@pytest.mark.slow
@pytest.mark.parametrize(
    ("title", "narrative", "carries"),
    [
        pytest.param(
            "Google's TPU takes orders that used to go to Nvidia",
            "nvidia_killer",
            True,
            id="a rival takes share",
        ),
        pytest.param(
            "Seagate's hard disk takes orders that used to go to Toshiba", "nvidia_killer", False, id="other targets"
        ),
        pytest.param(
            "Amazon's Trainium will end customers' reliance on Nvidia", "nvidia_killer", True, id="independence"
        ),
        pytest.param(
            "Amazon's groceries will end customers' reliance on Walmart", "nvidia_killer", False, id="of a grocer"
        ),
        pytest.param(
            "AMD's new laptop processor takes share from Intel", "nvidia_killer", False, id="a rival's other business"
        ),
        pytest.param(
            "Nvidia's revenue doubles on strong demand", "nvidia_killer", False, id="the target without a rival"
        ),
        pytest.param("Stocks rally to a record as inflation cools", "wall_street_recovery", True, id="a record"),
        pytest.param(
            "Goalkeeper rallies to a record as the weather cools", "wall_street_recovery", False, id="of a keeper"
        ),
        pytest.param("Nasdaq drops 2% on rate worries", "wall_street_recovery", False, id="a fall without recovery"),
    ],
)
def test_a_swapped_or_removed_target_takes_the_tag_away(tags: Tags, title: str, narrative: str, carries: bool) -> None:
    assert tags(title)[narrative].carries is carries


@pytest.mark.slow
@pytest.mark.parametrize(
    ("title", "narrative", "stance"),
    [
        pytest.param(
            "Nvidia will lose much of its market to cheaper custom chips",
            "nvidia_killer",
            "promotes",
            id="it will lose",
        ),
        pytest.param("Nvidia's rivals will never match its software", "nvidia_killer", "disputes", id="it will not"),
        pytest.param(
            "The rally will last, strategists say, as profits grow", "wall_street_recovery", "promotes", id="it lasts"
        ),
        pytest.param(
            "The rally will not last, strategists say, as profits shrink",
            "wall_street_recovery",
            "disputes",
            id="it fades",
        ),
        pytest.param("Stocks close higher", "wall_street_recovery", "reports", id="it is told"),
    ],
)
def test_the_stance_follows_what_is_said_of_the_target(tags: Tags, title: str, narrative: str, stance: str) -> None:
    tag = tags(title)[narrative]
    assert (tag.carries, tag.stance, tag.spans[0].says) == (True, stance, stance)

"""Labels from the terminal: what is asked, what is kept, and what the tagger learns from it."""

import subprocess
import sys
from collections import Counter
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from core.contracts import Contract, load
from core.labels import Drawing, Label
from counterwire.cli import run
from counterwire.house import House, open_house
from counterwire.labelling import HELP, Item, conversation, passages, queue
from counterwire.teaching import with_labels
from store import labels
from tests.house.small_world import World
from tests.house.test_pass import MORNING as PASS
from tests.house.test_pass import furnish, rows
from tests.store.making import MORNING, make_article, make_tag, press

NARRATIVE = "nvidia_killer"
NEXT = MORNING + timedelta(days=1)


@pytest.fixture
def contract(root: Path) -> Contract:
    return load(root / "narratives" / f"{NARRATIVE}.yaml")


@pytest.fixture
def house(configured: Callable[..., Path]) -> Iterator[House]:
    with open_house(configured(feeds=["harbour"]), clock=lambda: NEXT) as held:
        yield held


def items(contract: Contract, n: int = 3) -> list[Item]:
    return [
        Item(contract=contract, article=make_article(f"a{k}"), passages=("Headline", "Second"), drawing=Drawing())
        for k in range(n)
    ]


def talk(held: list[Item], *answers: str) -> tuple[list[Label], list[str], int]:
    said: list[Label] = []
    shown: list[str] = []
    given = conversation(held, iter(answers), show=shown.append, save=said.append, who="ann", clock=lambda: MORNING)
    return said, shown, given


def test_one_key_an_article(contract: Contract) -> None:
    said, _, given = talk(items(contract), "p\n", "d 2\n", "n\n")
    assert [(one.article, one.tag, one.stance, one.passage) for one in said] == [
        ("a0", True, "promotes", "Headline"),
        ("a1", True, "disputes", "Second"),
        ("a2", False, None, "Headline\nSecond"),
    ]
    assert given == 3
    assert {(one.who, one.at) for one in said} == {("ann", MORNING)}


def test_undo_takes_back_the_last_and_asks_again(contract: Contract) -> None:
    said, _, given = talk(items(contract), "p", "s", "u", "r", "q")
    assert [(one.article, one.tag, one.stance) for one in said] == [
        ("a0", True, "promotes"),
        ("a0", None, None),
        ("a0", True, "reports"),
    ]
    assert given == 1


@pytest.mark.parametrize("answer", ["u", "x", "p 3", "p0", "", "pp", "?"])
def test_what_makes_no_label_keeps_nothing(contract: Contract, answer: str) -> None:
    said, _, given = talk(items(contract), answer, "q")
    assert (said, given) == ([], 0)


def test_an_answer_that_is_none_explains_the_keys_and_t_shows_the_text(contract: Contract) -> None:
    _, shown, _ = talk(items(contract, 1), "x", "t")
    assert shown[1:] == [HELP, "The cloud prices its own chip below the rest."]


def test_the_end_of_the_input_ends_it(contract: Contract) -> None:
    assert talk(items(contract), "n")[2] == 1


def test_the_passages_are_the_headline_and_what_has_a_phrase(contract: Contract) -> None:
    text = "Rain is expected. Amazon's Trainium gains buyers.\nA TPU is rented. Nothing else. Trainiums are many."
    article = make_article(title="A headline", text=text)
    assert passages(article, contract) == ("A headline", "Amazon's Trainium gains buyers.", "A TPU is rented.")


def test_the_lot_is_the_same_whenever_it_is_drawn_and_says_what_it_stands_for(house: House, contract: Contract) -> None:
    for k in range(10):
        press(house.db, make_article(f"t{k}"), make_tag(probability=0.99))
        press(house.db, make_article(f"f{k}"), make_tag(carries=False, probability=0.001))
    first = queue(house, [contract], now=NEXT, limit=50)
    later = queue(house, [contract], now=NEXT + timedelta(hours=9), limit=50)
    assert [(i.article.id, i.drawing) for i in first] == [(i.article.id, i.drawing) for i in later]
    drawn = [i.drawing for i in first if i.drawing.drawn == "audit"]
    assert Counter((d.stratum, d.weight) for d in drawn) == {("tagged", 5.0): 2, ("far", 10.0): 1}
    assert len({i.article.id for i in first}) == len(first)  # none is asked twice


def test_what_was_labelled_is_asked_again_only_by_lot(house: House, contract: Contract) -> None:
    press(house.db, make_article("one"), make_tag())
    asked = {"narrative": NARRATIVE, "article": "one", "who": "ann", "at": NEXT, "tag": True}
    labels.save(house.db, Label(**asked))  # type: ignore[arg-type] # of several types
    (item,) = queue(house, [contract], now=NEXT, limit=9)
    assert item.drawing.drawn == "audit"
    labels.save(house.db, Label(**asked, drawing=item.drawing))  # type: ignore[arg-type] # as above
    assert queue(house, [contract], now=NEXT, limit=9) == []


def test_labelled_sentences_stand_beside_the_examples(contract: Contract) -> None:
    made = {"narrative": NARRATIVE, "article": "a1", "who": "ann", "at": MORNING}
    known = contract.examples.promotes[0]
    held = [
        Label(**made, tag=True, stance="disputes", passage="The moat holds."),  # type: ignore[arg-type] # of several types
        Label(**made, tag=True, stance="reports", passage="A chip came."),  # type: ignore[arg-type] # as above
        Label(**made, tag=True, stance="promotes", passage="Nvidia falls."),  # type: ignore[arg-type] # as above
        Label(**made, tag=False, passage="An older headline.\nRain."),  # type: ignore[arg-type] # as above
        Label(**made, tag=False, passage="A headline.\nSnow fell on the chip maker.\nHail."),  # type: ignore[arg-type] # as above
        Label(**made, tag=True, stance="reports", passage=known),  # type: ignore[arg-type] # as above
        Label(**made, tag=True, stance="promotes"),  # type: ignore[arg-type] # as above
    ]
    taught, before = with_labels(contract, held).examples, contract.examples
    assert taught.disputes == (*before.disputes, "The moat holds.")
    assert taught.reports == (*before.reports, "A chip came.")
    assert taught.promotes == (*before.promotes, "Nvidia falls.")
    assert taught.unrelated == (*before.unrelated, "Snow fell on the chip maker.")  # one for three that carry
    assert with_labels(contract, []) == contract


@pytest.mark.slow
def test_labels_by_pipe_teach_another_model_and_old_tags_stay(
    world: World, configured: Callable[..., Path], root: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    config = str(configured(feeds=furnish(world)))
    assert run(["run", "-c", config, *PASS]) == 0
    noon = ["--now", "2026-04-16T12:00:00Z"]
    command = [sys.executable, "-m", "counterwire", "label", NARRATIVE, "-c", config, *noon, "--who", "ann"]
    done = subprocess.run(command, input="p\nn\nq\n", cwd=root, capture_output=True, text=True, check=True)
    assert "2 labelled" in done.stdout
    before = rows(Path(config), "select article, model, carries, probability from tags order by id")
    assert run(["train", NARRATIVE, "-c", config, *noon]) == 0
    assert "2 labels, model nvidia_killer-" in capsys.readouterr().out
    assert run(["run", "-c", config, "--now", "2026-04-16T13:00:00Z"]) == 0
    after = rows(Path(config), "select article, model, carries, probability from tags order by id")
    assert after[: len(before)] == before
    assert len({row["model"] for row in after}) == 2
    capsys.readouterr()
    assert run(["narrative", "show", NARRATIVE, "-c", config, "--as-of", "2026-04-16T13:00:00Z"]) == 0
    shown = capsys.readouterr().out
    assert "labels: 2, 2 taught on 2026-04-16" in shown
    assert "measured_by: 5-fold" in shown
    assert "By 2 articles drawn by lot and read" in shown
    assert run(["narrative", "show", NARRATIVE, "-c", config, "--as-of", "2026-04-15T12:00:00Z"]) == 0
    assert "not audited" in capsys.readouterr().out

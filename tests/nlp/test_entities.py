"""The names that the press gives to companies, products, people and institutions."""

from collections import Counter

import pytest
from spacy.lang.en import English
from spacy.tokens import Doc

from nlp.entities import Entities, organisations, patterns


def read(text: str, *, considered: bool = True) -> Doc:
    language = English()
    Doc.set_extension("considered", default=None, force=True)
    doc = language.make_doc(text)
    doc._.considered = {"chips": (0,) if considered else ()}
    return Entities(language)(doc)


@pytest.mark.parametrize(
    ("text", "found"),
    [
        pytest.param("Annapurna Labs drew it.", [("company", "Amazon Web Services")], id="another name of a company"),
        pytest.param("A TPU for Meta", [("product", "Google"), ("company", "Meta")], id="a product, whose it is"),
        pytest.param("Lisa Su spoke.", [("person", "AMD")], id="a person, whom they speak for"),
        pytest.param("The Fed waits.", [("institution", "Federal Reserve")], id="an institution"),
        pytest.param("Ascend 910C ships", [("product", "Huawei")], id="the longest name, once"),
        pytest.param("They fed the meta groq.", [], id="words that are no names without their capitals"),
        pytest.param("Nvidian Intelligence", [], id="longer words"),
    ],
)
def test_a_name_is_found_with_whose_it_is(text: str, found: list[tuple[str, str]]) -> None:
    assert [(e.label_, e.ent_id_) for e in read(text).ents] == found


def test_a_last_name_is_known_once_the_whole_one_stands_in_the_article() -> None:
    assert organisations(read("Jensen Huang of Nvidia spoke. Huang left.")) == {
        "Jensen Huang": "Nvidia",
        "Nvidia": "Nvidia",
        "Huang": "Nvidia",
    }
    assert organisations(read("Huang left.")) == {}


def test_an_article_of_which_nothing_is_read_is_not_searched() -> None:
    assert read("Nvidia leads.", considered=False).ents == ()


def test_no_name_is_anybodys_twice() -> None:
    assert [name for name, many in Counter(p["pattern"] for p in patterns()).items() if many > 1] == []

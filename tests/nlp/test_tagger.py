"""From contracts to tags: the mechanics, with the embedder that runs anywhere."""

from collections.abc import Callable, Sequence

import numpy as np
import pytest

from core.articles import Article
from core.contracts import Contract
from core.errors import FormatError
from core.tags import STANCES
from nlp.embedding import HashedWords, Vectors, load_embedder
from nlp.encoder import Encoder
from nlp.heads import from_bytes, to_bytes
from nlp.tagger import Tagger, card, fit, load, model_id

Make = Callable[..., Article]

TITLE = "Tin kettles will replace copper in every home"
TEXT = "Tin kettles will replace copper in every hotel. It rained.\nKettleworks sells tin kettles in Rye."


@pytest.fixture(scope="module")
def hashed() -> HashedWords:
    return HashedWords()


@pytest.fixture(scope="module")
def model(tin: Contract, hashed: HashedWords) -> bytes:
    return fit(tin, hashed)


@pytest.fixture(scope="module")
def tagger(tin: Contract, model: bytes, hashed: HashedWords) -> Tagger:
    return load([tin], {"tin": model}, hashed)


def test_an_article_that_carries_the_narrative_is_tagged_with_the_words_that_prove_it(
    tagger: Tagger, article: Make
) -> None:
    held = article(TITLE, TEXT)
    (tagged,) = tagger.tag([held])
    (tag,) = tagged.tags
    assert (tagged.article, tagged.version, tagged.model) == ("a1", 1, tagger.model)
    assert (tag.narrative, tag.carries) == ("tin", True)
    assert tag.stance == max(STANCES, key=lambda s: tag.stance_probabilities[s])
    assert set(tag.stance_probabilities) == set(STANCES)
    assert sum(tag.stance_probabilities.values()) == pytest.approx(1, abs=2e-4)
    assert tag.spans[0].text == TITLE
    for span in tag.spans:
        assert held.body[span.start : span.end] == span.text
        assert span.says in STANCES


@pytest.mark.parametrize(
    ("title", "speaker", "own_book"),
    [
        pytest.param("Tin kettles will replace copper in every home", "", False, id="in the outlet's own voice"),
        pytest.param(
            "Tin kettles will replace copper in every home, says Kettleworks", "Kettleworks", True, id="maker"
        ),
        pytest.param("Tin kettles will replace copper in every home, says Lee Hove", "Lee Hove", None, id="a stranger"),
    ],
)
def test_whose_book_is_talked_is_known_of_the_outlet_and_of_those_with_a_stated_interest(
    tin: Contract,
    model: bytes,
    hashed: HashedWords,
    article: Make,
    *,
    title: str,
    speaker: str,
    own_book: bool | None,
) -> None:
    told = tin.model_copy(update={"interests": {"kettleworks": "vendor"}})
    ((tag,),) = (t.tags for t in load([told], {"tin": model}, hashed).tag([article(title, "It rained.")]))
    assert (tag.speaker, tag.own_book) == (speaker, own_book)


def test_the_organisation_of_a_speaker_is_told(tin: Contract, model: bytes, hashed: HashedWords, article: Make) -> None:
    told = tin.model_copy(update={"interests": {"amd": "vendor"}})
    held = article("Tin kettles will replace copper in every home, says Lisa Su", "It rained.")
    ((tag,),) = (t.tags for t in load([told], {"tin": model}, hashed).tag([held]))
    assert (tag.speaker, tag.organisation, tag.own_book) == ("Lisa Su", "AMD", True)


def test_a_shown_sentence_names_the_example_that_it_is_nearest_to(tagger: Tagger, tin: Contract, article: Make) -> None:
    held = article(TITLE, "The smiths say tin kettles never last. Kettleworks sells tin kettles in Rye.")
    (tag,) = next(tagger.tag([held])).tags
    like = {span.text: span.example for span in tag.spans}
    assert like["Kettleworks sells tin kettles in Rye."] == "Kettleworks sells tin kettles in Rye."
    assert like["The smiths say tin kettles never last."] == "Tin kettles never last, the smiths say."
    assert all(span.example in getattr(tin.examples, span.says) for span in tag.spans)


def test_a_sentence_that_says_a_claim_names_it_and_so_does_the_tag(tagger: Tagger, article: Make) -> None:
    held = article(TITLE, "Tin kettles are cheaper than copper kettles. Kettleworks sells tin kettles in Rye.")
    (tag,) = next(tagger.tag([held])).tags
    said = {span.text: span.claim for span in tag.spans}
    assert said["Tin kettles are cheaper than copper kettles."] == "cheap"
    assert tag.claims == ("cheap",)


class Counting(HashedWords):
    """The embedder that runs anywhere, with the sentences that it was given."""

    def __init__(self) -> None:
        super().__init__()
        self.given: list[str] = []

    def encode(self, sentences: Sequence[str]) -> Vectors:
        self.given += sentences
        return super().encode(sentences)


@pytest.mark.parametrize(
    ("texts", "read"),
    [
        pytest.param(
            ("The bridge of Lyme opened", "The pier of Kettleworks opened on day {}."), 2, id="an unlikely one"
        ),
        pytest.param((TITLE, "Tin kettles will replace copper in inn {}."), 6, id="a likely one, for its stance"),
    ],
)
def test_no_more_of_an_article_is_embedded_than_its_tag_needs(
    tin: Contract, model: bytes, article: Make, texts: tuple[str, str], read: int
) -> None:
    title, sentence = texts
    embedder = Counting()
    tagger = load([tin], {"tin": model}, embedder)
    list(tagger.tag([article(title, " ".join(sentence.format(n) for n in range(30)))]))
    assert len(embedder.given) == read


@pytest.mark.parametrize(
    ("title", "text", "parts", "why"),
    [
        pytest.param("The bridge of Lyme opened", "All was well.", {}, "no phrase of a contract", id="no phrase"),
        pytest.param("A house in Kettleworks Street burnt down", "", {}, "", id="a phrase inside a not phrase only"),
        pytest.param(TITLE, TEXT, {"quality": "wall"}, "quality wall", id="a paywall"),
        pytest.param(TITLE, TEXT, {"quality": "foreign"}, "quality foreign", id="a text found foreign before"),
        pytest.param(TITLE, TEXT, {"language": "de"}, "not English", id="a text said to be German"),
        pytest.param(
            "Kettleworks wächst",
            "Der Kessel aus Zinn ist billig, und alle kaufen ihn gern.",
            {"language": ""},
            "not English",
            id="German",
        ),
        pytest.param("", "", {}, "no phrase of a contract", id="nothing at all"),
    ],
)
def test_what_cannot_carry_it_has_probability_0_and_says_why_it_was_not_read(
    tagger: Tagger, article: Make, *, title: str, text: str, parts: dict[str, str], why: str
) -> None:
    tagged = next(tagger.tag([article(title, text, **parts)]))
    (tag,) = tagged.tags
    assert (tag.carries, tag.probability, tag.stance, tag.spans) == (False, 0.0, None, ())
    assert tagged.skipped == why


def test_no_tag_without_a_span_and_the_same_article_gets_the_same_tags_in_any_company(
    tagger: Tagger, article: Make
) -> None:
    alone = article(TITLE, TEXT)
    others = [article(f"Tin kettles in {n} towns", TEXT * n, id=f"b{n}") for n in (1, 3, 40)]
    together = list(tagger.tag([*others, alone]))
    assert [t.article for t in together] == ["b1", "b3", "b40", "a1"]
    assert next(tagger.tag([alone])) == together[-1]
    assert all(tag.spans for tagged in together for tag in tagged.tags if tag.carries)


def test_fitting_twice_gives_the_same_bytes_and_the_model_survives_being_kept(
    tin: Contract, model: bytes, hashed: HashedWords
) -> None:
    assert fit(tin, hashed) == model
    assert to_bytes(from_bytes(model)) == model
    told = card(model)
    assert told["id"] == model_id(tin, hashed)
    assert told["sentences"]["promotes"] == 5
    assert 0 <= told["scores"]["stance_macro_f1"] <= 1


def test_the_model_id_changes_with_the_examples_and_not_with_the_checks(tin: Contract, hashed: HashedWords) -> None:
    fewer = tin.examples.model_copy(update={"reports": (*tin.examples.reports, "One more.")})
    assert model_id(tin.model_copy(update={"examples": fewer}), hashed) != model_id(tin, hashed)
    assert model_id(tin.model_copy(update={"counter": "Copper lasts."}), hashed) == model_id(tin, hashed)


@pytest.mark.parametrize(
    "data",
    [
        pytest.param(b"", id="nothing"),
        pytest.param(b"not a model", id="some text"),
        pytest.param(b"\x80\x04\x95\x05\x00\x00\x00\x00\x00\x00\x00K\x01.", id="a pickle"),
    ],
)
def test_what_is_no_model_is_refused(tin: Contract, hashed: HashedWords, data: bytes) -> None:
    with pytest.raises(FormatError, match="is no tagging model"):
        load([tin], {"tin": data}, hashed)


def test_a_model_cut_short_is_refused(model: bytes) -> None:
    with pytest.raises(FormatError):
        from_bytes(model[: len(model) // 2])


def test_a_model_of_another_contract_is_refused(tin: Contract, model: bytes, hashed: HashedWords) -> None:
    other = tin.model_copy(update={"about": tin.about.model_copy(update={"terms": ("copper",)})})
    with pytest.raises(FormatError, match="this is tin-hashed-words-1-"):
        load([other], {"tin": model}, hashed)
    with pytest.raises(FormatError, match="no model is given"):
        load([tin], {}, hashed)


class Absent:
    """An embedder whose library is not there."""

    name = "absent"

    def __init__(self) -> None:
        raise OSError("libgone.so: cannot open shared object file")

    def encode(self, sentences: Sequence[str]) -> Vectors:
        raise NotImplementedError


def test_where_the_preferred_embedder_does_not_load_the_fallback_says_so() -> None:
    embedder, warning = load_embedder((Absent, HashedWords))
    assert embedder.name == "hashed-words-1"
    assert warning == "Absent did not load (libgone.so: cannot open shared object file); tagging with hashed-words-1"
    assert load_embedder((HashedWords, Absent))[1] == ""


@pytest.mark.parametrize("make", [pytest.param(HashedWords, id="hashed words"), pytest.param(Encoder, id="encoder")])
def test_a_sentence_has_one_vector_of_length_1_whatever_its_company(make: Callable[[], HashedWords | Encoder]) -> None:
    embedder = make()
    alone = embedder.encode(["Tin is cheap."])
    together = embedder.encode(["Copper is dear, the smiths of Rye say, and it will stay so.", "Tin is cheap."])
    assert np.array_equal(alone[0], together[1])
    assert np.linalg.norm(together, axis=1) == pytest.approx([1, 1], abs=1e-5)
    assert embedder.encode([]).shape == (0, alone.shape[1])


def test_two_narratives_are_tagged_side_by_side(
    tin: Contract, model: bytes, hashed: HashedWords, article: Make
) -> None:
    about = tin.about.model_copy(update={"entities": ("Potworks",), "terms": ()})
    pots = tin.model_copy(update={"id": "pots", "about": about})
    both = load([pots, tin], {"tin": model, "pots": fit(pots, hashed)}, hashed)
    (tagged,) = both.tag([article(TITLE, TEXT)])
    assert [(t.narrative, t.carries) for t in tagged.tags] == [("pots", False), ("tin", True)]

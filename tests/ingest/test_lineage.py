"""What decides that two texts share a lineage: its numbers, its file, and that each measure counts as it should."""

import json
from dataclasses import replace
from datetime import timedelta

import pytest

from core.errors import FormatError
from ingest import lineage
from ingest.lineage import FILE, MEASURES, Decision, Shared, shipped

COPY = Shared(
    share=0.6,
    weight=60.0,
    shingles=120.0,
    rare=1.0,
    headlines=0.4,
    common=0.5,
    own=0.8,
    subject=1.0,
    apart=timedelta(hours=3),
)


def test_log_odds_are_the_weighed_measures_and_the_constant() -> None:
    decision = Decision(weights=(1.0, 0.0, 2.0, 0.0, 0.5, 0.0, 0.0, 0.25), constant=-3.0)
    assert decision.odds(COPY) == pytest.approx(0.6 + 2 * 0.4 + 0.5 * 1.0 + 0.25 * 1.0 - 3.0)


def test_sizes_and_times_count_by_their_logarithm() -> None:
    of_size, of_time = (MEASURES.index(name) for name in ("log shingles", "log hours"))
    assert replace(COPY, shingles=0.0, apart=timedelta(0)).measures()[of_size] == 0
    assert COPY.measures()[of_time] == pytest.approx(1.3862943611)  # ln(1 + 3)


def test_the_shipped_decision_joins_a_plain_copy_and_not_a_shared_phrase() -> None:
    assert shipped().odds(COPY) > 0
    assert shipped().odds(replace(COPY, share=0.13, shingles=15.0, headlines=0.05, apart=timedelta(days=2))) < 0


@pytest.mark.parametrize(
    "less",
    [
        {"share": 0.3},
        {"shingles": 30.0},
        {"rare": 0.5},
        {"headlines": 0.1},
        {"subject": 0.7},
        {"own": 0.4},
        {"apart": timedelta(days=3)},
    ],
    ids=lambda less: next(iter(less)),
)
def test_less_of_any_proof_never_makes_a_copy_likelier(less: dict[str, object]) -> None:
    assert shipped().odds(replace(COPY, **less)) < shipped().odds(COPY)  # type: ignore[arg-type]


def test_the_file_says_what_it_was_fitted_on() -> None:
    card = json.loads(FILE.read_text(encoding="utf-8"))["card"]
    assert {"data", "pairs_weighed", "of_one_lineage", "fitted_by", "threshold", "left_out"} <= card.keys()
    assert card["left_out"]["precision"] >= 0.949  # what the threshold was chosen for, of three digits


def test_a_file_without_a_weight_is_named(tmp_path_factory: pytest.TempPathFactory) -> None:
    file = tmp_path_factory.mktemp("lineage") / "lineage.json"
    file.write_text(json.dumps({"weights": {"share": 1}, "constant": 0}), encoding="utf-8")
    with pytest.raises(FormatError, match=r"lineage\.json.*log shingles"):
        lineage.load(file)

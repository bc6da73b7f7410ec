"""Starting, listing and trying out narratives."""

import re
from collections.abc import Callable
from pathlib import Path

import pytest

from core import contracts
from core.errors import ConfigError
from counterwire.cli import run
from counterwire.drafting import draft

REST = """
counter: It is priced in.
steelman: Rates have risen.
scope: Offices and their lenders.
claims: []
checks: []
outcome: {measure: {kind: level, a: price.x}, direction: up, horizon: 90d}
"""


def test_a_draft_lies_where_no_pass_reads_it_and_says_what_is_missing(
    configured: Callable[..., Path], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    config = str(configured(feeds=["harbour"]))
    assert run(["narrative", "new", "office_collapse", "-c", config]) == 0
    path = tmp_path / "narratives" / "drafts" / "office_collapse.yaml"
    assert str(path) in capsys.readouterr().out
    assert run(["narrative", "new", "office_collapse", "-c", config]) == 4  # it is there already
    assert run(["narrative", "new", "nvidia_killer", "-c", config]) == 4
    assert run(["narrative", "new", "../escape", "-c", config]) == 4
    assert run(["narrative", "list", "-c", config]) == 0
    assert "office_collapse" not in capsys.readouterr().out
    assert run(["narrative", "test", "office_collapse", "-c", config]) == 3
    assert "promotes has 0 examples, and at least 5 are needed" in capsys.readouterr().err


def test_a_draft_lacks_nothing_but_examples(tmp_path: Path) -> None:
    text = draft("office_collapse")
    path = tmp_path / "office_collapse.yaml"
    path.write_text(text, "utf-8")
    with pytest.raises(ConfigError) as raised:
        contracts.load(path)
    assert "examples" in str(raised.value)
    for kind in ("promotes", "disputes", "reports", "unrelated"):
        told = ", ".join(f"{kind} {k}" for k in range(5))
        text = re.sub(rf"  {kind}: \[\]", f"  {kind}: [{told}]", text)
    path.write_text(text, "utf-8")
    assert contracts.load(path).id == "office_collapse"


def test_a_trial_names_what_is_misread_and_what_leaks(
    configured: Callable[..., Path], root: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    config = str(configured(feeds=["harbour"]))
    text = (root / "tests" / "nlp" / "samples" / "office_collapse.yaml").read_text("utf-8")
    wrong = "The company reported quarterly results on Tuesday and left its dividend alone."
    path = tmp_path / "office_collapse.yaml"
    text = re.sub(r"(  promotes:\n)", rf"\1    - {wrong}\n", text)
    copied = "Landlords are handing back the keys as refinancing becomes impossible"
    text = re.sub(r"(  disputes:\n)", rf"\1    - {copied}, they said.\n", text)
    path.write_text(text + REST, "utf-8")
    assert run(["narrative", "test", str(path), "-c", config]) == 0
    told = capsys.readouterr().out
    assert f"promotes, read as unrelated: {wrong}" in told
    assert f"warning: promotes '{copied}.' is nearly disputes '{copied}, they said.'" in told
    assert "0 of the 0 newest articles are tagged" in told


def test_a_narrative_that_there_is_not_is_a_mistake_in_words(
    configured: Callable[..., Path], capsys: pytest.CaptureFixture[str]
) -> None:
    config = str(configured(feeds=["harbour"]))
    assert run(["narrative", "show", "nope", "-c", config]) == 4
    assert "there is no narrative 'nope'; there are nvidia_killer, wall_street_recovery" in capsys.readouterr().err

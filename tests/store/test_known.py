"""The cut at an instant is written in one file only."""

import re
from pathlib import Path

import pytest

from store.known import cut


@pytest.mark.parametrize(
    ("sql", "written"),
    [
        pytest.param("WHERE KNOWN(o.first_seen)", "WHERE o.first_seen <= :as_of", id="a row known by then"),
        pytest.param("unixepoch(INSTANT())", "unixepoch(:as_of)", id="the instant itself"),
        pytest.param("UNKNOWN(x) AND KNOWNS(y)", "UNKNOWN(x) AND KNOWNS(y)", id="other words are left alone"),
    ],
)
def test_cuts_are_written_out(sql: str, written: str) -> None:
    assert cut(sql) == written


def test_the_instant_can_be_any_expression() -> None:
    assert cut("KNOWN(at)", as_of="'9999'") == "at <= '9999'"


def test_no_other_file_of_the_room_compares_with_as_of(root: Path) -> None:
    offenders = [
        path.name
        for path in sorted((root / "store").glob("*.py"))
        if path.name != "known.py" and re.search(r"[<>]=?\s*(:as_of|\?as_of|AS_OF)", path.read_text(encoding="utf-8"))
    ]
    assert offenders == []

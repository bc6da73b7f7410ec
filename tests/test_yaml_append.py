"""A line is added to a list of a YAML file, and every other byte of the file stays."""

from pathlib import Path

import pytest

from core.errors import ConfigError
from core.yaml import append

ROW = {"url": "https://a.example.com/feed?a=1&b=2", "source": "The A: a paper", "owner": "No", "kind": "blog"}
LINE = "- {url: https://a.example.com/feed?a=1&b=2, source: 'The A: a paper', owner: No, kind: blog}"


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (
            "# top\nfeeds:\n  - {url: x}  # first\n  - {url: y,\n     kind: z}  # second\n\n# --- Next ---\nmore: 1\n",
            f"# top\nfeeds:\n  - {{url: x}}  # first\n  - {{url: y,\n     kind: z}}  # second\n  {LINE}\n\n# --- Next ---\nmore: 1\n",
        ),
        ("feeds:\n- url: x\n  kind: y\n\n# end\n", f"feeds:\n- url: x\n  kind: y\n{LINE}\n\n# end\n"),
        ("a: 1\nfeeds: []  # none yet\nb: 2\n", f"a: 1\nfeeds:  # none yet\n  {LINE}\nb: 2\n"),
        ("feeds: []\r\nb: 2\r\n", f"feeds:\r\n  {LINE}\r\nb: 2\r\n"),
        ("{feeds: [], b: 2}\n", f"{{feeds: [{LINE[2:]}], b: 2}}\n"),
        ("feeds: [{url: x}]", f"feeds: [{{url: x}}, {LINE[2:]}]"),
        ("feeds:\n  - {url: x}", f"feeds:\n  - {{url: x}}\n  {LINE}\n"),
        ("feeds:\r\n  - {url: x}\r\nb: 1\r\n", f"feeds:\r\n  - {{url: x}}\r\n  {LINE}\r\nb: 1\r\n"),
    ],
    ids=[
        "between comments",
        "a block",
        "an empty list",
        "an empty list of Windows",
        "an empty list in brackets",
        "a list in brackets",
        "no line end",
        "lines of Windows",
    ],
)
def test_a_line_is_added_behind_the_last_and_nothing_else_changes(before: str, after: str, tmp_path: Path) -> None:
    path = tmp_path / "config.yaml"
    path.write_bytes(before.encode())
    append(path, "feeds", [ROW])
    assert path.read_bytes().decode() == after


@pytest.mark.parametrize(
    "text", ["a: 1\n", "feeds: 3\n", "feeds: {a: 1}\n"], ids=["no such key", "a number", "a mapping"]
)
def test_where_there_is_no_list_nothing_is_written(text: str, tmp_path: Path) -> None:
    path = tmp_path / "config.yaml"
    path.write_text(text, "utf-8")
    with pytest.raises(ConfigError, match="must be a list"):
        append(path, "feeds", [ROW])
    assert path.read_text("utf-8") == text


def test_a_list_that_would_swallow_the_line_is_left_to_its_owner(tmp_path: Path) -> None:
    path = tmp_path / "config.yaml"
    path.write_text("feeds: [  # none yet\n]\n", "utf-8")
    with pytest.raises(ConfigError, match=r"config\.yaml:1: feeds: cannot be added to safely"):
        append(path, "feeds", [ROW])
    assert path.read_text("utf-8") == "feeds: [  # none yet\n]\n"

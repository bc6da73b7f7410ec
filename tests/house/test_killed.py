"""A sender killed at random instants: no message is lost, and one is doubled only before its delivery was written down."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from tests.house.posting import ROOT

SEED = 20260415


@pytest.mark.parametrize("kills", [8, pytest.param(200, marks=pytest.mark.slow)])
def test_a_killed_sender_loses_nothing_and_doubles_only_what_it_had_not_written_down(
    kills: int, tmp_path: Path
) -> None:
    command = [sys.executable, "-m", "tests.house.killing", str(tmp_path), str(kills), str(SEED)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    count = json.loads(done.stdout)
    print(count)
    assert (count["kills"], count["messages"]) == (kills, 3 * kills)
    assert count["finished"] < kills  # some were killed on the way
    assert (count["lost"], count["unknown"], count["left_unsent"]) == (0, 0, 0)
    assert (count["thrice"], count["twice_though_committed"], count["twice_in_other_bytes"]) == (0, 0, 0)


def test_a_sender_killed_between_answer_and_commit_sends_the_same_message_again(tmp_path: Path) -> None:
    """The one instant in which SMTP cannot promise, made to happen: the server takes the message and kills the sender."""
    command = [sys.executable, "-m", "tests.house.killing", str(tmp_path), "0", str(SEED)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    count = json.loads(done.stdout)
    assert (count["messages"], count["twice"], count["twice_in_other_bytes"]) == (3, 1, 0)
    assert (count["lost"], count["thrice"], count["left_unsent"]) == (0, 0, 0)

"""One click, and no more mail of that edition: the link says nothing, and nobody can make one."""

import re
from pathlib import Path

import pytest

from core.errors import InputError
from counterwire.cli import run
from counterwire.house import open_house
from counterwire.unsubscribing import leave, secret, token
from tests.house.posting import AT, NOW, Post, furnished, queued, serving

ANN, BEN = "ann@example.com", "ben@example.com"
WEB = "  recipients: [ann@example.com]\nweb: {url: https://desk.example.com/counterwire/}\n"


@pytest.fixture(autouse=True)
def _no_secret(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("COUNTERWIRE_SECRET", raising=False)


def test_one_click_ends_an_edition_for_a_reader_and_for_nobody_else(tmp_path: Path) -> None:
    post = Post()
    with serving(post) as port:
        config = furnished(tmp_path, port, more=WEB)
        queued(config, ANN, BEN, name="2026-04-14")
        queued(config, ANN, name="2026-04-14-week", edition="week")
        assert run(["send", "-c", str(config), *AT]) == 0
        mail = post.mails[0]
        assert mail["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
        found = re.fullmatch(
            r"<https://desk\.example\.com/counterwire/unsubscribe/([0-9a-f]{32})>, <mailto:desk@example\.com\?subject=unsubscribe%20daily>",
            str(mail["List-Unsubscribe"]),
        )
        assert found
        with open_house(config) as house:
            for _ in range(2):
                assert leave(house, found[1], at=NOW) == (ANN, "daily")
            queued(config, ANN, BEN)
            queued(config, ANN, name="2026-04-15-week", edition="week")
            post.mails.clear()
            assert run(["send", "-c", str(config), *AT]) == 0
    assert sorted((str(m["To"]), str(m["List-Unsubscribe"])[-6:-1]) for m in post.mails) == [
        (ANN, "0week"),
        (BEN, "daily"),
    ]


@pytest.mark.parametrize("given", ["", "0" * 32, "../../etc/passwd", "é"])
def test_any_other_token_unsubscribes_nobody(given: str, tmp_path: Path) -> None:
    config = furnished(tmp_path, 9, more=WEB)
    queued(config, ANN)
    with open_house(config) as house:
        with pytest.raises(InputError, match="not one of ours"):
            leave(house, given, at=NOW)
        assert house.db.table("unsubscribed").count == 0


def test_the_secret_lies_beside_the_database_for_its_owner_alone(tmp_path: Path) -> None:
    database = tmp_path / "counterwire.db"
    key = secret(database)
    path = tmp_path / "counterwire.db.key"
    assert path.stat().st_mode & 0o777 == 0o600
    assert len(key) == 64
    assert secret(database) == key
    assert [p.name for p in tmp_path.iterdir()] == ["counterwire.db.key"]
    path.chmod(0o644)
    with pytest.raises(InputError, match="chmod 600"):
        secret(database)


def test_the_environment_comes_before_the_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COUNTERWIRE_SECRET", "of the house")
    assert secret(tmp_path / "counterwire.db") == b"of the house"
    assert list(tmp_path.iterdir()) == []


def test_a_token_is_the_hmac_of_edition_and_recipient() -> None:
    # printf 'daily\nann@example.com' | openssl dgst -sha256 -hmac key
    assert token(b"key", "Ann@example.com", "daily") == "010810ad4f69b5de8c3ec1c7841e7fa1"


def test_the_secret_is_nowhere_in_the_database(tmp_path: Path) -> None:
    post = Post()
    with serving(post) as port:
        config = furnished(tmp_path, port, more=WEB)
        queued(config, ANN)
        assert run(["send", "-c", str(config), *AT]) == 0
    key = secret(tmp_path / "counterwire.db")
    assert all(key not in p.read_bytes() for p in tmp_path.glob("counterwire.db*") if p.suffix != ".key")


@pytest.mark.parametrize(
    ("web", "expected"),
    [
        ("", None),
        ("web: {url: http://127.0.0.1:8001}\n", None),
        ("web: {url: https://w.example.com}\n", "List-Unsubscribe=One-Click"),
    ],
    ids=["no web", "a web without encryption", "an encrypted web"],
)
def test_one_click_is_only_promised_where_it_can_be_kept(web: str, expected: str | None, tmp_path: Path) -> None:
    post = Post()
    with serving(post) as port:
        config = furnished(tmp_path, port, more="  recipients: [ann@example.com]\n" + web)
        queued(config, ANN)
        assert run(["send", "-c", str(config), *AT]) == 0
    assert post.mails[0]["List-Unsubscribe-Post"] == expected
    assert "mailto:desk@example.com" in post.mails[0]["List-Unsubscribe"]

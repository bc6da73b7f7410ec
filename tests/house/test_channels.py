"""A briefing through Apprise to a real HTTP server, and as an Atom feed."""

import json
import subprocess
import sys
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET

import feedparser
import pytest

from counterwire.cli import run
from counterwire.house import open_house
from counterwire.stages.sending import catalogue
from tests.house.posting import AT, ROOT, furnished, queued

ATOM = "{http://www.w3.org/2005/Atom}"


class Chat:
    """What a channel was told, and what it answers."""

    def __init__(self) -> None:
        self.told: list[dict[str, Any]] = []
        self.status = 200
        self.port = 0


@pytest.fixture
def chat() -> Iterator[Chat]:
    here = Chat()

    class Handler(BaseHTTPRequestHandler):
        def log_message(self, *args: Any) -> None:
            pass

        def do_POST(self) -> None:
            here.told.append(json.loads(self.rfile.read(int(self.headers["Content-Length"]))))
            self.send_response(here.status)
            self.send_header("Content-Length", "0")
            self.end_headers()

    server = HTTPServer(("127.0.0.1", 0), Handler)
    here.port = server.server_port
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    yield here
    server.shutdown()
    server.server_close()
    thread.join()


# Apprise looks for a module of the standard library that 3.13 has no more, and does without it there.
@pytest.mark.filterwarnings("ignore:'imghdr' is deprecated:DeprecationWarning")
def test_a_channel_gets_a_few_lines_and_is_tried_again_when_it_refuses(
    chat: Chat, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    pytest.importorskip("apprise")
    config = furnished(tmp_path, 9)
    queued(config, "apprise:DESK_CHAT")
    address = f"json://user:hush@127.0.0.1:{chat.port}/"
    monkeypatch.delenv("DESK_CHAT", raising=False)
    assert run(["send", "-c", str(config), *AT]) == 6
    assert "DESK_CHAT is not set" in capsys.readouterr().err
    monkeypatch.setenv("DESK_CHAT", address)
    chat.status = 503
    assert run(["send", "-c", str(config), "--now", "2026-04-15T07:30:00Z"]) == 6
    assert "the channel did not take it" in (told := capsys.readouterr().err)
    assert "hush" not in told
    chat.status = 200
    assert run(["send", "-c", str(config), "--now", "2026-04-15T08:30:00Z"]) == 0
    assert len(chat.told) == 2
    assert chat.told[1]["title"] == "Counterwire | Nothing moved"
    assert chat.told[1]["message"] == "Nothing moved\n\nNvidia killer: Still: mixed."


def test_without_apprise_a_channel_says_what_to_install() -> None:
    code = (
        "import sys; sys.modules['apprise'] = None\n"  # as if it were not installed
        "from briefing.channels import notify\n"
        "from core.errors import DeliveryError\n"
        "try:\n    notify('json://127.0.0.1', title='t', body='b')\n"
        "except DeliveryError as error:\n    print(error, error.permanent)"
    )
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    assert done.stdout.strip() == 'channels need Apprise: pip install "counterwire[apprise]" False'


def test_the_feed_is_valid_atom_with_ids_that_stay(tmp_path: Path) -> None:
    config = furnished(tmp_path, 9, more="web: {url: https://desk.example.com/}\n")
    for day, subject in ((14, "Old <b>news</b> & more"), (15, "x\x0b\ud7ff\ufffe]]>"), (16, "Newest")):
        queued(config, name=f"2026-04-{day}", day=day - 15, subject=subject)
    written = []
    for _ in range(2):
        with open_house(config) as house:
            house.settings.delivery.folder.mkdir(exist_ok=True)
            catalogue(house)
            written.append((house.settings.delivery.folder / "feed.xml").read_bytes())
    assert written[0] == written[1]
    root = ET.fromstring(written[0])
    required = ("id", "title", "updated")  # RFC 4287, sections 4.1.1 and 4.1.2
    assert all(root.findtext(ATOM + tag) for tag in required)
    assert root.findtext(f"{ATOM}author/{ATOM}name") == "Counterwire"
    entries = root.findall(f"{ATOM}entry")
    assert [e.findtext(ATOM + "title") for e in entries] == ["Newest", "x\ud7ff]]>", "Old <b>news</b> & more"]
    assert all(e.findtext(ATOM + tag) for e in entries for tag in required)
    ids = [str(e.findtext(ATOM + "id")) for e in entries]
    assert len({*ids, str(root.findtext(ATOM + "id"))}) == 4
    assert all(i.startswith("urn:uuid:") for i in ids)
    read = feedparser.parse(written[0])
    assert not read.bozo
    assert read.entries[0].link == "https://desk.example.com/briefings/2026-04-16"
    assert "Nothing moved" in read.entries[0].content[0].value
    queued(config, name="2026-04-17", day=2, subject="Later")
    with open_house(config) as house:
        catalogue(house)
        again = ET.parse(tmp_path / "briefings" / "feed.xml").getroot()
        assert [e.findtext(ATOM + "id") for e in again.findall(f"{ATOM}entry")][1:] == ids

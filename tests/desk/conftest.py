"""A desk with a few rows on a real server on loopback."""

import socket
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from http.client import HTTPConnection, HTTPResponse
from pathlib import Path
from urllib.parse import urlencode

import pytest
import uvicorn

from core.clock import Clock
from counterwire.doors import doors
from counterwire.house import House, open_house
from desk.app import ROWS, application
from desk.browse import browser
from desk.reading import Shelf
from store import briefings, contracts, outbox, verdicts
from tests.store.making import MORNING, make_article, make_tag, make_verdict, press

HOSTILE = '<script>alert(1)</script> & "chips"'
READER = "ann.reader@example.com"


@dataclass
class Answer:
    status: int
    headers: dict[str, str]
    text: str


@dataclass
class Desk:
    """The running server, and the house behind it."""

    port: int
    house: House

    def ask(self, path: str, *, method: str = "GET", host: str = "127.0.0.1", **form: str) -> Answer:
        link = HTTPConnection("127.0.0.1", self.port, timeout=30)
        body = urlencode(form) if method == "POST" else None
        link.request(method, path, body, {"Host": host, "Content-Type": "application/x-www-form-urlencoded"})
        reply: HTTPResponse = link.getresponse()
        told = Answer(reply.status, {k.lower(): v for k, v in reply.getheaders()}, reply.read().decode())
        link.close()
        return told


@pytest.fixture(scope="module")
def written(root: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A settings file with contracts, and a database with two articles, a verdict, a briefing and its mail."""
    folder = tmp_path_factory.mktemp("desk")
    (folder / "narratives").mkdir()
    for contract in (root / "narratives").glob("*.yaml"):
        (folder / "narratives" / contract.name).write_text(contract.read_text("utf-8"), "utf-8")
    (folder / "config.yaml").write_text(
        "database: counterwire.db\n"
        "schedule: {zone: UTC, briefing: '07:00'}\n"
        "fetch: {contact: test@example.com}\n"
        f"delivery:\n  sender: desk@example.com\n  recipients: [{READER}]\n  smtp: {{host: 127.0.0.1}}\n"
        "feeds: []\n",
        "utf-8",
    )
    return folder / "config.yaml"


@pytest.fixture(scope="module")
def desk(written: Path) -> Iterator[Desk]:
    clock: Clock = lambda: MORNING  # noqa: E731 -- a clock that stands still
    with open_house(written, clock=clock) as house:
        db = house.db
        contracts.save(db, house.contracts, at=MORNING)
        press(db, make_article("a1", title=HOSTILE, url="javascript:alert(1)"), make_tag())
        press(db, make_article("a2", title="Nothing of the kind"), make_tag(carries=False))
        verdicts.save(db, make_verdict(MORNING))
        forms = {"html": "<p>mail</p>", "text": "as text", "markdown": "# md", "json": "{}"}
        held = {"id": "2026-04-15", "edition": "2026-04-15", "subject": "Chips", "as_of": MORNING, "at": MORNING}
        briefings.save(db, **held, contracts={}, renders=forms)  # type: ignore[arg-type] # of several types
        outbox.queue(
            db, briefing="2026-04-15", recipients=[READER], message_ids={READER: "<1@example.com>"}, at=MORNING
        )
        app = application(
            Shelf(house.settings.database),
            doors(house),
            rows=browser(house.settings.database, base=ROWS, mark="SAMPLE"),
            hosts=("127.0.0.1", "localhost"),
        )
        with socket.socket() as listening:
            listening.bind(("127.0.0.1", 0))
            listening.listen()  # so that who asks before the server is up waits for it
            server = uvicorn.Server(uvicorn.Config(app, log_level="warning", lifespan="off"))
            thread = threading.Thread(target=server.run, kwargs={"sockets": [listening]})
            thread.start()
            yield Desk(listening.getsockname()[1], house)
            server.should_exit = True
            thread.join()
        db.close()


@pytest.fixture
def rows(desk: Desk) -> Callable[[str], list[dict[str, object]]]:
    """Rows as the house sees them."""
    return lambda sql: list(desk.house.db.query(sql))

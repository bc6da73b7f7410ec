"""A small world on loopback: feeds, pages and series over HTTP, and a mail server."""

import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
from aiosmtpd.controller import Controller

from tests.house.small_world import FRED, Mailbox, Reply, World


@contextmanager
def small_world() -> Iterator[World]:
    """The world's server on a free port, gone afterwards."""
    here = World()

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def log_message(self, *args: Any) -> None:
            pass

        def do_GET(self) -> None:
            path = self.path.split("?")[0]
            here.asked.append(self.path)
            reply = here.pages.get(path, Reply(b"not here", status=404, kind="text/plain"))
            self.send_response(reply.status)
            self.send_header("Content-Type", reply.kind)
            self.send_header("Content-Length", str(len(reply.body) if reply.length is None else reply.length))
            self.end_headers()
            self.wfile.write(reply.body)
            if reply.length is not None:
                self.close_connection = True

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    here.port = server.server_port
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    yield here
    server.shutdown()
    server.server_close()
    thread.join()


@pytest.fixture
def world() -> Iterator[World]:
    with small_world() as here:
        yield here


@contextmanager
def small_mailbox() -> Iterator[Mailbox]:
    """The mail server on a free port, gone afterwards."""
    box = Mailbox()
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        box.port = free.getsockname()[1]
    controller = Controller(box, hostname="127.0.0.1", port=box.port)
    controller.start()
    yield box
    controller.stop()


@pytest.fixture
def mailbox() -> Iterator[Mailbox]:
    with small_mailbox() as box:
        yield box


@pytest.fixture
def configured(world: World, mailbox: Mailbox, root: Path, tmp_path: Path) -> Callable[..., Path]:
    """Write a config.yaml for the small world and return its path."""
    return writer(world, mailbox, root, tmp_path)


def writer(world: World, mailbox: Mailbox, root: Path, tmp_path: Path) -> Callable[..., Path]:
    """What writes a config.yaml for that world into that folder, with the shipped contracts, and gives its path."""

    def write(*, feeds: list[str], recipients: tuple[str, ...] = (), extra: str = "") -> Path:
        (tmp_path / "narratives").mkdir(exist_ok=True)
        for contract in (root / "narratives").glob("*.yaml"):
            (tmp_path / "narratives" / contract.name).write_text(contract.read_text("utf-8"), "utf-8")
        listed = "".join(
            f"  - {{url: '{world.url}/{name}.xml', source: The {name.title()}, owner: {name}, kind: newspaper}}\n"
            for name in feeds
        )
        path = tmp_path / "config.yaml"
        path.write_text(
            "database: counterwire.db\n"
            "schedule: {zone: UTC, briefing: '07:00', every: 15m}\n"
            f"fetch: {{contact: test@example.com, timeout: 5, spacing: 0, per_host: 8, "
            f"allow_hosts: ['127.0.0.1:{world.port}']}}\n"
            f"delivery:\n  sender: Counterwire <desk@example.com>\n  recipients: [{', '.join(recipients)}]\n"
            f"  smtp: {{host: 127.0.0.1, port: {mailbox.port}, tls: none, timeout: 5}}\n"
            f"feeds:\n{listed}"
            "sources:\n"
            f"  - id: fred\n    collector: fred\n    url: {world.url}/fredgraph.csv\n    every: 6h\n"
            "    terms: https://example.com/terms\n"
            "    series:\n"
            "      macro.nfci: {unit: index, key: NFCI, lag: 5d}\n" + extra,
            "utf-8",
        )
        world.pages["/fredgraph.csv"] = Reply(FRED, kind="text/csv")
        return path

    return write

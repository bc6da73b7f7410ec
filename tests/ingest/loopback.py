"""A real server on loopback that answers as a test tells it to."""

from __future__ import annotations

import socket
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from core.settings import FetchSettings


@dataclass
class Said:
    """One answer: headers as given, `length` to lie about the body's size."""

    body: bytes = b""
    status: int = 200
    headers: Mapping[str, str] = field(default_factory=dict)
    length: int | None = None


class Site:
    """What the server says by path, and what it was asked: (path, headers)."""

    def __init__(self, server: ThreadingHTTPServer) -> None:
        self.address = f"127.0.0.1:{server.server_port}"
        self.base = f"http://{self.address}"
        self.says: dict[str, Said | Callable[[Mapping[str, str]], Said]] = {}
        self.asked: list[tuple[str, dict[str, str]]] = []

    def settings(self, **changes: Any) -> FetchSettings:
        """Settings that allow this server by name, and no waiting."""
        chosen = {"contact": "tests@example.com", "spacing": 0, "timeout": 5, "allow_hosts": (self.address,)}
        return FetchSettings(**{**chosen, **changes})


@contextmanager
def serving() -> Iterator[Site]:
    """A server on a free port of loopback, gone afterwards."""

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            sent = {k.lower(): v for k, v in self.headers.items()}
            here.asked.append((self.path, sent))
            said = here.says.get(self.path, Said(status=404))
            said = said(sent) if callable(said) else said
            self.send_response(said.status)
            for name, value in said.headers.items():
                self.send_header(name, value)
            if said.status != 304:
                self.send_header("Content-Length", str(len(said.body) if said.length is None else said.length))
            self.end_headers()
            self.wfile.write(said.body)
            if said.length is not None:
                self.close_connection = True
                self.connection.shutdown(socket.SHUT_WR)

        def log_message(self, *args: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    here = Site(server)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    yield here
    server.shutdown()
    server.server_close()
    thread.join()

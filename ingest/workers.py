"""Processes that parse feeds, so that a bad one costs a process and not the pass.

A feed of tag soup can keep feedparser busy for minutes, and a thread cannot be stopped. Reading a feed
of 130 KB and making its articles takes about 14 ms of CPU, 36 if it is for feedparser, storing them 5
(feeds of benchmarks/feeds.py): with workers the two go on at once.
"""

from __future__ import annotations

import asyncio
import os
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from multiprocessing import get_context
from multiprocessing.connection import Connection
from multiprocessing.process import BaseProcess
from queue import LifoQueue
from types import TracebackType
from typing import Any, Protocol

from core.articles import Feed
from core.errors import FormatError
from ingest.articles import Carried, carried, carried_fast

PARSE_SECONDS = 20.0  # 5 MB of tag soup, the most that is fetched, take about 9 s on an idle core
MOST = 4  # workers; more than that wait for the one that writes
FEW = 32  # feeds in a pass under which the short way is taken at home: a worker takes 0.4 s to start


class Reader(Protocol):
    """How a poll has its feed read: `Readers.read`, or `at_home`."""

    async def __call__(
        self, body: bytes, *, url: str, headers: Mapping[str, str], feed: Feed, now: datetime
    ) -> Carried:
        """As `ingest.articles.carried`: what the answer carries, or FormatError."""
        ...


async def at_home(body: bytes, *, url: str, headers: Mapping[str, str], feed: Feed, now: datetime) -> Carried:
    """Read in a thread of this process: for one feed at a time, with nothing to stop a bad one."""
    return await asyncio.to_thread(carried, body, url=url, headers=headers, feed=feed, now=now)


class Readers:
    """A few processes that parse, started when first needed; use it as an async context manager.

    `feeds` is how many are expected: of a few the clean ones are parsed here, as no process is worth
    its start. A feed that takes longer than `seconds` is a FormatError, and its process is ended.
    """

    def __init__(self, *, feeds: int, seconds: float = PARSE_SECONDS) -> None:
        count = max(1, min(MOST, len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else 2))
        self._few, self._seconds = feeds < FEW, seconds
        self._workers = [_Worker() for _ in range(count)]
        self._idle: LifoQueue[_Worker] = LifoQueue()
        for worker in reversed(self._workers):
            self._idle.put(worker)
        # Threads that take the next feed by themselves: the loop stands still while feeds are stored (80 ms for 16
        # of them), and workers that wait for it to hand out the next feed would stand still with it.
        self._threads = ThreadPoolExecutor(count, "counterwire-parser")

    async def __aenter__(self) -> Readers:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._threads.shutdown(wait=False, cancel_futures=True)
        for worker in self._workers:
            worker.stop()

    async def read(self, body: bytes, *, url: str, headers: Mapping[str, str], feed: Feed, now: datetime) -> Carried:
        """As `ingest.articles.carried`; also raises FormatError for a feed that hangs or kills its parser."""
        asked: dict[str, Any] = {"url": url, "headers": dict(headers), "feed": feed, "now": now}
        if self._few and (clean := await asyncio.to_thread(carried_fast, body, **asked)):
            return clean
        return await asyncio.get_running_loop().run_in_executor(self._threads, self._ask, body, asked)

    def _ask(self, body: bytes, asked: dict[str, Any]) -> Carried:
        worker = self._idle.get()  # there are as many as threads
        try:
            return worker.ask(body, asked, self._seconds)
        finally:
            self._idle.put(worker)


class _Worker:
    """One process and the pipe to it. A process is started when it is asked, and again after it had to be ended."""

    def __init__(self) -> None:
        self._pipe: Connection | None = None
        self._process: BaseProcess | None = None

    def ask(self, body: bytes, asked: dict[str, Any], seconds: float) -> Carried:
        try:
            pipe = self._pipe or self._start()
            pipe.send((body, asked))
            if not pipe.poll(seconds):
                self.stop()
                raise FormatError(f"takes over {seconds:.0f} s to parse", url=asked["url"], sample=body)
            answer = pipe.recv()
        except (EOFError, OSError) as error:
            self.stop()
            raise FormatError("ends its parser", url=asked["url"], sample=body) from error
        if isinstance(answer, Carried):
            return answer
        raise FormatError(answer[0], url=asked["url"], field=answer[1], sample=body)

    def _start(self) -> Connection:
        context = get_context("spawn")  # a fork would copy the event loop and an open database
        ours, theirs = context.Pipe()
        process = context.Process(target=_serve, args=(theirs,), daemon=True, name="counterwire-parser")
        process.start()
        theirs.close()
        self._pipe, self._process = ours, process
        return ours

    def stop(self) -> None:
        """End the process, whatever it is doing. A thread that still waits for it may do the same at the same time."""
        pipe, self._pipe = self._pipe, None
        process, self._process = self._process, None
        if process is not None:
            process.kill()
            process.join()
            process.close()
        if pipe is not None:
            pipe.close()


def _serve(pipe: Connection) -> None:
    import signal

    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for the pass, which ends us
    while True:
        try:
            body, asked = pipe.recv()
        except (EOFError, OSError):
            return
        answer: Carried | tuple[str, str]
        try:
            answer = carried(body, **asked)
        except FormatError as error:
            answer = (error.reason, error.field)
        pipe.send(answer)

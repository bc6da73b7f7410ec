"""A real feed of the replayed press, and every fault that its server knows."""

import asyncio
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime

import pytest

from core.articles import Feed
from core.settings import FetchSettings
from ingest.client import Client
from ingest.feeds import Polled, poll, to_articles
from ingest.text import read_page

pytestmark = pytest.mark.real
NOW = datetime(2026, 4, 15, 6, tzinfo=UTC)


@pytest.fixture(scope="module")
def world(replay: Callable[..., str]) -> str:
    """The replayed press on a free port of its own; gives "host:port"."""
    return replay("--items", "200")


def client(world: str) -> Client:
    return Client(FetchSettings(contact="tests@example.com", spacing=0, timeout=10, allow_hosts=(world,)))


def feed(world: str, **known: object) -> Feed:
    plain = Feed(url=f"http://{world}/feeds/reuters.xml", source="Reuters", owner="Thomson Reuters", kind="wire")
    return replace(plain, **known)  # type: ignore[arg-type]


async def break_it(world: str, kind: str, times: int) -> None:
    host, port = world.split(":")
    reader, writer = await asyncio.open_connection(host, int(port))
    query = f"path=/feeds/reuters&kind={kind}&times={times}"
    writer.write(f"POST /_fault?{query} HTTP/1.1\r\nHost: {world}\r\nConnection: close\r\n\r\n".encode())
    assert (await reader.readline()).startswith(b"HTTP/1.1 200")
    writer.close()
    await writer.wait_closed()


@pytest.mark.parametrize(
    ("kind", "times", "status", "reason"),
    [
        ("500", 1, "failed", "http 500"),
        ("429", 1, "failed", "http 429"),
        ("403", 1, "failed", "http 403"),
        ("404", 1, "failed", "http 404"),
        ("410", 1, "failed", "http 410"),
        ("drop", 2, "failed", "connection lost"),  # a GET on a dropped connection is tried once more
        ("truncate", 1, "failed", "truncated"),
        ("garbage", 1, "failed", "not a feed"),
        ("huge", 1, "failed", "too large"),
        ("gzipbomb", 1, "failed", "too large"),
        ("loop", 6, "failed", "too many redirects"),
        ("liar", 1, "failed", "unasked 304"),
        ("moved", 1, "ok", ""),
    ],
)
def test_every_fault_is_named_and_the_next_poll_loses_nothing(
    world: str, kind: str, times: int, status: str, reason: str
) -> None:
    async def visits() -> tuple[Polled, Polled]:
        async with client(world) as web:
            await break_it(world, kind, times)
            first = await poll(web, feed(world), now=NOW)
            return first, await poll(web, replace(first.feed, body_hash=None, etag=None), now=NOW)

    first, second = asyncio.run(visits())
    assert (first.status, first.reason) == (status, reason)
    assert len(to_articles(second.feed, second.entries, now=NOW)) == 200


def test_the_second_visit_finds_nothing_new_by_validator_and_by_hash(world: str) -> None:
    async def visits() -> list[Polled]:
        async with client(world) as web:
            first = await poll(web, feed(world), now=NOW)
            told = await poll(web, first.feed, now=NOW)
            seen = await poll(web, replace(first.feed, etag=None, modified=None), now=NOW)
            return [first, told, seen]

    assert [(v.status, v.bytes > 0) for v in asyncio.run(visits())] == [
        ("ok", True),
        ("unchanged", False),
        ("unchanged", True),
    ]


def test_the_page_gives_more_than_the_feed(world: str) -> None:
    async def visit() -> tuple[int, int]:
        async with client(world) as web:
            polled = await poll(web, feed(world), now=NOW)
            held = [a for a in to_articles(polled.feed, polled.entries, now=NOW) if a.counts][:20]
            read = [await read_page(web, a, now=NOW) for a in held]
            assert all(r.status in ("ok", "unchanged") for r in read)
            return len(held), sum(r.article.text_kind == "full" for r in read)

    held, full = asyncio.run(visit())
    assert held == 20
    assert full > 0

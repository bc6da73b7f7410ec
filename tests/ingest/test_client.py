"""The client is bounded, polite, and says in a word what went wrong."""

import asyncio
import gzip
import os
import zlib
from collections.abc import Mapping
from typing import Any

import pytest

from core.errors import FetchError
from ingest.client import Client
from ingest.reasons import retry_after
from ingest.web import Answer
from tests.ingest.loopback import Said, Site


def get(site: Site, path: str, *, headers: Mapping[str, str] | None = None, **changes: Any) -> Answer:
    async def ask() -> Answer:
        async with Client(site.settings(**changes)) as client:
            return await client.get(site.base + path, headers=headers)

    return asyncio.run(ask())


def fault(site: Site, path: str = "/x", **changes: Any) -> FetchError:
    with pytest.raises(FetchError) as caught:
        get(site, path, **changes)
    assert caught.value.url == site.base + path
    return caught.value


BODY = os.urandom(1000) * 3000 + os.urandom(77)  # 3 MB, so that inflating takes several pieces
RAW = zlib.compressobj(wbits=-15)


@pytest.mark.parametrize(
    ("encoding", "sent"),
    [
        ("", BODY),
        ("identity", BODY),
        ("gzip", gzip.compress(BODY)),
        ("gzip", gzip.compress(BODY[:5000]) + gzip.compress(BODY[5000:])),
        ("gzip", gzip.compress(BODY) + b"\0" * 50),
        ("deflate", zlib.compress(BODY)),
        ("deflate", RAW.compress(BODY) + RAW.flush()),
    ],
    ids=["plain", "identity", "gzip", "gzip in two members", "gzip with padding", "deflate", "deflate without header"],
)
def test_a_body_arrives_whole_however_it_is_encoded(site: Site, encoding: str, sent: bytes) -> None:
    site.says["/x"] = Said(body=sent, headers={"Content-Encoding": encoding} if encoding else {})
    assert get(site, "/x").body == BODY


@pytest.mark.parametrize(
    ("said", "reason"),
    [
        (Said(status=404), "http 404"),
        (Said(status=503), "http 503"),
        (Said(status=206, body=b"part"), "http 206"),
        (Said(status=304), "unasked 304"),
        (Said(body=b"half", length=100), "truncated"),
        (Said(body=gzip.compress(BODY[:5000])[:-9], headers={"Content-Encoding": "gzip"}), "truncated"),
        (Said(body=b"not gzip at all", headers={"Content-Encoding": "gzip"}), "truncated"),
        (Said(body=b"?", headers={"Content-Encoding": "br"}), "bad encoding"),
        (Said(body=b"x" * 20_001), "too large"),
        (Said(body=b"", length=2_000_000_000), "too large"),
        (Said(body=gzip.compress(b"\0" * 50_000_000), headers={"Content-Encoding": "gzip"}), "too large"),
        (Said(status=302, headers={"Location": "/x"}), "too many redirects"),
        (Said(status=302, headers={"Location": "file:///etc/passwd"}), "invalid address"),
        (Said(status=302, headers={"Location": "http://[::1"}), "invalid address"),
        (Said(status=302, headers={"Location": "http://169.254.169.254/latest/"}), "refused address"),
        (Said(status=302), "http 302"),
    ],
    ids=[
        "404",
        "503",
        "part of an answer",
        "a 304 that nobody asked for",
        "fewer bytes than announced",
        "gzip that ends too soon",
        "gzip that is none",
        "an encoding that was not offered",
        "a byte too many",
        "an announced size over the cap",
        "a gzip bomb",
        "a redirect loop",
        "a redirect to a local file",
        "a redirect to nonsense",
        "a redirect to the metadata address",
        "a redirect without a target",
    ],
)
def test_each_fault_has_its_word(site: Site, said: Said, reason: str) -> None:
    site.says["/x"] = said
    assert fault(site, max_bytes=20_000).reason == reason


def test_a_server_that_does_not_answer_is_a_timeout(site: Site) -> None:
    async def silent() -> FetchError:
        ended = asyncio.Event()

        async def hold(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            await ended.wait()
            writer.close()

        server = await asyncio.start_server(hold, "127.0.0.1", 0)
        address = f"127.0.0.1:{server.sockets[0].getsockname()[1]}"
        async with server, Client(site.settings(timeout=0.05, allow_hosts=(address,))) as client:
            with pytest.raises(FetchError) as caught:
                await client.get(f"http://{address}/")
            ended.set()
            return caught.value

    assert asyncio.run(silent()).reason == "timeout"


def test_an_endless_answer_stops_at_the_cap(site: Site) -> None:
    async def endless() -> FetchError:
        async def pour(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            await reader.readuntil(b"\r\n\r\n")
            writer.write(b"HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n")
            try:
                while True:
                    writer.write(b"a" * 65536)
                    await writer.drain()
            except ConnectionError:
                writer.close()

        server = await asyncio.start_server(pour, "127.0.0.1", 0)
        address = f"127.0.0.1:{server.sockets[0].getsockname()[1]}"
        async with server:
            async with Client(site.settings(max_bytes=1_000_000, allow_hosts=(address,))) as client:
                with pytest.raises(FetchError) as caught:
                    await client.get(f"http://{address}/")
            return caught.value

    assert asyncio.run(endless()).reason == "too large"


def test_a_host_that_is_not_there_is_no_connection(site: Site) -> None:
    async def ask() -> FetchError:
        server = await asyncio.start_server(lambda *_: None, "127.0.0.1", 0)
        address = f"127.0.0.1:{server.sockets[0].getsockname()[1]}"
        server.close()
        await server.wait_closed()
        async with Client(site.settings(allow_hosts=(address,))) as client:
            with pytest.raises(FetchError) as caught:
                await client.get(f"http://{address}/")
        return caught.value

    assert asyncio.run(ask()).reason == "no connection"


def test_validators_go_out_byte_for_byte_and_a_304_is_an_answer(site: Site) -> None:
    tag = 'W/"a~b%20c,d"'

    def judge(sent: Mapping[str, str]) -> Said:
        return Said(status=304, headers={"ETag": tag}) if sent.get("if-none-match") == tag else Said(body=b"new")

    site.says["/x"] = judge
    assert get(site, "/x", headers={"If-None-Match": tag}).status == 304
    assert get(site, "/x", headers={"If-None-Match": '"other"'}).body == b"new"


def test_the_client_says_who_it_is_and_sends_no_cookies_back(site: Site) -> None:
    site.says["/x"] = Said(headers={"Set-Cookie": "id=1"})

    async def twice() -> None:
        async with Client(site.settings()) as client:
            await client.get(site.base + "/x")
            await client.get(site.base + "/x")

    asyncio.run(twice())
    assert [sent["user-agent"] for _, sent in site.asked] == ["Counterwire (+tests@example.com)"] * 2
    assert all("cookie" not in sent for _, sent in site.asked)


def test_an_address_is_asked_for_as_it_is_written(site: Site) -> None:
    path = "/a%7Eb/?q=x%2Fy&r=1+2"
    site.says[path] = Said(body=b"here")
    assert get(site, path).body == b"here"


def test_permanent_moves_are_told_and_temporary_ones_end_them(site: Site) -> None:
    site.says["/a"] = Said(status=301, headers={"Location": "/b"})
    site.says["/b"] = Said(status=308, headers={"Location": "c?moved=1"})
    site.says["/c?moved=1"] = Said(status=302, headers={"Location": "/d"})
    site.says["/d"] = Said(body=b"there")
    answer = get(site, "/a")
    assert (answer.url, answer.moved, answer.body) == (site.base + "/d", site.base + "/c?moved=1", b"there")


def test_a_host_is_asked_by_no_more_at_once_than_agreed_and_not_sooner(site: Site) -> None:
    site.says["/x"] = Said()

    async def burst() -> float:
        async with Client(site.settings(spacing=0.03, per_host=2)) as client:
            began = asyncio.get_running_loop().time()
            await asyncio.gather(*(client.get(site.base + "/x") for _ in range(6)))
            return asyncio.get_running_loop().time() - began

    assert asyncio.run(burst()) >= 5 * 0.03


@pytest.mark.parametrize(
    ("headers", "seconds"),
    [
        ({"retry-after": "120"}, 120.0),
        (
            {"retry-after": "Wed, 15 Apr 2026 06:10:00 GMT", "date": "Wed, 15 Apr 2026 06:00:00 GMT"},
            600.0,
        ),
        (
            {"retry-after": "Wed, 15 Apr 2026 05:00:00 GMT", "date": "Wed, 15 Apr 2026 06:00:00 GMT"},
            0.0,
        ),
        ({"retry-after": "Wed, 15 Apr 2026 05:00:00 GMT"}, None),
        ({"retry-after": "soon"}, None),
        ({}, None),
    ],
    ids=["seconds", "a date ahead", "a date gone by", "a date without our clock", "words", "nothing"],
)
def test_retry_after_is_read_in_seconds(headers: dict[str, str], seconds: float | None) -> None:
    assert retry_after(headers) == seconds


def test_retry_after_comes_with_the_error(site: Site) -> None:
    site.says["/x"] = Said(status=429, headers={"Retry-After": "77"})
    error = fault(site)
    assert (error.status, error.retry_after) == (429, 77.0)

"""The one way out: guarded, polite, bounded. It fetches and decides nothing."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass, field
from types import TracebackType
from urllib.parse import quote, urljoin, urlsplit

import aiohttp
from multidict import CIMultiDictProxy
from yarl import URL

from core.errors import FetchError
from core.settings import FetchSettings
from ingest.guard import guarded_socket
from ingest.inflate import BrokenError, Inflater, TooLargeError
from ingest.reasons import reason, retry_after
from ingest.robots import Robots
from ingest.web import Answer

REDIRECTS = 5
CHUNK = 1 << 16
VALIDATORS = ("if-none-match", "if-modified-since")
ENCODINGS = ("", "identity", "gzip", "x-gzip", "deflate")
PERMANENT = (301, 308)
SECRET = ("authorization", "cookie")  # never carried over to another host by a redirect
URL_SAFE = "%/:=&?~#+!$,;'@()*[]|"  # left as the feed wrote it; only spaces and the like are quoted


@dataclass(slots=True)
class _Host:
    """The turn-taking of one host, shared by every feed, page and series of it."""

    slots: asyncio.Semaphore
    free_at: float = 0.0
    lock: asyncio.Lock = field(default_factory=asyncio.Lock)


class Client:
    """An HTTP client for one pass; use it as an async context manager.

    At most `per_host` requests to a host at once, their beginnings `spacing` seconds apart, at
    most `concurrency` in all. Every connection attempt's address must be public, unless the URL's
    host stands in `allow_hosts` as "host" or "host:port". No cookies, no proxies from the
    environment. `robots` remembers what hosts allow for as long as the client lives.
    """

    def __init__(self, settings: FetchSettings) -> None:
        self._settings = settings
        self.robots = Robots()
        self._hosts: dict[str, _Host] = {}
        self._all = asyncio.Semaphore(settings.concurrency)
        self._open: aiohttp.ClientSession | None = None
        self._guarded: aiohttp.ClientSession | None = None

    async def __aenter__(self) -> Client:
        self._guarded = self._session(aiohttp.TCPConnector(limit=0, socket_factory=guarded_socket))
        self._open = self._session(aiohttp.TCPConnector(limit=0))
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        for session in (self._guarded, self._open):
            if session is not None:
                await session.close()
        self._guarded = self._open = None

    def _session(self, connector: aiohttp.TCPConnector) -> aiohttp.ClientSession:
        return aiohttp.ClientSession(
            connector=connector,
            cookie_jar=aiohttp.DummyCookieJar(),
            trust_env=False,
            auto_decompress=False,  # `inflate` counts; aiohttp also passes a gzip cut short in silence
            timeout=aiohttp.ClientTimeout(total=None),  # one budget for all hops, kept below
            headers={"User-Agent": f"Counterwire (+{self._settings.contact})", "Accept-Encoding": "gzip, deflate"},
        )

    async def get(self, url: str, *, headers: Mapping[str, str] | None = None, cap: int | None = None) -> Answer:
        """Fetch `url`, following at most five redirects, within `timeout` seconds (waiting excluded).

        `cap` bounds the decompressed bytes (`max_bytes` by default). Raises FetchError, whose
        `reason` is one of: "invalid address", "refused address", "dns try again", "no such host",
        "no connection", "tls", "timeout", "connection lost", "truncated", "bad answer",
        "bad encoding", "too large", "too many redirects", "http NNN" and "unasked 304".
        """
        sent = {k.lower(): v for k, v in (headers or {}).items()}
        limit = self._settings.max_bytes if cap is None else cap
        budget = self._settings.timeout
        here, moved, permanent = url, "", True
        for _ in range(REDIRECTS + 1):
            status, got, body, spent = await self._hop(here, sent, limit, budget, asked=url)
            budget -= spent
            if "location" not in got or status not in (301, 302, 303, 307, 308):
                return _judged(Answer(url=here, status=status, headers=got, body=body, moved=moved), sent, url)
            following = _resolved(here, got["location"], asked=url)
            permanent = permanent and status in PERMANENT
            moved = following if permanent else moved
            if urlsplit(following).netloc != urlsplit(here).netloc:
                sent = {k: v for k, v in sent.items() if k not in SECRET}
            here = following
        raise FetchError("too many redirects", url=url)

    async def _hop(
        self, url: str, headers: Mapping[str, str], cap: int, budget: float, *, asked: str
    ) -> tuple[int, dict[str, str], bytes, float]:
        target = _target(url, asked=asked)
        session = self._open if self._allowed(target) else self._guarded
        if session is None:
            raise RuntimeError("the client is used outside `async with`")
        loop = asyncio.get_running_loop()
        host = self._hosts.setdefault(target.authority, _Host(asyncio.Semaphore(self._settings.per_host)))
        async with host.slots:
            await self._turn(host)
            async with self._all:
                began = loop.time()
                try:
                    async with (
                        asyncio.timeout(budget),
                        session.get(target, headers=headers, allow_redirects=False) as response,
                    ):
                        got = _plain(response.headers)
                        body = await _body(response, got, cap, asked) if 200 <= response.status < 300 else b""
                        return response.status, got, body, loop.time() - began
                except TimeoutError as error:
                    raise FetchError("timeout", url=asked) from error
                except (aiohttp.ClientError, OSError, ValueError) as error:
                    raise FetchError(reason(error), url=asked) from error

    async def _turn(self, host: _Host) -> None:
        if self._settings.spacing:
            async with host.lock:
                loop = asyncio.get_running_loop()
                await asyncio.sleep(max(0.0, host.free_at - loop.time()))
                host.free_at = loop.time() + self._settings.spacing

    def _allowed(self, target: URL) -> bool:
        host = target.raw_host or ""
        shown = f"[{host}]" if ":" in host else host
        return not {host, shown, f"{shown}:{target.port}"}.isdisjoint(self._settings.allow_hosts)


def _target(url: str, *, asked: str) -> URL:
    """The address as written (`%7E` stays `%7E`), for a server may tell the spellings apart."""
    try:
        target = URL(url) if not url.isascii() else URL(quote(url, safe=URL_SAFE), encoded=True)
        if target.scheme in ("http", "https") and target.raw_host and target.port:
            return target
    except ValueError as error:
        raise FetchError("invalid address", url=asked) from error
    raise FetchError("invalid address", url=asked)


def _resolved(here: str, location: str, *, asked: str) -> str:
    try:
        return urljoin(here, location.strip())
    except ValueError as error:
        raise FetchError("invalid address", url=asked) from error


def _plain(headers: CIMultiDictProxy[str]) -> dict[str, str]:
    plain: dict[str, str] = {}
    for name, value in headers.items():
        key = name.lower()
        plain[key] = f"{plain[key]}, {value}" if key in plain else value
    return plain


async def _body(response: aiohttp.ClientResponse, headers: Mapping[str, str], cap: int, asked: str) -> bytes:
    encoding = headers.get("content-encoding", "").strip().lower()
    if encoding not in ENCODINGS:
        raise FetchError("bad encoding", url=asked, status=response.status)
    if response.content_length is not None and response.content_length > cap:
        response.close()
        raise FetchError("too large", url=asked, status=response.status)
    inflater = Inflater(encoding, cap)
    try:
        async for chunk in response.content.iter_chunked(CHUNK):
            inflater.feed(chunk)
        return inflater.close()
    except TooLargeError:
        response.close()
        raise FetchError("too large", url=asked, status=response.status) from None
    except BrokenError:
        response.close()
        raise FetchError("truncated", url=asked, status=response.status) from None


def _judged(answer: Answer, sent: Mapping[str, str], asked: str) -> Answer:
    status = answer.status
    if 200 <= status < 300 and status != 206:  # part of an answer was never asked for
        return answer
    if status == 304:
        if any(name in sent for name in VALIDATORS):
            return answer
        raise FetchError("unasked 304", url=asked, status=304)
    raise FetchError(f"http {status}", url=asked, status=status, retry_after=retry_after(answer.headers))

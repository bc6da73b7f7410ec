"""A feed that hangs or kills its parser costs a process, not the pass."""

import asyncio
import gc
import time
from datetime import UTC, datetime

import pytest

from core.articles import Feed
from core.errors import FormatError
from ingest.articles import Carried, carried
from ingest.workers import FEW, Readers

NOW = datetime(2026, 4, 15, 6, tzinfo=UTC)
FEED = Feed(url="https://ledger.example.com/rss", source="Example Ledger", owner="Example Media", kind="newspaper")
CLEAN = b"<rss version='2.0'><channel><title>L</title><item><title>Rates stay</title></item></channel></rss>"
DIRTY = CLEAN.replace(b"</rss>", b"")
# Unclosed tags: what feedparser needs for them grows faster than they do.
SOUP = b"<rss><channel><item><description>" + b"<b><i <p title='" * 120_000


async def ask(readers: Readers, body: bytes) -> Carried:
    return await readers.read(body, url=FEED.url, headers={}, feed=FEED, now=NOW)


@pytest.mark.parametrize("feeds", [1, FEW], ids=["a small pass", "a large pass"])
def test_a_worker_reads_as_we_do_ourselves(feeds: int) -> None:
    async def both() -> tuple[Carried, Carried]:
        async with Readers(feeds=feeds) as readers:
            return await asyncio.gather(ask(readers, CLEAN), ask(readers, DIRTY))

    at_home = [carried(body, url=FEED.url, headers={}, feed=FEED, now=NOW) for body in (CLEAN, DIRTY)]
    assert list(asyncio.run(both())) == at_home


def test_what_is_no_feed_comes_back_as_the_same_error() -> None:
    async def one() -> None:
        async with Readers(feeds=FEW) as readers:
            await ask(readers, b"<html><body>x</body></html>")

    with pytest.raises(FormatError, match="an HTML page, not a feed") as caught:
        asyncio.run(one())
    assert caught.value.url == FEED.url


def test_a_feed_that_takes_too_long_is_given_up_and_the_next_one_is_read() -> None:
    async def two() -> tuple[str, int, float]:
        async with Readers(feeds=1, seconds=0.05) as readers:
            began = time.perf_counter()
            with pytest.raises(FormatError) as caught:
                await ask(readers, SOUP)
            took = time.perf_counter() - began
        async with Readers(feeds=1) as readers:
            return caught.value.reason, len((await ask(readers, DIRTY)).articles), took

    reason, articles, took = asyncio.run(two())
    assert reason.startswith("takes over")
    assert articles == 1
    assert took < 5


# What multiprocessing sends lies in a buffer that the error's traceback holds, too; Python 3.13 cannot free the two in any
# order and says so whenever the next collection comes, which therefore is here.
@pytest.mark.filterwarnings("ignore:Exception ignored in. <_io.BytesIO")
def test_a_parser_that_dies_is_a_format_error_and_is_replaced() -> None:
    async def two() -> tuple[str, int]:
        async with Readers(feeds=FEW) as readers:
            await ask(readers, CLEAN)
            for worker in readers._workers:  # the outside world's part: the system ends a process
                if worker._process is not None:
                    worker._process.kill()
                    worker._process.join()
            with pytest.raises(FormatError) as caught:
                await ask(readers, CLEAN)
            return caught.value.reason, len((await ask(readers, CLEAN)).articles)

    assert asyncio.run(two()) == ("ends its parser", 1)
    gc.collect()

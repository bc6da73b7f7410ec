"""Google-News sitemaps are read like feeds."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from core.articles import Entry
from core.errors import FormatError
from ingest.parse import parse
from ingest.rhythm import fresh_for

URL = "https://ledger.example.com/news.xml"
MAP = b"""<?xml version="1.0" encoding="UTF-8"?>
<!-- made by hand -->
<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9" xmlns:n="http://www.google.com/schemas/sitemap-news/0.9">
<url><loc>https://ledger.example.com/1?utm_source=x</loc><n:news><n:publication><n:name>Example Ledger</n:name>
<n:language>en</n:language></n:publication><n:publication_date>2026-04-14T20:30:00-04:00</n:publication_date>
<n:title>Rates &amp; yields</n:title></n:news></url>
<url><loc>https://ledger.example.com/about</loc></url>
<url><loc>https://ledger.example.com/2</loc><n:news><n:publication_date>2026-04-13</n:publication_date>
<n:title>Chips</n:title></n:news></url>
</urlset>"""
FIRST = Entry(
    guid="",
    link="https://ledger.example.com/1",
    title="Rates & yields",
    published=datetime(2026, 4, 15, 0, 30, tzinfo=UTC),
)


def test_a_news_sitemap_gives_its_news_and_no_other_pages() -> None:
    second = Entry(
        guid="", link="https://ledger.example.com/2", title="Chips", published=datetime(2026, 4, 13, tzinfo=UTC)
    )
    assert parse(MAP, url=URL) == (FIRST, second)


def test_one_that_is_cut_off_gives_what_came_before() -> None:
    assert parse(MAP[: MAP.index(b"<title>Chips") if b"<title>Chips" in MAP else len(MAP) - 60], url=URL) == (FIRST,)


@pytest.mark.parametrize(
    "body",
    [
        b"<urlset xmlns='http://www.sitemaps.org/schemas/sitemap/0.9'><url><loc>https://a.example.com/</loc></url></urlset>",
        b"<urlset>",
        b'<?xml version="1.0"?><urlset><!DOCTYPE x [<!ENTITY a "b">]></urlset>',
    ],
    ids=["pages only", "nothing", "a doctype"],
)
def test_one_without_news_is_no_feed(body: bytes) -> None:
    with pytest.raises(FormatError):
        parse(body, url=URL)


@pytest.mark.real
def test_a_real_one_gives_all_of_its_items(real: Path) -> None:
    entries = parse((real / "data/feeds/crawinsight/bloomberg.xml").read_bytes(), url=URL)
    assert len(entries) == 16  # as the index of the collection says
    assert all(e.title and e.link and e.published for e in entries)


@pytest.mark.parametrize(
    ("ttl", "period", "frequency", "minutes"),
    [
        ("30", "", "", 30),
        ("30", "daily", "1", 30),
        ("", "hourly", "", 60),
        ("", "Daily", "4", 360),
        ("0", "hourly", "2", 30),
        ("soon", "", "", None),
        ("", "fortnightly", "1", None),
        ("", "daily", "0", None),
        ("999999999", "", "", 365 * 24 * 60),
    ],
)
def test_what_a_feed_says_of_its_rhythm(ttl: str, period: str, frequency: str, minutes: int | None) -> None:
    assert fresh_for(ttl, period, frequency) == (None if minutes is None else timedelta(minutes=minutes))

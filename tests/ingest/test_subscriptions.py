"""Lists of subscriptions are exchanged as OPML, and the feed of a site is found."""

import asyncio

import pytest

from core.errors import FetchError, FormatError, InputError
from ingest.client import Client
from ingest.discovery import FoundFeed, discover
from ingest.opml import Subscription, read_opml, write_opml
from tests.ingest.loopback import Said, Site

FEED = (
    b"<rss version='2.0'><channel><title>Example Ledger</title><item><title>Rates stay</title></item></channel></rss>"
)
LIST = [
    Subscription(url="https://a.example.com/feed?a=1&b=2", title="The A & B", owner="Example Media", kind="blog"),
    Subscription(url="https://c.example.com/feed", title="C"),
]


def test_what_is_written_can_be_read_again() -> None:
    assert read_opml(write_opml(LIST, title="Mine").encode(), name="mine.opml") == LIST


def test_folders_are_opened_and_each_address_counts_once() -> None:
    body = b"""<opml version="1.0"><body><outline text="News"><outline text="A" xmlUrl="https://a.example.com/"/>
    <outline text="Deeper"><outline title="B" XMLURL="https://b.example.com/"/></outline></outline>
    <outline text="A again" xmlUrl="https://a.example.com/"/></body></opml>"""
    assert [(s.url, s.title) for s in read_opml(body, name="x")] == [
        ("https://a.example.com/", "A"),
        ("https://b.example.com/", "B"),
    ]


@pytest.mark.parametrize(
    ("stated", "address"),
    [("feed://a.example.com/x", "http://a.example.com/x"), ("feed:https://a.example.com/x", "https://a.example.com/x")],
    ids=["for http", "before https"],
)
def test_a_readers_own_scheme_is_undone(stated: str, address: str) -> None:
    body = f'<opml><body><outline text="A" xmlUrl="{stated}"/></body></opml>'.encode()
    assert [s.url for s in read_opml(body, name="x")] == [address]


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"<opml><body>",
        b"<html></html>",
        b'<!DOCTYPE opml [<!ENTITY x SYSTEM "file:///etc/passwd">]><opml><outline xmlUrl="&x;"/></opml>',
        '<!DOCTYPE opml [<!ENTITY x "y">]><opml/>'.encode("utf-16"),
    ],
    ids=["nothing", "cut off", "a page", "an entity", "an entity in UTF-16"],
)
def test_what_is_no_list_is_refused(body: bytes) -> None:
    with pytest.raises(InputError, match=r"mine\.opml"):
        read_opml(body, name="mine.opml")


def found(site: Site, path: str) -> FoundFeed:
    async def look() -> FoundFeed:
        async with Client(site.settings()) as client:
            return await discover(client, site.base + path)

    return asyncio.run(look())


def page(*links: str) -> Said:
    return Said(
        body=f"<html><head>{''.join(links)}</head><body>x</body></html>".encode(), headers={"Content-Type": "text/html"}
    )


RSS = '<link rel="alternate" type="application/rss+xml" href="{}">'


@pytest.mark.parametrize(
    ("pages", "at"),
    [
        ({"/": Said(body=FEED)}, "/"),
        ({"/": page(RSS.format("/x.rss")), "/x.rss": Said(body=FEED)}, "/x.rss"),
        ({"/": page('<base href="/news/">', RSS.format("x.rss")), "/news/x.rss": Said(body=FEED)}, "/news/x.rss"),
        ({"/": page(RSS.format("/dead"), RSS.format("/x.rss")), "/x.rss": Said(body=FEED)}, "/x.rss"),
        ({"/": page(RSS.format("http://[bad")), "/feed.xml": Said(body=FEED)}, "/feed.xml"),
        ({"/": page('<link rel="stylesheet" href="/x.rss">'), "/rss": Said(body=FEED)}, "/rss"),
        ({"/": Said(status=301, headers={"Location": "/new"}), "/new": Said(body=FEED)}, "/new"),
    ],
    ids=[
        "the address is one",
        "its page links to one",
        "relative to the page's base",
        "a dead link is passed over",
        "an address that is none, then the usual places",
        "no link to a feed, then the usual places",
        "an address that has moved for good",
    ],
)
def test_the_feed_of_a_site_is_found(site: Site, pages: dict[str, Said], at: str) -> None:
    site.says.update(pages)
    feed = found(site, "/")
    assert (feed.url, feed.parsed.title, len(feed.parsed.entries)) == (site.base + at, "Example Ledger", 1)


def test_a_site_without_a_feed_says_where_was_looked(site: Site) -> None:
    site.says["/"] = page()
    with pytest.raises(FormatError, match="no feed there, and none at 8 other addresses"):
        found(site, "/")
    with pytest.raises(FetchError, match="http 404"):
        found(site, "/nowhere")


JSON = b'{"version": "https://jsonfeed.org/version/1.1", "title": "Example Ledger", "items": [{"id": "1", "title": "Rates stay"}]}'
NEWS = b"""<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9" xmlns:n="http://www.google.com/schemas/sitemap-news/0.9">
<url><loc>https://ledger.example.com/1</loc><n:news><n:publication_date>2026-04-14T20:30:00Z</n:publication_date>
<n:title>Rates stay</n:title></n:news></url></urlset>"""


def test_a_json_feed_is_found_by_its_link(site: Site) -> None:
    site.says["/"] = page('<link rel="alternate" type="application/feed+json" href="/j">')
    site.says["/j"] = Said(body=JSON, headers={"Content-Type": "application/feed+json"})
    assert (found(site, "/").url, found(site, "/").parsed.entries[0].title) == (site.base + "/j", "Rates stay")


def test_a_sitemap_of_news_is_found_by_robots_txt_when_there_is_no_feed(site: Site) -> None:
    site.says["/"] = page()
    site.says["/robots.txt"] = Said(
        body=f"User-agent: *\nSitemap: {site.base}/all.xml\nsitemap: {site.base}/maps/news-latest.xml\n".encode()
    )
    site.says["/maps/news-latest.xml"] = Said(body=NEWS, headers={"Content-Type": "application/xml"})
    assert found(site, "/").url == site.base + "/maps/news-latest.xml"
    assert "/all.xml" not in [path for path, _ in site.asked]

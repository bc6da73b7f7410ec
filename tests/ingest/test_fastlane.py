"""The short way through a clean feed gives what feedparser gives, or gives the feed to feedparser."""

import json
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.errors import FormatError
from ingest.parse import Parsed, read, read_fast

URL = "https://ledger.example.com/rss/feed.xml"
KINDS = ("application/rss+xml", "text/xml; charset=utf-8", "text/xml", "")


def long_way(body: bytes, headers: dict[str, str]) -> Parsed | None:
    try:
        return read(body, url=URL, headers=headers, fast=False)
    except FormatError:
        return None


def same(body: bytes, kind: str) -> bool:
    """Whether both ways agree; raises nothing that a feed could set off."""
    headers = {"content-type": kind} if kind else {}
    fast = read_fast(body, url=URL, headers=headers)
    return fast is None or fast == long_way(body, headers)


@pytest.mark.real
@pytest.mark.slow
def test_both_ways_agree_on_every_collected_feed(real: Path) -> None:
    """And the sixteen press feeds that were captured in 2025 and 2026 all go the short way."""
    rows = [json.loads(line) for line in (real / "data/feeds/index.jsonl").read_text("utf-8").splitlines()]
    apart, short, press = [], 0, []
    for row in rows:
        body = (real / "data" / row["file"]).read_bytes()
        apart += [(row["file"], kind) for kind in KINDS if not same(body, kind)]
        clean = read_fast(body.lstrip(), url=URL, headers={"content-type": KINDS[0]}) is not None
        short += clean
        if row["type"] in ("rss", "atom") and any(word in row["kind"] for word in ("(2025)", "2026", "scraper")):
            press.append(clean)
    assert apart == []
    assert short >= 250
    assert press == [True] * 16


TEXTS = st.one_of(
    st.text(max_size=30),
    st.sampled_from(
        [
            "AT&amp;T",
            "AT&amp;amp;T",
            "&lt;b&gt;bold&lt;/b&gt; move",
            "<![CDATA[<p>One &amp; two</p><p>three</p>]]>",
            "caf\u00c3\u00a9",
            "it\u0092s",
            "&#146;quoted&#148;",
            "<i>not escaped</i>",
            "x &undefined; y",
            "Read more",
            "&amp;nbsp; &amp;bogus; &lt;/q&gt;",
            " \n padded \t",
            "1 &lt; 2",
            "\u200binvisible",
        ]
    ),
)
DATES = st.sampled_from(
    [
        "Tue, 14 Apr 2026 20:30:00 -0400",
        "Tue, 14 Apr 2026 20:30:00 EST",
        "14 Apr 26 20:30 GMT",
        "2026-04-14T20:30:00.5Z",
        "2026-04-14T20:30:00+05:30",
        "2026-04-14",
        "yesterday",
        "",
        "Thu, 31 Feb 2026 00:00:00 GMT",
        "Mon, 01 Jan 0001 00:00:00 +0200",
        "2026-04-14T24:00:00Z",
        "Tue, 14 Apr 2026 20:30:61 GMT",
    ]
)
ADDRESSES = st.sampled_from(
    [
        "https://ledger.example.com/a?id=1&amp;utm_source=rss",
        "/relative",
        "http://ledger.example.com/a;b?x=&amp;y;#f",
        "https://ledger.example.com/a/../b",
        "https://ledger.example.com?",
        "https:///ledger.example.com/x",
        "HTTP://LEDGER.example.com/",
        "urn:x:1",
        "",
        "https://ledger.example.com/\u00e9",
    ]
)
RSS = st.one_of(
    st.builds("<title>{}</title>".format, TEXTS),
    st.builds("<link>{}</link>".format, ADDRESSES),
    st.builds("<guid>{}</guid>".format, ADDRESSES),
    st.builds('<guid isPermaLink="{}">{}</guid>'.format, st.sampled_from(["true", "false", "TRUE"]), ADDRESSES),
    st.builds("<description>{}</description>".format, TEXTS),
    st.builds("<content:encoded>{}</content:encoded>".format, TEXTS),
    st.builds("<pubDate>{}</pubDate>".format, DATES),
    st.builds("<dc:date>{}</dc:date>".format, DATES),
    st.builds("<dc:creator>{}</dc:creator>".format, TEXTS),
    st.builds("<author>{}</author>".format, TEXTS),
    st.builds("<media:title>{}</media:title>".format, TEXTS),
    st.builds('<media:description type="{}">{}</media:description>'.format, st.sampled_from(["plain", "html"]), TEXTS),
    st.builds("<media:group><media:description>{}</media:description></media:group>".format, TEXTS),
    st.builds("<media:content><media:title>{}</media:title></media:content>".format, TEXTS),
    st.builds('<source url="https://x.example.com/">{}</source>'.format, TEXTS),
    st.builds("<other:title>{}</other:title>".format, TEXTS),
    st.builds("<dc:title>{}</dc:title>".format, TEXTS),
    st.builds("<summary>{}</summary>".format, TEXTS),
    st.builds('<atom:link rel="{}" href="{}"/>'.format, st.sampled_from(["self", "alternate"]), ADDRESSES),
    st.builds("<image><title>{}</title><link>/i</link></image>".format, TEXTS),
    st.just("<category>chips</category>"),
    st.just('<post-id xmlns="com-wordpress:feed-additions:1">7</post-id>'),
    st.just("<item><title>inner</title></item>"),
)
TYPES = st.sampled_from(["", ' type="html"', ' type="text"', ' type="xhtml"', ' type="text/plain"', ' xml:base="/b/"'])
ATOM = st.one_of(
    st.builds("<title{}>{}</title>".format, TYPES, TEXTS),
    st.builds("<summary{}>{}</summary>".format, TYPES, TEXTS),
    st.builds("<content{}>{}</content>".format, TYPES, TEXTS),
    st.builds("<id>{}</id>".format, ADDRESSES),
    st.builds('<link href="{}"/>'.format, ADDRESSES),
    st.builds('<link rel="{}" href="{}"/>'.format, st.sampled_from(["alternate", "self", "enclosure"]), ADDRESSES),
    st.builds("<published>{}</published>".format, DATES),
    st.builds("<updated>{}</updated>".format, DATES),
    st.builds("<author><name>{}</name></author>".format, TEXTS),
    st.builds("<author><name>{}</name><email>a@example.com</email></author>".format, TEXTS),
    st.builds("<contributor><name>{}</name></contributor>".format, TEXTS),
    st.builds("<source><title>{}</title></source>".format, TEXTS),
    st.builds("<media:group><media:description>{}</media:description></media:group>".format, TEXTS),
    st.just('<category term="chips"/>'),
)
SPACES = (
    ' xmlns:content="http://purl.org/rss/1.0/modules/content/" xmlns:dc="http://purl.org/dc/elements/1.1/"'
    ' xmlns:media="http://search.yahoo.com/mrss/" xmlns:other="https://example.com/ns"'
    ' xmlns:atom="http://www.w3.org/2005/Atom"'
)


def feed(items: list[list[str]], *, atom: bool, declared: str) -> bytes:
    about = "<title>Example</title><ttl>30</ttl>"
    if atom:
        entries = "".join(f"<entry>{''.join(parts)}</entry>" for parts in items)
        text = f'<feed xmlns="http://www.w3.org/2005/Atom"{SPACES}>{about}{entries}</feed>'
    else:
        entries = "".join(f"<item>{''.join(parts)}</item>" for parts in items)
        text = f'<rss version="2.0"{SPACES}><channel>{about}{entries}</channel></rss>'
    return (declared + text).encode("utf-8", "replace")


@settings(max_examples=400, deadline=None)
@given(
    st.booleans().flatmap(lambda atom: st.tuples(st.just(atom), st.lists(st.lists(ATOM if atom else RSS), max_size=3))),
    st.sampled_from(['<?xml version="1.0" encoding="UTF-8"?>', '<?xml version="1.0"?>', "", "\ufeff"]),
    st.sampled_from(KINDS),
)
def test_both_ways_agree_on_made_up_feeds(made: tuple[bool, list[list[str]]], declared: str, kind: str) -> None:
    atom, items = made
    assert same(feed(items, atom=atom, declared=declared), kind)


def test_a_clean_feed_really_goes_the_short_way() -> None:
    body = feed([["<title>A</title>", "<guid>https://ledger.example.com/1</guid>"]], atom=False, declared="")
    assert read_fast(body, url=URL) is not None

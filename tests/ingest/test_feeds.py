"""Feeds are parsed whatever they look like, polled whatever happens, and made into articles once."""

import asyncio
import io
import json
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.articles import Entry, Feed, article_id
from core.errors import FormatError
from ingest.client import Client
from ingest.feeds import Polled, parse, poll, to_articles
from tests.ingest.loopback import Said, Site

NOW = datetime(2026, 4, 15, 6, tzinfo=UTC)
URL = "https://ledger.example.com/rss/feed.xml"
FEED = Feed(url=URL, source="Example Ledger", owner="Example Media", kind="newspaper")

RSS = b"""<?xml version="1.0" encoding="utf-8"?>
<rss version="2.0" xmlns:content="http://purl.org/rss/1.0/modules/content/" xmlns:dc="http://purl.org/dc/elements/1.1/">
<channel><title>Example Ledger</title><link>https://ledger.example.com/</link>
<item>
  <title>AT&amp;amp;T&#8217;s   yield &lt;b&gt;rises&lt;/b&gt;</title>
  <link>/2026/att?utm_source=rss&amp;id=1</link>
  <guid isPermaLink="false">ledger-1</guid>
  <description>Short.</description>
  <content:encoded><![CDATA[<p>The first para\xe2\x80\x8bgraph.</p><p>The second.</p><script>x()</script>]]></content:encoded>
  <dc:creator>A. Writer</dc:creator>
  <pubDate>Tue, 14 Apr 2026 20:30:00 -0400</pubDate>
</item>
<item><title>No date, no guid</title><link>https://ledger.example.com/2</link></item>
<item><description>Only a text, without any headline.</description><pubDate>Thu, 01 Jan 1970 00:00:00 GMT</pubDate></item>
</channel></rss>"""

ATOM = b"""<?xml version="1.0"?><feed xmlns="http://www.w3.org/2005/Atom" xml:base="https://wire.example.com/">
<title>Example Wire</title><id>urn:feed</id><updated>2026-04-15T01:00:00Z</updated>
<entry><id>urn:1</id><title type="html">Fed &amp;amp; banks</title><link href="a/1"/>
<updated>2026-04-15T01:00:00+02:00</updated><summary>Rates stay.</summary></entry></feed>"""

JSON = json.dumps(
    {
        "version": "https://jsonfeed.org/version/1.1",
        "title": "Example Chips",
        "items": [
            {
                "id": 7,
                "url": "/n/7?fbclid=1",
                "title": "Chips &amp; wafers",
                "content_html": "<p>Orders fell.</p><p>Prices rose.</p>",
                "date_published": "2026-04-14T22:00:00-05:00",
                "authors": [{"name": "B. Writer"}],
            },
            "not an item",
        ],
    }
).encode()


def test_an_rss_feed_gives_its_entries_in_plain_text() -> None:
    assert parse(RSS, url=URL, headers={"content-type": "application/rss+xml"}) == (
        Entry(
            guid="ledger-1",
            link="https://ledger.example.com/2026/att?id=1",
            title="AT&T\u2019s yield rises",
            text="The first paragraph.\nThe second.",
            author="A. Writer",
            published=datetime(2026, 4, 15, 0, 30, tzinfo=UTC),
        ),
        Entry(guid="", link="https://ledger.example.com/2", title="No date, no guid"),
        Entry(guid="", link="", title="", text="Only a text, without any headline."),
    )


def test_an_atom_feed_gives_its_entries() -> None:
    assert parse(ATOM, url="https://wire.example.com/feed", headers={}) == (
        Entry(
            guid="urn:1",
            link="https://wire.example.com/a/1",
            title="Fed & banks",
            text="Rates stay.",
            published=datetime(2026, 4, 14, 23, tzinfo=UTC),
        ),
    )


def test_a_json_feed_gives_its_entries() -> None:
    assert parse(JSON, url="https://chips.example.com/feed.json", headers={}) == (
        Entry(
            guid="7",
            link="https://chips.example.com/n/7",
            title="Chips & wafers",
            text="Orders fell.\nPrices rose.",
            author="B. Writer",
            published=datetime(2026, 4, 15, 3, tzinfo=UTC),
        ),
    )


@pytest.mark.parametrize(
    ("body", "articles"),
    [
        (RSS.replace(b"</channel></rss>", b""), 3),
        (RSS[: RSS.index(b"<item><description>") + 10], 2),
        (RSS.replace(b'encoding="utf-8"', b'encoding="nonsense"'), 3),
        (b"\xef\xbb\xbf\n\n" + RSS, 3),
        (RSS.replace(b"Short.", b"Caf\xe9 & <b>bar"), 3),
        (RSS.replace(b"<channel>", b"<channel>&undefined;"), 3),
        (b"<rss version='2.0'><channel><title>quiet</title></channel></rss>", 0),
    ],
    ids=["unclosed", "cut off", "encoding unknown", "blank lines first", "not well-formed", "entity", "no items"],
)
def test_a_malformed_feed_gives_what_can_be_had(body: bytes, articles: int) -> None:
    assert len(to_articles(FEED, parse(body, url=URL, headers={}), now=NOW)) == articles


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        (b"", "empty answer"),
        (b"  \n", "empty answer"),
        (b"<!DOCTYPE html><html><head><title>Log in</title></head><body><p>x</p></body></html>", "an HTML page"),
        (b"<html><body><ul><li>a</li></ul></body></html>", "an HTML page"),
        (bytes(range(256)) * 40, "not a feed"),
        (b"/etc/passwd", "not a feed"),
        (b"http://127.0.0.1:9/", "not a feed"),
        (b'{"error": "gone"}', "JSON, but no JSON Feed"),
        (b'{"items": [', "broken JSON"),
        (b'{"items":' * 100_000, "broken JSON"),
    ],
    ids=[
        "nothing",
        "blank",
        "a page",
        "a bare page",
        "noise",
        "a path",
        "an address",
        "JSON",
        "half JSON",
        "deep JSON",
    ],
)
def test_what_is_no_feed_is_a_format_error(body: bytes, reason: str) -> None:
    with pytest.raises(FormatError) as caught:
        parse(body, url=URL, headers={})
    assert caught.value.reason.startswith(reason)


def test_bytes_that_are_a_path_open_no_file(tmp_path: Path) -> None:
    secret = tmp_path / "feed.xml"
    secret.write_bytes(RSS)
    with pytest.raises(FormatError):
        parse(str(secret).encode(), url=URL, headers={})


def test_an_external_entity_is_not_resolved(tmp_path: Path) -> None:
    secret = tmp_path / "secret.txt"
    secret.write_text("TOP-SECRET")
    head = f'<?xml version="1.0"?><!DOCTYPE rss [<!ENTITY x SYSTEM "{secret.as_uri()}">]>'.encode()
    body = head + b"<rss version='2.0'><channel><item><title>a &x; b</title></item></channel></rss>"
    assert "TOP-SECRET" not in str(parse(body, url=URL, headers={}))


def test_a_billion_laughs_stay_a_small_matter() -> None:
    laughs = "".join(f'<!ENTITY l{i} "{f"&l{i - 1};" * 10}">' for i in range(1, 12))
    body = f'<?xml version="1.0"?><!DOCTYPE rss [<!ENTITY l0 "ha">{laughs}]><rss version="2.0"><channel><item>'
    body += "<title>&l11;</title></item></channel></rss>"
    with suppress(FormatError):
        assert len(str(parse(body.encode(), url=URL, headers={}))) < 100_000


@settings(max_examples=150, deadline=None)
@given(st.sampled_from([RSS, ATOM, JSON]), st.data())
def test_no_mangling_of_a_feed_gives_anything_but_entries_or_a_format_error(body: bytes, data: st.DataObject) -> None:
    mangled = bytearray(body)
    for _ in range(data.draw(st.integers(1, 8))):
        at = data.draw(st.integers(0, len(mangled) - 1))
        mangled[at : at + data.draw(st.integers(0, 40))] = data.draw(st.binary(max_size=12))
    with suppress(FormatError):
        assert all(isinstance(e, Entry) for e in parse(bytes(mangled), url=URL, headers={}))


def polled(site: Site, path: str = "/feed", **known: str) -> Polled:
    async def visit() -> Polled:
        async with Client(site.settings()) as client:
            return await poll(client, replace(FEED, url=site.base + path, **known), now=NOW)  # type: ignore[arg-type]

    return asyncio.run(visit())


def test_a_poll_gives_entries_and_remembers_what_it_saw(site: Site) -> None:
    site.says["/feed"] = Said(body=RSS, headers={"ETag": '"1"', "Content-Type": "application/rss+xml"})
    visit = polled(site)
    assert (visit.status, visit.reason, len(visit.entries), visit.bytes) == ("ok", "", 3, len(RSS))
    assert (visit.feed.etag, visit.feed.last_ok, visit.feed.due) == ('"1"', NOW, NOW + timedelta(minutes=60))


def test_an_unchanged_body_is_not_parsed_again(site: Site) -> None:
    def judge(sent: Mapping[str, str]) -> Said:
        return Said(status=304) if "if-none-match" in sent else Said(body=RSS)

    site.says["/feed"] = judge
    first = polled(site)
    same = polled(site, body_hash=first.feed.body_hash or "")
    told = polled(site, etag='"1"', body_hash="kept")
    assert (same.status, same.entries, same.bytes) == ("unchanged", (), len(RSS))
    assert (told.status, told.entries, told.bytes, told.feed.body_hash) == ("unchanged", (), 0, "kept")


@pytest.mark.parametrize(
    ("said", "reason"),
    [
        (Said(status=500), "http 500"),
        (Said(body=b"<html><body>Please log in</body></html>"), "an HTML page, not a feed"),
        (Said(body=bytes(range(256))), "not a feed"),
        (Said(body=b"<rss", length=50), "truncated"),
        (Said(status=304), "unasked 304"),
        (Said(status=302, headers={"Location": "http://169.254.169.254/"}), "refused address"),
    ],
    ids=["500", "a page", "noise", "truncated", "a lying 304", "a redirect to metadata"],
)
def test_whatever_the_world_does_comes_back_as_a_status(site: Site, said: Said, reason: str) -> None:
    site.says["/feed"] = said
    visit = polled(site, body_hash="kept")
    assert (visit.status, visit.reason, visit.entries) == ("failed", reason, ())
    assert (visit.feed.problem, visit.feed.body_hash) == (reason, "kept")
    assert visit.feed.failures > 0


def test_entries_become_articles_with_a_stable_identity() -> None:
    one, two, three = to_articles(FEED, parse(RSS, url=URL, headers={}), now=NOW)
    assert one.id == article_id("Example Ledger", "ledger-1")
    assert two.id == article_id("Example Ledger", "https://ledger.example.com/2")
    assert three.id == article_id("Example Ledger", "Only a text, without any headline.\n")
    assert (one.text_kind, two.text_kind, three.title) == ("feed", "headline", "Only a text, without any headline.")
    assert [set(a.marks) for a in (one, two, three)] == [set(), {"undated"}, {"undated"}]
    assert {a.first_seen for a in (one, two, three)} == {NOW}
    assert (one.source, one.owner, one.feed, one.version) == ("Example Ledger", "Example Media", URL, 1)


def test_the_same_entry_twice_is_one_article() -> None:
    entry = Entry(guid="g", link="https://ledger.example.com/1", title="Rates stay")
    assert len(to_articles(FEED, [entry, replace(entry, title="Rates stay (updated)")], now=NOW)) == 1


def test_a_guid_that_all_entries_share_identifies_nothing() -> None:
    entries = [Entry(guid="g", link=f"https://ledger.example.com/{i}", title=f"Story {i}") for i in range(3)]
    assert len({a.id for a in to_articles(FEED, entries, now=NOW)}) == 3


def test_an_entry_without_any_words_is_no_article() -> None:
    assert to_articles(FEED, [Entry(guid="g", link="https://ledger.example.com/1", title="")], now=NOW) == []


@pytest.mark.real
@pytest.mark.slow
def test_every_collected_feed_parses_and_gives_no_fewer_entries_than_feedparser(real: Path) -> None:
    import feedparser

    files = [json.loads(line)["file"] for line in (real / "data/feeds/index.jsonl").read_text("utf-8").splitlines()]
    fewer = []
    for name in files:
        body = (real / "data" / name).read_bytes()
        # Without its sanitiser, which takes half of the time and drops no entry.
        alone = len(feedparser.parse(io.BytesIO(body), sanitize_html=False, resolve_relative_uris=False)["entries"])
        try:
            ours = len(parse(body, url="https://feeds.example.com/x", headers={}))
        except FormatError:
            ours = 0
        if ours < alone:
            fewer.append((name, ours, alone))
    assert len(files) == 746
    assert fewer == []

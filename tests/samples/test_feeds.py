"""The sample's articles are made up, say so everywhere, and are what `samples/README.md` promises."""

from __future__ import annotations

import csv
import io
import re
from calendar import timegm
from collections import Counter
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest

from core import settings
from ingest.parse import parse
from ingest.quality import quality

NAMES = (
    "brightwater-business",
    "candid-allocator",
    "foundry-and-fab",
    "harbour-ledger",
    "meridian-wire",
    "quillmark-releases",
    "stackgrain",
    "tallow-street-post",
)
MARKER = "(Sample text: this article is fictitious.)"
FIRST, LAST = datetime(2026, 4, 13, 11, tzinfo=UTC), datetime(2026, 4, 20, tzinfo=UTC)
REAL_MASTHEADS = re.compile(
    r"reuters|bloomberg|wall street journal|\bwsj\b|financial times|\bcnbc\b|barron|marketwatch|forbes|fortune|"
    r"new york times|washington post|guardian|economist|seeking alpha|motley fool|benzinga|investopedia|techcrunch|"
    r"the register|ars technica|the verge|wired|business insider|axios|associated press|\bafp\b|dow jones|yahoo|nikkei|"
    r"handelsblatt|les echos|south china morning post|straits times|economic times|business wire|pr newswire|"
    r"globenewswire|semianalysis|servethehome|the information|quartz|kiplinger|zacks|thestreet|\bbbc\b|\bcnn\b|\bfox\b",
    re.IGNORECASE,
)


@pytest.fixture(scope="module")
def samples(root: Path) -> Path:
    return root / "samples"


@pytest.fixture(scope="module")
def entries(samples: Path) -> dict[str, list[Any]]:
    """The entries of each feed, as feedparser reads them."""
    import feedparser

    parsed = {}
    for name in NAMES:
        read = feedparser.parse(io.BytesIO((samples / "feeds" / f"{name}.xml").read_bytes()))
        assert not read.bozo, read.get("bozo_exception")
        assert read.version == "rss20"
        parsed[name] = list(read.entries)
    return parsed


@pytest.fixture(scope="module")
def intended(samples: Path) -> list[dict[str, str]]:
    with (samples / "intended.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(line for line in file if not line.startswith("#")))


def test_every_feed_of_the_settings_has_its_file(samples: Path) -> None:
    """The demonstration answers https://NAME.example.com/feed.xml from feeds/NAME.xml, for all and no others."""
    chosen, _ = settings.load(samples / "config.yaml")
    assert sorted(feed.url for feed in chosen.feeds) == [f"https://{name}.example.com/feed.xml" for name in NAMES]
    assert sorted(path.stem for path in (samples / "feeds").iterdir()) == list(NAMES)


def test_two_mastheads_share_an_owner_and_one_is_a_wire(samples: Path) -> None:
    """So that the demonstration shows that outlets are not voices."""
    chosen, _ = settings.load(samples / "config.yaml")
    assert sorted(Counter(feed.owner for feed in chosen.feeds).values()) == [1, 1, 1, 1, 1, 1, 2]
    assert [feed.source for feed in chosen.feeds if feed.kind == "wire"] == ["Meridian Wire"]
    # Its press release is read first, so that a copy in the same pass can never be taken for the origin.
    assert chosen.feeds[0].kind == "release"


def test_no_masthead_is_real(samples: Path) -> None:
    """Neither a source, an owner nor a feed's title names an outlet that exists."""
    chosen, _ = settings.load(samples / "config.yaml")
    named = [name for feed in chosen.feeds for name in (feed.source, feed.owner)]
    titles = re.findall(r"<title>(.*?)</title>", "".join(p.read_text() for p in (samples / "feeds").iterdir()))
    assert [name for name in named if REAL_MASTHEADS.search(name)] == []
    assert [t for t in titles if t.endswith("(fictitious sample)") and REAL_MASTHEADS.search(t)] == []
    assert sum(t.endswith("(fictitious sample)") for t in titles) == len(NAMES)


@pytest.mark.parametrize("name", NAMES)
def test_every_link_is_under_example_com(entries: dict[str, list[Any]], name: str) -> None:
    """An address that nobody can own cannot be taken for a publisher's."""
    assert {urlsplit(entry.link).hostname for entry in entries[name]} == {f"{name}.example.com"}


def test_no_file_names_another_address(samples: Path) -> None:
    """Nothing in a feed leads out of the sample, namespaces aside."""
    found = {
        urlsplit(url).hostname or ""
        for path in (samples / "feeds").iterdir()
        for url in re.findall(r"https?://[^\s\"<\]]+", path.read_text(encoding="utf-8"))
    }
    assert {host for host in found if not host.endswith(".example.com")} == {"purl.org"}


@pytest.mark.parametrize("name", NAMES)
def test_every_body_says_that_it_is_made_up(entries: dict[str, list[Any]], name: str) -> None:
    """In the content and in the summary, and still in the text that our own parser keeps."""
    for entry in entries[name]:
        bodies = [part.value for part in entry.get("content", ())] + [entry.summary]
        assert all(MARKER in body for body in bodies), entry.title


@pytest.mark.parametrize("name", NAMES)
def test_our_parser_reads_the_same_articles(samples: Path, entries: dict[str, list[Any]], name: str) -> None:
    """With whole texts of 120 to 300 words, except for the one behind a paywall."""
    held = parse((samples / "feeds" / f"{name}.xml").read_bytes(), url=f"https://{name}.example.com/feed.xml")
    assert [entry.guid for entry in held] == [entry.id for entry in entries[name]]
    assert all(entry.text.endswith(MARKER) for entry in held)
    lengths = {entry.guid: len(entry.text.split()) for entry in held if "rivals-smell-an-opening" not in entry.guid}
    assert {guid: n for guid, n in lengths.items() if not 120 <= n <= 300} == {}


def test_all_but_one_article_are_of_the_week(entries: dict[str, list[Any]]) -> None:
    """Published after the first morning's pass and before the last day ended; one states no date at all."""
    dates = [entry.get("published_parsed") for feed in entries.values() for entry in feed]
    moments = [datetime.fromtimestamp(timegm(date), UTC) for date in dates if date]
    assert len(dates) - len(moments) == 1
    assert min(moments) > FIRST
    assert max(moments) < LAST
    assert len({moment.date() for moment in moments}) == 7


def test_the_articles_are_those_that_were_labelled(
    entries: dict[str, list[Any]], intended: list[dict[str, str]]
) -> None:
    """Every guid stands once in the feeds and once in intended.csv."""
    guids = [entry.id for feed in entries.values() for entry in feed]
    assert len(guids) == len(set(guids)) == 69
    assert sorted(guids) == sorted(row["guid"] for row in intended)


def test_the_week_is_made_as_promised(intended: list[dict[str, str]]) -> None:
    """The counts of README.md: both narratives are there, with every stance, among much else."""
    whole = [row for row in intended if not row["note"]]
    assert Counter(row["nvidia_killer"] for row in whole if row["nvidia_killer"]) == {
        "promotes": 17,
        "disputes": 2,
        "reports": 3,
    }
    assert Counter(row["wall_street_recovery"] for row in whole if row["wall_street_recovery"]) == {
        "promotes": 5,
        "disputes": 4,
        "reports": 5,
    }
    assert Counter(row["note"] for row in intended if row["note"]) == {"copy": 4, "stub": 1, "undated": 1}
    assert sum(not row["nvidia_killer"] and not row["wall_street_recovery"] for row in whole) == 28


def test_a_press_release_is_copied_by_four_outlets(
    entries: dict[str, list[Any]], intended: list[dict[str, str]]
) -> None:
    """Each copy shares most of its five-word shingles with the release, and no other two articles do."""
    texts = {e.id: e.content[0].value if "content" in e else e.summary for feed in entries.values() for e in feed}
    release = "quillmark-releases:20260413:quellstone-unveils-ember-2"
    copies = {row["guid"] for row in intended if row["note"] == "copy"}
    shingles = {guid: _shingles(text) for guid, text in texts.items()}
    alike = {
        guid
        for guid in texts
        if guid != release and len(shingles[guid] & shingles[release]) > 0.6 * len(shingles[guid])
    }
    assert alike == copies
    rest = [guid for guid in texts if guid not in copies]
    assert not [
        (a, b)
        for i, a in enumerate(rest)
        for b in rest[i + 1 :]
        if len(shingles[a] & shingles[b]) > 0.15 * min(len(shingles[a]), len(shingles[b])) and "opening" not in a + b
    ]


def test_only_the_paywalled_article_is_a_stub(samples: Path) -> None:
    """All others are articles in the eyes of the room that judges it."""
    found = {
        entry.guid: quality(entry.title, entry.text)
        for name in NAMES
        for entry in parse((samples / "feeds" / f"{name}.xml").read_bytes(), url="https://x.example.com/feed.xml")
    }
    assert {guid: q for guid, q in found.items() if q != "good"} == {
        "harbour-ledger:20260416:rivals-smell-an-opening": "stub"
    }


def _shingles(markup: str) -> set[tuple[str, ...]]:
    words = re.findall(r"[a-z0-9']+", re.sub(r"<[^>]*>", " ", markup).lower())
    return {tuple(words[i : i + 5]) for i in range(len(words) - 4)}

"""History comes in from web archives and Parquet tables, from where it was left."""

import gzip
import importlib.util
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from core.articles import Article
from core.errors import InputError
from core.settings import FeedSettings
from ingest.archives import articles_from_parquet, articles_from_warc
from ingest.history import BadLine

HOUR = timedelta(hours=1)
FEED = FeedSettings(url="https://courier.example.com/rss", source="Example Courier", owner="Example Media", kind="blog")
PROSE = " ".join(f"The loom maker said in note {n} that it would sell another plant in the north." for n in range(12))


def page(title: str, day: str, canonical: str = "") -> bytes:
    link = f'<link rel="canonical" href="{canonical}">' if canonical else ""
    head = f'<title>{title}</title>{link}<meta property="article:published_time" content="{day}T08:00:00+00:00">'
    return f"<html lang=en><head>{head}</head><body><article><h1>{title}</h1><p>{PROSE}</p></article></body></html>".encode()


def archive(path: Path, pages: list[tuple[str, bytes, str]]) -> Path:
    """A WARC file of answers (address, body, status), written by the format's own description (ISO 28500)."""
    pytest.importorskip("warcio", reason="the extra `warc` is not installed")
    with path.open("wb") as file:
        for n, (url, body, status) in enumerate(pages):
            answer = f"HTTP/1.1 {status}\r\nContent-Type: text/html; charset=utf-8\r\n\r\n".encode() + body
            head = (
                f"WARC/1.0\r\nWARC-Type: response\r\nWARC-Record-ID: <urn:uuid:{n:032x}>\r\nWARC-Target-URI: {url}\r\n"
                "WARC-Date: 2026-02-03T12:00:00Z\r\nContent-Type: application/http; msgtype=response\r\n"
                f"Content-Length: {len(answer)}\r\n\r\n"
            )
            file.write(gzip.compress(head.encode() + answer + b"\r\n\r\n"))
    return path


def table(path: Path, **columns: list[object]) -> Path:
    arrow = pytest.importorskip("pyarrow", reason="the extra `parquet` is not installed")
    parquet = pytest.importorskip("pyarrow.parquet")
    parquet.write_table(arrow.table(columns), path, row_group_size=2)
    return path


def test_a_page_of_an_archive_is_an_article_of_its_outlet(tmp_path: Path) -> None:
    body = page("Loom maker sells plant", "2026-02-02", "https://courier.example.com/looms")
    warc = archive(tmp_path / "a.warc.gz", [("https://courier.example.com/looms?utm_source=x", body, "200 OK")])
    (found,) = articles_from_warc(warc, lag=HOUR, feeds=[FEED])
    article = found.item
    assert isinstance(article, Article)
    assert (article.source, article.owner, article.imported) == ("Example Courier", "Example Media", True)
    assert (article.title, article.url) == ("Loom maker sells plant", "https://courier.example.com/looms")
    # The page's date counts as that day's end, and an hour; it was fetched at noon the next day.
    assert article.first_seen == datetime(2026, 2, 3, 1, tzinfo=UTC)


def test_nothing_counts_as_seen_after_it_was_fetched(tmp_path: Path) -> None:
    warc = archive(tmp_path / "a.warc.gz", [("https://x.example.com/1", page("Plant sold", "2026-02-03"), "200 OK")])
    (found,) = articles_from_warc(warc, lag=HOUR)
    assert isinstance(found.item, Article)
    assert found.item.first_seen == datetime(2026, 2, 3, 12, tzinfo=UTC)


def test_an_answer_that_is_no_page_is_passed_over_and_an_empty_one_is_told(tmp_path: Path) -> None:
    pages = [
        ("https://x.example.com/1", page("Gone", "2026-02-02"), "404 Not Found"),
        ("https://x.example.com/2", b"<html><body></body></html>", "200 OK"),
    ]
    (found,) = articles_from_warc(archive(tmp_path / "a.warc.gz", pages), lag=HOUR)
    assert isinstance(found.item, BadLine)
    assert "has no article" in found.item.reason


def test_an_archive_is_read_on_from_the_position_of_the_last_article(tmp_path: Path) -> None:
    pages = [(f"https://x.example.com/{n}", page(f"Plant {n} sold", "2026-02-02"), "200 OK") for n in range(4)]
    warc = archive(tmp_path / "a.warc.gz", pages)
    whole = list(articles_from_warc(warc, lag=HOUR))
    assert list(articles_from_warc(warc, lag=HOUR, start=whole[2].position)) == whole[2:]


def test_a_file_that_is_no_archive_is_named(tmp_path: Path) -> None:
    pytest.importorskip("warcio", reason="the extra `warc` is not installed")
    (tmp_path / "a.warc").write_text("not an archive")
    with pytest.raises(InputError, match=r"a\.warc"):
        list(articles_from_warc(tmp_path / "a.warc", lag=HOUR))


@pytest.mark.parametrize(
    ("record", "said"),
    [
        (b"WARC/1.0\r\ngarbage", "holds no record"),
        (b"WARC/1.0\r\nWARC-Type: response\r\nContent-Type: application/http\r\n\r\nHTTP/1.1 2", "after 0 records"),
    ],
    ids=["a first line alone", "a record without an address or a length"],
)
def test_an_archive_that_breaks_off_is_named(record: bytes, said: str, tmp_path: Path) -> None:
    pytest.importorskip("warcio", reason="the extra `warc` is not installed")
    (tmp_path / "a.warc").write_bytes(record)
    with pytest.raises(InputError, match=rf"a\.warc: {said}"):
        list(articles_from_warc(tmp_path / "a.warc", lag=HOUR))


def test_a_row_of_a_table_is_an_article(tmp_path: Path) -> None:
    path = table(
        tmp_path / "a.parquet",
        id=["1", "2"],
        title=["Plant sold", "Plant bought"],
        text=[PROSE, PROSE],
        source=["Example Courier", None],
        published=[datetime(2026, 2, 2, 8), None],  # noqa: DTZ001 -- tables often keep no zone
    )
    one, two = (found.item for found in articles_from_parquet(path, lag=HOUR, feeds=[FEED]))
    assert isinstance(one, Article)
    assert isinstance(two, Article)
    assert (one.owner, one.first_seen) == ("Example Media", datetime(2026, 2, 2, 9, tzinfo=UTC))
    assert (two.source, two.marks) == ("a.parquet", frozenset({"undated"}))


def test_a_table_is_read_on_from_a_row(tmp_path: Path) -> None:
    path = table(tmp_path / "a.parquet", id=list("abcde"), title=list("ABCDE"), text=[PROSE] * 5)
    whole = list(articles_from_parquet(path, lag=HOUR))
    assert [f.position for f in whole] == [0, 1, 2, 3, 4]
    assert list(articles_from_parquet(path, lag=HOUR, start=3)) == whole[3:]


def test_a_table_without_texts_is_refused(tmp_path: Path) -> None:
    path = table(tmp_path / "a.parquet", id=["1"], title=["Plant sold"])
    with pytest.raises(InputError, match="has no column text"):
        list(articles_from_parquet(path, lag=HOUR))


@pytest.mark.parametrize(
    ("read", "module", "extra"),
    [(articles_from_warc, "warcio", "warc"), (articles_from_parquet, "pyarrow", "parquet")],
    ids=["WARC", "Parquet"],
)
def test_a_missing_extra_is_named(read: object, module: str, extra: str, tmp_path: Path) -> None:
    if importlib.util.find_spec(module):
        pytest.skip(f"{module} is installed")
    assert callable(read)
    with pytest.raises(InputError, match=rf"counterwire\[{extra}\]"):
        list(read(tmp_path / "a", lag=HOUR))

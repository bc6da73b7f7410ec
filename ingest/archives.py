"""History of articles from web archives (WARC) and Parquet tables: imported, marked as such, and resumable."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from core.articles import Article
from core.errors import InputError
from core.settings import FeedSettings
from ingest import plan
from ingest.canonical import stated
from ingest.history import BadLine, Found, article_of
from ingest.text import described, extract

__all__ = ["articles_from_parquet", "articles_from_warc", "rows_of"]

COLUMNS = ("id", "title", "text", "source", "url", "published", "author")
ROWS = 500  # read at once
PAGE = 5_000_000  # bytes; a larger record is no article


def articles_from_warc(
    path: Path, *, lag: timedelta, feeds: Iterable[FeedSettings] = (), start: int = 0
) -> Iterator[Found]:
    """The articles of a WARC file's pages (answers with status 200 and HTML), compressed or not.

    The outlet is the feed's whose site it is, else the page's host. An article counts as first
    seen `lag` after the page says that it was published, and at the latest when it was fetched.
    Raises InputError if the file cannot be read or the extra `warc` is not installed.
    """
    try:
        from warcio.archiveiterator import ArchiveIterator  # type: ignore[import-not-found, unused-ignore]  # an extra
        from warcio.exceptions import ArchiveLoadFailed  # type: ignore[import-not-found, unused-ignore]
    except ImportError:
        raise InputError(f"{path}: reading WARC needs an extra: pip install 'counterwire[warc]'") from None
    watched = {f.source: f for f in feeds}
    sites = {urlsplit(f.url).hostname or "": f.source for f in watched.values()}
    number, is_archive = 0, False
    try:
        with path.open("rb") as file:
            file.seek(start)
            records = ArchiveIterator(file)
            for record in records:
                number, is_archive = number + 1, is_archive or bool(record.rec_type)
                if not _is_page(record):
                    continue
                try:
                    item: Article | BadLine = _of_page(record, path.name, lag, watched, sites)
                except ValueError as error:
                    item = BadLine(name=str(path), line=number, reason=str(error))
                # Asked last: warcio reads a record to its end to tell where it began.
                yield Found(item=item, position=records.get_record_offset())
    except (OSError, EOFError, ArchiveLoadFailed, AttributeError, TypeError, ValueError) as error:
        # warcio falls over a record without an address or a length with errors of Python's own.
        raise InputError(f"{path}: after {number} records: {error}") from error
    if not is_archive and path.stat().st_size > start:
        raise InputError(f"{path}: holds no record of a web archive")


def articles_from_parquet(
    path: Path, *, lag: timedelta, feeds: Iterable[FeedSettings] = (), start: int = 0
) -> Iterator[Found]:
    """The articles of a Parquet file with the columns of the JSON lines: id, title, text; source, url, published, author.

    `published` may be text or a timestamp (without a zone: UTC). Raises InputError if the file cannot
    be read, lacks id, title or text, or the extra `parquet` is not installed.
    """
    try:
        import pyarrow  # type: ignore[import-not-found, unused-ignore]  # an extra: it may not be there
        import pyarrow.parquet  # type: ignore[import-not-found, unused-ignore]
    except ImportError:
        raise InputError(f"{path}: reading Parquet needs an extra: pip install 'counterwire[parquet]'") from None
    watched = {f.source: f for f in feeds}
    try:
        table = pyarrow.parquet.ParquetFile(path)
        there = [c for c in COLUMNS if c in table.schema_arrow.names]
        if missing := [c for c in ("id", "title", "text") if c not in there]:
            raise InputError(f"{path}: has no column {', '.join(missing)}")
        groups, row = _groups(table, start)
        for batch in table.iter_batches(batch_size=ROWS, row_groups=groups, columns=there):
            for values in batch.to_pylist():
                if row >= start:
                    yield Found(item=_of_row(values, path, row, lag, watched), position=row)
                row += 1
    except (OSError, pyarrow.ArrowException) as error:
        raise InputError(f"{path}: {error}") from error


def rows_of(path: Path) -> int:
    """How many rows a Parquet file has, 0 if it cannot be read: for a progress bar."""
    try:
        import pyarrow.parquet  # type: ignore[import-not-found, unused-ignore]

        return int(pyarrow.parquet.ParquetFile(path).metadata.num_rows)
    except (ImportError, OSError, ValueError):  # pyarrow's own errors are ValueErrors
        return 0


def _is_page(record: Any) -> bool:
    if record.rec_type != "response" or record.http_headers is None:
        return False
    kind = record.http_headers.get_header("Content-Type") or ""
    return record.http_headers.get_statuscode() == "200" and "html" in kind.lower()


def _of_page(
    record: Any, name: str, lag: timedelta, watched: dict[str, FeedSettings], sites: dict[str, str]
) -> Article:
    fetched = _instant(record.rec_headers.get_header("WARC-Date") or "")
    url = record.rec_headers.get_header("WARC-Target-URI") or ""
    page = record.content_stream().read(PAGE + 1)
    if len(page) > PAGE:
        raise ValueError(f"{url}: is larger than {PAGE} bytes")
    text = extract(page, url)
    about = described(page, url)
    if not text or not about.title:
        raise ValueError(f"{url}: has no article")
    address = stated(page, url)
    host = (urlsplit(address).hostname or "").removeprefix("www.")
    source = sites.get(urlsplit(address).hostname or "") or sites.get(host) or host or name
    row = {"id": address, "title": about.title, "text": text, "url": address, "source": source}
    row |= {"published": about.published, "author": about.author}
    article = article_of(row, name, lag, watched)
    seen = fetched if article.published is None else min(article.first_seen, fetched)
    return replace(article, first_seen=seen, marks=plan.marks(article.published, seen))


def _of_row(
    values: dict[str, Any], path: Path, row: int, lag: timedelta, watched: dict[str, FeedSettings]
) -> Article | BadLine:
    published = values.get("published")
    if isinstance(published, datetime):
        values["published"] = (published if published.tzinfo else published.replace(tzinfo=UTC)).isoformat()
    elif published is not None and not isinstance(published, str):
        values["published"] = str(published)
    try:
        return article_of(values, path.name, lag, watched)
    except ValueError as error:
        return BadLine(name=str(path), line=row + 1, reason=str(error))


def _groups(table: Any, start: int) -> tuple[list[int], int]:
    """The row groups from the one that holds row `start`, and that group's first row."""
    first = 0
    for group in range(table.num_row_groups):
        rows = table.metadata.row_group(group).num_rows
        if first + rows > start:
            return list(range(group, table.num_row_groups)), first
        first += rows
    return [], first


def _instant(stamp: str) -> datetime:
    try:
        moment = datetime.fromisoformat(stamp)
    except ValueError:
        raise ValueError(f"WARC-Date {stamp!r} is not a date") from None
    return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).astimezone(UTC).replace(microsecond=0)

"""The bundled sample week: a house furnished from `samples/`, and a web that serves it.

The articles are fictitious and say so; the figures are real, with source and date.
"""

from __future__ import annotations

import csv
import shutil
from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta
from email.utils import parsedate_to_datetime
from pathlib import Path
from urllib.parse import urlsplit
from xml.etree import ElementTree as ET  # the sample's own files, shipped with the program

from core.clock import from_stamp
from core.errors import FetchError
from core.series import Observation
from counterwire import paths
from counterwire.house import House, open_house
from ingest.web import Answer
from store import series, tags
from store.database import writing

LAST = from_stamp("2026-04-20T11:00:00Z")  # 07:00 in New York, the sample's last morning
MORNINGS = tuple(LAST - timedelta(days=k) for k in reversed(range(8)))


class SampleWeb:
    """Serves `samples/feeds/NAME.xml` for `https://NAME.example.com/feed.xml`, as it stood at `now`."""

    def __init__(self, now: datetime) -> None:
        self.now = now

    async def get(self, url: str, *, headers: Mapping[str, str] | None = None, cap: int | None = None) -> Answer:
        """The feed of a host; any other address answers 404, as there are no article pages."""
        parts = urlsplit(url)
        path = paths.SAMPLES / "feeds" / f"{(parts.hostname or '').split('.')[0]}.xml"
        if parts.path != "/feed.xml" or not path.is_file():
            raise FetchError("http 404", url=url, status=404)
        body = _until(path.read_bytes(), self.now)
        return Answer(url=url, status=200, headers={"content-type": "application/rss+xml"}, body=body)


def _until(body: bytes, now: datetime) -> bytes:
    root = ET.fromstring(body)  # noqa: S314 -- the sample's own file
    for channel in root.iter("channel"):
        for item in channel.findall("item"):
            date = item.findtext("pubDate")
            if date and parsedate_to_datetime(date) > now:
                channel.remove(item)
    return bytes(ET.tostring(root, encoding="utf-8"))


def furnish(folder: Path) -> House:
    """A fresh house in `folder` with the sample's settings, the shipped contracts, figures and baseline."""
    folder.mkdir(parents=True, exist_ok=True)
    for name in ("counterwire.db", "counterwire.db-wal", "counterwire.db-shm", "config.yaml"):
        (folder / name).unlink(missing_ok=True)
    shutil.copy(paths.SAMPLES / "config.yaml", folder / "config.yaml")
    shutil.copytree(paths.NARRATIVES, folder / "narratives", dirs_exist_ok=True)
    house = open_house(folder / "config.yaml", clock=lambda: LAST)
    _figures(house)
    _baseline(house)
    return house


def _figures(house: House) -> None:
    units = {name: s.unit for source in house.settings.sources for name, s in source.series.items()}
    sources = {name: source.id for source in house.settings.sources for name in source.series}
    with writing(house.db):
        for path in sorted((paths.SAMPLES / "series").glob("*.csv")):
            held = [
                Observation(
                    series=row["series"],
                    time=from_stamp(row["time"]),
                    value=float(row["value"]),
                    first_seen=from_stamp(row["first_seen"]),
                    imported=True,
                )
                for row in _rows(path)
            ]
            series.save(house.db, held, seen=MORNINGS[0], units=units, sources=sources)


def _baseline(house: House) -> None:
    with writing(house.db):
        tags.import_counts(
            house.db,
            [
                tags.PressCountRow(
                    source=row["source"],
                    narrative=row["narrative"],
                    day=from_stamp(row["day"]),
                    stories=int(row["stories"]),
                    carrying=int(row["carrying"]),
                    first_seen=from_stamp(row["day"]),
                )
                for row in _rows(paths.SAMPLES / "press_counts.csv")
            ],
        )


def _rows(path: Path) -> Iterator[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        yield from csv.DictReader(line for line in file if not line.startswith("#"))

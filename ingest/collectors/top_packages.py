"""The monthly list of PyPI's most downloaded packages: `hugovk.dev/top-pypi-packages/top-pypi-packages.min.json`.

Series `downloads_top.PACKAGE`: downloads in the 30 days before the list was made, mirrors included, so
that it is comparable over time and not with pypistats' figure without mirrors.
Cadence: made on the first of a month; once a day is plenty, and one file of some 700 kB serves all.
Publication rule: `last_update` dates it, and it is public within the day. No key.
Licence: see https://github.com/hugovk/top-pypi-packages
The list ends somewhere (15,000 packages in 2026): a package that is not in it has fewer downloads than
the last one, and is a fault "below the list's cut-off", never a zero.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from core.errors import FormatError
from core.settings import SourceSettings
from ingest.collectors.collector import DAYS, Found, Request, Value, Visit, changed
from ingest.collectors.naming import check_names, no_options, subject_of


class _Part(BaseModel):
    model_config = ConfigDict(extra="ignore", frozen=True)


class _Row(_Part):
    project: str
    download_count: Annotated[int, Field(ge=1)]


class _Answer(_Part):
    last_update: datetime
    rows: Annotated[list[_Row], Field(min_length=1)]


def check(source: SourceSettings) -> None:
    """A series is `downloads_top.PACKAGE`; its key, or the rest of its id, is the package."""
    no_options(source)
    check_names(source, ["downloads_top"], "PACKAGE")


def requests(visit: Visit) -> Sequence[Request]:
    """One address serves all."""
    return [Request(url=visit.source.url, series=tuple(visit.source.series))]


def read(visit: Visit, request: Request, body: bytes) -> Found:
    """The count of each package; raises FormatError naming the field."""
    try:
        answer = _Answer.model_validate_json(body)
    except ValidationError as error:
        raise changed(error, url=request.url, body=body) from error
    time = answer.last_update
    time = time.replace(tzinfo=UTC) if time.tzinfo is None else time.astimezone(UTC)
    if not DAYS[0] <= time.date() <= visit.now.date():
        raise FormatError("lies in the future", url=request.url, field="last_update", sample=body)
    counts = {row.project: row.download_count for row in answer.rows}
    cut_off = f"below the list's cut-off of {min(counts.values()):,} downloads"
    wanted = {name: counts.get(subject_of(visit.source, name)) for name in request.series}
    return Found(
        values=tuple(Value(series=n, value=float(count), time=time) for n, count in wanted.items() if count),
        faults=tuple((name, cut_off) for name, count in wanted.items() if not count),
    )

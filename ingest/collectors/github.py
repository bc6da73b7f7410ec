"""Activity of a repository on GitHub: `api.github.com/repos/OWNER/NAME`, JSON.

Each series has the repository as its key and says with `options.of` what it wants:
`commits`: commits in each whole calendar month, on the default branch, merges not counted, from
`/stats/commit_activity`, which holds the last 52 weeks by day; dated at the month's last day;
`open_issues`: open issues, pull requests included (GitHub counts them together); of the visit.

Cadence: months change monthly, but GitHub computes statistics on demand: it answers 202 and an empty
answer until they are ready, which is a fault "being computed" and no zero, and is asked again at the
next visit; so four visits a day. Publication rule: a month's count is complete the day after it ends.
No key up to 60 requests an hour. Terms:
https://docs.github.com/site-policy/github-terms/github-terms-of-service
Form: https://docs.github.com/rest/metrics/statistics
"""

from __future__ import annotations

import calendar
from collections.abc import Sequence
from datetime import UTC, date, datetime, time, timedelta
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, TypeAdapter, ValidationError

from core.errors import FormatError
from core.settings import SourceSettings
from core.yaml import Strict
from ingest.collectors.collector import Found, OptionError, Request, Value, Visit, changed, options

HEADERS = {"Accept": "application/vnd.github+json", "X-GitHub-Api-Version": "2022-11-28"}
PENDING = (b"", b"{}", b"[]")  # what comes with 202

Count = Annotated[int, Field(ge=0)]


class _Options(Strict):
    of: Literal["commits", "open_issues"]


class _Part(BaseModel):
    model_config = ConfigDict(extra="ignore", frozen=True)


class _Week(_Part):
    week: Annotated[int, Field(ge=1_000_000_000, le=7_258_118_400)]  # its Sunday, 2001 to 2200
    days: Annotated[list[Count], Field(min_length=7, max_length=7)]


class _Repository(_Part):
    open_issues_count: Count


WEEKS = TypeAdapter(list[_Week])


def check(source: SourceSettings) -> None:
    """Every series needs a repository OWNER/NAME as its key, and `of`."""
    for name, series in source.series.items():
        _of(source, name)
        if series.key.count("/") != 1 or not all(series.key.split("/")):
            raise OptionError("must be a repository OWNER/NAME", "series", name, "key")


def requests(visit: Visit) -> Sequence[Request]:
    """One address a repository and kind."""
    return [Request(url=_url(visit.source, name), series=(name,), headers=HEADERS) for name in visit.source.series]


def read(visit: Visit, request: Request, body: bytes) -> Found:
    """Whole months, or the open issues of the visit; raises FormatError naming the field."""
    commits = [name for name in request.series if _of(visit.source, name) == "commits"]
    if commits and body.strip() in PENDING:
        return Found(faults=tuple((name, "being computed") for name in commits))
    try:
        if not commits:
            count = float(_Repository.model_validate_json(body).open_issues_count)
            return Found(values=tuple(Value(series=name, value=count, time=None) for name in request.series))
        weeks = WEEKS.validate_json(body)
    except ValidationError as error:
        raise changed(error, url=request.url, body=body) from error
    days = _days(weeks, request.url, body)
    months = sorted({day.replace(day=1) for day in days})
    return Found(
        values=tuple(
            Value(series=name, value=float(total), time=datetime.combine(month_end, time(), UTC))
            for first in months
            for month_end, total in [_month(first, days)]
            if total is not None and month_end < visit.now.date()
            for name in commits
        )
    )


def _days(weeks: Sequence[_Week], url: str, body: bytes) -> dict[date, int]:
    days: dict[date, int] = {}
    for i, week in enumerate(weeks):
        first = datetime.fromtimestamp(week.week, UTC).date()
        if first.weekday() != calendar.SUNDAY:
            raise FormatError(f"begins on {first:%A}, and began on Sunday", url=url, field=f"{i}.week", sample=body)
        days |= {first + timedelta(days=k): count for k, count in enumerate(week.days)}
    return days


def _month(first: date, days: dict[date, int]) -> tuple[date, int | None]:
    """A month's last day and its sum, None unless every day of it is there."""
    length = calendar.monthrange(first.year, first.month)[1]
    counts = [days.get(first.replace(day=k)) for k in range(1, length + 1)]
    whole = [count for count in counts if count is not None]
    return first.replace(day=length), sum(whole) if len(whole) == length else None


def _of(source: SourceSettings, name: str) -> str:
    return options(_Options, source.series[name].options, "series", name, "options").of


def _url(source: SourceSettings, name: str) -> str:
    base = f"{source.url.rstrip('/')}/{source.series[name].key}"
    return f"{base}/stats/commit_activity" if _of(source, name) == "commits" else base

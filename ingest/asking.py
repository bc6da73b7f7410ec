"""One question of a collector put to the outside, and what its answer says."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from typing import TYPE_CHECKING

from core.errors import FetchError, FormatError
from core.series import RawAnswer
from ingest.collectors.collector import Collector, Found, Request, Visit, address

if TYPE_CHECKING:  # aiohttp is not needed to check settings
    from ingest.web import Web

NOT_MODIFIED = 304


async def ask(
    web: Web, collector: Collector, visit: Visit, request: Request, before: RawAnswer | None
) -> tuple[Found, RawAnswer | None]:
    """What the answer says, and the answer itself unless none came; a fault has its reason, and nothing is raised.

    `before` is the last whole answer of the address: what is "not modified" is read from there.
    """
    answer: RawAnswer | None = None
    try:
        answer = await _fetched(web, request, before)
        body = before.body if before and answer.status == NOT_MODIFIED else answer.body
        return collector.read(visit, request, body), answer
    except FetchError as error:
        if request.may_lack and error.status == 404:
            return Found(lacks=tuple((name, error.reason) for name in request.series)), None
        reason = error.reason
    except FormatError as error:
        reason = f"changed format: {error}"
        answer = answer and replace(answer, etag="", modified="")  # what cannot be read is asked for whole again
    return Found(faults=tuple((name, reason) for name in request.series)), answer


async def _fetched(web: Web, request: Request, before: RawAnswer | None) -> RawAnswer:
    """The answer; with `before`, only if it changed. A "not modified" that does not repeat the tag is not believed.

    A server that would send a tag with 200 must send it with 304 (RFC 9110, 15.4.5); one that does not has
    perhaps not looked.
    """
    url = address(request.url, **request.secret) if request.secret else request.url
    validators = {"If-None-Match": before.etag, "If-Modified-Since": before.modified} if before else {}
    got = await web.get(url, headers={**request.headers, **{k: v for k, v in validators.items() if v}})
    if before and got.status == NOT_MODIFIED:
        if got.headers.get("etag", "").removeprefix("W/") == before.etag.removeprefix("W/"):
            return RawAnswer(url=request.url, status=got.status, body=b"", kept=False, moved=_without_query(got.moved))
        got = await web.get(url, headers=request.headers)
    return RawAnswer(
        url=request.url,
        status=got.status,
        body=got.body,
        etag=got.headers.get("etag", ""),
        modified=got.headers.get("last-modified", ""),
        moved=_without_query(got.moved),
    )


def _without_query(url: str) -> str:
    return url.partition("?")[0]


def distinct(requests: Iterable[Request]) -> list[Request]:
    """One request for each address, for all series that asked for it."""
    merged: dict[str, Request] = {}
    for one in requests:
        held = merged.get(one.url)
        series = (*(held.series if held else ()), *one.series)
        merged[one.url] = replace(one, series=series)
    return list(merged.values())

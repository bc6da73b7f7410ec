"""The analyst's desk in a browser: briefings, narratives, wrong tags, unsubscribing, and the rows themselves."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from hmac import compare_digest
from typing import Any
from urllib.parse import parse_qs, urlencode

from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.middleware import Middleware
from starlette.middleware.trustedhost import TrustedHostMiddleware
from starlette.requests import Request
from starlette.responses import HTMLResponse, PlainTextResponse, RedirectResponse, Response
from starlette.routing import Mount, Route

from core.errors import CounterwireError, InputError
from core.labels import Label
from core.tags import STANCES
from desk.board import board
from desk.course import course
from desk.reading import Shelf

LONGEST_FORM = 10_000  # bytes of a form; a note is cut at LONGEST_NOTE characters
LONGEST_NOTE = 500
LONGEST_NAME = 80
SAYS = (*STANCES, "none")
ROWS = "/data/"
FORMS = {"txt": "text", "md": "markdown", "json": "json"}
# Our pages have no scripts and load nothing; a quotation that got through all escaping still could not.
HEADERS = {
    "Content-Security-Policy": (
        "default-src 'none'; style-src 'unsafe-inline'; img-src data:; form-action 'self'; frame-ancestors 'none';"
        " base-uri 'none'"
    ),
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cache-Control": "no-store",
}

Answer = Callable[[Request], Awaitable[Response]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Doors:
    """What the pages may do that is not reading; each may be called in any thread.

    `render` fills a template; `sign` makes a token for a text that nobody else can make; `label` is
    told what a reader said, `clock` tells when that was. `bearer` gives the recipient and edition that a token of a mail stands for, and `leave`
    unsubscribes them; it raises InputError for a token that is none.
    """

    render: Callable[[str, Mapping[str, object]], str]
    sign: Callable[[str], str]
    label: Callable[[Label], None]
    clock: Callable[[], datetime]
    bearer: Callable[[str], tuple[str, str] | None]
    leave: Callable[[str], tuple[str, str]]


def application(shelf: Shelf, doors: Doors, *, rows: Any, hosts: tuple[str, ...]) -> Starlette:
    """The pages over a database; `rows` is what is mounted beside them, `hosts` the names that it is reached by."""
    desk = _Desk(shelf, doors)
    routes = [
        Route("/", desk.home),
        Route("/briefings/{name}", desk.briefing),
        Route("/narratives/{name}", desk.narrative),
        Route("/label", desk.label, methods=["GET", "POST"]),
        Route("/unsubscribe/{token}", desk.unsubscribe, methods=["GET", "POST"]),
        Mount(ROWS.rstrip("/"), app=rows),
    ]
    # Other hosts' names are refused, so that a page elsewhere cannot read this one by renaming itself to 127.0.0.1.
    guard = Middleware(TrustedHostMiddleware, allowed_hosts=list(hosts), www_redirect=False)
    return Starlette(
        routes=routes,
        middleware=[guard],
        exception_handlers={404: desk.missing, CounterwireError: desk.failed},
    )


class _Desk:
    def __init__(self, shelf: Shelf, doors: Doors) -> None:
        self._shelf, self._doors = shelf, doors

    async def home(self, request: Request) -> Response:
        subjects = await run_in_threadpool(self._shelf.subjects)
        kept = await run_in_threadpool(self._shelf.briefings)
        return self._page("desk/index.html", {"subjects": subjects, "kept": kept})

    async def briefing(self, request: Request) -> Response:
        name, _, ending = request.path_params["name"].partition(".")
        if ending in ("", "html"):
            told = await run_in_threadpool(self._shelf.briefing, name, "page")
            return HTMLResponse(told, headers=HEADERS) if told else await self.missing(request)
        told = await run_in_threadpool(self._shelf.briefing, name, FORMS[ending]) if ending in FORMS else None
        return PlainTextResponse(told, headers=HEADERS) if told else await self.missing(request)

    async def narrative(self, request: Request) -> Response:
        name = request.path_params["name"]
        subject = await run_in_threadpool(self._shelf.subject, name)
        if subject is None:
            return await self.missing(request)
        days = await run_in_threadpool(self._shelf.days, name)
        values = {
            "subject": subject,
            "days": days,
            "course": course(days),
            "board": board(await run_in_threadpool(self._shelf.board, name)),
            "tagged": await run_in_threadpool(self._shelf.newest, name),
        }
        return self._page("desk/narrative.html", values)

    async def label(self, request: Request) -> Response:
        """The form behind a "wrong tag" link, and what it sends."""
        form = await _form(request) if request.method == "POST" else dict(request.query_params)
        narrative, article = form.get("narrative", ""), form.get("article", "")
        subject = await run_in_threadpool(self._shelf.subject, narrative)
        held = await run_in_threadpool(self._shelf.tagged, narrative, article)
        if subject is None or held is None:
            return await self.missing(request)
        token = self._doors.sign(f"label {narrative} {article}")
        if request.method == "POST":
            if not compare_digest(form.get("token", "").encode(), token.encode()):
                return self._said("This form is not one of ours", "Open the link again.", status=403)
            says, number = form.get("says", ""), form.get("passage", "0")
            if says not in SAYS or not number.isdecimal() or int(number) >= len(held.passages):
                return self._said("Nothing was chosen", "Go back and choose what the article says.", status=400)
            stance = next((s for s in STANCES if s == says), None)
            said = Label(
                narrative=narrative,
                article=article,
                who=_line(form.get("who", ""))[:LONGEST_NAME] or "reader",
                at=self._doors.clock(),
                tag=stance is not None,
                stance=stance,
                passage=held.passages[int(number)] if stance else "\n".join(held.passages),
                note=_line(form.get("note", "")),
            )
            await run_in_threadpool(self._doors.label, said)
            query = urlencode({"narrative": narrative, "article": article, "saved": says})
            return RedirectResponse(f"{request.scope.get('root_path', '')}/label?{query}", 303, headers=HEADERS)
        values = {
            "subject": subject,
            "held": held,
            "token": token,
            "saved": saved if (saved := form.get("saved")) in SAYS else "",
        }
        return self._page("desk/label.html", values)

    async def unsubscribe(self, request: Request) -> Response:
        """Looking changes nothing, since mail scanners open links; a POST does (RFC 8058), whatever its body is."""
        token = request.path_params["token"]
        if request.method == "POST":
            recipient, edition = await run_in_threadpool(self._doors.leave, token)
            told = f"{_masked(recipient)} gets no more of the {edition} briefing."
            return self._said("Unsubscribed", told)
        found = await run_in_threadpool(self._doors.bearer, token)
        if found is None:
            raise InputError("this link is not one of ours")
        return self._page("desk/unsubscribe.html", {"recipient": _masked(found[0]), "edition": found[1]})

    async def missing(self, request: Request, error: Exception | None = None) -> Response:
        return self._said("Not here", "There is no such page, narrative, article or briefing.", status=404)

    async def failed(self, request: Request, error: Exception) -> Response:
        status = 404 if isinstance(error, InputError) else 503
        return self._said("That did not work", str(error) if status == 404 else "The database cannot be read.", status)

    def _said(self, title: str, text: str, status: int = 200) -> Response:
        return self._page("desk/said.html", {"title": title, "text": text}, status)

    def _page(self, name: str, values: Mapping[str, object], status: int = 200) -> Response:
        return HTMLResponse(self._doors.render(name, values), status, headers=HEADERS)


async def _form(request: Request) -> dict[str, str]:
    """The last value of each field; a form that is longer than any of ours is none."""
    body = b""
    async for part in request.stream():
        body += part
        if len(body) > LONGEST_FORM:
            return {}
    return {name: values[-1] for name, values in parse_qs(body.decode("utf-8", "replace"), max_num_fields=20).items()}


def _line(text: str) -> str:
    return " ".join("".join(c if c.isprintable() else " " for c in text).split())[:LONGEST_NOTE]


def _masked(address: str) -> str:
    """Enough of an address for its owner to know it by."""
    name, at, domain = address.rpartition("@")
    return f"{name[:1]}…{at}{domain}"

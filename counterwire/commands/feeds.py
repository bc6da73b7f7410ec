"""`counterwire feeds`: what is watched, and how each feed fares."""

from __future__ import annotations

import asyncio
import json
from pathlib import Path
from typing import TYPE_CHECKING, Annotated
from urllib.parse import urlsplit

import typer

from counterwire.options import Config, Json

if TYPE_CHECKING:
    from core.settings import Settings
    from counterwire.feedbook import Watched
    from ingest.discovery import FoundFeed

app = typer.Typer(help="The feeds that are watched.", no_args_is_help=True)
Kind = Annotated[str, typer.Option(help="wire, newspaper, magazine, broadcaster, trade, blog, aggregator, release, company.")]  # fmt: skip
Address = Annotated[str, typer.Argument(metavar="URL", help="A feed, or a site that has one.")]


@app.command("add")
def add(
    url: Address,
    *,
    config: Config = None,
    source: Annotated[str, typer.Option(help="The outlet's name.", show_default="the feed's title")] = "",
    owner: Annotated[str, typer.Option(help="The company behind it.", show_default="the outlet")] = "",
    kind: Kind = "newspaper",
    every: Annotated[str, typer.Option(help="How often to poll at first: 15m, 6h.")] = "",
) -> None:
    """Find the feed of a site and write it into the settings file, whose comments stay."""
    from core import settings
    from counterwire import paths
    from counterwire.feedbook import enter

    path = paths.config_path(config)
    chosen, _ = settings.load(path)
    found = _found(chosen, url)
    name = source or found.parsed.title or urlsplit(found.url).hostname or found.url
    row = {
        "url": found.url,
        "source": name,
        "owner": owner or name,
        "kind": kind,
        **({"every": every} if every else {}),
    }
    if not enter(path, chosen, [row]):
        typer.echo(f"{found.url} is watched already")
        return
    typer.echo(f"{path}: added {name}, {found.url}, {len(found.parsed.entries)} entries")
    if not owner:
        typer.echo(
            "its owner is taken to be the outlet itself: outlets of one company are one voice, so correct it there"
        )


@app.command("list")
def list_feeds(config: Config = None, as_json: Json = False) -> None:
    """List the feeds with their health in words."""
    from counterwire.feedbook import watched
    from counterwire.house import open_house

    with open_house(config) as house:
        rows = watched(house, as_of=house.clock())
        if as_json:
            typer.echo(json.dumps([_record(w) for w in rows], ensure_ascii=False))
            return
        for w in rows:
            typer.echo(f"{w.settings.source} ({w.settings.kind}): {w.words}; {w.rhythm}  {w.settings.url}")
        if not rows:
            typer.echo("no feed is watched yet; add one with: counterwire feeds add URL")


@app.command("show")
def show(
    name: Annotated[str, typer.Argument(metavar="URL|SOURCE", help="The feed's address, or its outlet.")],
    config: Config = None,
    as_json: Json = False,
) -> None:
    """Show what is known of a feed: its health, its rhythm, where it moved, the last looks at it."""
    from core.clock import stamp
    from counterwire.feedbook import chosen
    from counterwire.house import open_house
    from store import feeds

    with open_house(config) as house:
        found = chosen(house, name, as_of=house.clock())
        looks = {w.settings.url: feeds.looks(house.db, w.settings.url, limit=10) for w in found}
        if as_json:
            told = [
                {**_record(w), "looks": [{"at": stamp(k.at), "status": k.status, "reason": k.reason, "entries": k.entries, "new": k.new} for k in looks[w.settings.url]]}
                for w in found
            ]  # fmt: skip
            typer.echo(json.dumps(told, ensure_ascii=False))
            return
        for w in found:
            typer.echo(
                f"{w.settings.source} ({w.settings.owner}, {w.settings.kind})\n{w.settings.url}\n{w.words}\n{w.rhythm}"
            )
            if w.feed and w.feed.moved_to:
                typer.echo(f"redirects for good to {w.feed.moved_to}, seen {w.feed.moves} times in a row")
            for look in looks[w.settings.url]:
                said = f"  {look.reason}" if look.reason else ""
                typer.echo(f"  {stamp(look.at)}  {look.status:9} {look.entries:4} entries {look.new:4} new{said}")


@app.command("test")
def try_feed(url: Address, config: Config = None, as_json: Json = False) -> None:
    """Fetch a feed and show its entries; nothing is stored."""
    from core import settings
    from core.clock import stamp
    from counterwire import paths

    chosen, _ = settings.load(paths.config_path(config))
    found = _found(chosen, url)
    if as_json:
        rows = [{"title": e.title, "link": e.link, "published": stamp(e.published) if e.published else None, "words": len(e.text.split())} for e in found.parsed.entries]  # fmt: skip
        typer.echo(json.dumps({"url": found.url, "title": found.parsed.title, "entries": rows}, ensure_ascii=False))
        return
    typer.echo(f"{found.parsed.title or 'a feed without a title'}, {found.url}, {len(found.parsed.entries)} entries")
    for e in found.parsed.entries:
        when = stamp(e.published) if e.published else "undated"
        typer.echo(f"{when:20}  {e.title or '(no title)'}  [{len(e.text.split())} words]\n{'':20}  {e.link}")


@app.command("import")
def import_opml(
    source: Annotated[Path, typer.Argument(metavar="FILE.opml", help="A list of subscriptions.")],
    config: Config = None,
    kind: Kind = "newspaper",
) -> None:
    """Add the feeds of an OPML file that are not watched yet."""
    from typing import get_args

    from core import settings
    from core.errors import InputError
    from core.settings import FeedKind
    from counterwire import paths
    from counterwire.feedbook import enter
    from ingest.opml import read_opml

    path = paths.config_path(config)
    chosen, _ = settings.load(path)
    try:
        listed = read_opml(source.read_bytes(), name=str(source))
    except OSError as error:
        raise InputError(f"{source}: {error.strerror}") from None
    fit = [feed for feed in listed if feed.url.startswith(("http://", "https://"))]
    rows = []
    for feed in fit:
        name = feed.title or urlsplit(feed.url).hostname or feed.url
        known = feed.kind if feed.kind in get_args(FeedKind) else kind
        rows.append({"url": feed.url, "source": name, "owner": feed.owner or name, "kind": known})
    added = enter(path, chosen, rows)
    for feed in listed:
        if feed not in fit:
            typer.echo(f"skipped {source}: {feed.url!r} is no address that begins with http:// or https://", err=True)
    skipped = f", {len(listed) - len(fit)} skipped" if len(fit) < len(listed) else ""
    typer.echo(f"{path}: {len(added)} feeds added, {len(fit) - len(added)} watched already{skipped}")


@app.command("export")
def export(
    out: Annotated[
        Path | None, typer.Option("--out", metavar="FILE.opml", help="Where to.", show_default="print")
    ] = None,
    config: Config = None,
) -> None:
    """Write the feeds as OPML, for a feed reader."""
    from core import settings
    from counterwire import paths
    from counterwire.jsonl import writing_to
    from ingest.opml import Subscription, write_opml

    chosen, _ = settings.load(paths.config_path(config))
    listed = [Subscription(url=f.url, title=f.source, owner=f.owner, kind=f.kind) for f in chosen.feeds]
    with writing_to(out) as file:
        file.write(write_opml(listed, title="Counterwire"))


def _found(chosen: Settings, url: str) -> FoundFeed:
    """The feed of a site; what the outside world does wrong is the argument's fault here."""
    from core.errors import FetchError, FormatError, InputError
    from ingest.client import Client
    from ingest.discovery import discover

    async def look() -> FoundFeed:
        async with Client(chosen.fetch) as client:
            return await discover(client, url if "://" in url else f"https://{url}")

    try:
        return asyncio.run(look())
    except FetchError as error:
        refused = error.reason == "refused address"
        hint = ": it is private; to allow it name its host in fetch.allow_hosts of the settings" if refused else ""
        raise InputError(f"{error}{hint}") from None
    except FormatError as error:
        raise InputError(str(error)) from None


def _record(w: Watched) -> dict[str, object]:
    from core.clock import stamp

    return {
        "url": w.settings.url,
        "source": w.settings.source,
        "owner": w.settings.owner,
        "kind": w.settings.kind,
        "health": w.words,
        "state": w.health.state if w.health else "never",
        "interval_minutes": w.feed.interval if w.feed else None,
        "due": stamp(w.feed.due) if w.feed and w.feed.due else None,
        "last_ok": stamp(w.feed.last_ok) if w.feed and w.feed.last_ok else None,
    }

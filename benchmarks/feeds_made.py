"""The made-up feeds of `benchmarks/feeds.py`, and the server that has them: standard library only."""

from __future__ import annotations

import asyncio
import hashlib
import random
import sys

ENTRIES, WORDS = 40, 445  # an entry of about 3 KB, a feed of about 130 KB
# Every fourth is for feedparser, as are 4 of the 16 press feeds collected in 2025 and 2026 as they stand: they begin
# with a blank line, which may be their collector's. Without it none would be.
UNCLEAN = 4
PATTERNS = 30  # feeds that differ in more than numbers
SYLLABLES = ("ba", "ce", "di", "fo", "gu", "la", "me", "ni", "po", "ru", "sa", "te", "vi", "wo", "zu", "bra", "sta")
HTML = '<p>{}</p>\n<p><strong>{}</strong> {} <a href="https://press.example.com/{}?a=1&amp;b=2">{}</a></p>\n<p>{}</p>'
HEAD = (
    '<?xml version="1.0" encoding="UTF-8"?>\n<rss version="2.0" xmlns:content="http://purl.org/rss/1.0/modules/content/"'
    ' xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:atom="http://www.w3.org/2005/Atom"'
    ' xmlns:slash="http://purl.org/rss/1.0/modules/slash/" xmlns:media="http://search.yahoo.com/mrss/"{more}><channel>'
    "<title>Gazette @@</title><link>https://g@@.example.com/</link><description>Made up</description>"
    '<atom:link href="https://g@@.example.com/feed" rel="self" type="application/rss+xml"/><ttl>60</ttl>'
)
ITEM = (
    "<item><title>{title}</title><link>https://g@@.example.com/{n}?utm_source=rss</link>"
    "<dc:creator><![CDATA[{author}]]></dc:creator><pubDate>{day} Apr 2026 {hour:02}:{n:02}:00 +0000</pubDate>"
    "<category><![CDATA[Markets]]></category><category>Chips</category>"
    '<guid isPermaLink="false">https://g@@.example.com/?p={n}</guid><description><![CDATA[{lead}]]></description>'
    "<content:encoded><![CDATA[{html}]]></content:encoded><slash:comments>3</slash:comments>"
    '<media:content url="https://g@@.example.com/{n}.jpg" medium="image"/>{more}</item>\n'
)
ENTRY = (
    '<entry><title type="html">{title}</title><id>https://g@@.example.com/{n}</id>'
    '<link rel="alternate" type="text/html" href="https://g@@.example.com/{n}"/><author><name>{author}</name></author>'
    "<published>2026-04-{d:02}T{hour:02}:{n:02}:00Z</published><updated>2026-04-{d:02}T{hour:02}:{n:02}:30Z</updated>"
    '<summary type="html">{lead}</summary><content type="html">{escaped}</content></entry>\n'
)


def body(pattern: int) -> str:
    """One feed; "@@" stands for its number. Every third is Atom, every fourth is none that a short way reads."""
    rng = random.Random(pattern)  # noqa: S311 -- no secret
    vocabulary = ["".join(rng.choices(SYLLABLES, k=rng.randint(1, 4))) for _ in range(900)]
    vocabulary += ["the", "of", "and", "to", "in", "a", "said", "for", "that", "on", "is", "market\u2019s", "€5"] * 40

    def text(words: int) -> str:
        return " ".join(rng.choices(vocabulary, k=words))

    atom, clean = pattern % 3 == 2, pattern % UNCLEAN != 0
    parts = []
    for n in range(ENTRIES):
        half = WORDS // 2 - 20
        html = HTML.format(text(half), text(5), text(20), n, text(3), text(half))
        parts.append(
            (ENTRY if atom else ITEM).format(
                n=n,
                title=f"{text(9).capitalize()} &amp; {text(2)}",
                author=text(2).title(),
                lead=text(30),
                html=html,
                escaped=html.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;"),
                day=f"Mon, {n % 27 + 1:02}",
                d=n % 27 + 1,
                hour=n % 24,
                more="" if clean else f"<itunes:author>{text(2)}</itunes:author>",
            )
        )
    if atom:
        base = "" if clean else ' xml:base="https://press.example.com/"'
        start = f'<?xml version="1.0" encoding="utf-8"?><feed xmlns="http://www.w3.org/2005/Atom"{base}>'
        start += "<title>Gazette @@</title><id>urn:g@@</id><updated>2026-04-15T00:00:00Z</updated>"
        return start + "".join(parts) + "</feed>"
    more = "" if clean else ' xmlns:itunes="http://www.itunes.com/dtds/podcast-1.0.dtd"'
    return HEAD.replace("{more}", more) + "".join(parts) + "</channel></rss>"


async def _answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter, made: list[bytes]) -> None:
    try:
        while request := await reader.readuntil(b"\r\n\r\n"):
            number = request.split(b" ", 2)[1].rpartition(b"/")[2].partition(b".")[0]
            tag = b'"%s"' % hashlib.md5(number, usedforsecurity=False).hexdigest()[:12].encode()
            if b"if-none-match: " + tag in request.replace(b"If-None-Match", b"if-none-match"):
                writer.write(b"HTTP/1.1 304 Not Modified\r\nETag: " + tag + b"\r\n\r\n")
            else:
                feed = made[int(number) % len(made)].replace(b"@@", number)
                kind = b"Content-Type: application/xml\r\nContent-Length: %d\r\nETag: %s\r\n\r\n" % (len(feed), tag)
                writer.write(b"HTTP/1.1 200 OK\r\n" + kind + feed)
            await writer.drain()
    except (asyncio.IncompleteReadError, ConnectionError):
        pass
    finally:
        writer.close()


async def _serve() -> None:
    made = [body(p).encode() for p in range(PATTERNS)]
    server = await asyncio.start_server(lambda r, w: _answer(r, w, made), "127.0.0.1", 0, backlog=512)
    size = sum(map(len, made)) // len(made)
    print(server.sockets[0].getsockname()[1], size, flush=True)
    async with server:
        await server.serve_forever()


if __name__ == "__main__":
    sys.exit(asyncio.run(_serve()))

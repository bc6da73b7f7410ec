"""HTML and sloppy text made plain: tags gone, entities decoded, whitespace folded."""

from __future__ import annotations

import html
import re

import nh3

BLOCKS = (
    "address|article|aside|blockquote|br|caption|dd|div|dl|dt|figcaption|figure|footer|form|h[1-6]|header|hr|li|main|"
    "nav|ol|p|pre|section|table|tbody|td|tfoot|th|thead|tr|ul"
)
_BLOCK = re.compile(rf"<(?=/?(?:{BLOCKS})\b)", re.IGNORECASE)
_MARKUP = re.compile(r"<[a-zA-Z/!?]")
# Invisible and in the way of any comparison of words: soft hyphen, zero-width and bidirectional
# marks, byte-order mark, control characters; and lone surrogates, which no database takes.
_UNSEEN = re.compile(
    "[\u00ad\u180e\u200b-\u200f\u202a-\u202e\u2060-\u2064\u2066-\u206f\ufeff\ufff9-\ufffb\ud800-\udfff]"
)
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f]")
_ENTITY = re.compile(r"&(?:#\d{1,7}|#[xX][0-9a-fA-F]{1,6}|[a-zA-Z][a-zA-Z0-9]{1,31});")
_FURNITURE = re.compile(
    r"^(?:the post .{0,300} (?:first )?appeared first on .{0,120}"
    r"|(?:continue|keep) reading(?: .{0,80})?|read (?:more|the full (?:story|article))(?: .{0,80})?"
    r"|click here to (?:read|continue).{0,80}|comments|advertisement|sponsored content)[\s.\u2026\u00bb\u203a\u2192>]*$",
    re.IGNORECASE,
)


def fold(text: str) -> str:
    """One line: invisible characters removed, every run of whitespace one space."""
    return " ".join(_seen(text).split())


def lines(text: str) -> str:
    """Paragraphs, one a line: invisible characters removed, whitespace folded, empty lines gone."""
    folded = (" ".join(line.split()) for line in _seen(text).splitlines())
    return "\n".join(line for line in folded if line)


def plain(markup: str) -> str:
    """The text of an HTML fragment, a line for each block; scripts and styles vanish whole."""
    text = markup if markup.isascii() else _UNSEEN.sub("", markup)
    if _MARKUP.search(text):
        text = nh3.clean(_BLOCK.sub("\n<", text), tags=set())
    return lines(entities(text))


def article_lines(text: str) -> str:
    """`lines` without what feeds hang on to an article's end ("The post ... appeared first on ...")."""
    return trimmed(lines(text))


def trimmed(text: str) -> str:
    """`article_lines` of what `lines` or `plain` gave."""
    kept = text.split("\n")
    while kept and _FURNITURE.match(kept[-1]):
        kept.pop()
    return "\n".join(kept)


def entities(text: str) -> str:
    """Entities decoded, a second time too if any are left: feeds escape twice as often as not."""
    once = html.unescape(text)
    return html.unescape(once) if _ENTITY.search(once) else once


def words(text: str) -> int:
    """How many words a text has."""
    return len(text.split())


def _seen(text: str) -> str:
    return _CONTROL.sub(" ", text if text.isascii() else _UNSEEN.sub("", text))

"""Whether what arrived as an article is one: walls, stubs, lists and foreign tongues are told apart."""

from __future__ import annotations

import re

from core.articles import Quality
from core.languages import language_of
from ingest.furniture import own_words
from ingest.plain import words

HEADLINE = 25  # words of text under which an item says no more than its headline
WALL = 250  # words; a block page is short, and an article that quotes one is not
WALL_CHARS = 4000
BARE, OPENING = 100, 200  # words, characters; notices at an article's foot are furniture, not walls
STUB = 120  # words; a teaser with an invitation to pay
LIST_LINES, LIST_SHARE = 6, 0.7

_WALL = re.compile(
    r"enable (?:js|javascript)|javascript (?:is|was) (?:disabled|not available|required)"
    r"|access to this (?:page|site|resource) (?:has been|was|is) (?:denied|blocked)|^\W*access denied\W|403 forbidden"
    r"|(?:verify|confirm|prove)(?:ing)? (?:that )?you(?:'|\u2019| a)re (?:not a (?:ro)?bot|(?:a )?human)"
    r"|you(?:'|\u2019| a)re (?:not )?a (?:ro)?bot|think you were a bot|checking your browser|just a moment\.\.\."
    r"|(?:complete|solve) (?:the|a|this) (?:captcha|security check)|unusual (?:traffic|activity)"
    r"|security service to protect itself|performed triggered the security"
    r"|(?:don(?:'|\u2019)t|do not) have (?:permission|access) to (?:access|view) (?:this|the)"
    r"|(?:turn(?:ing)? off|disabl(?:e|ing)|using an?) (?:your )?ad ?-?block|software that blocks ads"
    r"|we use cookie(?:s| technologies)\b|uses? cookies (?:to|and|for)|(?:accept|agree to) (?:all|our use of) cookies"
    r"|store\s+cookies you have not consented to|part of the yahoo family of brands"
    r"|please (?:make sure|ensure) your browser supports|browser (?:is|you are using is) (?:not|no longer) supported"
    r"|has banned you|experiencing an access issue, please contact|please whitelist your ip|block is an error please"
    r"|^\W*the web ?page at https?://\S+ (?:might|may|has)"
    r"|(?:this )?(?:content|page|video) is not available in your (?:region|country|location)"
    r"|we (?:and|&) our (?:\d+ )?(?:\w+ )?partners (?:may )?(?:use|store|process|access)"
    r"|your privacy is important to us|we (?:value|care about|respect) your privacy|(?:this|our) (?:web)?site requires cookies"
    r"|please enable cookies|cookies (?:are|seem to be) disabled|checking if the site connection is secure"
    r"|review the security of your connection|incapsula incident|request unsuccessful|\bray id\b|error 10\d\d: "
    r"|access to this (?:web)?site (?:has been|was|is) (?:limited|restricted)|site owner has blocked"
    r"|while we verify access|if you are in reader mode|unavailable (?:due to|for) legal reasons"
    r"|this (?:web)?site from a country belonging to the european"
    r"|page (?:you (?:requested|are looking for) )?(?:could not be|cannot be|can't be|not|wasn't) found|\b404 error\b",
    re.IGNORECASE,
)
_STUB = re.compile(
    r"subscribe (?:now )?(?:to|for) (?:continue|read|unlock|keep|full|get)|already (?:a|have a) subscri"
    r"|to (?:continue reading|read the (?:full|rest|whole|entire))|(?:log|sign) ?in to (?:read|continue|view|access)"
    r"|(?:article|story|content|report) is (?:only |exclusively )?(?:available |reserved )?(?:for|to) "
    r"(?:\w+ ){0,2}(?:subscribers|members)"
    r"|(?:unlock|get) (?:full|unlimited|this|instant) (?:access|article|story)|(?:subscribers|members)[- ]only"
    r"|register (?:now |for free )?to (?:read|continue|access)|become a (?:subscriber|member) to"
    r"|keep reading for [$\u20ac\u00a3]|billed (?:monthly|annually)|cancel any ?time\b"
    r"|(?:your|the) (?:last|limit of|monthly limit of) free articles?|free articles? (?:left|remaining)"
    r"|start (?:your|a) (?:free )?trial|create a free account to",
    re.IGNORECASE,
)
_ENDS = re.compile(r"[.!?:;,\u2026\"'\u201d\u2019)]$")


def quality(title: str, text: str, *, tongue: str = "") -> Quality:
    """What the text is fit for. Only "good" and "headline" may be evidence.

    `tongue` spares finding the language again where it is known.
    """
    size = words(text)
    if _is_wall(size, text or title):
        return "wall"
    if (tongue or language_of(title, text)) != "en":
        return "foreign"
    if size < STUB and _STUB.search(text):
        return "stub"
    if _is_list(text):
        return "list"
    return "headline" if size < HEADLINE else "good"


def graded(title: str, text: str, *, tongue: str = "") -> tuple[str, Quality]:
    """The text's own words and what they are fit for; `tongue` is the text's language where it is known.

    A wall or a stub is told by its furniture, so it keeps it; all else loses what stands around the article.
    """
    found = quality(title, text, tongue=tongue)
    if found in ("wall", "stub"):
        return text, found
    own = own_words(text)
    return (text, found) if own == text else (own, quality(title, own))


def _is_wall(size: int, text: str) -> bool:
    """A phrase of a wall where it is the message: near the beginning, or in hardly any other text."""
    met = _WALL.search(text[:WALL_CHARS]) if size < WALL else None
    return met is not None and (size < BARE or met.start() < OPENING)


def _is_list(text: str) -> bool:
    """Mostly lines of a headline's length that end like no sentence does."""
    rows = text.split("\n")
    if len(rows) < LIST_LINES:
        return False
    loose = sum(3 <= words(r) <= 20 and not _ENDS.search(r) for r in rows)
    return loose / len(rows) > LIST_SHARE

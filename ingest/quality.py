"""Whether what arrived as an article is one: walls, stubs, lists and foreign tongues are told apart."""

from __future__ import annotations

import re
import unicodedata

from core.articles import Quality
from ingest.furniture import own_words
from ingest.plain import words

HEADLINE = 25  # words of text under which an item says no more than its headline
WALL = 250  # words; a block page is short, and an article that quotes one is not
WALL_CHARS = 4000
BARE, OPENING = 100, 200  # words, characters; notices at an article's foot are furniture, not walls
STUB = 120  # words; a teaser with an invitation to pay
LIST_LINES, LIST_SHARE = 6, 0.7
SAMPLE = 1500  # characters that tell a language: 250 words
FEW = 8  # words under which a language cannot be told

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
_BEYOND = re.compile(r"[^\x00-\u024f]")  # the letters that are not Latin at first sight
_WORD = re.compile(r"[^\W\d_]+")
# What is no letter goes first: a sample is then mostly plain ASCII, and is taken apart in a fifth of the time.
_MARKS = re.compile(
    f"[{''.join(c for c in map(chr, (*range(0x80, 0xC0), *range(0x2000, 0x20D0))) if not _WORD.match(c))}]"
)
_BLANK = {code: " " for code in range(128) if not _WORD.match(chr(code))}
_ENDS = re.compile(r"[.!?:;,\u2026\"'\u201d\u2019)]$")
_ENGLISH_WORDS = (
    "the and of to that for is with it by from are has have this which its their but not at be was said will after he "
    "they who more than would as on been were about how why what could into over up out you can our we if"
)
_OTHER_WORDS = (
    "de la le el los las que der die das und les des et en un una del por para con se est dans pour il di che non per "
    "della het een van ist nicht mit auf für som och att det på em uma os não do da y e den von zu im dem ein eine sur "
    "au aux du ne pas qui par su lo al como más es são ao dos na no si gli nel av er til og med"
)
_ENGLISH, _OTHER = frozenset(_ENGLISH_WORDS.split()), frozenset(_OTHER_WORDS.split())


def quality(title: str, text: str, *, tongue: str = "") -> Quality:
    """What the text is fit for. Only "good" and "headline" may be evidence.

    `tongue` spares finding the language again where it is known.
    """
    size = words(text)
    if _is_wall(size, text or title):
        return "wall"
    if (tongue or language(title, text)) != "en":
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


def language(title: str, text: str) -> str:
    """ "en", or "und" for anything else; what is too short to tell counts as English.

    A count of function words, against those of nine other languages of the press.
    """
    small = f"{title} {text[:SAMPLE]}".lower()
    if not small.isascii():
        small = _MARKS.sub(" ", small)
    found = small.translate(_BLANK).split() if small.isascii() else _WORD.findall(small)
    if found and not small.isascii() and _outside_latin(found) > 0.4:
        return "und"
    if len(found) < FEW:
        return "en"
    english = sum(map(_ENGLISH.__contains__, found))
    other = sum(map(_OTHER.__contains__, found))
    if other >= 3 and other > english:
        return "und"
    return "und" if len(found) >= 40 and english / len(found) < 0.05 else "en"


def _is_wall(size: int, text: str) -> bool:
    """A phrase of a wall where it is the message: near the beginning, or in hardly any other text."""
    met = _WALL.search(text[:WALL_CHARS]) if size < WALL else None
    return met is not None and (size < BARE or met.start() < OPENING)


def _outside_latin(found: list[str]) -> float:
    letters = "".join(found)[:2000]
    outside = sum(not unicodedata.name(c, "").startswith("LATIN") for c in _BEYOND.findall(letters))
    return outside / len(letters)


def _is_list(text: str) -> bool:
    """Mostly lines of a headline's length that end like no sentence does."""
    rows = text.split("\n")
    if len(rows) < LIST_LINES:
        return False
    loose = sum(3 <= words(r) <= 20 and not _ENDS.search(r) for r in rows)
    return loose / len(rows) > LIST_SHARE

"""The address of an article without what only tells who shared it."""

from __future__ import annotations

import html
import re
from urllib.parse import parse_qsl, urljoin, urlsplit, urlunsplit

# Parameters that publishers and ad networks add to count clicks; none of them chooses a page.
TRACKING = re.compile(
    r"^(?:utm_\w+|at_(?:medium|campaign|link_\w+|format|ptr_name|bbc_team)|mc_[ce]id|[fgtwy]clid|fbclid|gclid|dclid"
    r"|msclkid|gclsrc|wt\.?(?:mc|z)_\w+|_hs(?:enc|mi)|mkt_tok|igshid|ito|cmpid|cmp|ncid|ocid|sr_share|smid|smtyp"
    r"|guccounter|guce_referr\w*|soc_(?:src|trk)|s_?cid|icid|spm|yptr|ref_?src|rss|partner|taid|traffic_source"
    r"|__source|src=rss|feedtype|feedname)$",
    re.IGNORECASE,
)
PORTS = {"http": 80, "https": 443}
# The same page for phones. A host "m.example.com" or "amp.example.com" is the same paper; a path part "/amp" or
# "/amp/" at either end, ".amp" before ".html", "?amp=1" or "?outputType=amp" the same article.
_MOBILE_HOST = re.compile(r"^(?:(?:www\.)?(?:m|mobile|amp|touch)\.)(?=[^.]+\.[^.])|(?<=^en)\.m(?=\.)")
_AMP_PATH = re.compile(r"^/amp(?:/s)?(?=/.)|/amp(?:\.html)?/?$|\.amp(?=(?:\.html?)?$)|(?<=\w)-amp(?=\.html?$)")
_AMP_QUERY = re.compile(
    r"^(?:amp|outputType|output_type|amp_js_v|usqp|amp_gsa)(?:=(?:1|true|amp|\S*))?$", re.IGNORECASE
)
# Addresses of copies kept by others: the article's own address stands in the path.
_CACHE = re.compile(r"^(?:www\.google\.[a-z.]+/amp/s/|[\w-]+\.cdn\.ampproject\.org/[cvi]/(?:s/)?)(?P<rest>.+)$")
# The tags in which a page states its address, the attribute that says so, and the one that holds it; asked in turn.
_STATED = (
    (rb"<link\b[^>]{0,2600}>", rb"\brel\s*=\s*[\"']?canonical\b", b"href"),
    (rb"<meta\b[^>]{0,2600}>", rb"\bproperty\s*=\s*[\"']?og:url\b", b"content"),
)
_VALUE = rb"\b%s\s*=\s*(?:\"([^\"]{1,2000})\"|'([^']{1,2000})'|([^\s>]{1,2000}))"
_SHARED = re.compile(r"(?:com?|org|net|ac|gov|edu|nom|or|ne)\.[a-z]{2}$")  # co.uk: everybody's, no site
HEAD = 200_000  # bytes of a page in which its canonical link is sought


def canonical(link: str, base: str = "") -> str:
    """`link`, resolved against `base`, without tracking parameters, fragment and standard port.

    Variants of a page for phones (AMP, m.) become the page itself. The rest of the query stays byte
    for byte. "" for what is no http(s) address.
    """
    try:
        parts = urlsplit(urljoin(base, link.strip()))
        port = parts.port
    except ValueError:
        return ""
    scheme, host = parts.scheme.lower(), parts.hostname
    if scheme not in PORTS or not host:
        return ""
    if cached := _CACHE.match(f"{host}{parts.path}"):
        return canonical(f"https://{cached['rest']}{'?' if parts.query else ''}{parts.query}")
    shown = f"[{host}]" if ":" in host else _MOBILE_HOST.sub("", host)
    netloc = shown if port in (None, PORTS[scheme]) else f"{shown}:{port}"
    return urlunsplit((scheme, netloc, _AMP_PATH.sub("", parts.path) or "/", _query(parts.query), ""))


def stated(page: bytes, url: str) -> str:
    """The address that a page states as its own (`rel=canonical`, else `og:url`), if it can be believed; else `url`'s own.

    It must be of the same site (ledger.example.com and example.com are, two hosts under co.uk are not)
    and no front page: templates that state the front page for every article are older than any
    standard against them. Both are `canonical`.
    """
    own = canonical(url)
    for tag, says, attribute in _STATED:
        for found in re.findall(tag, page[:HEAD], re.IGNORECASE):
            if not re.search(says, found, re.IGNORECASE):
                continue
            value = re.search(_VALUE % attribute, found, re.IGNORECASE)
            if value is None:
                continue
            given = canonical(html.unescape(next(filter(None, value.groups())).decode("utf-8", "replace")), url)
            if given and _site(given) == _site(own) and urlsplit(given).path != "/":
                return given
    return own


def _site(url: str) -> str:
    parts = urlsplit(url)
    host = parts.hostname or ""
    if re.fullmatch(r"[\d.]+|.*:.*", host):
        return parts.netloc  # a bare address is nobody's but its own
    return ".".join(host.split(".")[-3 if _SHARED.search(host) else -2 :])


def _query(query: str) -> str:
    return "&".join(piece for piece in query.split("&") if piece and not _tracks(piece) and not _AMP_QUERY.match(piece))


def _tracks(piece: str) -> bool:
    pairs = parse_qsl(piece, keep_blank_values=True)
    return bool(pairs) and TRACKING.match(pairs[0][0]) is not None

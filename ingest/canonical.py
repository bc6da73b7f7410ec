"""The address of an article without what only tells who shared it."""

from __future__ import annotations

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


def canonical(link: str, base: str = "") -> str:
    """`link`, resolved against `base`, without tracking parameters, fragment and standard port.

    The rest of the query stays byte for byte. "" for what is no http(s) address.
    """
    try:
        parts = urlsplit(urljoin(base, link.strip()))
        port = parts.port
    except ValueError:
        return ""
    scheme, host = parts.scheme.lower(), parts.hostname
    if scheme not in PORTS or not host:
        return ""
    shown = f"[{host}]" if ":" in host else host
    netloc = shown if port in (None, PORTS[scheme]) else f"{shown}:{port}"
    return urlunsplit((scheme, netloc, parts.path or "/", _query(parts.query), ""))


def _query(query: str) -> str:
    return "&".join(piece for piece in query.split("&") if piece and not _tracks(piece))


def _tracks(piece: str) -> bool:
    pairs = parse_qsl(piece, keep_blank_values=True)
    return bool(pairs) and TRACKING.match(pairs[0][0]) is not None

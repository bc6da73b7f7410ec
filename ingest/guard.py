"""Which addresses may be contacted: the public Internet, and nothing else."""

from __future__ import annotations

import ipaddress
import socket
from typing import Any

REFUSED = "refused address"

# Global unicast is handed out of 2000::/3 only (IANA, 2025); whatever lies outside it is a
# translation, a tunnel, multicast or somebody's own network, among it fec0::/10 and NAT64.
PUBLIC_V6 = ipaddress.IPv6Network("2000::/3")
# Public by number, not by nature: each of these carries an IPv4 address, or answers locally.
TUNNELS_V6 = tuple(
    ipaddress.IPv6Network(n) for n in ("2001::/23", "2001:db8::/32", "2002::/16", "3fff::/20", "2620:4f:8000::/48")
)
LOCAL_V4 = tuple(
    ipaddress.IPv4Network(n)
    for n in (
        "168.63.129.16/32",  # Azure's platform address, reachable from every virtual machine there
        "192.0.0.0/24",  # protocol assignments; Oracle's metadata lives here, and Python 3.11.7 calls it global
        "192.88.99.0/24",  # 6to4 relays
        "192.31.196.0/24",  # AS112
        "192.52.193.0/24",  # AMT
        "192.175.48.0/24",  # AS112
    )
)


class RefusedAddressError(OSError):
    """A connection was about to be made to an address that is not public."""

    def __init__(self, address: str) -> None:
        super().__init__(f"{REFUSED} {address}")


def is_public(address: str) -> bool:
    """Whether a numeric IP address is one of the public Internet. False for anything unreadable.

    An IPv4 address mapped into IPv6 (::ffff:a.b.c.d) is judged as the IPv4 address that it is;
    NAT64, 6to4 and Teredo are refused whatever they carry, because `ipaddress.is_global` says
    True for a private address behind them.
    """
    try:
        ip = ipaddress.ip_address(address.partition("%")[0])
    except ValueError:
        return False
    if isinstance(ip, ipaddress.IPv6Address):
        if ip.ipv4_mapped is None:
            return ip in PUBLIC_V6 and ip.is_global and not any(ip in net for net in TUNNELS_V6)
        ip = ip.ipv4_mapped
    return ip.is_global and not ip.is_multicast and not any(ip in net for net in LOCAL_V4)


def guarded_socket(info: tuple[int, int, int, str, Any]) -> socket.socket:
    """A socket for one connection attempt; raises RefusedAddressError unless its address is public.

    aiohttp calls this with what `getaddrinfo` gave, for every attempt: names, IP literals in any
    spelling and redirect hops alike. The address judged is the address connected to, so a name
    that changes its mind between a check and the connection gains nothing.
    """
    family, kind, proto, _, address = info
    if family not in (socket.AF_INET, socket.AF_INET6) or not is_public(str(address[0])):
        raise RefusedAddressError(str(address[0]))
    return socket.socket(family=family, type=kind, proto=proto)

"""Addresses that somebody else chose: what may be called is found out before anything is sent (SSRF)."""

import socket
from ipaddress import IPv4Address, IPv6Address, IPv6Network, ip_address

from imgpilot.errors import Refused

#: What is handed out to hosts of the internet. What embeds IPv4 (mapped, NAT64) lies outside, or is refused below.
_GLOBAL_UNICAST = IPv6Network("2000::/3")


def resolved(host: str, port: int, *, loopback: bool) -> str:
    """The address that this name leads to now, to connect to exactly that: a name can lead elsewhere a moment later.

    Raises Refused if any of its addresses is not public; with `loopback`, this machine is let through (development).
    ConnectionError if the name leads nowhere.
    """
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError):
        raise ConnectionError("the name leads nowhere") from None
    addresses = [ip_address(str(each[4][0]).partition("%")[0]) for each in found]
    if not all(is_public(each) or (loopback and each.is_loopback) for each in addresses):
        raise Refused("an address that leads into a network that is not public")
    return str(addresses[0])


def is_public(address: IPv4Address | IPv6Address) -> bool:
    """Whether it is the address of a host of the internet."""
    if address.is_multicast or not address.is_global:
        return False
    if isinstance(address, IPv4Address):
        return True
    return address in _GLOBAL_UNICAST and address.sixtofour is None and address.teredo is None

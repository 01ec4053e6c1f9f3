"""Where a request came from: the address that asks, and whose word about it is believed (policy P05).

Behind Cloudflare every request comes from Cloudflare's machines, which name the visitor in `cf-connecting-ip`. Anybody
can send that header, so it counts only from a peer that TRUSTED_PROXIES lists.
"""

from ipaddress import ip_address, ip_network

from werkzeug.wrappers import Request

import config

HEADER = "cf-connecting-ip"


def address(settings: config.Settings, request: Request) -> str:
    """The visitor's address as text; "" if the peer has none (a socket on this machine)."""
    peer = _canonical(request.remote_addr or "")
    if peer and settings.trusts(peer):
        return _canonical(request.headers.get(HEADER, "")) or peer
    return peer


def caller(settings: config.Settings, request: Request) -> str:
    """Whom a limit counts: the address; of IPv6 the network (/64), of which every household has all addresses."""
    found = address(settings, request)
    return str(ip_network(f"{found}/64", strict=False)) if ":" in found else found


def _canonical(said: str) -> str:
    """One way of writing each address: without zone, IPv4 as IPv4. "" for what is none."""
    try:
        found = ip_address(said.strip().partition("%")[0])
    except ValueError:
        return ""
    return str(getattr(found, "ipv4_mapped", None) or found)

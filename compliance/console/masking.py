"""Addresses as they stand on a page before somebody says why they need the whole."""

DOTS = "•••"


def masked(address: str) -> str:
    """The address with enough left to recognise it by, and not enough to write to it: a•••@e•••.com."""
    name, at, place = address.rpartition("@")
    if not at:
        return address[:1] + DOTS
    host, dot, ending = place.rpartition(".")
    return f"{name[:1]}{DOTS}@{host[:1]}{DOTS}{dot}{ending}"

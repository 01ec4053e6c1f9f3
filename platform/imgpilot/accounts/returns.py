"""Where to go back to: only ever a path of this site, whatever the address says."""

from urllib.parse import urlsplit

#: No page of ours has a longer address.
LONGEST = 2000


def local_path(wanted: str | None, otherwise: str) -> str:
    """`wanted` if it is a path on this site, else `otherwise`.

    Refused are "//host" and "/\\host", which browsers read as another host, and control characters, which they
    drop before reading.
    """
    path = wanted or ""
    odd = len(path) > LONGEST or "\\" in path or any(c <= " " or c == "\x7f" for c in path)
    if odd or not path.startswith("/") or path.startswith("//"):
        return otherwise
    return path


def path_of(address: str | None, site: str, otherwise: str) -> str:
    """The path of a whole address (a Referer) if it is on this site, else `otherwise`."""
    try:
        parts = urlsplit(address or "")
    except ValueError:
        return otherwise
    if f"{parts.scheme}://{parts.netloc}" != site:
        return otherwise
    return local_path(parts.path + (f"?{parts.query}" if parts.query else ""), otherwise)

"""What a purge asks for, read as strictly as the real one: one kind of thing, and not too many of it."""

import re
from dataclasses import dataclass
from typing import Any

#: What can be purged, and how many in one call (developers.cloudflare.com/cache/how-to/purge-cache).
KINDS = ("files", "prefixes", "tags", "hosts")
MOST = 100
#: A prefix is host and path, without a scheme.
_PREFIX = re.compile(r"[a-z0-9.-]+(:\d+)?(/[^\s?#]*)?", re.IGNORECASE)
_URL = re.compile(r"https?://[^\s/]+/\S*", re.IGNORECASE)


@dataclass(frozen=True)
class Purge:
    """A valid call."""

    kind: str
    #: Empty for everything.
    what: tuple[str, ...] = ()


class BadPurge(ValueError):
    """A body that Cloudflare would refuse. `code` follows what its answers carry; a client must not rely on it."""

    def __init__(self, code: int, said: str) -> None:
        super().__init__(said)
        self.code = code


def read(body: Any) -> Purge:
    """The purge in this JSON body; raises BadPurge."""
    if not isinstance(body, dict) or not body:
        raise BadPurge(1012, "Request must contain one of: purge_everything, files, prefixes, tags, hosts")
    if body.get("purge_everything") is True and len(body) == 1:
        return Purge("everything")
    given = [kind for kind in KINDS if kind in body]
    if len(given) != 1 or set(body) - set(KINDS):
        raise BadPurge(1012, "Request must contain exactly one of: purge_everything, files, prefixes, tags, hosts")
    [kind] = given
    what = body[kind]
    if not isinstance(what, list) or not what or not all(isinstance(each, str) and each for each in what):
        raise BadPurge(1094, f"{kind} must be a list of text that is not empty")
    if len(what) > MOST:
        raise BadPurge(1094, f"Too many {kind}: at most {MOST} in one call")
    form = {"files": _URL, "prefixes": _PREFIX}.get(kind)
    if form and not all(form.fullmatch(each) for each in what):
        raise BadPurge(1016, f"Some of these are no valid {kind}")
    return Purge(kind, tuple(what))

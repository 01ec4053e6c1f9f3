"""Links on a page that lead to another host, and what is wrong with them (policy P20)."""

from collections.abc import Iterator
from html.parser import HTMLParser
from urllib.parse import parse_qs, urlsplit

#: What follows people from one site to another.
FOLLOWING = ("utm_", "gclid", "fbclid", "msclkid", "mc_", "ref", "source", "aff")
REL = {"noopener", "noreferrer"}


class _Anchors(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.found: list[tuple[str, dict[str, str]]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Keep what leads somewhere."""
        if tag in ("a", "area", "form", "button", "input"):
            self.found.append((tag, {name: value or "" for name, value in attrs}))


def wrong(page: str, *ours: str) -> Iterator[str]:
    """Everything on this page that leads to a host that is not one of ours and does not keep to the rule."""
    read = _Anchors()
    read.feed(page)
    for tag, attrs in read.found:
        target = attrs.get("href" if tag in ("a", "area") else "action" if tag == "form" else "formaction", "")
        parts = urlsplit(target)
        if parts.scheme in ("mailto", "tel") or not parts.netloc or parts.netloc in ours:
            continue
        if tag not in ("a", "area"):
            yield f"a form is sent to {parts.netloc}"
        elif not set(attrs.get("rel", "").split()) >= REL:
            yield f"the link to {parts.netloc} tells it where one comes from"
        if "ping" in attrs or any(name.lower().startswith(FOLLOWING) for name in parse_qs(parts.query)):
            yield f"the link to {parts.netloc} carries something to follow people by"

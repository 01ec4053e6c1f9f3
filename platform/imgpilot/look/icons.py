"""Icons and the mark, drawn into the page as SVG: no icon font, no request."""

import logging
import re
from difflib import get_close_matches
from functools import cache
from math import sqrt
from pathlib import Path

from flask import current_app
from markupsafe import Markup

from imgpilot.errors import ImgPilotError

log = logging.getLogger(__name__)

#: Lucide (ISC), put there by set-up from the npm package lucide-static.
FOLDER = Path(__file__).parent.parent / "static" / "vendor" / "icons"

_SVG = Markup(
    '<svg class="i" viewBox="0 0 24 24" width="24" height="24" fill="none" stroke="currentColor"'
    ' stroke-width="1.75" stroke-linecap="round" stroke-linejoin="round" {}>{}</svg>'
)

#: Drawn without a clip path: two marks on one page then share no id.
_MARK = Markup(
    '<svg viewBox="0 0 28 28" width="28" height="28" aria-hidden="true">'
    '<rect width="28" height="28" rx="6.5" fill="#0C4A70"/>'
    '<path d="M0 19.775 28 13.825V21.5A6.5 6.5 0 0 1 21.5 28h-15A6.5 6.5 0 0 1 0 21.5z" fill="#8DC6E8"/>'
    '<circle cx="19.4" cy="8.6" r="2.9" fill="#F2B84B"/>'
    '<path d="M5 14h5.2M17.8 14H23" stroke="#fff" stroke-width="2.2" stroke-linecap="round"/>'
    '<circle cx="14" cy="14" r="2" fill="#fff"/></svg>'
)


class UnknownIcon(ImgPilotError):
    """No icon has this name."""


def icon(name: str, label: str | None = None) -> Markup:
    """The Lucide icon of that name. With a label it is read out; without, it only accompanies words."""
    voice = Markup('role="img" aria-label="{}"').format(label) if label else Markup('aria-hidden="true"')
    try:
        return _SVG.format(voice, _drawing(name))
    except UnknownIcon:
        if current_app.config.get("LOOK_STRICT", True):
            raise
        log.exception("a page misses an icon")
        return Markup("{}").format(label or "")


def mark() -> Markup:
    """The logo."""
    return _MARK


def shape_icon(ratio: str) -> Markup:
    """A picture's shape as an outline; "3:2" is wider than high. All cover about the same area, in 30 by 27."""
    across, down = (float(side) for side in ratio.split(":"))
    size = min(22 * sqrt(across / down), 30) / across
    width, height = (round(side * min(size, 27 / down)) for side in (across, down))
    return Markup(
        '<svg width="{0}" height="{1}" viewBox="0 0 {0} {1}" aria-hidden="true">'
        '<rect x=".75" y=".75" width="{2}" height="{3}" rx="1.5"/></svg>'
    ).format(width, height, width - 1.5, height - 1.5)


@cache
def _drawing(name: str) -> Markup:
    """What is inside an icon's file."""
    path = FOLDER / f"{name}.svg"
    if not re.fullmatch(r"[a-z0-9-]+", name) or not path.is_file():
        raise UnknownIcon(f"No icon is called {name!r}. {_advice(name)}")
    found = re.search(r"<svg[^>]*>(.*)</svg>", path.read_text(encoding="utf-8"), re.DOTALL)
    if not found:
        raise UnknownIcon(f"{path.name} is not an icon as Lucide draws them")
    # Trusted: it comes from the locked package, not from anybody's input.
    return Markup(" ".join(found[1].split()))  # noqa: S704


def _advice(name: str) -> str:
    there = [path.stem for path in FOLDER.glob("*.svg")]
    if not there:
        return "There are none at all: run `make setup`, which brings them."
    near = get_close_matches(name, there, n=3)
    return f"Near it: {', '.join(near)}." if near else "All names: https://lucide.dev/icons"

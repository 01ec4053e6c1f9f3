"""A document as one HTML page for print: every word escaped, every picture on the shelf, none in the page."""

import re
from collections.abc import Collection
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup, escape

from reports.document import Document, anchor
from reports.shelf import Shelf

_HERE = Path(__file__).parent
_ART = _HERE / "art"

#: Stands for a character that cannot be printed, as in printed Chinese for one that cannot be read.
BLANK = "\u25a1"
#: Control characters, marks that turn the direction of everything after them, private use, halves of characters.
_UNPRINTABLE = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ud800-\udfff\ue000-\uf8ff\ufeff\ufffe\uffff]"
)


def printable(text: str, unshown: Collection[str] = ()) -> str:
    """The text with a blank for each character that is no letter or that no font shows; PDF/A allows neither."""
    return _UNPRINTABLE.sub(BLANK, text).translate(dict.fromkeys(map(ord, unshown), BLANK))


def grouped(value: str, size: int = 4, in_line: int = 8) -> list[str]:
    """A hash in groups, eight to a line: two people can read it to each other."""
    groups = [value[start : start + size] for start in range(0, len(value), size)]
    return [" ".join(groups[start : start + in_line]) for start in range(0, len(groups), in_line)]


def paragraphs(text: str) -> list[str]:
    """A text at its empty lines."""
    return [part for part in re.split(r"\n\s*\n", text.strip()) if part]


#: Longer than this a word may not fit its column. Chinese has no words of this kind: it breaks between characters.
_LONG = re.compile(r"[^\s\u2e80-\uffff]{25,}")
_PIECE = re.compile(r".{1,12}", re.DOTALL)
#: About a hundred characters, up to where a sentence or word ends if there is such a place.
_STRETCH = re.compile(r".{1,99}[\s，。、；：！？]|.{1,100}", re.DOTALL)


def breakable(text: str) -> Markup:
    """The text in stretches, its overlong words (addresses, keys) in pieces between which a line may end.

    In a table WeasyPrint's time grows with the square of the places where a run of text may break: 26 seconds
    for a Chinese prompt of 4,000 characters, and as many for any under `overflow-wrap: anywhere`. Here it is one.
    """
    stretches = _STRETCH.findall(text)
    if len(stretches) < 3:
        return _pieced(text)
    return Markup("").join(Markup("<span>{}</span>").format(_pieced(stretch)) for stretch in stretches)


def _pieced(text: str) -> Markup:
    pieces, place = Markup(""), 0
    for word in _LONG.finditer(text):
        pieces += escape(text[place : word.start()])
        for piece in _PIECE.findall(word.group()):
            pieces += Markup('<span class="piece">{}</span>').format(piece)
        place = word.end()
    return pieces + escape(text[place:])


_environment = Environment(
    loader=FileSystemLoader(_HERE / "templates"),
    autoescape=True,
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
)
_environment.filters |= {"breakable": breakable, "grouped": grouped, "paragraphs": paragraphs}


def page(document: Document, shelf: Shelf, unshown: Collection[str] = ()) -> str:
    """The whole page. Its pictures are on the shelf afterwards."""

    def put(picture: bytes | str) -> str:
        return shelf.put(printable(picture, unshown).encode() if isinstance(picture, str) else picture)

    art = document.cover.art if document.cover else None
    markup = _environment.get_template("document.html").render(
        document=document,
        anchor=anchor,
        put=put,
        mark=put((_ART / "mark.svg").read_bytes()),
        info=put((_ART / "info.svg").read_bytes()),
        art=put(art or (_ART / "sunprint-wide.jpg").read_bytes()) if document.cover else "",
    )
    return printable(markup, unshown)

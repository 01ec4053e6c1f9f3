"""The parts a section of a document is made of."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar, Literal

from reports.errors import TooMuch
from reports.table import Table

#: Thumbnails are kept in memory until the file is written.
PICTURES_IN_BLOCK = 60
BYTES_IN_PICTURE = 512 * 1024


@dataclass(frozen=True)
class Fact:
    """A thing and its name. A `hash` is written in groups of four, so that people can compare it."""

    term: str
    value: str
    kind: Literal["text", "hash"] = "text"


@dataclass(frozen=True)
class Facts:
    """Short facts side by side, four to a row."""

    kind: ClassVar = "facts"
    facts: Sequence[Fact]


@dataclass(frozen=True)
class Figure:
    """One big number, already written the way its reader writes numbers, and what it counts."""

    number: str
    counts: str


@dataclass(frozen=True)
class Figures:
    """A row of big numbers."""

    kind: ClassVar = "figures"
    figures: Sequence[Figure]


@dataclass(frozen=True)
class Picture:
    """A small JPEG, PNG or WebP with its caption, and what it shows for people who cannot see it."""

    data: bytes
    alt: str
    caption: str
    note: str = ""


@dataclass(frozen=True)
class Pictures:
    """Thumbnails, three to a row."""

    kind: ClassVar = "pictures"
    pictures: Sequence[Picture]

    def __post_init__(self) -> None:
        if len(self.pictures) > PICTURES_IN_BLOCK:
            raise TooMuch(f"{len(self.pictures)} pictures in one block, the limit is {PICTURES_IN_BLOCK}")
        if any(len(picture.data) > BYTES_IN_PICTURE for picture in self.pictures):
            raise TooMuch(f"a picture has more than {BYTES_IN_PICTURE} bytes: hand in its thumbnail")


@dataclass(frozen=True)
class Drawing:
    """A chart or ruler as SVG, and the same in words."""

    kind: ClassVar = "drawing"
    svg: str
    alt: str
    title: str = ""
    note: str = ""


@dataclass(frozen=True)
class Note:
    """Something to know now, set apart; `lead` is its first words, strong."""

    kind: ClassVar = "note"
    text: str
    lead: str = ""


@dataclass(frozen=True)
class Text:
    """Paragraphs, parted by empty lines. With a title it is found in the table of contents."""

    kind: ClassVar = "text"
    text: str
    title: str = ""


@dataclass(frozen=True)
class Certificate:
    """The box that states something for the record. `listed` is how the table of contents calls it."""

    kind: ClassVar = "certificate"
    title: str
    statement: str
    facts: Sequence[Fact]
    heading: str = ""
    listed: str = ""
    svg: str = ""
    svg_alt: str = ""


@dataclass(frozen=True)
class Contents:
    """What follows in this document, with page numbers."""

    kind: ClassVar = "contents"
    title: str


Block = Facts | Figures | Table | Pictures | Drawing | Note | Text | Certificate | Contents

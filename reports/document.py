"""A document before it has pages: its title, cover, sections, and the fixed words in its reader's language."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple

from reports.blocks import Block, Certificate, Contents, Fact, Text
from reports.errors import TooMuch
from reports.table import Table

#: All tables together; see ROWS_IN_TABLE for what a row costs.
ROWS_IN_DOCUMENT = 2_000


@dataclass(frozen=True)
class Labels:
    """The words on every page. `page` holds {page} and {pages}: "Page {page} of {pages}"."""

    brand: str
    page: str

    def page_parts(self) -> tuple[str, str, str]:
        """What stands before, between and after the two numbers."""
        before, _, rest = self.page.partition("{page}")
        between, _, after = rest.partition("{pages}")
        return before, between, after


@dataclass(frozen=True)
class Cover:
    """The first page: facts along its foot, a drawing above them. `art` replaces the house's sun-print."""

    facts: Sequence[Fact] = ()
    svg: str = ""
    svg_alt: str = ""
    art: bytes | None = None


@dataclass(frozen=True)
class Section:
    """A part that begins on a page of its own. `listed` is its name in the table of contents, if not its title."""

    title: str
    blocks: Sequence[Block]
    lede: str = ""
    listed: str = ""


class Entry(NamedTuple):
    """A line of the table of contents."""

    anchor: str
    words: str


@dataclass(frozen=True)
class Document:
    """Everything a PDF will say. `lang` is "en", "zh_Hans" …; a title may hold one line break for its cover."""

    title: str
    lang: str
    running_foot: str
    labels: Labels
    sections: Sequence[Section]
    subtitle: str = ""
    cover: Cover | None = None
    made_at: datetime | None = None

    def __post_init__(self) -> None:
        rows = sum(len(block.rows) for section in self.sections for block in section.blocks if isinstance(block, Table))
        if rows > ROWS_IN_DOCUMENT:
            raise TooMuch(f"the tables have {rows} rows together, the limit is {ROWS_IN_DOCUMENT}: show fewer of each")

    @property
    def language(self) -> str:
        """The language as HTML and PDF write it."""
        return self.lang.replace("_", "-")

    def contents(self) -> list[Entry]:
        """What the table of contents lists: all that comes after it and has a name."""
        entries: list[Entry] = []
        for number, section in enumerate(self.sections):
            entries.append(Entry(anchor(number), section.listed or section.title))
            for place, block in enumerate(section.blocks):
                if isinstance(block, Contents):
                    entries.clear()
                elif isinstance(block, Certificate | Text) and (words := _name(block)):
                    entries.append(Entry(anchor(number, place), words))
        return entries


def anchor(section: int, block: int | None = None) -> str:
    """The name a link uses for a section or a block of it."""
    return f"s{section}" if block is None else f"s{section}b{block}"


def _name(block: Certificate | Text) -> str:
    return block.listed or block.heading or block.title if isinstance(block, Certificate) else block.title

"""index.html: the package as pages to read, offline, with nothing loaded from anywhere, written piece by piece."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined, Template
from markupsafe import Markup
from sqlalchemy import Connection
from sqlalchemy.orm import Session

import config
import reports
from compliance.export import meanings, pictures, thumbnails
from compliance.export.access import Holding
from compliance.export.archive import Packed
from compliance.export.contents import Contents
from compliance.export.headings import keys, telling
from compliance.export.report_kinds import ORIGINS, why
from compliance.export.snapshot import Row, newest, time_column
from compliance.export.voice import Voice
from compliance.reach import Person
from compliance.standing import Statement
from compliance.words import category, country
from imgpilot.language import marked as _
from imgpilot.language import tag
from imgpilot.processors import PROCESSORS
from imgpilot.purposes import PURPOSES

#: Rows and pictures of one kind on the page; data/ has them all.
ROWS = 200
#: Where the public half of our signing key is, on the site.
KEY = "/.well-known/imgpilot-signing-key.pem"
_PIECE = 64 * 1024
_MARK = Path(reports.__file__).parent / "art" / "mark.svg"


@dataclass(frozen=True)
class Shown:
    """A picture on the page."""

    href: str
    src: str
    caption: str
    when: str


@dataclass(frozen=True)
class Kind:
    """One kind of thing on the page: its facts and its newest rows."""

    holding: Holding
    headings: Sequence[str]
    lines: Sequence[Sequence[str]]
    #: For each column whether it holds keys.
    keys: Sequence[bool]
    shown: Sequence[Shown] = field(default=())
    #: What she disputes of it.
    disputed: Sequence[Statement] = field(default=())

    @property
    def name(self) -> str:
        """The table."""
        return self.holding.table.name


@cache
def _template() -> Template:
    loader = FileSystemLoader(Path(__file__).parent / "templates")
    environment = Environment(
        loader=loader, autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True
    )
    return environment.get_template("index.html")


def pages(
    connection: Connection, held: Contents, files: Sequence[Packed], settings: config.Settings
) -> Iterator[bytes]:
    """The page, in pieces. `files` are those already in the package."""
    voice = Voice(held.asked.language)
    made = _template().generate(
        voice=voice,
        _=voice.say,
        mark=Markup(_MARK.read_text()),  # noqa: S704  (a drawing of ours)
        lang=tag(voice.language),
        title=voice.say(_("Your data to take along") if held.asked.portable else _("Your data at ImgPilot")),
        held=held,
        asked=held.asked,
        kinds=_kinds(voice, connection, held),
        files=files,
        contact=config.CONTACT,
        site=settings.site_url,
        key=f"{settings.site_url}{KEY}",
        why=why,
        ORIGINS=ORIGINS,
        PROCESSORS=PROCESSORS,
        PURPOSES=PURPOSES,
        category=category,
        country=country,
    )
    return _gathered(made)


def _gathered(made: Iterable[str]) -> Iterator[bytes]:
    """A template answers word by word; a file is written in pieces worth a call."""
    waiting: list[str] = []
    length = 0
    for words in made:
        waiting.append(words)
        length += len(words)
        if length >= _PIECE:
            yield "".join(waiting).encode()
            waiting, length = [], 0
    yield "".join(waiting).encode()


def _kinds(voice: Voice, connection: Connection, held: Contents) -> Iterator[Kind]:
    """Kind after kind, only one of them in memory."""
    for holding in held.holdings:
        rows = newest(connection, held.columns(holding.table), Person(held.asked.account_id), ROWS)
        names = telling(holding.table, rows)
        yield Kind(
            holding,
            [voice.heading(name) for name in names],
            [[meanings.value(voice, holding.table, row, name, code=True) for name in names] for row in rows],
            keys(holding.table, names),
            _pictures(voice, connection, held, holding, rows),
            held.said_by_her.beside(holding.table),
        )


def _pictures(voice: Voice, connection: Connection, held: Contents, holding: Holding, rows: list[Row]) -> list[Shown]:
    table = holding.table
    if table not in pictures.tables():
        return []
    words: dict[Any, str] = {}
    if held.captions:
        with Session(connection) as session:
            words = thumbnails.captions(session, table, rows)
    at = time_column(table)
    found = []
    for row in rows:
        files = list(pictures.of(table, row))
        if files:
            when = voice.moment(row[at]) if at and row.get(at) else ""
            found.append(Shown(files[0].path, files[-1].path, words.get(row["id"], ""), when))
    return found

"""The middle of the access report: for each kind why, where from, to whom, how long, and the newest rows."""

from collections.abc import Iterator
from dataclasses import dataclass

from sqlalchemy import Connection
from sqlalchemy.orm import Session

from compliance.export import meanings, thumbnails
from compliance.export.access import Holding
from compliance.export.contents import Contents
from compliance.export.headings import telling
from compliance.export.snapshot import Row, newest
from compliance.export.voice import Voice
from compliance.reach import Person
from compliance.standing import Statement
from imgpilot.language import marked as _
from imgpilot.privacy import ARTICLE, LegalBasis, Origin
from imgpilot.processors import known_as
from imgpilot.purposes import GENERATION, STORAGE
from imgpilot.storage import Storage
from reports.blocks import Block, Fact, Facts, Note, Pictures, Text
from reports.document import Section
from reports.table import Column, Table

#: What one kind may take of the report.
ROWS, COLUMNS, LETTERS = 25, 5, 280

ORIGINS = {
    Origin.PROVIDED: _("You gave it to us"),
    Origin.OBSERVED: _("Noted while you used the service"),
    Origin.DERIVED: _("Worked out from the rest"),
}
BASES = {
    LegalBasis.CONSENT: _("your consent"),
    LegalBasis.CONTRACT: _("our contract with you"),
    LegalBasis.LEGAL_OBLIGATION: _("a duty the law gives us"),
    LegalBasis.LEGITIMATE_INTERESTS: _("our legitimate interest"),
}

#: The parts of the report: what a person made, what comes with an account, what the law has us write down.
AREAS = (_("Your pictures and prompts"), _("Your account"), _("Our records of what we did"))


@dataclass(frozen=True)
class Source:
    """Where the report takes its rows and pictures from."""

    storage: Storage
    session: Session
    connection: Connection


def sections(voice: Voice, source: Source, held: Contents) -> Iterator[Section]:
    """A section for each part of what we do, with the kinds that are held for it."""
    for title in AREAS:
        blocks: list[Block] = []
        before: Facts | None = None
        for holding in held.holdings:
            if _area(holding) == title:
                facts = _facts(voice, holding, unnamed=held.recipients is None)
                # What is kept for the same reasons as the kind above it is said once.
                blocks += _kind(voice, source, holding, held, facts if facts != before else None)
                before = facts
        if blocks:
            yield Section(voice.say(title), blocks)


def _area(holding: Holding) -> str:
    """To which part of the report a kind belongs; the purpose decides."""
    if holding.purpose in (GENERATION, STORAGE):
        return AREAS[0]
    return AREAS[2] if holding.purpose.basis is LegalBasis.LEGAL_OBLIGATION else AREAS[1]


def why(voice: Voice, holding: Holding) -> str:
    """Why a kind is held and on which ground, with the article."""
    return voice.say(
        _("%(purpose)s. %(basis)s, %(article)s"),
        purpose=voice.say(holding.purpose.name),
        basis=voice.begin(BASES[holding.purpose.basis]),
        article=ARTICLE[holding.purpose.basis],
    )


def _facts(voice: Voice, holding: Holding, *, unnamed: bool) -> Facts:
    say = voice.say
    received = [say(known_as(key).name) for key in holding.recipients]
    return Facts(
        [
            Fact(say(_("Why, and on which ground")), why(voice, holding)),
            Fact(say(_("Where it came from")), "; ".join(say(ORIGINS[each]) for each in holding.origins)),
            Fact(
                say(_("Who received something for this")),
                say(_("Withheld")) if unnamed else ", ".join(received) if received else say(_("Nobody outside")),
            ),
            Fact(say(_("Kept")), voice.begin(holding.said.kept.words)),
        ]
    )


def _kind(voice: Voice, source: Source, holding: Holding, held: Contents, facts: Facts | None) -> Iterator[Block]:
    """One kind: its name, its facts, its pictures, its newest rows."""
    name = f"{voice.begin(holding.said.noun)} ({voice.number(holding.rows)})"
    if facts:
        yield Text("", title=name)
        yield facts
    for statement in held.said_by_her.beside(holding.table):
        yield disputed(voice, statement)
    rows = newest(source.connection, held.columns(holding.table), Person(held.asked.account_id), ROWS)
    shown = thumbnails.newest(voice, source.storage, source.session, holding.table, rows, captioned=held.captions)
    # In rows, so that they can part at the end of a page.
    for start in range(0, len(shown), 3):
        yield Pictures(shown[start : start + 3])
    yield _table(voice, holding, rows, "" if facts else name)


def disputed(voice: Voice, statement: Statement) -> Note:
    """What the person says against what we hold, in her words, or beside it."""
    return Note(
        clipped(statement.text),
        lead=voice.say(_("You dispute this (%(day)s):"), day=voice.day(statement.at.date())),
    )


def _table(voice: Voice, holding: Holding, rows: list[Row], title: str) -> Table:
    names = telling(holding.table, rows, COLUMNS)
    places = {"json": f"data/{holding.table.name}.json", "csv": f"data/{holding.table.name}.csv"}
    if holding.rows > len(rows):
        note = voice.say(
            _("The newest %(shown)s are shown. The other %(number)s are in %(csv)s and %(json)s, with every column."),
            shown=voice.number(len(rows)),
            number=voice.number(holding.rows - len(rows)),
            **places,
        )
    else:
        note = voice.say(_("With every column: %(csv)s and %(json)s."), **places)
    return Table(
        [Column(voice.heading(name), "text" if at else "quiet", nowrap=not at) for at, name in enumerate(names)],
        [[clipped(meanings.value(voice, holding.table, row, name)) for name in names] for row in rows],
        title=title,
        note=note,
    )


def clipped(words: str) -> str:
    """As much of a text as the report has room for; all of it is in the data files."""
    return words if len(words) <= LETTERS else words[:LETTERS].rstrip() + "…"

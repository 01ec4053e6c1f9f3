"""The middle of the access report: for each kind of thing why, where from, to whom, how long, and the newest rows."""

from collections.abc import Iterator
from itertools import groupby

from sqlalchemy import Connection
from sqlalchemy.orm import Session

from compliance.export import thumbnails
from compliance.export.access import Holding
from compliance.export.contents import Contents
from compliance.export.headings import telling
from compliance.export.snapshot import Row, newest
from compliance.export.voice import Voice
from compliance.reach import Person
from imgpilot.language import marked as _
from imgpilot.privacy import ARTICLE, LegalBasis, Origin
from imgpilot.processors import PROCESSORS
from imgpilot.storage import Storage
from reports.blocks import Block, Fact, Facts, Pictures, Text
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


def sections(
    voice: Voice, storage: Storage, session: Session, connection: Connection, held: Contents
) -> Iterator[Section]:
    """A section for each purpose, with the kinds that are held for it."""
    order = list(dict.fromkeys(holding.purpose.key for holding in held.holdings))
    ordered = sorted(held.holdings, key=lambda holding: order.index(holding.purpose.key))
    for _key, group in groupby(ordered, key=lambda holding: holding.purpose.key):
        kinds = list(group)
        purpose = kinds[0].purpose
        blocks: list[Block] = []
        for holding in kinds:
            blocks += _kind(voice, storage, session, connection, holding, held)
        yield Section(
            voice.say(purpose.name),
            blocks,
            lede=voice.say(
                _("%(items)s items are held for this. It stands on %(basis)s, %(article)s."),
                items=voice.number(sum(holding.rows for holding in kinds)),
                basis=voice.say(BASES[purpose.basis]),
                article=ARTICLE[purpose.basis],
            ),
        )


def _kind(
    voice: Voice,
    storage: Storage,
    session: Session,
    connection: Connection,
    holding: Holding,
    held: Contents,
) -> Iterator[Block]:
    say = voice.say
    table = holding.table
    yield Text("", title=f"{voice.begin(holding.said.noun)} ({voice.number(holding.rows)})")
    received = [say(PROCESSORS[key].name) for key in holding.recipients if key in PROCESSORS]
    yield Facts(
        [
            Fact(
                say(_("Why, and on which ground")),
                f"{say(holding.purpose.name)}. {voice.begin(BASES[holding.purpose.basis])}, "
                f"{ARTICLE[holding.purpose.basis]}",
            ),
            Fact(say(_("Where it came from")), "; ".join(say(ORIGINS[each]) for each in holding.origins)),
            Fact(
                say(_("Who received something for this")),
                ", ".join(received) if received else say(_("Nobody outside")),
            ),
            Fact(say(_("Kept")), voice.begin(holding.said.kept.words)),
        ]
    )
    rows = newest(connection, table, Person(held.asked.account_id), ROWS)
    shown = thumbnails.newest(voice, storage, session, table, rows)
    if shown:
        yield Pictures(shown)
    yield _table(voice, holding, rows)


def _table(voice: Voice, holding: Holding, rows: list[Row]) -> Table:
    names = telling(holding.table, rows, COLUMNS)
    places = {"json": f"data/{holding.table.name}.json", "csv": f"data/{holding.table.name}.csv"}
    if holding.rows > len(rows):
        note = voice.say(
            _("The other %(number)s are in %(csv)s and %(json)s, with every column."),
            number=voice.number(holding.rows - len(rows)),
            **places,
        )
    else:
        note = voice.say(_("With every column: %(csv)s and %(json)s."), **places)
    return Table(
        [Column(voice.heading(name), "text" if at else "quiet", nowrap=not at) for at, name in enumerate(names)],
        [[clipped(voice.value(row[name])) for name in names] for row in rows],
        title=voice.say(
            _("The newest %(shown)s of %(all)s"), shown=voice.number(len(rows)), all=voice.number(holding.rows)
        )
        if holding.rows > len(rows)
        else "",
        note=note,
    )


def clipped(words: str) -> str:
    """As much of a text as the report has room for; all of it is in the data files."""
    return words if len(words) <= LETTERS else words[:LETTERS].rstrip() + "…"

"""What is held, field by field, in plain words: read off the declarations, like everything else about a person."""

from dataclasses import dataclass

from sqlalchemy import Column, Table

from compliance import inventory
from compliance.export.headings import HEADINGS
from imgpilot.language import marked as _
from imgpilot.privacy import LegalBasis, Origin

#: The legal basis as a reason.
BASIS = {
    LegalBasis.CONSENT: _("because you agreed to it"),
    LegalBasis.CONTRACT: _("because the service you asked for needs it"),
    LegalBasis.LEGAL_OBLIGATION: _("because a law obliges us"),
    LegalBasis.LEGITIMATE_INTERESTS: _("because we have an interest in it that the law accepts; you can object"),
}

#: Where a fact comes from.
ORIGIN = {
    Origin.PROVIDED: _("you gave it to us"),
    Origin.OBSERVED: _("noted while you used the service"),
    Origin.DERIVED: _("worked out by us"),
}


@dataclass(frozen=True)
class Fields:
    """The fields of one kind of thing. Texts are marked for translation."""

    #: What is about the person: (what, where from).
    yours: list[tuple[str, str]]
    #: What we note down beside it.
    ours: list[str]
    #: What is held but not shown: (what, why).
    withheld: list[tuple[str, str]]


def fields(table: Table) -> Fields:
    """The fields of this table; keys that only join rows are left out."""
    shown = [column for column in inventory.shown(table) if not _joins(column)]
    personal = {_called(c.name): ORIGIN[inventory.what(c).origin] for c in shown if inventory.what(c).personal}
    notes = dict.fromkeys(_called(c.name) for c in shown if not inventory.what(c).personal)
    return Fields(
        yours=list(personal.items()),
        ours=[words for words in notes if words not in personal],
        withheld=[(_called(name), why) for name, why in inventory.withheld(table).items()],
    )


def _joins(column: Column[object]) -> bool:
    return column.primary_key or bool(column.foreign_keys)


def _called(name: str) -> str:
    words = HEADINGS.get(name) or name.replace("_", " ")
    return words[:1].upper() + words[1:]

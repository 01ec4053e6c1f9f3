"""What a package will hold and what it leaves out, counted once at its beginning; report and index speak from this."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Column, Table, select
from sqlalchemy.orm import Session

from compliance import inventory, portability, reach, restrictions
from compliance.corrections import FACTS
from compliance.export import pictures
from compliance.export.access import Holding, Recipient, holdings, recipients
from compliance.export.asked import Asked
from compliance.requests.grounds import GROUNDS
from compliance.standing import Restriction, Statement
from imgpilot.accounts import choices
from imgpilot.accounts.models import Choice
from imgpilot.disclosures import Disclosure
from imgpilot.generation.models import Generation
from imgpilot.language import marked as _
from imgpilot.privacy import Rows

#: Why something is not in a portable package (GDPR Art. 20(1), WP 242 rev.01).
OUR_DUTY = _("We keep it for a duty of our own, not under our contract with you or because you agreed to it.")
OUR_RECORD = _("It is our own record of what was done: you did not give it to us, and it says nothing else about you.")
WORKED_OUT = _("We worked it out from the rest. Only what you gave us and what was noted about you can be taken along.")


@dataclass(frozen=True)
class Withheld:
    """A kind of thing that is held and not handed out, because an officer did not grant it: on which ground."""

    holding: Holding
    #: What the ground says to the person, marked for translation, and the law it stands on ("" for our own words).
    words: str
    law: str
    until: str


@dataclass(frozen=True)
class Said:
    """What the person said beside their data or about it, and that counts now."""

    statements: Sequence[Statement] = ()
    restrictions: Sequence[Restriction] = ()
    #: The choice that counts, for each thing that can be chosen.
    choices: Sequence[Choice] = ()

    def beside(self, table: Table) -> list[Statement]:
        """The statements about a fact that stands in this table."""
        return [one for one in self.statements if FACTS.get(one.about, ("", ""))[0] == table.name]

    @property
    def otherwise(self) -> list[Statement]:
        """The statements about no single fact."""
        return [one for one in self.statements if one.about not in FACTS]


@dataclass(frozen=True)
class Contents:
    """Everything that is packed, by table; everybody who received something; and what is left out, with the reason."""

    asked: Asked
    holdings: list[Holding]
    #: Tables that can hold something of a person and hold nothing of hers.
    empty: list[Table]
    #: None: the list itself is withheld.
    recipients: list[Recipient] | None
    withheld: list[Withheld]
    #: What a portable package does not take along: what is held, and why not.
    not_portable: list[tuple[Holding, str]]
    said_by_her: Said

    def said(self, table: Table) -> Rows:
        """What a table says of itself."""
        return inventory.why(table)

    def columns(self, table: Table) -> list[Column[object]]:
        """The columns of a table that are packed."""
        return portability.columns(table) if self.asked.portable else inventory.shown(table)

    def has(self, table: str) -> bool:
        """Whether rows of this table are packed."""
        return any(holding.table.name == table for holding in self.holdings)

    @property
    def captions(self) -> bool:
        """Whether pictures can be shown with the prompt that they were made from: it is packed too."""
        return self.has(Generation.__tablename__)

    @property
    def rows(self) -> int:
        """All rows."""
        return sum(holding.rows for holding in self.holdings)

    @property
    def files(self) -> int:
        """All pictures that are packed."""
        packed = pictures.tables()
        return sum(holding.objects for holding in self.holdings if holding.table in packed)

    @property
    def times(self) -> int:
        """How often something was sent to somebody."""
        return sum(recipient.times for recipient in self.recipients or ())

    @property
    def held_back(self) -> list[tuple[Table, str, str]]:
        """The columns that are not shown: table, column, reason."""
        return [
            (holding.table, column, reason)
            for holding in self.holdings
            for column, reason in sorted(self.left_out(holding.table).items())
        ]

    def left_out(self, table: Table) -> dict[str, str]:
        """The columns of one table that are not shown, each with its reason."""
        there = {column.name for column in self.columns(table)}
        worked_out = {column.name: WORKED_OUT for column in inventory.shown(table) if column.name not in there}
        return inventory.withheld(table) | worked_out


def contents(session: Session, asked: Asked) -> Contents:
    """Count everything."""
    found = holdings(session, asked.account_id)
    there = {holding.table.name for holding in found}
    withheld = [_withheld(one, asked) for one in found if one.table.name in asked.set_aside]
    granted = [one for one in found if one.table.name not in asked.set_aside]
    packed = [one for one in granted if portability.portable(one.table)] if asked.portable else granted
    return Contents(
        asked,
        packed,
        [table for table in reach.held() if table.name not in there],
        None if Disclosure.__tablename__ in asked.set_aside else recipients(session, asked.account_id),
        withheld,
        [(one, _why_not(one)) for one in granted if one not in packed],
        Said() if asked.portable else _said(session, asked),
    )


def _withheld(holding: Holding, asked: Asked) -> Withheld:
    said = asked.set_aside[holding.table.name]
    ground = GROUNDS.get(said["ground"], GROUNDS["other"])
    return Withheld(holding, ground.words, ground.law, said.get("until", ""))


def _why_not(holding: Holding) -> str:
    return OUR_RECORD if holding.purpose.basis in portability.BASES else OUR_DUTY


def _said(session: Session, asked: Asked) -> Said:
    """What she said, but for what is set aside."""
    me, aside = asked.account_id, asked.set_aside
    statements = select(Statement).where(Statement.account_id == me).order_by(Statement.at, Statement.id)
    return Said(
        () if Statement.__tablename__ in aside else session.scalars(statements).all(),
        () if Restriction.__tablename__ in aside else restrictions.standing(session, me),
        () if Choice.__tablename__ in aside else list(_newest(choices.history(session, me))),
    )


def _newest(made: list[Choice]) -> Iterator[Choice]:
    """The choice that counts for each thing, of all that were made, the newest first."""
    seen: dict[str, datetime] = {}
    for choice in made:
        if seen.setdefault(choice.what, choice.at) == choice.at:
            yield choice

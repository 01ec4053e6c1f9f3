"""What a package will hold, counted once at its beginning; report and index speak from this."""

from dataclasses import dataclass

from sqlalchemy import Table
from sqlalchemy.orm import Session

from compliance import inventory, reach
from compliance.export import pictures
from compliance.export.access import Holding, Recipient, holdings, recipients
from compliance.export.asked import Asked
from imgpilot.privacy import Rows


@dataclass(frozen=True)
class Contents:
    """Everything held, by table, and everybody who received something."""

    asked: Asked
    holdings: list[Holding]
    #: Tables that can hold something of a person and hold nothing of hers.
    empty: list[Table]
    recipients: list[Recipient]

    def said(self, table: Table) -> Rows:
        """What a table says of itself."""
        return inventory.why(table)

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
        return sum(recipient.times for recipient in self.recipients)

    @property
    def held_back(self) -> list[tuple[Table, str, str]]:
        """What is not shown: table, column, reason."""
        return [
            (holding.table, column, reason)
            for holding in self.holdings
            for column, reason in sorted(holding.withheld.items())
        ]


def contents(session: Session, asked: Asked) -> Contents:
    """Count everything."""
    found = holdings(session, asked.account_id)
    there = {holding.table.name for holding in found}
    return Contents(
        asked,
        found,
        [table for table in reach.held() if table.name not in there],
        recipients(session, asked.account_id),
    )

"""What is portable (GDPR Art. 20): what the person provided and what was observed of them, under contract or consent.

What we inferred is not, nor what we keep for duties of our own (WP 242 rev.01).
"""

from sqlalchemy import Column, Table

from compliance import inventory
from imgpilot.privacy import Edge, LegalBasis, Origin

#: When it was, and the facts of a picture that were chosen for it: they make what is provided usable elsewhere.
TIMES = ("at", "created_at", "finished_at", "used_at")
FACTS = ("model", "ratio", "width", "height", "media_type", "bytes", "kind", "amount", "credits_each")
BASES = (LegalBasis.CONTRACT, LegalBasis.CONSENT)


def portable(table: Table) -> bool:
    """Whether anything in this table is; that two things of theirs belong together is something they said."""
    return inventory.why(table).purpose.basis in BASES and any(
        (inventory.what(column).personal and inventory.what(column).origin is not Origin.DERIVED)
        or inventory.what(column).edge is Edge.DEPENDENT
        for column in table.columns
    )


def columns(table: Table) -> list[Column[object]]:
    """The columns of a portable table that go along: what is personal and was not derived, its keys, and its times."""
    return [
        column
        for column in inventory.shown(table)
        if column.primary_key
        or column.foreign_keys
        or column.name in TIMES
        or (inventory.what(column).personal and inventory.what(column).origin is not Origin.DERIVED)
        or column.name in FACTS
    ]

"""What goes of an account although its row stays, because it is kept only for something below it (GDPR 5(1)(c)).

The row has to go on saying whose the kept rows are, and in which language to write of them. Name, portrait and
settings say nothing that the ground needs.
"""

from typing import Any

from sqlalchemy import ColumnElement, Table, or_

from compliance import inventory

#: Letters about what is kept are written in it (GDPR 12(1)).
_NEEDED = {"language"}


def values(table: Table) -> dict[str, Any]:
    """What a bare row has in each column that loses what it says: nothing, or what a new account begins with.

    Empty but for the table of people. Raises LookupError for a column that can neither be empty nor has a beginning.
    """
    if table.name != inventory.PERSON:
        return {}
    found: dict[str, Any] = {}
    for column in table.columns:
        said = inventory.what(column)
        if not said.personal or said.identity or column.name in _NEEDED:
            continue
        if not column.nullable and column.default is None:
            raise LookupError(f"{table.name}.{column.name} can neither be empty nor has a default")
        found[column.name] = None if column.nullable else getattr(column.default, "arg", None)
    return found


def says_more(table: Table) -> ColumnElement[bool]:
    """The condition under which a row says more than a bare one."""
    return or_(*(table.c[name].is_distinct_from(value) for name, value in values(table).items()))

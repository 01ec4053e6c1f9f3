"""What a code in a column means in words, where the code itself says nothing to a person."""

from collections.abc import Callable, Mapping

from sqlalchemy import Column, Table

from compliance.export.snapshot import Row
from compliance.export.voice import Voice
from imgpilot.usage import words
from imgpilot.usage.models import Usage

#: Of a row, the words for its code (marked for translation; None: it has none), by table and column.
_SAYS: Mapping[tuple[str, str], Callable[[Row], str | None]] = {
    (Usage.__tablename__, "feature"): lambda row: words.words(row["feature"], row.get("method") or "GET"),
}
#: Every code of such a column with its words, in English.
_EVERY: Mapping[tuple[str, str], Callable[[], dict[str, str]]] = {(Usage.__tablename__, "feature"): words.every}


def value(voice: Voice, table: Table, row: Row, name: str, *, code: bool = False) -> str:
    """The value of this column of the row as people read it: the words for a code; with `code` the code beside them."""
    plain = voice.value(row[name])
    said = _SAYS[table.name, name](row) if (table.name, name) in _SAYS else None
    if said is None:
        return plain
    return f"{voice.say(said)} ({plain})" if code else voice.say(said)


def codes(column: Column[object]) -> dict[str, str]:
    """The codes that can stand in this column, each with its words in English. Empty: it holds no codes."""
    found = _EVERY.get((column.table.name, column.name))
    return found() if found else {}

"""Which objects of hers go into the package, and under which names. Names hold ids, never a word of hers."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from sqlalchemy import Column, Table

from compliance import inventory, reach
from compliance.export.snapshot import Row
from imgpilot.purposes import RIGHTS

#: What a file is called by what it is. Anything else keeps the ending of its key, if that is a plain one.
_ENDINGS = {
    "image/png": "png",
    "image/jpeg": "jpg",
    "image/webp": "webp",
    "image/avif": "avif",
    "image/gif": "gif",
}
_TYPES = {ending: kind for kind, ending in _ENDINGS.items()} | {"jpeg": "image/jpeg"}
_PLAIN = re.compile(r"[a-z0-9]{1,5}")


@dataclass(frozen=True, slots=True)
class File:
    """An object and its place in the package."""

    key: str
    path: str
    media_type: str


def tables() -> list[Table]:
    """The tables whose objects are packed. Earlier packages are not: they are copies themselves."""
    return [
        table
        for table in reach.held()
        if inventory.object_columns(table) and inventory.why(table).purpose is not RIGHTS
    ]


def of(table: Table, row: Row) -> Iterator[File]:
    """The objects that a row names."""
    for column in inventory.object_columns(table):
        if row.get(column.name) is not None:
            yield _file(table, column, row)


def _file(table: Table, column: Column[object], row: Row) -> File:
    key = str(row[column.name])
    ending = key.rpartition(".")[2]
    # The row's media type is that of its main object; a smaller copy beside it says its own by its ending.
    said = row.get("media_type") if column.name == "object_key" else None
    media_type = str(said) if said in _ENDINGS else _TYPES.get(ending, "application/octet-stream")
    plain = ending if "." in key and _PLAIN.fullmatch(ending) else "bin"
    name = "-".join(str(row[part.name]) for part in table.primary_key.columns)
    return File(key, f"files/{folder(table, column)}/{name}.{_ENDINGS.get(media_type, plain)}", media_type)


def folder(table: Table, column: Column[object]) -> str:
    """What this kind of object is called: images, thumbnails, references."""
    stem = table.name if column.name == "object_key" else column.name.removesuffix("_key")
    return f"{stem}s"

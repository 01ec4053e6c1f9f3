"""What each field of a data file is: its form as JSON Schema, its meaning beside it in words of ours (x-…)."""

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import (
    ARRAY,
    JSON,
    BigInteger,
    Boolean,
    Column,
    Date,
    DateTime,
    Float,
    Integer,
    LargeBinary,
    Numeric,
    Table,
    Uuid,
)
from sqlalchemy.types import TypeEngine

from compliance import inventory
from compliance.export import meanings
from imgpilot.privacy import ARTICLE

DIALECT = "https://json-schema.org/draft/2020-12/schema"

#: The form of each type of column, the narrower types first. What is not here is text.
_FORMS: tuple[tuple[type[TypeEngine[Any]], dict[str, Any]], ...] = (
    (Boolean, {"type": "boolean"}),
    # Beyond 2^53-1 as text, so that no program loses digits.
    (BigInteger, {"type": ["integer", "string"], "pattern": "^-?[0-9]+$"}),
    (Integer, {"type": "integer"}),
    (Float, {"type": ["number", "string"]}),
    (Numeric, {"type": "string", "pattern": "^-?[0-9.]+$"}),
    (DateTime, {"type": "string", "format": "date-time"}),
    (Date, {"type": "string", "format": "date"}),
    (Uuid, {"type": "string", "format": "uuid"}),
    (LargeBinary, {"type": "string", "contentEncoding": "base64"}),
    (ARRAY, {"type": "array"}),
    (JSON, {"type": ["object", "array", "string", "number", "boolean", "null"]}),
)


def schema(table: Table, shown: Sequence[Column[Any]], left_out: Mapping[str, str]) -> dict[str, Any]:
    """JSON Schema of data/<table>.json with these columns; those left out are named, each with its reason."""
    said = inventory.why(table)
    return {
        "$schema": DIALECT,
        "title": table.name,
        "description": said.noun,
        "type": "array",
        "items": {
            "type": "object",
            "properties": {column.name: _field(column, said.purpose.key) for column in shown},
            "required": [column.name for column in shown],
            "additionalProperties": False,
        },
        "x-purpose": {
            "key": said.purpose.key,
            "name": said.purpose.name,
            "legal-basis": str(said.purpose.basis),
            "article": ARTICLE[said.purpose.basis],
            "fides-data-use": said.purpose.use,
        },
        "x-kept": said.kept.words,
        "x-held-back": dict(left_out),
    }


def _field(column: Column[object], purpose: str) -> dict[str, Any]:
    datum = inventory.what(column)
    form = _form(column.type)
    if column.nullable:
        kinds = form["type"] if isinstance(form["type"], list) else [form["type"]]
        form["type"] = [*kinds, *([] if "null" in kinds else ["null"])]
    return {
        **form,
        "x-category": datum.category,
        "x-origin": str(datum.origin),
        "x-purpose": purpose,
        "x-about": "person" if datum.personal else "link" if datum.edge else "record",
        **({"x-leads-to": _ends(column)} if column.foreign_keys else {}),
        **({"x-codes": codes} if (codes := meanings.codes(column)) else {}),
    }


def _form(kind: TypeEngine[Any]) -> dict[str, Any]:
    found = next((form for known, form in _FORMS if isinstance(kind, known)), {"type": "string"})
    if isinstance(kind, ARRAY):
        return {**found, "items": _form(kind.item_type)}
    return dict(found)


def _ends(column: Column[object]) -> str:
    return ", ".join(sorted(key.target_fullname for key in column.foreign_keys))

"""How a value of the database is written in a file: for JSON, and for a cell of a table."""

import base64
import json
import math
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

#: Larger numbers lose digits in programs that read JSON numbers as floats (RFC 8259 §6), so they are text.
LARGEST = 2**53 - 1
#: With these a spreadsheet takes a text for a formula. The apostrophe is here so that taking one away undoes it.
_FORMULA = ("=", "+", "-", "@", "\t", "\r", "'")

Plain = None | bool | int | float | str | list[Any] | dict[str, Any]


def plain(value: Any) -> Plain:  # noqa: PLR0911  (a table of types reads best as one)
    """The value as JSON has it: times in RFC 3339 with zone, keys as text, no number that would lose digits."""
    match value:
        case None | bool() | str():
            return value
        case int():
            return value if abs(value) <= LARGEST else str(value)
        case float():
            # JSON has neither NaN nor infinity.
            return value if math.isfinite(value) else str(value)
        case datetime():
            return moment(value)
        case UUID() | Decimal():
            return str(value)
        case date():
            return value.isoformat()
        case bytes() | memoryview():
            return base64.b64encode(bytes(value)).decode()
        case dict():
            return {str(key): plain(inner) for key, inner in value.items()}
        case list() | tuple():
            return [plain(inner) for inner in value]
    raise TypeError(f"no form is agreed for a {type(value).__name__}: say it in compliance/export/values.py")


def moment(value: datetime) -> str:
    """A time in RFC 3339, in UTC. A time without zone is one of ours, and those are UTC."""
    zoned = value if value.tzinfo else value.replace(tzinfo=UTC)
    return zoned.astimezone(UTC).isoformat().replace("+00:00", "Z")


def as_json(value: Any) -> str:
    """One line of JSON."""
    return json.dumps(value, ensure_ascii=False, allow_nan=False, separators=(",", ":"))


def cell(value: Any) -> str | int | float | None:
    """The value as a cell of a CSV file. Text that a spreadsheet would take for a formula gets an apostrophe."""
    match plain(value):
        case bool(truth):
            return "true" if truth else "false"
        case str(words):
            return f"'{words}" if words.startswith(_FORMULA) else words
        case list() | dict() as nested:
            return as_json(nested)
        case number:
            return number

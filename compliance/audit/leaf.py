"""An entry's leaf: the hash over everything it says, its own number included, so none can change places."""

import json
from datetime import UTC, datetime
from typing import Any

import rfc8785
from sqlalchemy import ColumnElement, func

from compliance.audit.merkle import leaf_hash


def written(at: datetime) -> str:
    """A time as it is hashed and signed: RFC 3339, UTC, microseconds."""
    if at.tzinfo is None:
        raise ValueError("a time in the audit log needs its zone")
    return at.astimezone(UTC).isoformat(timespec="microseconds").replace("+00:00", "Z")


def read_written(text: str) -> datetime | None:
    """The time that such a text says; None if it says none."""
    try:
        return datetime.fromisoformat(text)
    except ValueError:
        return None


def written_by_database(at: Any) -> ColumnElement[str]:
    """The same text, made by PostgreSQL.

    A time that somebody put there by hand may be infinite, before Christ or after 9999: Python could not even load
    it, but as text it simply does not match. " AD" is what every honest time ends in; see `without_era`.
    """
    return func.coalesce(func.to_char(func.timezone("UTC", at), 'YYYY-MM-DD"T"HH24:MI:SS.US"Z" AD'), "")


def without_era(text: str) -> str:
    """A text of `written_by_database` as `written` says it; a time before Christ keeps its mark."""
    return text.removesuffix(" AD")


def leaf_of(*, seq: int, at: str, actor: str, action: str, subject: str | None, facts: dict[str, Any]) -> bytes:
    """RFC 9162 leaf hash over the RFC 8785 form of an entry. Raises ValueError if it has none."""
    return leaf_hash(
        rfc8785.dumps(
            {
                "action": action,
                "actor": actor,
                "at": at,
                "facts": facts,
                "seq": seq,
                "subject": subject,
            }
        )
    )


def _refuse(number: str) -> object:
    # 1.0 has the canonical form of 1; only one of them was written by us.
    raise ValueError(f"{len(number)} characters of a number that is no integer")


_JSON = json.JSONDecoder(parse_float=_refuse, parse_constant=_refuse)


def leaf_of_row(*, seq: int, at: str, actor: str, action: str, subject: str | None, facts: str) -> bytes | None:
    """The leaf of an entry as it lies in the table now (facts as JSON text); None if `record` never wrote such."""
    try:
        return leaf_of(seq=seq, at=at, actor=actor, action=action, subject=subject, facts=_JSON.decode(facts))
    except (ValueError, TypeError, RecursionError):
        return None

"""What a company received of a person, by the disclosure log: enough to find it there, nothing of what it was."""

from typing import Any
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from compliance.export.values import moment
from imgpilot.disclosures import Disclosure

#: Lines that are listed for one company, the newest; the number of all is always told.
MOST = 200

#: {"times", "first", "last", "lines": [{"id", "at", "purpose", "categories", "digest"}]}. Times are RFC 3339, UTC.
#: `digest` is keyed: it proves to us what was sent, and tells a reader nothing.
Received = dict[str, Any]


def received(session: Session, account_id: UUID, category: str = "") -> dict[str, Received]:
    """What each processor got of this person, by its key. With `category`, only what can have carried that."""
    groups = session.execute(
        select(
            Disclosure.processor, Disclosure.categories, func.count(), func.min(Disclosure.at), func.max(Disclosure.at)
        )
        .where(Disclosure.account_id == account_id)
        .group_by(Disclosure.processor, Disclosure.categories)
    ).all()
    fitting = [g for g in groups if not category or any(_overlaps(each, category) for each in g.categories)]
    return {
        key: {
            "times": sum(group[2] for group in fitting if group.processor == key),
            "first": moment(min(group[3] for group in fitting if group.processor == key)),
            "last": moment(max(group[4] for group in fitting if group.processor == key)),
            "lines": _lines(session, account_id, key, [g.categories for g in fitting if g.processor == key]),
        }
        for key in sorted({group.processor for group in fitting})
    }


def _lines(session: Session, account_id: UUID, processor: str, categories: list[list[str]]) -> list[dict[str, Any]]:
    found = session.scalars(
        select(Disclosure)
        .where(
            Disclosure.account_id == account_id,
            Disclosure.processor == processor,
            Disclosure.categories.in_(categories),
        )
        .order_by(Disclosure.at.desc(), Disclosure.id)
        .limit(MOST)
    )
    return [
        {
            "id": str(line.id),
            "at": moment(line.at),
            "purpose": line.purpose,
            "categories": list(line.categories),
            "digest": line.digest,
        }
        for line in found
    ]


def _overlaps(one: str, other: str) -> bool:
    """Whether one category is the other, or a part of it: user.contact and user.contact.email."""
    return one == other or one.startswith(other + ".") or other.startswith(one + ".")

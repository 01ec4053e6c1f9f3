"""Find a person by anything that names them or something of theirs: an address, a case, a picture, a credit entry."""

from dataclasses import dataclass, field
from uuid import UUID

from sqlalchemy import ColumnElement, Table, Uuid, func, or_, select
from sqlalchemy.orm import Session

import config
from compliance import inventory, reach
from compliance.requests.models import PrivacyRequest
from imgpilot import digests
from imgpilot.accounts.models import Account
from imgpilot.privacy import Edge

LONGEST = 400
#: More than these are a mistake of ours, not people.
MOST = 20


@dataclass(frozen=True)
class Found:
    """What was found. `by` says what kind of identifier it was, as a word for the log; the text itself is not kept."""

    by: str
    people: list[Account] = field(default_factory=list)
    #: Cases that name nobody (any more): of an address that was not proved, or of somebody who was erased.
    cases: list[PrivacyRequest] = field(default_factory=list)


def find(session: Session, settings: config.Settings, text: str) -> Found:
    """Look up an e-mail address, a case number, an id of anything that is kept, an object's key, or a digest.

    Somebody who was erased is found by their cases: those keep a keyed digest of the id or the address.
    """
    said = text.strip()[:LONGEST].replace("\0", "")
    if "@" in said:
        return _by_address(session, settings, said)
    if said.upper().startswith("IP-"):
        return _by_case(session, said)
    try:
        return _by_id(session, settings, UUID(said))
    except ValueError:
        pass
    return _by_object(session, said)


def _by_address(session: Session, settings: config.Settings, said: str) -> Found:
    people = list(session.scalars(select(Account).where(func.lower(Account.email) == said.lower())))
    same = or_(
        func.lower(PrivacyRequest.contact) == said.lower(),
        PrivacyRequest.subject == digests.of_address(settings, said),
    )
    return Found("address", people, _cases(session, same))


def _by_case(session: Session, said: str) -> Found:
    digits = said.rpartition("-")[2]
    if not (digits.isascii() and digits.isdecimal() and len(digits) <= 12):
        return Found("case")
    request = session.scalar(select(PrivacyRequest).where(PrivacyRequest.number == int(digits)))
    if request is None or request.case != said.upper():
        return Found("case")
    owner = session.get(Account, request.account_id) if request.account_id else None
    return Found("case", [owner], []) if owner else Found("case", [], [request])


def _by_id(session: Session, settings: config.Settings, id_: UUID) -> Found:
    """An id names a row of one table; the row's owner is followed up to the account."""
    for table in reach.held():
        if "id" in table.c and isinstance(table.c.id.type, Uuid):
            owner = _owner(session, table, id_)
            if owner is not None:
                return Found(table.name, [owner])
    # An id that has no row any more: of an account that was erased? Or it is the log's digest, which looks the same.
    cases = _cases(session, PrivacyRequest.subject.in_((digests.of_subject(settings, id_), id_.hex)))
    return Found("account" if cases else "id", [], cases)


def _by_object(session: Session, said: str) -> Found:
    for table in reach.held():
        for column in inventory.object_columns(table):
            row: UUID | None = session.execute(select(table.c.id).where(column == said).limit(1)).scalar()
            owner = _owner(session, table, row) if row is not None else None
            if owner is not None:
                return Found("object", [owner])
    return Found("object" if "/" in said else "other")


def _owner(session: Session, table: Table, id_: UUID) -> Account | None:
    if table is inventory.person_table():
        return session.get(Account, id_)
    for _column, key in inventory.edges(table, Edge.OWNER):
        parent: UUID | None = session.execute(select(key.parent).where(table.c.id == id_)).scalar()
        if parent is not None and (found := _owner(session, key.column.table, parent)) is not None:
            return found
    return None


def _cases(session: Session, condition: ColumnElement[bool]) -> list[PrivacyRequest]:
    unowned = select(PrivacyRequest).where(condition, PrivacyRequest.account_id.is_(None))
    return list(session.scalars(unowned.order_by(PrivacyRequest.received_at.desc()).limit(MOST)))

"""Corrections (GDPR Art. 16, 11 CCR 7023): the fact is changed everywhere it lies, or the dispute is kept beside it.

Where a fact lies is read off the declarations: every column of her rows of the same category that holds the old
value. What is no single fact is completed by a statement of hers, which stands in every copy from then on.
"""

from datetime import datetime
from typing import Any

from sqlalchemy import Column, ColumnElement, Table, func, select, update
from sqlalchemy.orm import Session

import config
from compliance import inventory, optouts, reach
from compliance.audit.append import record
from compliance.errors import MoveRefused, PlanChanged
from compliance.reach import Person
from compliance.requests.casework import IdentityCheck
from compliance.requests.models import PrivacyRequest
from compliance.standing import Statement
from imgpilot import digests
from imgpilot.accounts import addresses
from imgpilot.accounts.errors import BadAddress
from imgpilot.accounts.models import Account, SignInLink
from imgpilot.language import marked as _

#: The facts that can be corrected, by what a request says it is about: where the fact stands first.
FACTS = {"email": ("account", "email")}


def plan(session: Session, request: PrivacyRequest, person: Person) -> dict[str, Any]:
    """Where the fact lies, with counts; or that a statement would be added."""
    body: dict[str, Any] = {"kind": request.kind, "fact": request.about, "tables": []}
    if request.about in FACTS:
        for table, column, condition in _places(session, request, person):
            rows = session.scalar(select(func.count()).select_from(table).where(condition)) or 0
            if rows:
                noun = inventory.why(table).noun
                body["tables"].append(
                    {
                        "table": table.name,
                        "column": column.name,
                        "noun": noun,
                        "rows": rows,
                        "objects": 0,
                        "becomes": "correct",
                        "ground": "",
                        "until": "",
                    }
                )
    return body | {"corrected": sum(line["rows"] for line in body["tables"])}


def _places(
    session: Session, request: PrivacyRequest, person: Person
) -> list[tuple[Table, Column[object], ColumnElement[bool]]]:
    first = inventory.person_table().metadata.tables[FACTS[request.about][0]].c[FACTS[request.about][1]]
    category = inventory.what(first).category
    old = session.scalar(select(first).where(inventory.person_table().c.id == person.account_id))
    found: list[tuple[Table, Column[object], ColumnElement[bool]]] = []
    for table in reach.held():
        # Her own requests too, this one among them: the answer goes to the right address.
        condition = reach.hers(table, Person(person.account_id))
        for column in table.columns:
            same = inventory.what(column).personal and inventory.what(column).category == category
            # What she proposes is the new value, not the old.
            if same and condition is not None and column.name != "proposed":
                found.append((table, column, condition & (func.lower(column) == func.lower(old))))
    return found


def _address(typed: str | None) -> str | None:
    try:
        return addresses.read(typed or "")
    except BadAddress:
        return None


def check(session: Session, request: PrivacyRequest) -> None:
    """What must be true before it is approved: the new value is right, and its owner showed that it is theirs."""
    if request.about not in FACTS:
        if not request.details:
            raise MoveRefused(_("The request does not say what is wrong. Ask for more."))
        return
    wanted = _address(request.proposed)
    if wanted is None:
        raise MoveRefused(_("The new address is not an e-mail address. Ask for more."))
    if session.scalar(select(Account.id).where(Account.email == wanted, Account.id != request.account_id)):
        raise MoveRefused(_("There is another account with the new address. Refuse this, and say so."))
    proved = session.scalar(
        select(IdentityCheck.id).where(
            IdentityCheck.request_id == request.id,
            IdentityCheck.method == "new address",
            IdentityCheck.passed_at.is_not(None),
        )
    )
    if proved is None:
        raise MoveRefused(_("The new address is not confirmed yet: its owner has to open the link we mailed there."))


def correct(
    session: Session, settings: config.Settings, request: PrivacyRequest, account: Account, now: datetime
) -> dict[str, Any]:
    """Change it everywhere, in the caller's transaction; the caller holds the account's row. Evidence comes back."""
    subject = digests.of_subject(settings, account.id)
    if request.about not in FACTS:
        _state(session, request, now)
        record(session, at=now, actor="system", action="fact corrected", subject=subject, facts={"statement": True})
        return {"statement": True}
    try:
        check(session, request)
    except MoveRefused as error:
        # Back to the officer, who can refuse it: what runs can only be tried again, and this would fail for ever.
        raise PlanChanged(str(error)) from None
    wanted = _address(request.proposed)
    changed: dict[str, int] = {}
    # Children before parents: rows that are hers by the old value are found only as long as the account has it.
    for table, column, condition in reversed(_places(session, request, Person(account.id))):
        rows = len(
            session.execute(
                update(table)
                .where(condition)
                .values({column.name: wanted})
                .returning(*table.primary_key.columns)
                .execution_options(synchronize_session=False)
            ).all()
        )
        if rows:
            changed[f"{table.name}.{column.name}"] = rows
    _void_links(session, request, now)
    session.expire_all()
    if request.about == "email":
        optouts.recall(session, settings, account, now)
    record(session, at=now, actor="system", action="fact corrected", subject=subject, facts={"places": len(changed)})
    return {"places": changed}


def _void_links(session: Session, request: PrivacyRequest, now: datetime) -> None:
    """Sign-in links that lie in the old mailbox let nobody in any more: it may be somebody else's by now."""
    if request.about == "email":
        session.execute(
            update(SignInLink)
            .where(SignInLink.email == _address(request.proposed), SignInLink.used_at.is_(None))
            .where(SignInLink.expires_at > now)
            .values(expires_at=now)
            .execution_options(synchronize_session=False)
        )


def keep_dispute(session: Session, request: PrivacyRequest, now: datetime) -> None:
    """A refused correction: what she says stands beside the data from now on, in every copy."""
    if request.account_id is not None and request.details:
        _state(session, request, now)


def _state(session: Session, request: PrivacyRequest, now: datetime) -> None:
    session.add(
        Statement(
            account_id=request.account_id,
            request_id=request.id,
            about=request.about,
            text=request.details or "",
            at=now,
        )
    )

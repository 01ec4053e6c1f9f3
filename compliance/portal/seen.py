"""Who of the staff looked at a person's data, when and why: read off the audit log, which nobody can change.

A member of staff is shown by role, never by name: it is their work, not their person, that is accounted for.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from flask import render_template, request
from flask.typing import ResponseReturnValue
from flask_appbuilder.security.sqla.models import Role, assoc_user_role
from sqlalchemy import ColumnElement, and_, func, select
from sqlalchemy.orm import Session

import config
from compliance.audit.actions import Action
from compliance.audit.models import Entry
from compliance.portal.pages import pages
from compliance.requests.models import PrivacyRequest
from imgpilot import digests, web
from imgpilot.accounts.models import Account
from imgpilot.accounts.people import person, person_required
from imgpilot.language import marked as _

PAGE = 50

#: What counts as looking, and how it is said.
LOOKED = {
    Action.STAFF_READ_CASE: _("opened your request"),
    Action.STAFF_READ_PERSON: _("opened the page about you"),
    Action.STAFF_READ_REPORT: _("looked at a public page of yours that somebody reported"),
    Action.STAFF_READ_PROMPT: _("read a refused prompt that you appealed for"),
    Action.STAFF_UNMASKED: _("made a hidden value visible"),
    Action.FILE_DOWNLOADED: _("opened a file that came with your request"),
    Action.PACKAGE_DOWNLOADED: _("fetched a package of your data"),
    Action.CERTIFICATE_DOWNLOADED: _("fetched the certificate of your deletion"),
}

#: Roles of the console as people outside know them.
ROLES = {
    "Privacy Officer": _("A privacy officer"),
    "Privacy Agent": _("A privacy clerk"),
    "Approver": _("A second officer, who checks decisions"),
    "Auditor": _("An auditor"),
    "Admin": _("An administrator"),
}
SOMEBODY = _("A member of staff")

#: Why they looked, by the code they chose; see compliance.console.reasons.
REASONS = {
    "answering a request": _("to answer a request of yours"),
    "checking identity": _("to check that it was you who asked"),
    "complaint": _("because of a complaint"),
    "legal demand": _("because an authority or a court demands it"),
    "technical fault": _("to find a technical fault"),
}


@dataclass(frozen=True)
class Look:
    """One look: when, by whom (a role), at what, why, and for which case. Texts are marked for translation."""

    seq: int
    at: datetime
    who: str
    did: str
    why: str
    case: str


def looks(session: Session, settings: config.Settings, me: Account, before: int | None, limit: int) -> list[Look]:
    """Looks at this person's data, newest first; `before` is the number of the entry that the last page ended with."""
    query = select(Entry).where(_about(settings, me)).order_by(Entry.seq.desc()).limit(limit)
    if before is not None:
        query = query.where(Entry.seq < before)
    found = list(session.scalars(query))
    roles = _roles(session, {entry.actor for entry in found})
    return [
        Look(
            entry.seq,
            entry.at,
            roles.get(entry.actor, SOMEBODY),
            LOOKED[Action(entry.action)],
            _why(entry),
            str(entry.facts.get("case", "")),
        )
        for entry in found
    ]


def count(session: Session, settings: config.Settings, me: Account) -> int:
    """How often anybody looked."""
    return session.scalar(select(func.count()).select_from(Entry).where(_about(settings, me))) or 0


def _about(settings: config.Settings, me: Account) -> ColumnElement[bool]:
    # What came before it was known whose request it is, is written down by the address.
    known_as = (digests.of_subject(settings, me.id), digests.of_address(settings, me.email))
    return and_(Entry.subject.in_(known_as), Entry.action.in_(list(LOOKED)), Entry.actor.like("staff:%"))


def _why(entry: Entry) -> str:
    code = str(entry.facts.get("reason", "")).replace("-", " ")
    if code:
        return REASONS.get(code, _("for another reason, which is written down"))
    return REASONS["answering a request"] if entry.facts.get("case") else ""


def _roles(session: Session, actors: Iterable[str]) -> dict[str, str]:
    numbers = [int(actor.partition(":")[2]) for actor in actors]
    if not numbers:
        return {}
    worn: dict[int, set[str]] = {}
    for number, role in session.execute(
        select(assoc_user_role.c.user_id, Role.name)
        .join(Role, Role.id == assoc_user_role.c.role_id)
        .where(assoc_user_role.c.user_id.in_(numbers))
    ):
        worn.setdefault(number, set()).add(role)
    return {
        f"staff:{number}": next((words for role, words in ROLES.items() if role in roles), SOMEBODY)
        for number, roles in worn.items()
    }


@pages.get("/privacy/seen")
@person_required
def seen() -> ResponseReturnValue:
    """Every look, page by page."""
    session, settings, me = web.session(), web.parts().settings, person()
    before = request.args.get("before", "")
    from_here = int(before) if before.isascii() and before.isdecimal() and len(before) < 19 else None
    found = looks(session, settings, me, from_here, PAGE + 1)
    cases = {
        one.case: one.id for one in session.scalars(select(PrivacyRequest).where(PrivacyRequest.account_id == me.id))
    }
    return render_template(
        "portal/seen.html",
        looks=found[:PAGE],
        more=len(found) > PAGE,
        first=from_here is None,
        total=count(session, settings, me),
        cases=cases,
    )

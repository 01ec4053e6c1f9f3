"""Changes of staff accounts, roles and passwords: each is in the audit log, in the transaction of the change.

This listens to the database session. Flask-AppBuilder's hooks run after the commit, so a change could stand without
its entry; and there is one for every page, but none for a command.
"""

from typing import Any

from flask import g, has_request_context
from flask_appbuilder.security.sqla.models import Group, Role, User
from sqlalchemy import event, inspect
from sqlalchemy.orm import Session

from compliance.audit.actions import Action
from compliance.audit.append import record
from compliance.console.roles import ALL_ROLES
from imgpilot import web

#: What makes an account; sign-ins and their counters are another entry.
ACCOUNT = ("first_name", "last_name", "username", "email", "active")


def watch(sessions: Any) -> None:
    """Write an entry for whatever these sessions change."""
    event.listen(sessions, "after_flush", _note)


def actor() -> str:
    """Who is doing this: the member of staff who is signed in, or a command."""
    user = g.get("user") if has_request_context() else None
    return f"staff:{user.id}" if user is not None and user.is_authenticated else "system"


def token(role: Role) -> str:
    """A role as the log may name it. Roles that are made in the console can be called anything, after somebody too."""
    return role.name.lower().replace(" ", "-") if role.name in ALL_ROLES else f"role-{role.id}"


def _roles(user: User) -> list[str]:
    return sorted([token(role) for role in user.roles] + [f"group-{group.id}" for group in user.groups])


def _changed(row: Any, *names: str) -> list[str]:
    return [name for name in names if inspect(row).attrs[name].history.has_changes()]


def _note(session: Session, _context: object) -> None:
    for row in session.new:
        if isinstance(row, User):
            _write(session, Action.STAFF_ADDED, staff=row.id, roles=_roles(row), active=bool(row.active))
    for row in session.dirty:
        if isinstance(row, User):
            _note_changes(session, row)
    for row in session.deleted:
        if isinstance(row, User):
            _write(session, Action.STAFF_REMOVED, staff=row.id)
    # What a role or a group gives is written at start, from the table; only by hand it is somebody's deed.
    for row in [] if actor() == "system" else [*session.new, *session.dirty, *session.deleted]:
        if isinstance(row, Role) and (row not in session.dirty or _changed(row, "name", "permissions")):
            _write(session, Action.STAFF_ROLES_CHANGED, role=token(row))
        if isinstance(row, Group) and (row not in session.dirty or _changed(row, "users", "roles")):
            _write(session, Action.STAFF_ROLES_CHANGED, group=row.id)


def _note_changes(session: Session, user: User) -> None:
    if changed := _changed(user, *ACCOUNT):
        _write(session, Action.STAFF_CHANGED, staff=user.id, changed=changed, active=bool(user.active))
    if _changed(user, "roles", "groups"):
        _write(session, Action.STAFF_ROLES_CHANGED, staff=user.id, roles=_roles(user))
    if _changed(user, "password"):
        _write(session, Action.STAFF_PASSWORD_RESET, staff=user.id)


def _write(session: Session, action: Action, **facts: object) -> None:
    record(session, at=web.parts().clock(), actor=actor(), action=action, facts=facts)

"""Who works here: members of staff as the console's accounts have them. Domain code asks here, not Flask-AppBuilder."""

from collections.abc import Iterable
from dataclasses import dataclass

from flask_appbuilder.security.sqla.models import Role, User
from sqlalchemy import select
from sqlalchemy.orm import Session


@dataclass(frozen=True)
class StaffMember:
    """A member of staff. `number` is what cases, comments and the audit log name them by."""

    number: int
    first_name: str
    last_name: str
    email: str
    active: bool

    @property
    def name(self) -> str:
        """What they are called."""
        return f"{self.first_name} {self.last_name}".strip()


def everybody(session: Session) -> list[StaffMember]:
    """All there are, by name; those who cannot sign in any more too, as they stand in timelines."""
    return _found(session)


def active(session: Session, roles: Iterable[str] = ()) -> list[StaffMember]:
    """Those who can sign in; with `roles`, those of them who have one of these."""
    wanted = list(roles)
    return _found(session, User.active.is_(True), *([User.roles.any(Role.name.in_(wanted))] if wanted else []))


def _found(session: Session, *conditions: object) -> list[StaffMember]:
    columns = (User.id, User.first_name, User.last_name, User.email, User.active)
    rows = session.execute(
        select(*columns)
        .where(*conditions)  # type: ignore[arg-type]
        .order_by(User.first_name, User.last_name, User.id)
    )
    return [StaffMember(row.id, row.first_name, row.last_name, row.email, bool(row.active)) for row in rows]

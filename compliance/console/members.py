"""The members of staff, by number: what they are called, and who of them works on cases."""

from dataclasses import dataclass

from flask_appbuilder.security.sqla.models import Role, User
from flask_babel import gettext
from sqlalchemy import select
from sqlalchemy.orm import Session

from compliance.console.signed_in import HATS


@dataclass(frozen=True)
class Member:
    """A member of staff. `works`: has an account that is active, and a role that works on cases."""

    number: int
    name: str
    works: bool


class Members:
    """All members of staff."""

    def __init__(self, all_: list[Member]) -> None:
        self._all = {one.number: one for one in all_}

    def name(self, number: int | None) -> str:
        """What somebody is called; a word for nobody, and for somebody who left."""
        if number is None:
            return str(gettext("Nobody"))
        return self._all[number].name if number in self._all else str(gettext("Somebody who left"))

    def who_work(self) -> list[Member]:
        """Those who can be given a case, by name."""
        return sorted((one for one in self._all.values() if one.works), key=lambda one: one.name.casefold())

    def can_be_given(self, number: int | None) -> bool:
        """Whether somebody can be given a case."""
        return number in self._all and self._all[number].works


def read(session: Session) -> Members:
    """All of them, in one query."""
    has_hat = User.roles.any(Role.name.in_(HATS))
    rows = session.execute(select(User.id, User.first_name, User.last_name, User.active, has_hat.label("hat")))
    return Members(
        [Member(row.id, f"{row.first_name} {row.last_name}".strip(), bool(row.active and row.hat)) for row in rows]
    )

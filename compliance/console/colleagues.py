"""The staff, as comments call them and timelines name them."""

from sqlalchemy.orm import Session

from compliance import staff_members
from compliance.comments import Colleague


def everybody(session: Session) -> list[Colleague]:
    """All the staff there is, by name; those who cannot sign in any more too, as they stand in timelines."""
    return [
        Colleague(who.number, who.name, who.first_name, who.email.partition("@")[0], who.active)
        for who in staff_members.everybody(session)
    ]

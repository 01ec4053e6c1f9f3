"""The staff, as comments call them and timelines name them."""

from flask_appbuilder.security.sqla.models import User
from sqlalchemy import select
from sqlalchemy.orm import Session

from compliance.comments import Colleague


def everybody(session: Session) -> list[Colleague]:
    """All the staff there is, by name; those who cannot sign in any more too, as they stand in timelines."""
    users = session.scalars(select(User).order_by(User.first_name, User.last_name, User.id))
    return [
        Colleague(
            user.id,
            f"{user.first_name} {user.last_name}".strip(),
            user.first_name,
            user.email.partition("@")[0],
            bool(user.active),
        )
        for user in users
    ]

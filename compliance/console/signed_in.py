"""Who of the staff is signed in, and what they may act as: read off their roles in Flask-AppBuilder."""

from flask import g
from flask_appbuilder.security.sqla.models import User

from compliance.requests.moves import Actor, Who

#: The hats that a role gives. An Admin wears all.
HATS = {
    "Admin": (Who.OFFICER, Who.APPROVER, Who.CLERK),
    "Privacy Officer": (Who.OFFICER,),
    "Approver": (Who.APPROVER,),
    "Privacy Agent": (Who.CLERK,),
}


def officer() -> Actor:
    """The member of staff who is signed in."""
    return acting(g.user)


def acting(user: User) -> Actor:
    """This member of staff with the hats of their roles. One without a hat may look, and every move refuses them."""
    hats = [hat for role in user.roles for hat in HATS.get(role.name, ())] or [Who.READER]
    return Actor(hats[0], int(user.id), frozenset(hats))

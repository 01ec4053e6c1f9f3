"""Who of the staff is signed in, and what they may act as: read off their roles in Flask-AppBuilder."""

from flask import g

from compliance.requests.moves import Actor, Who

#: The hats that a role gives. An Admin wears all.
HATS = {
    "Admin": (Who.OFFICER, Who.APPROVER, Who.CLERK),
    "Privacy Officer": (Who.OFFICER,),
    "Approver": (Who.APPROVER,),
    "Privacy Agent": (Who.CLERK,),
}


def officer() -> Actor:
    """The member of staff who is signed in. Somebody without a hat may look, and every move refuses them."""
    hats = [hat for role in g.user.roles for hat in HATS.get(role.name, ())]
    first = hats[0] if hats else Who.CLERK
    return Actor(first, int(g.user.id), frozenset(hats))

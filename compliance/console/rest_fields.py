"""What another system sends to the interface: each body as a schema, which also stands in its OpenAPI description."""

from typing import Any

from marshmallow import RAISE, Schema, ValidationError, fields, validate

from compliance.requests.kinds import Kind
from compliance.requests.opening import LONGEST_DETAILS
from compliance.requests.regimes import REGIMES


class Words(fields.String):
    """Text that the database can keep: no NUL, and nothing that is no character."""

    def _deserialize(self, value: Any, attr: str | None, data: Any, **more: Any) -> str:
        said = str(super()._deserialize(value, attr, data, **more))
        if "\0" in said or any("\ud800" <= sign <= "\udfff" for sign in said):
            raise ValidationError("Not a text.")
        return said


def _up_to(most: int, **more: Any) -> Words:
    return Words(validate=validate.Length(max=most), **more)


class Body(Schema):
    """A body. What it does not know it refuses: a misspelt field must not be dropped in silence."""

    class Meta:
        unknown = RAISE


class Credentials(Body):
    """A member of staff, as on the sign-in page."""

    username = _up_to(256, required=True)
    password = _up_to(1024, required=True)
    # What clients of Flask-AppBuilder send besides. There is one provider, and no token that renews itself.
    provider = fields.String(load_default="db", validate=validate.OneOf(["db"]))
    refresh = fields.Boolean(load_default=False)


class Opening(Body):
    """A new request: what, for whom, where they live or which law counts, and when the original came."""

    kind = fields.String(required=True, validate=validate.OneOf([str(kind) for kind in Kind]))
    contact = _up_to(320, load_default="", metadata={"description": "The person's e-mail address."})
    account = fields.UUID(load_default=None, metadata={"description": "Their account, for which an officer vouches."})
    regime = fields.String(load_default="", validate=validate.OneOf(["", *REGIMES]))
    country = _up_to(2, load_default="", metadata={"description": "ISO 3166-1."})
    subdivision = _up_to(6, load_default="", metadata={"description": "Of the United States and Canada: US-CA."})
    received_at = fields.AwareDateTime(load_default=None, metadata={"description": "With its offset. None: now."})
    about = _up_to(60, load_default="")
    details = _up_to(LONGEST_DETAILS, load_default="")
    proposed = _up_to(400, load_default="")
    language = _up_to(10, load_default="en")


class Approval(Body):
    """The plan that was read, by its digest."""

    digest = _up_to(64, required=True)


class Refusal(Body):
    """A ground of the law, and the reason that the person reads."""

    ground = _up_to(60, required=True)
    reason = _up_to(5000, load_default="")


class Reason(Body):
    """Why."""

    reason = _up_to(5000, required=True)


class Assignment(Body):
    """The number of a member of staff; null for nobody."""

    staff = fields.Integer(
        required=True, allow_none=True, strict=True, validate=validate.Range(min=1, max=2**31 - 1, error="No number.")
    )


class Comment(Body):
    """What colleagues read."""

    text = _up_to(5000, required=True)


#: Besides Opening, which Flask-AppBuilder adds to the description itself.
BODIES = (Credentials, Approval, Refusal, Reason, Assignment, Comment)

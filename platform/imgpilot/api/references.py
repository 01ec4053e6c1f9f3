"""Reference pictures that jobs are made from."""

from uuid import UUID

from imgpilot.api import shapes
from imgpilot.api.operations import Answer, Call, operation
from imgpilot.api.problems import AWAY, CONFLICT, GONE, INVALID, STANDING, Trouble
from imgpilot.generation import references
from imgpilot.generation.models import Reference
from imgpilot.generation.pictures import PictureError
from imgpilot.language import marked as _


def _said(reference: Reference) -> shapes.Reference:
    return shapes.Reference(
        id=reference.id,
        width=reference.width,
        height=reference.height,
        bytes=reference.bytes,
        sha256=reference.sha256,
        created_at=reference.created_at,
    )


def _again(call: Call, made: str) -> Answer:
    found = references.mine(call.session, call.account.id, UUID(made))
    if found is None:
        raise Trouble(GONE)
    return Answer(_said(found))


@operation(
    "POST",
    "/references",
    tag="Jobs",
    summary="Upload a reference picture",
    scope="images:write",
    upload=True,
    answer=shapes.Reference,
    status=201,
    problems=(STANDING, CONFLICT, AWAY),
    again=_again,
)
def upload_reference(call: Call) -> Answer:
    """A still picture of up to 20 MB in the form field `file`. Its pixels are kept as PNG, upright, at most 2048
    pixels long; place, camera and every other note in the file are thrown away. It is removed 30 days after its last
    use."""
    if call.file is None:
        raise Trouble(INVALID, errors=({"pointer": "/file", "detail": _("One file is needed, in the field `file`.")},))
    try:
        with references.taking_in(call.session, call.parts.storage, call.account, call.file, call.now) as made:
            call.session.flush()
            call.made(str(made.id))
            call.session.commit()
    except PictureError as error:
        if error.status != 400:
            raise
        raise Trouble(INVALID, error, errors=({"pointer": "/file", "detail": error},)) from None
    return Answer(_said(made))

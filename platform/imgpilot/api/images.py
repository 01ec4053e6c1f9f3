"""Finished pictures: found, fetched, marked as favourites, removed."""

from typing import Any

from sqlalchemy import select, tuple_

from imgpilot.api import cursors, pictured, shapes
from imgpilot.api.operations import Answer, Call, operation
from imgpilot.api.problems import AWAY, BAD_CURSOR, NOT_FOUND
from imgpilot.errors import NotYours
from imgpilot.gallery import favourites, pictures, removal
from imgpilot.generation.models import Generation, Image, State
from imgpilot.generation.pictures import SUFFIXES

_HERE: dict[str, Any] = {"tag": "Images"}


def _answer(call: Call) -> Answer:
    found = pictures.find(call.session, call.account.id, call.id)
    call.session.refresh(found.image)
    (image,) = pictured.whole(call, [(found.image, found.generation)])
    return Answer(image)


@operation(
    "GET",
    "/images",
    summary="List images",
    scope="images:read",
    query=shapes.ImageQuery,
    answer=shapes.Images,
    problems=(BAD_CURSOR,),
    **_HERE,
)
def list_images(call: Call) -> Answer:
    """Your finished pictures, newest first, without the removed ones. A cursor goes with the filters it came with."""
    of, asked = call.account.id, call.query
    wanted = (
        select(Image, Generation)
        .join(Generation, Generation.id == Image.generation_id)
        .where(Generation.account_id == of, Image.state == State.FINISHED, Image.removed_at.is_(None))
    )
    if asked.favourite is not None:
        wanted = wanted.where(Image.favourite_at.is_not(None) if asked.favourite else Image.favourite_at.is_(None))
    if asked.model is not None:
        wanted = wanted.where(Generation.model == asked.model)
    if asked.since is not None:
        wanted = wanted.where(Generation.created_at >= asked.since)
    if asked.cursor:
        place = cursors.read_id(call.parts.settings, "images", of, asked.cursor)
        # The first condition is the one that the index knows.
        wanted = wanted.where(Generation.created_at <= place[0], tuple_(Generation.created_at, Image.id) < place)
    newest = wanted.order_by(Generation.created_at.desc(), Image.id.desc()).limit(asked.limit + 1)
    found = [(image, order) for image, order in call.session.execute(newest)]
    following = None
    if len(found) > asked.limit:
        image, order = found[asked.limit - 1]
        following = cursors.make(call.parts.settings, "images", of, (order.created_at, str(image.id)))
    return Answer(shapes.Images(data=pictured.whole(call, found[: asked.limit]), next=following))


@operation(
    "GET",
    "/images/{id}",
    summary="Read an image",
    scope="images:read",
    answer=shapes.Image,
    problems=(NOT_FOUND,),
    **_HERE,
)
def read_image(call: Call) -> Answer:
    """One finished picture and what it was made from."""
    return _answer(call)


@operation(
    "GET",
    "/images/{id}/file",
    summary="Fetch an image's bytes",
    scope="images:read",
    answer=None,
    files=tuple(SUFFIXES),
    problems=(NOT_FOUND, AWAY),
    **_HERE,
)
def fetch_image(call: Call) -> Answer:
    """The file with the marks that say it was made by AI, byte for byte as it is stored. It never changes: keep the
    `ETag`."""
    image = pictures.find(call.session, call.account.id, call.id).image
    key = image.object_key
    if not (key and image.media_type and image.sha256):
        raise NotYours
    storage = call.parts.storage
    return Answer(pieces=lambda: pictures.opened(storage, key), media_type=image.media_type, tag=image.sha256)


@operation(
    "PATCH",
    "/images/{id}",
    summary="Change an image",
    scope="images:write",
    body=shapes.ImageChange,
    answer=shapes.Image,
    problems=(NOT_FOUND,),
    **_HERE,
)
def change_image(call: Call) -> Answer:
    """Make a picture a favourite, or no longer one."""
    if not favourites.mark(call.session, call.account.id, [call.id], call.body.favourite, call.now):
        raise NotYours
    return _answer(call)


@operation(
    "DELETE",
    "/images/{id}",
    summary="Remove an image",
    scope="images:write",
    answer=None,
    status=204,
    problems=(NOT_FOUND,),
    **_HERE,
)
def remove_image(call: Call) -> Answer:
    """Put a picture among the removed ones, from where you can take it back on the site for 30 days. Its public page
    goes at once."""
    pictures.find(call.session, call.account.id, call.id)
    removal.remove(call.parts, call.session, call.account.id, [call.id], call.now)
    return Answer()

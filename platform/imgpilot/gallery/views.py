"""A person's own pictures: all of them, one with everything about it, its bytes."""

from uuid import UUID

from flask import Blueprint, Flask, Response, render_template, request
from flask.typing import ResponseReturnValue

from imgpilot import web
from imgpilot.accounts.people import person, person_required
from imgpilot.errors import NotYours
from imgpilot.gallery import pictures as own
from imgpilot.generation import catalogue, references
from imgpilot.generation.pictures import SUFFIXES

pages = Blueprint("gallery", __name__)


def mount(app: Flask) -> None:
    """Put the gallery on the site."""
    app.register_blueprint(pages)


@pages.get("/gallery")
@person_required
def pictures() -> ResponseReturnValue:
    """One's own pictures, newest first, a page at a time."""
    page = own.page(web.session(), person().id, request.args.get("after", ""))
    return render_template("gallery/pictures.html", page=page, total=own.count(web.session(), person().id))


@pages.get("/images/<uuid:id_>")
@person_required
def image(id_: UUID) -> ResponseReturnValue:
    """One picture and everything it was made from."""
    found = own.find(web.session(), person().id, id_)
    used = references.of(web.session(), found.generation.id)
    model = catalogue.known(found.generation.model)
    return render_template("gallery/image.html", picture=found, model=model, references=used)


@pages.get("/images/<uuid:id_>/file")
@person_required
def file(id_: UUID) -> ResponseReturnValue:
    """The provider's bytes as they came; with ?download=1 to be saved."""
    found = own.find(web.session(), person().id, id_).image
    assert found.object_key and found.media_type and found.sha256
    name = f"imgpilot-{str(id_)[:8]}.{SUFFIXES[found.media_type]}" if request.args.get("download") else None
    return _serve(found.object_key, found.media_type, found.sha256, found.bytes, save_as=name)


@pages.get("/images/<uuid:id_>/thumbnail")
@person_required
def thumbnail(id_: UUID) -> ResponseReturnValue:
    """A small WebP of it."""
    found = own.find(web.session(), person().id, id_).image
    assert found.thumbnail_key and found.sha256
    return _serve(found.thumbnail_key, "image/webp", f"{found.sha256}-small")


@pages.get("/references/<uuid:id_>")
@person_required
def reference(id_: UUID) -> ResponseReturnValue:
    """One's own reference picture."""
    found = references.mine(web.session(), person().id, id_)
    if found is None:
        raise NotYours
    return _serve(found.object_key, found.media_type, found.sha256, found.bytes)


def _serve(key: str, media_type: str, tag: str, size: int | None = None, *, save_as: str | None = None) -> Response:
    """The object as it is; `tag` names this very content, `size` is in bytes. `save_as` makes it a download.

    Nobody but this person's browser keeps it, and no browser takes it for anything but a picture.
    """
    response = Response(mimetype=media_type)
    response.set_etag(tag)
    response.headers["Cache-Control"] = "private, max-age=3600"
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.headers["Content-Security-Policy"] = "default-src 'none'; sandbox"
    response.headers["Cross-Origin-Resource-Policy"] = "same-origin"
    if save_as:
        response.headers["Content-Disposition"] = f'attachment; filename="{save_as}"'
    if tag in request.if_none_match:
        response.status_code = 304
        return response
    response.response = own.opened(web.parts().storage, key)
    if size is not None:
        response.content_length = size
    return response

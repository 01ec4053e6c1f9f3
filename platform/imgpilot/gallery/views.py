"""A person's own pictures: all of them, one with everything about it, its bytes."""

from datetime import date
from typing import Any
from uuid import UUID

from babel.dates import format_date
from flask import Blueprint, Flask, Response, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import get_locale, gettext

from imgpilot import language, web
from imgpilot.accounts.people import person, person_required
from imgpilot.errors import NotYours
from imgpilot.gallery import collecting, removal, wanted, writing
from imgpilot.gallery import pictures as own
from imgpilot.gallery.collecting import Counted
from imgpilot.gallery.handling import views as handling
from imgpilot.gallery.handling.views import zone
from imgpilot.gallery.wanted import Wanted
from imgpilot.generation import catalogue, references
from imgpilot.generation.models import Reference
from imgpilot.generation.pictures import SUFFIXES, THUMBNAIL

#: A week. What an address of a picture leads to never changes; whoever removed it may want it gone from here too.
KEEP = "private, max-age=604800, immutable"

pages = Blueprint("gallery", __name__)


def mount(app: Flask) -> None:
    """Put the gallery on the site."""
    app.register_blueprint(pages)
    handling.mount(app)
    app.jinja_env.globals.update(writing_of=writing.tag, thumbnail_side=THUMBNAIL, gone_on=removal.gone_on)


@pages.get("/gallery")
@person_required
def pictures() -> ResponseReturnValue:
    """One's own pictures, newest first, a page at a time; to a script that asks, the page alone."""
    session, me, wish, local = web.session(), person().id, wanted.read(request.args), zone()
    after, before = request.args.get("after", ""), request.args.get("before", "")
    day = wanted.end_of(request.args.get("on", ""), local)
    if day is not None:
        after, before = wanted.named(day), ""
    page = own.page(session, me, after, before=before, wish=wish, zone=local, in_rows=True)
    shown: dict[str, Any] = {
        "page": page,
        "wish": wish,
        "query": wish.address(""),
        "gallery": url_for(".pictures"),
        "here": request.full_path.rstrip("?"),
    }
    if "HX-Request" in request.headers:
        return render_template("gallery/_piece.html", **shown)
    months, collections = own.months(session, me, wish, local), collecting.every(session, me)
    models, ratios = own.kinds(session, me)
    names = {model: _model_name(model) for model in models}
    return render_template(
        "gallery/pictures.html",
        **shown,
        months=[(month, _month_name(month), number) for month, number in months],
        total=sum(number for _month, number in months),
        on=request.args.get("on", "") if day else "",
        models=names,
        ratios=[(ratio, ratio) for ratio in ratios],
        collections=collections,
        names=[(str(each.id), each.name) for each in collections],
        collection=next((each for each in collections if each.id == wish.collection), None),
        chips=_chips(wish, names, collections),
        goes_on=removal.gone_on(web.parts().clock()),
        days=removal.SPAN.days,
    )


@pages.get("/images/<uuid:id_>")
@person_required
def image(id_: UUID) -> ResponseReturnValue:
    """One picture and everything it was made from; the ways on are those of the list one came from."""
    session, me, wish = web.session(), person().id, wanted.read(request.args)
    found = own.find(session, me, id_)
    newer, older = own.beside(session, me, found, wish, zone())
    return render_template(
        "gallery/image.html",
        picture=found,
        model=catalogue.known(found.generation.model),
        references=references.of(session, found.generation.id),
        names=[(str(each.id), each.name) for each in collecting.every(session, me)],
        inside=collecting.holding(session, me, id_),
        newer=newer,
        older=older,
        query=wish.address(""),
        back=wish.address(url_for(".pictures"), **({"after": found.place_above} if newer else {})),
        goes_on=removal.gone_on(web.parts().clock()),
    )


@pages.get("/images/<uuid:id_>/file")
@person_required
def file(id_: UUID) -> ResponseReturnValue:
    """The bytes that are kept, as they are; with ?download=1 to be saved."""
    found = own.find(web.session(), person().id, id_).image
    assert found.object_key and found.media_type and found.sha256 is not None
    name = f"imgpilot-{str(id_)[:8]}.{SUFFIXES[found.media_type]}" if request.args.get("download") else None
    return _serve(found.object_key, found.media_type, found.sha256, found.bytes, save_as=name)


@pages.get("/images/<uuid:id_>/thumbnail")
@person_required
def thumbnail(id_: UUID) -> ResponseReturnValue:
    """A small WebP of it."""
    found = own.find(web.session(), person().id, id_).image
    assert found.thumbnail_key and found.sha256 is not None
    return _serve(found.thumbnail_key, "image/webp", f"{found.sha256}-small")


@pages.get("/gallery/removed/<uuid:id_>/thumbnail")
@person_required
def removed_thumbnail(id_: UUID) -> ResponseReturnValue:
    """A small WebP of a removed picture, for the list of those; no browser keeps it."""
    found = own.find(web.session(), person().id, id_, removed=True).image
    assert found.thumbnail_key and found.sha256 is not None
    response = _serve(found.thumbnail_key, "image/webp", f"{found.sha256}-small")
    response.headers["Cache-Control"] = "no-store"
    return response


@pages.get("/references/<uuid:id_>")
@person_required
def reference(id_: UUID) -> ResponseReturnValue:
    """One's own reference picture."""
    found = _reference(id_)
    return _serve(found.object_key, found.media_type, found.sha256, found.bytes)


@pages.get("/references/<uuid:id_>/small")
@person_required
def small_reference(id_: UUID) -> ResponseReturnValue:
    """A small WebP of it."""
    found = _reference(id_)
    response = _picture("image/webp", f"{found.sha256}-small")
    if response.status_code != 304:
        response.set_data(references.small(web.parts().storage, found))
    return response


def _reference(id_: UUID) -> Reference:
    found = references.mine(web.session(), person().id, id_)
    if found is None:
        raise NotYours
    return found


def _serve(key: str, media_type: str, tag: str, size: int | None = None, *, save_as: str | None = None) -> Response:
    """The object as it is; `tag` names this very content, `size` is in bytes. `save_as` makes it a download.

    Where the size is known, a part of it can be asked for (RFC 9110, 14.2).
    """
    response = _picture(media_type, tag)
    if save_as:
        response.headers["Content-Disposition"] = f'attachment; filename="{save_as}"'
    if response.status_code == 304:
        return response
    response.response = own.opened(web.parts().storage, key)
    if size is not None:
        response.content_length = size
        response.make_conditional(request, accept_ranges=True, complete_length=size)
    return response


def _picture(media_type: str, tag: str) -> Response:
    """An answer that takes the bytes of a picture; 304 if the browser has them.

    Nobody but this person's browser keeps it, and no browser takes it for anything but a picture.
    """
    response = Response(mimetype=media_type)
    response.set_etag(tag)
    response.headers["Cache-Control"] = KEEP
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.headers["Content-Security-Policy"] = "default-src 'none'; sandbox"
    response.headers["Cross-Origin-Resource-Policy"] = "same-origin"
    if tag in request.if_none_match:
        response.status_code = 304
    return response


def _chips(wish: Wanted, models: dict[str, str], collections: list[Counted]) -> list[tuple[str, str, str]]:
    """What narrows the list: what it is, its value, and where one is without it."""
    names = {str(each.id): each.name for each in collections}
    said = [
        ("words", gettext("Words"), wish.words),
        ("model", gettext("Model"), models.get(wish.model, wish.model)),
        ("ratio", gettext("Shape"), wish.ratio),
        ("since", gettext("From"), _day(wish.since)),
        ("until", gettext("To"), _day(wish.until)),
        ("favourite", gettext("Only"), gettext("favourites") if wish.favourite else ""),
        (
            "collection",
            gettext("Collection"),
            names.get(str(wish.collection), gettext("one that is not there")) if wish.collection else "",
        ),
    ]
    path = url_for(".pictures")
    return [(label, value, wish.without(name).address(path)) for name, label, value in said if value]


def _model_name(key: str) -> str:
    known = catalogue.known(key)
    return known.name if known else key


def _day(value: date | None) -> str:
    return format_date(value, "medium", language.locale(str(get_locale()))) if value else ""


def _month_name(month: str) -> str:
    here = language.locale(str(get_locale()))
    return format_date(date.fromisoformat(f"{month}-01"), "y年M月" if here.language == "zh" else "LLLL y", here)

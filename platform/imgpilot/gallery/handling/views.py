"""What a person does with their pictures: mark, collect, take away, remove. Forms; a script may send them as well."""

from collections.abc import Callable
from datetime import datetime
from functools import wraps
from typing import Any, ParamSpec
from uuid import UUID
from zoneinfo import ZoneInfo

from flask import Blueprint, Flask, Response, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import get_locale, get_timezone, gettext, ngettext

from imgpilot import language, web
from imgpilot.accounts.people import person, person_required
from imgpilot.accounts.returns import local_path
from imgpilot.db import same_id
from imgpilot.errors import PersonalError
from imgpilot.gallery import collecting, favourites, packing, pictures, removal
from imgpilot.gallery.collecting import BadName
from imgpilot.gallery.packing import NothingChosen, TooMany
from imgpilot.gallery.wanted import Wanted

Args = ParamSpec("Args")

pages = Blueprint("handling", __name__)


def mount(app: Flask) -> None:
    """Put these acts on the site."""
    app.register_blueprint(pages)


def zone() -> ZoneInfo:
    """The zone in which this person's days begin."""
    return ZoneInfo(str(get_timezone() or "UTC"))


def acting(view: Callable[Args, ResponseReturnValue]) -> Callable[Args, ResponseReturnValue]:
    """For whoever is signed in. A script that asked gets an error as a sentence, everybody else as a page."""

    @wraps(view)
    def guarded(*args: Args.args, **kwargs: Args.kwargs) -> ResponseReturnValue:
        try:
            return view(*args, **kwargs)
        except PersonalError as error:
            web.session().rollback()
            if not _by_script():
                raise
            said = error.said(language.known(str(get_locale()))) or gettext("There is no such picture.")
            return Response(said, error.status, mimetype="text/plain")

    return person_required(guarded)


@pages.post("/images/<uuid:id_>/favourite")
@acting
def favourite(id_: UUID) -> ResponseReturnValue:
    """Make one picture a favourite, or no longer."""
    session, me = web.session(), person().id
    pictures.find(session, me, id_)
    on = request.form.get("favourite") == "1"
    favourites.mark(session, me, [id_], on, web.parts().clock())
    session.commit()
    return Response(status=204) if _by_script() else redirect(_back(), 303)


@pages.post("/gallery/favourites")
@acting
def favour() -> ResponseReturnValue:
    """Make the chosen pictures favourites."""
    number = favourites.mark(web.session(), person().id, _chosen(), True, web.parts().clock())
    web.session().commit()
    return _done(ngettext("%(num)s picture is a favourite", "%(num)s pictures are favourites", number))


@pages.post("/gallery/collect")
@acting
def collect() -> ResponseReturnValue:
    """Put the chosen pictures into a collection, or into a new one of that name."""
    session, me, now = web.session(), person().id, web.parts().clock()
    ids, known = _chosen(), same_id(request.form.get("collection", ""))
    into = (
        collecting.find(session, me, known)
        if known
        else collecting.named(session, me, request.form.get("name", ""), now)
    )
    number = collecting.put(session, me, into.id, ids, now)
    session.commit()
    return _done(
        ngettext("%(num)s picture is in “%(name)s”", "%(num)s pictures are in “%(name)s”", number, name=into.name)
    )


@pages.post("/gallery/uncollect")
@acting
def uncollect() -> ResponseReturnValue:
    """Take the chosen pictures out of a collection; they stay."""
    session, me = web.session(), person().id
    out_of = collecting.find(session, me, same_id(request.form.get("out_of", "")) or UUID(int=0))
    ids = _chosen()
    number = collecting.take_out(session, me, out_of.id, ids)
    session.commit()
    said = ngettext(
        "%(num)s picture was taken out of “%(name)s”",
        "%(num)s pictures were taken out of “%(name)s”",
        number,
        name=out_of.name,
    )
    return _done(said)


@pages.post("/gallery/download")
@acting
def download() -> ResponseReturnValue:
    """The chosen pictures as one file, streamed."""
    ids = _chosen()
    if len(ids) > packing.MOST:
        raise TooMany
    found = pictures.some(web.session(), person().id, ids)
    if not found:
        raise NothingChosen
    here = zone()
    response = Response(packing.packed(web.parts().storage, found, here), mimetype="application/zip")
    name = f"imgpilot-{web.parts().clock().astimezone(here):%Y-%m-%d}.zip"
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    response.headers["Cache-Control"] = "no-store"
    # Nothing more is read from the database: the connection is not kept while a slow line takes it all.
    web.session().close()
    return response


@pages.post("/gallery/remove")
@acting
def remove() -> ResponseReturnValue:
    """Put the chosen pictures among the removed ones. Asks first, unless the page did."""
    session, parts, now = web.session(), web.parts(), web.parts().clock()
    ids = _chosen()
    if "confirmed" not in request.form:
        return _ask("gallery/remove.html", ids, goes_on=removal.gone_on(now))
    number = removal.remove(parts, session, person().id, ids, now)
    session.commit()
    said = ngettext("%(num)s picture removed", "%(num)s pictures removed", number)
    return _done(said, undo={"at": now.isoformat()} if number else None)


@pages.post("/gallery/restore")
@acting
def restore() -> ResponseReturnValue:
    """Take removed pictures back: the chosen ones, or those that were removed together."""
    session, at = web.session(), _moment(request.form.get("at", ""))
    ids = None if at else _chosen()
    number = removal.restore(session, person().id, web.parts().clock(), image_ids=ids, removed_at=at)
    session.commit()
    return _done(ngettext("%(num)s picture is back", "%(num)s pictures are back", number))


@pages.post("/gallery/delete")
@acting
def delete() -> ResponseReturnValue:
    """Delete chosen removed pictures for good, or all of them. Always asks first."""
    session, me = web.session(), person().id
    everything = request.form.get("all") == "1"
    ids = [] if everything else _chosen()
    if "confirmed" not in request.form:
        number = pictures.count(session, me, Wanted(removed=True)) if everything else len(ids)
        return _ask("gallery/delete.html", ids, everything=everything, number=number)
    number = removal.delete_now(web.parts(), session, me, None if everything else ids, web.parts().clock())
    return _done(ngettext("%(num)s picture deleted for good", "%(num)s pictures deleted for good", number))


@pages.get("/collections")
@person_required
def collections() -> ResponseReturnValue:
    """All of one's collections."""
    return _collections()


@pages.post("/collections")
@acting
def create() -> ResponseReturnValue:
    """A new collection."""
    session, name = web.session(), request.form.get("name", "")
    try:
        made = collecting.create(session, person().id, name, web.parts().clock())
        session.commit()
    except BadName as error:
        session.rollback()
        return _collections(name=name, error=error)
    return _done(gettext("“%(name)s” is there. Add pictures to it from your gallery.", name=made.name))


@pages.post("/collections/<uuid:id_>")
@acting
def rename(id_: UUID) -> ResponseReturnValue:
    """Call a collection otherwise."""
    session, name = web.session(), request.form.get("name", "")
    try:
        made = collecting.rename(session, person().id, id_, name)
        session.commit()
    except BadName as error:
        session.rollback()
        return _collections(name=name, error=error, at=id_)
    return _done(gettext("It is called “%(name)s” now", name=made.name))


@pages.post("/collections/<uuid:id_>/delete")
@acting
def dissolve(id_: UUID) -> ResponseReturnValue:
    """Delete a collection. Its pictures stay."""
    name = collecting.dissolve(web.session(), person().id, id_)
    web.session().commit()
    return _done(gettext("“%(name)s” is deleted. Its pictures are still in your gallery.", name=name))


def _collections(name: str = "", error: BadName | None = None, at: UUID | None = None) -> ResponseReturnValue:
    said = error.said(language.known(str(get_locale()))) if error else ""
    every = collecting.every(web.session(), person().id)
    page = render_template("gallery/collections.html", collections=every, name=name, error=said, at=at)
    return page, error.status if error else 200


def _chosen() -> list[UUID]:
    """The pictures that the form names. Raises NothingChosen."""
    known = (same_id(each) for each in request.form.getlist("id"))
    ids = list(dict.fromkeys(each for each in known if each))
    if not ids:
        raise NothingChosen
    return ids


def _ask(template: str, ids: list[UUID], **more: Any) -> ResponseReturnValue:
    return render_template(template, **{"ids": ids, "number": len(ids), "back": _back(), **more})


def _done(said: str, undo: dict[str, str] | None = None) -> ResponseReturnValue:
    """It is done: said in a toast, with a way back if there is one."""
    toast: dict[str, Any] = {"text": said}
    if undo:
        toast |= {"label": gettext("Undo"), "action": url_for(".restore"), "fields": {**undo, "back": _back()}}
    if _by_script():
        return render_template("gallery/_toast.html", said=toast)
    flash(toast, "success")  # type: ignore[arg-type]
    return redirect(_back(), 303)


def _back() -> str:
    """The page of this site that the form came from."""
    otherwise = url_for(".collections") if request.path.startswith("/collections") else url_for("gallery.pictures")
    return local_path(request.form.get("back"), otherwise)


def _by_script() -> bool:
    return "HX-Request" in request.headers


def _moment(text: str) -> datetime | None:
    try:
        at = datetime.fromisoformat(text)
    except ValueError:
        return None
    return at if at.tzinfo else None

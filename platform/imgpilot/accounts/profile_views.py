"""What a person says of themselves: a name and a picture, both theirs to give, change and remove (policy P01)."""

from datetime import timedelta
from uuid import UUID

from flask import Blueprint, Response, flash, redirect, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from imgpilot import web
from imgpilot.accounts import account_page, again, doors, portraits, tokens
from imgpilot.accounts.errors import AccountError
from imgpilot.accounts.people import person, person_required
from imgpilot.accounts.tokens import TokenError
from imgpilot.errors import NotYours, StorageError
from imgpilot.generation.pictures import PictureError

LONGEST_NAME = 100

pages = Blueprint("profile", __name__)


@pages.post("/account/name")
@person_required
def name() -> ResponseReturnValue:
    """Change the name; nothing typed removes it."""
    typed = request.form.get("name", "")
    called = "".join(c for c in " ".join(typed.split()) if c.isprintable())
    if len(called) > LONGEST_NAME:
        said = gettext("Use %(most)s characters or fewer.", most=LONGEST_NAME)
        return account_page.shown({"name": said}, {"name": typed}), 400
    person().name = called or None
    web.session().commit()
    flash(gettext("Your name is changed.") if called else gettext("Your name is removed."))
    return redirect("/account#profile", 303)


@pages.post("/account/picture")
@person_required
def picture() -> ResponseReturnValue:
    """Take a picture in."""
    file = request.files.get("picture")
    if file is None or not file.filename:
        return account_page.shown({"picture": gettext("Choose a picture first.")}), 400
    try:
        portraits.put(web.session(), web.parts().storage, person(), file.stream.read(portraits.LARGEST + 1))
    except (AccountError, PictureError) as error:
        web.session().rollback()
        return account_page.shown({"picture": error.said(doors.spoken())}), error.status
    flash(gettext("Your picture is changed."))
    return redirect("/account#profile", 303)


@pages.post("/account/picture/remove")
@person_required
def remove_picture() -> ResponseReturnValue:
    """Remove the picture."""
    portraits.remove(web.session(), web.parts().storage, person())
    flash(gettext("Your picture is removed."))
    return redirect("/account#profile", 303)


@pages.get("/account/picture")
@person_required
def own_picture() -> ResponseReturnValue:
    """One's own picture, for nobody else."""
    key = person().picture_key
    if key is None:
        raise NotYours
    try:
        answer = Response(web.parts().storage.open(key), mimetype="image/webp")
    except StorageError:
        raise NotYours from None
    # Its address in the page's head changes with it, and signing out empties the cache.
    answer.headers["Cache-Control"] = "private, max-age=86400"
    return answer


@pages.post("/account/tokens")
@again.fresh_required
def new_token() -> ResponseReturnValue:
    """Make an API token; the page shows its key this once."""
    typed = {
        "token_name": request.form.get("token_name", ""),
        "scopes": request.form.getlist("scopes"),
        "lasts": request.form.get("lasts", ""),
    }
    days = next((each for each in account_page.TOKENS_LAST if str(each) == typed["lasts"]), 90)
    database, parts, of = web.session(), web.parts(), person()
    try:
        token, key = tokens.create(
            database,
            parts.settings,
            of.id,
            str(typed["token_name"]),
            list(typed["scopes"]),
            timedelta(days=days) if days else None,
            parts.clock(),
        )
    except TokenError as error:
        database.rollback()
        return account_page.shown({f"token {error.field}": error.said(doors.spoken())}, typed), error.status
    database.commit()
    return render_template("accounts/token_made.html", token=token, key=key, scopes=tokens.SCOPES)


@pages.post("/account/tokens/<uuid:token_id>/end")
@person_required
def end_token(token_id: UUID) -> ResponseReturnValue:
    """End one of one's own tokens."""
    tokens.end(web.session(), person().id, token_id, web.parts().clock())
    web.session().commit()
    flash(gettext("That token works no more."))
    return redirect("/account#tokens", 303)


@pages.after_request
def _kept_by_nobody(response: Response) -> Response:
    response.headers.setdefault("Cache-Control", "no-store")
    return response

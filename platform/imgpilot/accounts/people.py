"""Who is signed in: for every view (`g.person`) and every template (`person`, `credits`) of the site."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from functools import wraps
from typing import Any, ParamSpec
from uuid import UUID

from flask import Flask, Response, g, redirect, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.exc import SQLAlchemyError
from werkzeug.wrappers import Response as AnyResponse

from imgpilot import web
from imgpilot.accounts import addresses, browsers, sign_ins
from imgpilot.accounts.browsers import COOKIE
from imgpilot.accounts.models import Account
from imgpilot.accounts.returns import path_of
from imgpilot.billing import ledger

Args = ParamSpec("Args")


@dataclass(frozen=True)
class Person:
    """Who is signed in, as it was when the request began. A page can show it even if the database fails later."""

    id: UUID
    #: As its owner writes it; see addresses.shown.
    email: str
    language: str
    theme: str
    timezone: str
    created_at: datetime
    #: A word that is another for each picture of theirs; "" if they have none.
    picture: str = ""

    @property
    def initial(self) -> str:
        """The letter that stands for the person where there is no room for the address."""
        return self.email[:1].upper()


def mount(app: Flask) -> None:
    """Know the person in every request to this app."""
    # Before the CSRF check, which came first: its error page, too, is shown to a person in their language.
    app.before_request_funcs.setdefault(None, []).insert(0, _load)
    app.after_request(_finish)
    app.context_processor(_in_templates)


def person() -> Account:
    """The account of the person who is signed in. Only for views with `person_required`."""
    return web.session().get_one(Account, g.person.id)


def sign_in_id() -> UUID:
    """The sign-in of the browser that asks. Only for views with `person_required`."""
    here: UUID = g.sign_in_id
    return here


def person_required(view: Callable[Args, ResponseReturnValue]) -> Callable[Args, ResponseReturnValue]:
    """Whoever is not signed in does that first and comes back."""

    @wraps(view)
    def guarded(*args: Args.args, **kwargs: Args.kwargs) -> ResponseReturnValue:
        return view(*args, **kwargs) if g.person is not None else _sign_in_first()

    return guarded


def _load() -> None:
    g.person = g.sign_in_id = g.renewed = None
    if not browsers.token() or request.endpoint == "static":
        return
    parts = web.parts()
    found = sign_ins.find(web.session(), parts.settings, browsers.token(), parts.clock())
    if found is None:
        return
    of = found.account
    picture = (of.picture_key or "").rpartition("/")[2].partition(".")[0]
    g.person = Person(of.id, addresses.shown(of.email), of.language, of.theme, of.timezone, of.created_at, picture)
    g.sign_in_id = found.sign_in_id
    if found.noted:
        web.session().commit()
        g.renewed = browsers.token()


def _finish(response: Response) -> Response:
    if g.get("renewed") and not any(COOKIE in line for line in response.headers.getlist("Set-Cookie")):
        browsers.remember(response, g.renewed)
    if g.get("person") is not None and response.mimetype == "text/html":
        # Whoever uses this computer next does not find the page again with the Back button.
        response.headers.setdefault("Cache-Control", "no-store")
    return response


def _in_templates() -> dict[str, Any]:
    there: Person | None = g.get("person")
    return {"person": there, "credits": None if there is None else _credits(there)}


def _credits(there: Person) -> int | None:
    try:
        return ledger.balance(web.session(), there.id)
    except SQLAlchemyError:
        return None  # this is the page that says that something failed: it is shown without


def _sign_in_first() -> AnyResponse:
    if "HX-Request" in request.headers:
        # A piece of a page asked: the whole page goes to sign-in, not the piece.
        page = path_of(request.headers.get("HX-Current-URL"), request.host_url.rstrip("/"), "")
        return Response(status=204, headers={"HX-Redirect": url_for("accounts.sign_in", next=page or None)})
    wanted = request.full_path.removesuffix("?") if request.method == "GET" else None
    return redirect(url_for("accounts.sign_in", next=wanted))

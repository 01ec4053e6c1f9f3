"""What the policy's part of the site answers itself: the banner is closed, and every cookie is told."""

from flask import Blueprint, Flask, redirect, render_template, request
from flask.typing import ResponseReturnValue

from imgpilot import cookies, web
from imgpilot.accounts.people import person, person_required
from imgpilot.accounts.returns import local_path, path_of
from imgpilot.look.pages import has_page
from imgpilot.policies import shown, versions
from imgpilot.policies import web as banner

pages = Blueprint("policies", __name__)


def mount(app: Flask) -> None:
    """Put it on the site."""
    app.register_blueprint(pages)
    banner.mount(app)


@pages.post("/privacy-policy/versions/<version>/seen")
@person_required
def seen(version: str) -> ResponseReturnValue:
    """Close the banner about this version, and go on where one was."""
    parts = web.parts()
    shown.note(web.session(), person().id, versions.find(version), shown.CLOSED, parts.clock())
    web.session().commit()
    came = path_of(request.referrer, request.host_url.rstrip("/"), "/")
    back = local_path(request.form.get("next"), came)
    return redirect(back if has_page(back.partition("?")[0]) else "/")


@pages.get("/cookies")
def told() -> ResponseReturnValue:
    """Every cookie and everything else that is stored in the browser."""
    return render_template("cookies/cookies.html", kept=cookies.on("site"), staff=cookies.on("console"))

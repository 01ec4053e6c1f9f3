"""A site with nothing behind it: the look, and the endpoints that the frame links to."""

from types import SimpleNamespace

import pytest
from flask import Blueprint, Flask, flash, render_template, request
from flask.testing import FlaskClient
from flask_babel import Babel
from flask_wtf.csrf import CSRFProtect

from imgpilot import language, look

#: What the frame links to by name: endpoint → (path, method).
FRAME = {
    "site.home": ("/", "GET"),
    "accounts.sign_in": ("/sign-in", "GET"),
    "accounts.sign_out": ("/sign-out", "POST"),
    "accounts.account": ("/account", "GET"),
    "accounts.preferences": ("/preferences", "POST"),
    "generation.studio": ("/studio", "GET"),
    "portal.centre": ("/privacy", "GET"),
}


def site(*, production: bool = False) -> Flask:
    """The site. `?as=ana` is signed in, `?flash=category` has a message waiting."""
    app = Flask("look", root_path=str(look.HERE))
    app.config.update(SECRET_KEY="test", BABEL_TRANSLATION_DIRECTORIES=str(language.FOLDER))
    CSRFProtect(app)
    Babel(app, locale_selector=lambda: request.cookies.get("lang", language.DEFAULT))

    @app.context_processor
    def _who() -> dict[str, object]:
        ana = SimpleNamespace(email="ana@example.com", initial="A")
        return {"person": ana, "credits": 1240} if request.args.get("as") else {"person": None, "credits": None}

    def page() -> str:
        if category := request.args.get("flash"):
            flash("Something happened", category)
        return render_template("home.html")

    for part in sorted({name.partition(".")[0] for name in FRAME}):
        blueprint = Blueprint(part, __name__)
        for name, (path, method) in FRAME.items():
            owner, _, view = name.partition(".")
            if owner == part:
                blueprint.add_url_rule(path, view, page, methods=[method])
        app.register_blueprint(blueprint)

    @app.get("/error/<int:status>")
    def _error(status: int) -> tuple[str, int]:
        return render_template("error.html", status=status, said=request.args.get("said")), status

    look.dress(app, production=production)
    return app


@pytest.fixture
def app() -> Flask:
    """The site, outside production."""
    made = site()
    made.testing = True
    return made


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    """A browser without a window."""
    return app.test_client()

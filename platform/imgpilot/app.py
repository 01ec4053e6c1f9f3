"""The two web applications, composed of the parts that config.SITE and config.CONSOLE list."""

import logging
from collections.abc import Iterable
from datetime import tzinfo
from http import HTTPStatus
from importlib import import_module
from typing import Any

from flask import Flask, Response, g, render_template, request
from flask_babel import Babel, gettext
from flask_wtf.csrf import CSRFError, CSRFProtect
from werkzeug.exceptions import HTTPException

import config
from imgpilot import digests, language, look, web, worker
from imgpilot.accounts import preferences
from imgpilot.errors import PersonalError
from imgpilot.parts import Parts, assemble

log = logging.getLogger(__name__)

#: The largest form we take: a reference picture and the words with it.
LARGEST_FORM = 26 * 2**20


def create_app(name: str, mounts: Iterable[str], made: Parts) -> Flask:
    """An application named `name` of these parts ("module:function", called with the app), on these real parts."""
    settings = made.settings
    app = Flask(f"imgpilot.{name}", root_path=str(look.HERE), template_folder="templates", static_folder="static")
    secure = (settings.site_url if name == "site" else settings.console_url).startswith("https://")
    app.config.update(
        SECRET_KEY=digests.keyed(settings, f"cookies-{name}", ""),
        SESSION_COOKIE_NAME=f"imgpilot_{name}",
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax",
        SESSION_COOKIE_SECURE=secure,
        MAX_CONTENT_LENGTH=LARGEST_FORM,
        MAX_FORM_MEMORY_SIZE=2**20,
        WTF_CSRF_TIME_LIMIT=None,
        # The page of a sign-in link sends no Referer, as its address is a key; the token is the proof.
        WTF_CSRF_SSL_STRICT=False,
        BABEL_DEFAULT_LOCALE=language.DEFAULT,
        BABEL_TRANSLATION_DIRECTORIES=str(language.FOLDER),
        TEMPLATES_AUTO_RELOAD=False,
    )
    web.give_sessions(app, made)
    worker.configure(settings)
    CSRFProtect(app)
    for mount in mounts:
        module, _, function = mount.partition(":")
        getattr(import_module(module), function)(app)
    if "babel" not in app.extensions:  # Flask-AppBuilder brings its own
        Babel(app, locale_selector=wanted_language, timezone_selector=wanted_zone)
    look.dress(app)
    _answer_errors(app)
    return app


def wanted_language() -> str:
    """The language of this request: the person's, else the cookie, else what the browser asks for."""
    person = getattr(g, "person", None)
    if person is not None:
        return language.known(person.language)
    chosen = request.cookies.get("lang")
    if chosen in config.LANGUAGES:
        return str(chosen)
    return web.asked_language()


def wanted_zone() -> tzinfo | None:
    """The zone in which times are shown in this request: the person's, if they chose one."""
    person = getattr(g, "person", None)
    return None if person is None else preferences.zone(person.timezone)


def _answer_errors(app: Flask) -> None:
    """Every error a person meets says what happened and what to do. No error text holds their data."""

    def page(status: int, said: str | None = None) -> tuple[str, int] | Response:
        if request.accept_mimetypes.best == "application/json":
            return Response(
                app.json.dumps({"status": status, "title": HTTPStatus(status).phrase, "detail": said}),
                status,
                mimetype="application/problem+json",
            )
        return render_template(["console/error.html", "error.html"], status=status, said=said), status

    @app.errorhandler(PersonalError)
    def _personal(error: PersonalError) -> Any:
        return page(error.status, error.said(wanted_language()))

    @app.errorhandler(CSRFError)
    def _stale(_error: CSRFError) -> Any:
        return page(400, gettext("This page had been open for too long. Nothing was changed. Load it again and retry."))

    @app.errorhandler(HTTPException)
    def _http(error: HTTPException) -> Any:
        if error.code is None or error.code < 400:
            return error
        return page(error.code)

    @app.errorhandler(Exception)
    def _unforeseen(error: Exception) -> Any:
        if app.testing:
            raise error
        # The class and the place, never the text: it may quote somebody's data.
        log.error("%s at %s", type(error).__name__, _place(error), extra={"path": request.endpoint})
        return page(500)


def _place(error: BaseException) -> str:
    trace = error.__traceback__
    while trace and trace.tb_next:
        trace = trace.tb_next
    return f"{trace.tb_frame.f_code.co_filename}:{trace.tb_lineno}" if trace else "?"


def check() -> None:
    """Run every check that a process must pass before it serves; each raises what is wrong."""
    for mount in config.CHECKS:
        module, _, function = mount.partition(":")
        getattr(import_module(module), function)()


def site(made: Parts | None = None) -> Flask:
    """The site, for gunicorn: `imgpilot.app:site()`."""
    check()
    return create_app("site", config.SITE, made or assemble(config.settings()))


def console(made: Parts | None = None) -> Flask:
    """The staff console, for gunicorn: `imgpilot.app:console()`."""
    check()
    return create_app("console", config.CONSOLE, made or assemble(config.settings()))

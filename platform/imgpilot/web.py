"""What a view needs: the parts of this process, the request's database session, who is signed in."""

from typing import Any, cast

from flask import Flask, current_app, g, request
from sqlalchemy.orm import Session, scoped_session

from imgpilot import language
from imgpilot.parts import Parts


def parts() -> Parts:
    """The parts this application was made with."""
    return cast(Parts, current_app.extensions["parts"])


def session() -> Session:
    """The database session of this request. A view commits; what was not committed is rolled back."""
    return cast(Session, current_app.extensions["session"]())


def asked_language() -> str:
    """The language that the browser or program asks for (Accept-Language), of those we speak; else English."""
    return language.known(request.accept_languages.best_match(["en", "zh", "zh-CN", "zh-Hans", "zh-TW"]))


def give_sessions(app: Flask, made: Parts) -> "scoped_session[Session]":
    """One database session a request (application context), closed at its end."""
    scoped = scoped_session(made.sessions, scopefunc=lambda: id(cast(Any, g)._get_current_object()))
    app.extensions["parts"] = made
    app.extensions["session"] = scoped

    @app.teardown_appcontext
    def _close(_error: BaseException | None) -> None:
        scoped.remove()

    return scoped

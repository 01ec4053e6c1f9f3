"""How the interface answers what cannot be done: in JSON, in a sentence, with the status that fits."""

import functools
from collections.abc import Callable
from http import HTTPStatus
from typing import Any, cast

from flask import Flask, Response, current_app, g, request
from flask_appbuilder.exceptions import FABException
from flask_babel import gettext
from flask_login import current_user  # type: ignore[import-untyped]
from marshmallow import Schema, ValidationError
from sqlalchemy.exc import DataError, StatementError

from compliance.errors import PlanChanged
from imgpilot import web
from imgpilot.errors import PersonalError

Method = Callable[..., Any]
#: Where the interface is.
ROOT = "/api/"


def answered(method: Method) -> Method:
    """Run a method of the interface; whatever it raises that was foreseen becomes a sentence, and nothing is kept."""

    @functools.wraps(method)
    def run(self: Any, *args: Any, **kwargs: Any) -> Any:
        # FAB would check the rights of the browser's cookie, and the deed would be the token's.
        if current_user.is_authenticated and current_user.id != g.user.id:
            return said(403, gettext("Send the token alone, without a browser's cookie."))
        try:
            return method(self, *args, **kwargs)
        except PlanChanged as error:
            web.session().commit()  # the new plan is kept, and can be read
            return said(409, gettext(error.text, **error.values))
        except PersonalError as error:
            web.session().rollback()
            return said(error.status, gettext(error.text, **error.values))
        except ValidationError as error:
            return said(422, gettext("Some fields are missing or not as they should be."), cast(Any, error.messages))

    return run


def readable(method: Method) -> Method:
    """Of a list: a filter, an order or a page that makes no sense is the asker's mistake, and said so."""

    @functools.wraps(method)
    def run(self: Any, *args: Any, **kwargs: Any) -> Any:
        try:
            return method(self, *args, **kwargs)
        except (FABException, DataError, StatementError, ValueError, TypeError, AttributeError, LookupError):
            web.session().rollback()
        except (OverflowError, RecursionError):
            pass
        return said(400, gettext("This filter, order or page cannot be read."))

    return run


def said(status: int, message: str, fields: dict[str, Any] | None = None) -> Response:
    """The answer with this sentence, and what is wrong by field. Values that were sent are not in it."""
    body = {"message": message} | ({"fields": _known(fields)} if fields else {})
    return web_json(status, body)


def web_json(status: int, body: dict[str, Any]) -> Response:
    """This as JSON, which nobody in between may keep."""
    answer = Response(current_app.json.dumps(body), status, mimetype="application/json")
    answer.headers["Cache-Control"] = "no-store"
    return answer


def _known(fields: dict[str, Any]) -> dict[str, Any]:
    """Names of fields that nobody declared were sent by the asker, and could be anything."""
    return {name: texts for name, texts in fields.items() if texts != ["Unknown field."]}


def body(schema: type[Schema]) -> dict[str, Any]:
    """What was sent, by this schema. Raises ValidationError."""
    sent = request.get_json(silent=True)
    if not isinstance(sent, dict):
        raise ValidationError({"body": ["Send a JSON object."]})
    return cast(dict[str, Any], schema().load(sent))


def speak_json(app: Flask) -> None:
    """What the framework refuses under /api/ before a method runs is said in JSON too, not as a page."""

    @app.after_request
    def _in_json(answer: Response) -> Response:
        if request.path.startswith(ROOT):
            answer.headers.setdefault("Cache-Control", "no-store")
            if answer.status_code >= 400 and answer.mimetype == "text/html":
                return said(answer.status_code, HTTPStatus(answer.status_code).phrase + ".")
        return answer

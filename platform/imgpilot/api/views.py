"""The JSON interface on the web: who calls, whether they may, what they sent; then the operation; then the answer.

No cookie reaches it or leaves it, so no page of somebody else can use a person's sign-in, and no form token is needed.
"""

import hashlib
import json
import logging
import re
from collections.abc import Callable, Mapping
from typing import Any
from uuid import uuid4

from flask import Blueprint, Flask, Response, abort, current_app, g, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.exc import OperationalError
from werkzeug.exceptions import HTTPException

from imgpilot import faults, language, web
from imgpilot.accounts import tokens
from imgpilot.accounts.models import Account, ApiToken
from imgpilot.api import description, docs, idempotency, pace, problems, reading
from imgpilot.api.operations import PREFIX, Answer, Call, Operation, everything
from imgpilot.api.problems import KINDS, PAGES, Trouble, Words, of_person
from imgpilot.digests import keyed
from imgpilot.errors import PersonalError
from imgpilot.generation.order import normal
from imgpilot.language import marked as _
from imgpilot.safety.screen import NotMade, note

log = logging.getLogger(__name__)

_KEY = re.compile(r"[!-~]{1,255}")
pages = Blueprint("api_pages", __name__)


def mount(app: Flask) -> None:
    """Put the interface and its pages on the site."""
    api = Blueprint("api", __name__, url_prefix=PREFIX)
    for of in everything():
        rule = of.path.replace("{id}", "<uuid:id_>").replace("{share_id}", "<share_id>")
        api.add_url_rule(
            rule, of.name, _view(of), methods=[of.method], provide_automatic_options=False, strict_slashes=True
        )
    api.add_url_rule("/openapi.json", "openapi", openapi, provide_automatic_options=False)
    api.register_error_handler(Trouble, _troubled)
    api.register_error_handler(PersonalError, _personal)
    api.register_error_handler(HTTPException, _http)
    api.register_error_handler(OperationalError, _away)
    api.register_error_handler(Exception, _unforeseen)
    api.after_request(_finish)
    app.extensions["csrf"].exempt(api)
    app.register_blueprint(api)
    app.register_blueprint(pages)
    app.before_request(_nowhere)
    app.wsgi_app = _Cookieless(app.wsgi_app)  # type: ignore[assignment,method-assign]


class _Cookieless:
    """Takes the cookies off calls to the interface before anything of ours sees them."""

    def __init__(self, inner: Callable[..., Any]) -> None:
        self._inner = inner

    def __call__(self, environ: dict[str, Any], start: Any) -> Any:
        if _is_ours(environ.get("PATH_INFO", "")):
            environ.pop("HTTP_COOKIE", None)
        return self._inner(environ, start)


def _is_ours(path: str) -> bool:
    return path == PREFIX or path.startswith(PREFIX + "/")


def _view(of: Operation) -> Callable[..., ResponseReturnValue]:
    def view(**ids: Any) -> ResponseReturnValue:
        token = _token()
        account = web.session().get_one(Account, token.account_id)
        _allowed(of, token)
        call = Call(
            parts=web.parts(),
            session=web.session(),
            account=account,
            now=web.parts().clock(),
            scopes=frozenset(token.scopes),
            ids=ids,
            query=_query(of),
        )
        g.api_call = call
        digest = _read(of, call)
        return _respond(of, _carried_out(of, call, digest))

    return view


def _token() -> ApiToken:
    """The token of this call, counted. Raises Trouble if there is none, or it called too often."""
    parts, session = web.parts(), web.session()
    now = parts.clock()
    kind, _space, presented = request.headers.get("Authorization", "").partition(" ")
    token = tokens.find(session, parts.settings, presented.strip(), now) if kind.lower() == "bearer" else None
    if token is None:
        error = ', error="invalid_token"' if presented else ""
        raise Trouble(problems.UNAUTHORIZED, headers={"WWW-Authenticate": f'Bearer realm="imgpilot"{error}'})
    standing = pace.count(session, parts.settings, token.account_id, now, writes=request.method not in ("GET", "HEAD"))
    session.commit()
    g.api_headers = pace.headers(standing, now)
    pace.check(standing, now)
    return token


def _allowed(of: Operation, token: ApiToken) -> None:
    if of.scope and of.scope not in token.scopes:
        bearer = f'Bearer realm="imgpilot", error="insufficient_scope", scope="{of.scope}"'
        said = Words(_("This needs the scope %(scope)s, which the token does not have."), {"scope": of.scope})
        raise Trouble(problems.MISSING_SCOPE, said, headers={"WWW-Authenticate": bearer}, scope=of.scope)
    given = of.files or ("application/json",)
    accepted = request.accept_mimetypes
    if accepted and not any(accepted.quality(kind) > 0 for kind in given):
        formats = {"formats": ", ".join(given)}
        raise Trouble(problems.NOT_ACCEPTABLE, Words(_("This address answers %(formats)s."), formats))


def _query(of: Operation) -> Any:
    sent = list(request.args.items(multi=True))
    if of.query:
        return reading.query(of.query, sent)
    if sent:
        flaws = tuple({"parameter": name[:60], "detail": _("There is no such parameter.")} for name, _value in sent)
        raise Trouble(problems.INVALID, errors=flaws[: reading.MOST_ERRORS])
    return None


def _read(of: Operation, call: Call) -> str:
    """Read the body into the call; a digest of what was sent, however it was written down."""
    said = f"{of.method} {request.path}".encode()
    if request.headers.get("Content-Encoding", "identity") != "identity":
        raise Trouble(problems.MEDIA)
    if of.body:
        if request.mimetype != "application/json":
            raise Trouble(problems.MEDIA)
        request.max_content_length = reading.LARGEST
        sent = request.get_data()
        call.body = reading.body(of.body, sent)
        said += json.dumps(json.loads(sent), sort_keys=True).encode()
    elif of.upload:
        if request.mimetype != "multipart/form-data":
            raise Trouble(problems.MEDIA)
        files = list(request.files.items(multi=True))
        flaws = [{"pointer": f"/{name[:60]}", "detail": _("There is no such field.")} for name in request.form]
        if flaws or [name for name, _file in files] != ["file"]:
            flaws = flaws or [{"pointer": "/file", "detail": _("One file is needed, in the field `file`.")}]
            raise Trouble(problems.INVALID, errors=tuple(flaws[: reading.MOST_ERRORS]))
        call.file = files[0][1].stream
        said += hashlib.file_digest(call.file, "sha256").digest()  # type: ignore[arg-type]
        call.file.seek(0)
    return keyed(call.parts.settings, "idempotent call", said)


def _carried_out(of: Operation, call: Call, digest: str) -> Answer:
    """Do what is asked and commit; with an Idempotency-Key, once."""
    key = request.headers.get("Idempotency-Key") if of.again else None
    if key is None or of.again is None:
        answer = of.does(call)
        call.session.commit()
        return answer
    if not _KEY.fullmatch(key):
        raise Trouble(problems.BAD_KEY)
    row = idempotency.begin(call.session, call.account.id, key, digest, call.now)
    if row.made is not None:
        try:
            return of.again(call, row.made)
        except PersonalError:
            raise Trouble(problems.GONE) from None
    g.api_key = call.account.id, key
    call.made = lambda made: idempotency.finish(row, of.status, made)
    answer = of.does(call)
    call.session.commit()
    return answer


def _respond(of: Operation, answer: Answer) -> Response:
    response = Response(mimetype=answer.media_type, status=of.status, headers=dict(answer.headers))
    if answer.body is not None:
        response.set_data(answer.body.model_dump_json())
    elif answer.pieces is not None:
        response.set_etag(answer.tag)
        response.headers["Cache-Control"] = "private, max-age=3600"
        response.headers["Content-Security-Policy"] = "default-src 'none'; sandbox"
        if answer.tag in request.if_none_match:
            response.status_code = 304
        elif request.method != "HEAD":
            response.response = answer.pieces()
    else:
        response.headers.pop("Content-Type", None)
    return response


def openapi() -> ResponseReturnValue:
    """What there is, for programs. Everybody may read it."""
    if request.args:
        _query_of_nothing()
    response = Response(
        json.dumps(description.document(web.parts().settings.site_url), ensure_ascii=False),
        mimetype="application/json",
        headers={"Cache-Control": "public, max-age=300"},
    )
    response.add_etag()
    return response.make_conditional(request)


def _query_of_nothing() -> None:
    flaws = tuple({"parameter": name[:60], "detail": _("There is no such parameter.")} for name in request.args)
    raise Trouble(problems.INVALID, errors=flaws[: reading.MOST_ERRORS])


def _nowhere() -> Response | None:
    """Addresses and methods that the interface does not have."""
    error = request.routing_exception
    if error is None or not _is_ours(request.path):
        return None
    kind = problems.METHOD if error.code == problems.METHOD.status else problems.NOT_FOUND
    methods = sorted({*(getattr(error, "valid_methods", None) or ())})
    return _finish(_problem(Trouble(kind, headers={"Allow": ", ".join(methods)} if methods else {})))


def _troubled(error: Trouble) -> Response:
    return _problem(error)


def _personal(error: PersonalError) -> Response:
    trouble = of_person(error)
    call: Call | None = g.get("api_call")
    if isinstance(error, NotMade) and call is not None:
        call.session.rollback()
        row = note(call.session, call.account.id, normal(call.body.prompt), error.rule, call.now)
        call.session.commit()
        page = url_for("safety.refusal", id_=row.id)
        trouble.more["appeal"] = f"{call.parts.settings.site_url}{page}"
    return _problem(trouble)


def _http(error: HTTPException) -> Response:
    return _problem(Trouble(problems.BY_STATUS.get(error.code or 500, problems.BAD_REQUEST)))


def _away(error: OperationalError) -> Response:
    log.warning("%s at %s", type(error).__name__, faults.place(error.__traceback__))
    return _problem(Trouble(problems.AWAY, headers={"Retry-After": "5"}))


def _unforeseen(error: Exception) -> Response:
    if current_app.testing:
        raise error
    instance = _instance()
    # The class and the place, never the text: it may quote somebody's data.
    log.error("%s: %s at %s", instance, type(error).__name__, faults.place(error.__traceback__))
    return _problem(Trouble(problems.OURS), instance)


def _problem(trouble: Trouble, instance: str = "") -> Response:
    session, key = web.session(), g.get("api_key")
    session.rollback()
    if key is not None:
        idempotency.drop(session, *key)
        session.commit()
    spoken = web.asked_language()
    said: Mapping[str, Any] = trouble.document(web.parts().settings.site_url, instance or _instance(), spoken)
    headers = trouble.headers | {"Content-Language": language.tag(spoken), "Vary": "Accept-Language"}
    return Response(json.dumps(said, ensure_ascii=False), trouble.kind.status, headers, mimetype=problems.MEDIA_TYPE)


def _instance() -> str:
    return f"urn:uuid:{uuid4()}"


def _finish(response: Response) -> Response:
    for name, value in g.get("api_headers", {}).items():
        response.headers[name] = value
    response.headers.setdefault("Cache-Control", "no-store")
    return response


@pages.get("/api")
def guide() -> ResponseReturnValue:
    """The interface, for people: read off the document for programs."""
    document = description.document(web.parts().settings.site_url)
    return render_template("api/guide.html", guide=docs.guide(document), kinds=KINDS.values(), pages=PAGES)


@pages.get(f"{PAGES}/<slug>")
def problem(slug: str) -> ResponseReturnValue:
    """What a kind of problem means and what to do."""
    if slug not in KINDS:
        abort(404)
    return render_template("api/problem.html", kind=KINDS[slug])

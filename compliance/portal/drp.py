"""The Data Rights Protocol over HTTP: systems of authorised agents talk to it, so it answers in JSON and in English.

No cookie is looked at: who asks is known by the bearer token and the signature, so there is nothing for another site
to forge and no CSRF check. Nothing of a message is logged.
"""

from datetime import timedelta

from flask import Blueprint, Flask, Response, current_app, render_template, request
from flask.typing import ResponseReturnValue

from compliance.drp import desk, message, status, whereabouts
from compliance.drp.errors import DrpError, Rejected, TooMany, UnknownToken
from compliance.drp.pace import Pace
from compliance.managed import AuthorisedAgent
from imgpilot import visitors, web

pages = Blueprint("drp", __name__, template_folder="templates")

#: In this process; set-ups and requests that were taken are counted in the database as well (desk).
PACES = {
    "set-up": (10, timedelta(hours=1)),
    "set-up from": (30, timedelta(hours=1)),
    "send": (60, timedelta(minutes=1)),
    "look": (300, timedelta(minutes=1)),
}


def mount(app: Flask) -> None:
    """Put the protocol on the site."""
    app.register_blueprint(pages)
    app.extensions["csrf"].exempt(pages)
    app.extensions["drp paces"] = {name: Pace(*limit) for name, limit in PACES.items()}


@pages.post("/v1/agent/<agent_key>")
def set_up(agent_key: str) -> ResponseReturnValue:
    """Give the agent a token (2.05). Whatever is wrong: 403 without a word, so nobody learns who is an agent."""
    parts = web.parts()
    _pace("set-up from", visitors.caller(parts.settings, request))
    _pace("set-up", agent_key)
    try:
        token = desk.set_up(web.session(), parts.settings, agent_key, _body(), parts.clock())
    except TooMany:
        raise
    except DrpError:
        return Response(status=403)
    web.session().commit()
    return {"agent-id": agent_key, "token": token}


@pages.get("/v1/agent/<agent_key>")
def check(agent_key: str) -> ResponseReturnValue:
    """Whether the token is this agent's (2.06)."""
    if _bearer("look").agent_key != agent_key:
        raise UnknownToken
    return {}


@pages.post("/v1/data-rights-request", strict_slashes=False)
@pages.post("/v1/data-rights-request/", strict_slashes=False)
def ask() -> ResponseReturnValue:
    """Take a request in (2.01)."""
    parts, agent = web.parts(), _bearer("send")
    said = desk.ask(web.session(), parts.settings, agent, _body(), parts.clock())
    web.session().commit()
    return _status(said)


@pages.get("/v1/data-rights-request/<request_id>")
def look(request_id: str) -> ResponseReturnValue:
    """Where a request is (2.02)."""
    parts, agent = web.parts(), _bearer("look")
    return _status(desk.look(web.session(), parts.settings, agent, request_id, parts.clock()))


@pages.delete("/v1/data-rights-request/<request_id>")
def revoke(request_id: str) -> ResponseReturnValue:
    """Take a request back (2.04)."""
    parts, agent = web.parts(), _bearer("send")
    said = desk.revoke(web.session(), parts.settings, agent, request_id, _body(), parts.clock())
    web.session().commit()
    return _status(said)


@pages.get(whereabouts.MAILED)
def mailed() -> ResponseReturnValue:
    """For the person, whom the agent sends here: we mailed you a link. The same for everybody."""
    settings = web.parts().settings
    caught = "" if settings.is_production or settings.smtp_url else settings.sandbox_url
    return render_template("portal/drp/mailed.html", caught=caught)


def _bearer(pace: str) -> AuthorisedAgent:
    """The agent whose token came with this call. Raises UnknownToken, TooMany."""
    scheme, _, token = request.headers.get("Authorization", "").partition(" ")
    if scheme.lower() != "bearer":
        raise UnknownToken
    agent = desk.bearer(web.session(), web.parts().settings, token.strip())
    _pace(pace, str(agent.id))
    return agent


def _pace(name: str, caller: str) -> None:
    current_app.extensions["drp paces"][name].check(caller, web.parts().clock)


def _body() -> bytes:
    """What was sent, as far as it can be a message; one byte more is enough to know that it is too large."""
    return request.stream.read(message.LONGEST + 1)


def _status(said: dict[str, str]) -> Response:
    return Response(status.as_json(said), mimetype="application/json")


@pages.errorhandler(Rejected)
def _rejected(error: Rejected) -> ResponseReturnValue:
    web.session().rollback()
    answer = current_app.json.response(error.body())
    answer.status_code = error.status
    if isinstance(error, TooMany):
        answer.headers["Retry-After"] = str(error.seconds)
    return answer


@pages.errorhandler(DrpError)
def _our_key(_error: DrpError) -> ResponseReturnValue:
    """The key that we have of the agent is unusable: whatever it signs, we cannot check it."""
    return _rejected(UnknownToken())


@pages.after_request
def _kept_by_nobody(response: Response) -> Response:
    response.headers["Cache-Control"] = "no-store"
    return response

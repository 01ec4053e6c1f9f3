"""The provider's addresses, under /google."""

import io
from urllib.parse import urlencode, urlsplit

from flask import Blueprint, Flask, Response, jsonify, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from PIL import Image
from werkzeug.wrappers import Response as AnyResponse

from imgpilot.sandbox.google.people import CLIENT_ID, CLIENT_SECRET, PEOPLE, Somebody
from imgpilot.sandbox.world import World

#: What a page of ours may ask for; the provider gives no more.
SCOPES = {"openid", "email", "profile"}


def mount(app: Flask, world: World) -> None:
    """Adds the provider to the sandbox."""
    provider = Blueprint("google", __name__, url_prefix="/google")
    accounts = world.google

    def issuer() -> str:
        return url_for("google.discovery", _external=True).removesuffix("/.well-known/openid-configuration")

    @provider.get("/.well-known/openid-configuration")
    def discovery() -> Response:
        here = issuer()
        return jsonify(
            {
                "issuer": here,
                "authorization_endpoint": f"{here}/auth",
                "token_endpoint": f"{here}/token",
                "userinfo_endpoint": f"{here}/userinfo",
                "jwks_uri": f"{here}/certs",
                "response_types_supported": ["code"],
                "subject_types_supported": ["public"],
                "id_token_signing_alg_values_supported": ["RS256"],
                "code_challenge_methods_supported": ["S256"],
                "scopes_supported": sorted(SCOPES),
            }
        )

    @provider.get("/certs")
    def certs() -> Response:
        return jsonify(accounts.keys())

    @provider.get("/auth")
    def ask() -> ResponseReturnValue:
        wrong = _wrong()
        if wrong:
            return render_template("sandbox/google.html", wrong=wrong, people=()), 400
        page = make_response(render_template("sandbox/google.html", wrong="", people=PEOPLE))
        return _leading_back(page)

    @provider.post("/auth")
    def chosen() -> ResponseReturnValue:
        wrong = _wrong()
        if wrong:
            return render_template("sandbox/google.html", wrong=wrong, people=()), 400
        back, state = request.args["redirect_uri"], request.args.get("state", "")
        if "deny" in request.form:
            return redirect(f"{back}?{urlencode({'error': 'access_denied', 'state': state})}", 303)
        who = _who()
        given = request.args
        # Like Google it says when somebody signed in only if it is asked for that by name.
        dated = "auth_time" in given.get("claims", "")
        code = accounts.code(who, back, given["code_challenge"], given.get("nonce", ""), given["scope"], dated=dated)
        return _leading_back(redirect(f"{back}?{urlencode({'code': code, 'state': state})}", 303))

    @provider.post("/token")
    def token() -> ResponseReturnValue:
        given = request.form
        if (given.get("client_id"), given.get("client_secret")) != (CLIENT_ID, CLIENT_SECRET):
            return jsonify({"error": "invalid_client"}), 401
        try:
            return jsonify(
                accounts.exchange(
                    given["code"], given["redirect_uri"], given["code_verifier"], issuer(), given["client_id"]
                )
            )
        except KeyError:
            return jsonify({"error": "invalid_grant", "error_description": "Bad Request"}), 400

    @provider.get("/userinfo")
    def userinfo() -> ResponseReturnValue:
        who = accounts.holder(request.headers.get("Authorization", "").removeprefix("Bearer "))
        return (jsonify({"error": "invalid_token"}), 401) if who is None else jsonify(accounts.facts(who, issuer()))

    @provider.get("/picture/<subject>.jpg")
    def picture(subject: str) -> Response:
        return Response(_painted(subject), mimetype="image/jpeg")

    app.register_blueprint(provider)


def _wrong() -> str:
    """What is wrong with the request of the page that sent the browser here; "" if nothing."""
    given = request.args
    if given.get("client_id") != CLIENT_ID:
        return "The client is not known here. It is called sandbox."
    if urlsplit(given.get("redirect_uri", "")).scheme not in ("http", "https"):
        return "There is no address to go back to."
    if given.get("response_type") != "code" or set(given.get("scope", "").split()) - SCOPES:
        return "Only codes are given, and only for openid, email and profile."
    if given.get("code_challenge_method") != "S256" or not given.get("code_challenge"):
        return "A code is given only with PKCE (S256)."
    return ""


def _who() -> Somebody:
    email = request.form.get("email", "").strip().lower() or PEOPLE[0].email
    known = next((each for each in PEOPLE if each.email == email), None)
    if known is not None and "typed" not in request.form:
        return known
    name = request.form.get("name", "").strip() or email.partition("@")[0].title()
    return Somebody(email, name, "verified" in request.form, "domain" in request.form)


def _leading_back(answer: AnyResponse) -> AnyResponse:
    """The page's form leads, by way of us, to the page that asked: a browser wants to be told (form-action)."""
    place = urlsplit(request.args["redirect_uri"])
    answer.headers["Content-Security-Policy"] = (
        f"default-src 'none'; style-src 'self'; img-src 'self'; form-action 'self' {place.scheme}://{place.netloc}; "
        "base-uri 'none'; frame-ancestors 'none'"
    )
    return answer


def _painted(subject: str) -> bytes:
    """Somebody's picture, taken by a camera that notes where it was."""
    shade = int(subject) if subject.isdigit() else 0
    image = Image.new("RGB", (320, 240), (60 + shade % 120, 90 + shade // 7 % 120, 120 + shade // 11 % 100))
    exif = Image.Exif()
    exif[0x010F] = "Sandbox Camera"
    made = io.BytesIO()
    image.save(made, "JPEG", exif=exif)
    return made.getvalue()

"""Sign-in with Google: OpenID Connect, code flow with PKCE, state and nonce (policy P01). Knows no account of ours.

We ask for `openid email profile` and nothing more, read the ID token, and keep no token. Every call goes through the
gateway, so it is checked and logged; what is verified is verified by Authlib and joserfc.
"""

import re
import secrets
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import urlencode, urlsplit
from uuid import UUID

import httpx
from authlib.oauth2.base import OAuth2Error  # type: ignore[import-untyped]
from authlib.oauth2.client import OAuth2Client  # type: ignore[import-untyped]
from authlib.oidc.core import CodeIDToken  # type: ignore[import-untyped]
from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import KeySet

import config
from imgpilot.accounts.errors import GoogleAway, GoogleDenied
from imgpilot.digests import keyed
from imgpilot.errors import Refused, StartError
from imgpilot.parts import Parts
from imgpilot.processors import GOOGLE, SANDBOX, Processor
from imgpilot.purposes import SIGN_IN

DISCOVERY = "https://accounts.google.com/.well-known/openid-configuration"
SCOPE = "openid email profile"
#: A round trip to Google takes no longer.
LASTS = timedelta(minutes=10)
#: Asks when the person signed in there. Google tells only if it is asked for the claim by name and the client has
#: "session age claims" switched on, and it asks nobody anew (developers.google.com/identity/siwg/security-bundle);
#: others ask anew for max_age=0 (OpenID Connect Core 3.1.2.1). Google documents no prompt=login.
SINCE_WHEN = {"max_age": "0", "claims": '{"id_token":{"auth_time":{"essential":true}}}'}
CATEGORIES = ("user.unique_id.pseudonymous",)
PATIENCE = httpx.Timeout(10, connect=5)
#: How far their clock may be from ours, in seconds.
LEEWAY = 60
#: Discovery, keys, tokens: none of their answers is larger, in bytes.
LARGEST_ANSWER = 256 * 1024


@dataclass(frozen=True)
class Provider:
    """Whom we ask, and as whom."""

    processor: Processor
    discovery: str
    client_id: str
    client_secret: str


@dataclass(frozen=True)
class Begun:
    """A round trip that began: where the browser goes, and what the answer has to fit. For the session cookie."""

    url: str
    state: str
    nonce: str
    verifier: str


@dataclass(frozen=True)
class Said:
    """Who it is, as Google says it. `vouched`: Google itself hands out this address, so it is theirs now.

    `proved_at`: when the person signed in to Google (`auth_time`); None if it does not say.
    """

    subject: str
    email: str
    verified: bool
    vouched: bool
    name: str
    picture: str
    proved_at: datetime | None


def provider(settings: config.Settings) -> Provider | None:
    """Who is asked: Google with a client of ours, outside production the sandbox, else nobody. Raises StartError."""
    secret = settings.google_client_secret
    if settings.google_client_id and secret:
        found = settings.oidc_discovery_url or DISCOVERY
        return Provider(_processor(settings, found), found, settings.google_client_id, secret.get_secret_value())
    if settings.is_production:
        return None
    found = settings.oidc_discovery_url or f"{settings.sandbox_url}/google/.well-known/openid-configuration"
    return Provider(_processor(settings, found), found, "sandbox", "sandbox")


def begin(parts: Parts, asked: Provider, redirect_uri: str, *, again: bool = False) -> Begun:
    """Where to send the browser. `again`: Google is to say when it saw the person sign in. Raises GoogleAway."""
    with _http(parts, asked, None) as http:
        there = _json(http, asked.discovery)
        verifier, nonce = secrets.token_urlsafe(48), secrets.token_urlsafe(24)
        # A person with several accounts there chooses one each time; nobody is signed in without having looked.
        extra = {"prompt": "select_account"} | (SINCE_WHEN if again else {})
        url, state = _client(http, asked, redirect_uri).create_authorization_url(
            _checked(asked, there, "authorization_endpoint"), code_verifier=verifier, nonce=nonce, **extra
        )
    return Begun(url, state, nonce, verifier)


def finish(
    parts: Parts, asked: Provider, redirect_uri: str, code: str, verifier: str, nonce: str, subject: UUID | None
) -> tuple[Said, str]:
    """Who it is; and the digest of what went to Google for it, by which its line in the disclosure log is found.

    `subject` is the account that is signed in. Raises GoogleAway, or GoogleDenied if anything does not fit.
    """
    sent: list[bytes] = []
    with _http(parts, asked, subject) as http:
        there = _json(http, asked.discovery)
        http.event_hooks = {"request": [lambda request: sent.append(request.read())]}
        try:
            token = _client(http, asked, redirect_uri).fetch_token(
                _checked(asked, there, "token_endpoint"), code=code, code_verifier=verifier
            )
            http.event_hooks = {}
            keys = KeySet.import_key_set(_json(http, _checked(asked, there, "jwks_uri")))  # type: ignore[arg-type]
            claims = _claims(asked, there, token, keys, nonce, parts.clock())
        except httpx.HTTPError:
            raise GoogleAway from None
        except (OAuth2Error, JoseError, ValueError, KeyError, TypeError):
            # `from None`: their words may quote a token.
            raise GoogleDenied from None
    return _said(claims), keyed(parts.settings, "disclosure", sent[0])


def picture(parts: Parts, asked: Provider, address: str, most: int, subject: UUID) -> bytes | None:
    """The picture at this address of theirs, at most so many bytes; None if it cannot be had. It is no great loss."""
    # Theirs come in 96 pixels unless one asks for more.
    wanted = re.sub(r"=s\d+-c$", "=s256-c", address)
    try:
        with _http(parts, asked, subject) as http, http.stream("GET", wanted) as answer:
            if answer.status_code != 200:
                return None
            return _limited(answer, most)
    except (httpx.HTTPError, httpx.InvalidURL, Refused, GoogleAway):
        return None


class _Session:
    """What Authlib's client sends with: our httpx client, as its own integration would go past the gateway."""

    def __init__(self, http: httpx.Client) -> None:
        self._http = http

    def post(self, url: str, data: dict[str, str], headers: dict[str, str], auth: Any) -> httpx.Response:
        """Send a form, with what proves that it is our client."""
        url, headers, body = auth.prepare("POST", url, headers, urlencode(data))
        return self._http.post(url, content=body, headers=headers)


def _client(http: httpx.Client, asked: Provider, redirect_uri: str) -> Any:
    return OAuth2Client(
        _Session(http),
        client_id=asked.client_id,
        client_secret=asked.client_secret,
        token_endpoint_auth_method="client_secret_post",  # noqa: S106  # the name of a method
        scope=SCOPE,
        redirect_uri=redirect_uri,
        code_challenge_method="S256",
    )


def _http(parts: Parts, asked: Provider, subject: UUID | None) -> httpx.Client:
    return parts.gateway.client(asked.processor, SIGN_IN, subject=subject, categories=CATEGORIES, timeout=PATIENCE)


def _processor(settings: config.Settings, discovery: str) -> Processor:
    host = urlsplit(discovery).hostname or ""
    for known in (GOOGLE,) if settings.is_production else (GOOGLE, SANDBOX):
        if host in known.hosts:
            return known
    raise StartError(f"OIDC_DISCOVERY_URL names {host}, which is no registered processor")


def _json(http: httpx.Client, url: str) -> dict[str, Any]:
    try:
        with http.stream("GET", url) as answer:
            body = _limited(answer, LARGEST_ANSWER)
            found = httpx.Response(200, content=body or b"").json() if answer.status_code == 200 else None
    except (httpx.HTTPError, ValueError):
        raise GoogleAway from None
    if not isinstance(found, dict):
        raise GoogleAway
    return found


def _limited(answer: httpx.Response, most: int) -> bytes | None:
    body = bytearray()
    for piece in answer.iter_bytes():
        body += piece
        if len(body) > most:
            return None
    return bytes(body)


def _checked(asked: Provider, there: dict[str, Any], name: str) -> str:
    """An address of the discovery document, if it is on a host of theirs."""
    url = str(there.get(name, ""))
    if urlsplit(url).hostname not in asked.processor.hosts:
        raise GoogleAway
    return url


def _claims(
    asked: Provider, there: dict[str, Any], token: dict[str, Any], keys: KeySet, nonce: str, now: datetime
) -> CodeIDToken:
    decoded = jwt.decode(token["id_token"], keys, algorithms=["RS256"])
    issuer = str(there["issuer"])
    claims = CodeIDToken(
        decoded.claims,
        decoded.header,
        {
            # Google's has been written with and without the scheme.
            "iss": {"essential": True, "values": [issuer, issuer.removeprefix("https://")]},
            "aud": {"essential": True, "value": asked.client_id},
        },
        {"nonce": nonce, "client_id": asked.client_id, "access_token": token.get("access_token")},
    )
    claims.validate(now=int(now.timestamp()), leeway=LEEWAY)
    if not claims["sub"]:
        raise ValueError("nobody")
    return claims


def _said(claims: CodeIDToken) -> Said:
    email = str(claims.get("email") or "").lower()
    verified = claims.get("email_verified") is True or claims.get("email_verified") == "true"
    at = email.rpartition("@")[2]
    return Said(
        subject=str(claims["sub"])[:255],
        email=email,
        verified=verified,
        # Google's own advice: of any other address it only knows that it was this person's once.
        vouched=verified and (at in ("gmail.com", "googlemail.com") or bool(claims.get("hd"))),
        name=" ".join(str(claims.get("name") or "").split())[:200],
        picture=str(claims.get("picture") or "")[:2000],
        # When the token was made says nothing about when anybody was there.
        proved_at=datetime.fromtimestamp(int(claims["auth_time"]), UTC) if claims.get("auth_time") else None,
    )

"""The sandbox's OpenID provider keeps the rules that a real one keeps."""

import base64
import hashlib
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest
from joserfc import jwt
from joserfc.jwk import KeySet

from imgpilot.sandbox.server import Sandbox

BACK = "http://127.0.0.1:9/back"
VERIFIER = "v" * 43
CHALLENGE = base64.urlsafe_b64encode(hashlib.sha256(VERIFIER.encode()).digest()).rstrip(b"=").decode()
ASKED = {
    "client_id": "sandbox",
    "redirect_uri": BACK,
    "response_type": "code",
    "scope": "openid email profile",
    "state": "s",
    "nonce": "n",
    "code_challenge": CHALLENGE,
    "code_challenge_method": "S256",
}


def code_of(sandbox: Sandbox, email: str = "ana@example.com") -> str:
    answer = httpx.post(f"{sandbox.url}/google/auth", params=ASKED, data={"email": email}, trust_env=False)
    said = parse_qs(urlsplit(answer.headers["Location"]).query)
    assert said["state"] == ["s"]
    return said["code"][0]


def exchange(sandbox: Sandbox, code: str, **other: str) -> httpx.Response:
    sent = {"client_id": "sandbox", "client_secret": "sandbox", "code": code, "redirect_uri": BACK}
    sent |= {"grant_type": "authorization_code", "code_verifier": VERIFIER} | other
    return httpx.post(f"{sandbox.url}/google/token", data=sent, trust_env=False)


def test_a_code_becomes_a_signed_token_that_its_published_keys_prove(sandbox: Sandbox) -> None:
    there = httpx.get(f"{sandbox.url}/google/.well-known/openid-configuration", trust_env=False).json()
    got = exchange(sandbox, code_of(sandbox)).json()
    keys = KeySet.import_key_set(httpx.get(there["jwks_uri"], trust_env=False).json())
    claims = jwt.decode(got["id_token"], keys, algorithms=["RS256"]).claims
    assert (claims["iss"], claims["aud"], claims["nonce"]) == (there["issuer"], "sandbox", "n")
    assert (claims["email"], claims["email_verified"]) == ("ana@example.com", True)
    asked = {"Authorization": f"Bearer {got['access_token']}"}
    told = httpx.get(there["userinfo_endpoint"], headers=asked, trust_env=False).json()
    assert told["sub"] == claims["sub"]
    assert httpx.get(there["userinfo_endpoint"], trust_env=False).status_code == 401


@pytest.mark.parametrize(
    "other",
    [{"code_verifier": "w" * 43}, {"redirect_uri": "http://127.0.0.1:9/else"}, {"client_secret": "x"}, {"code": "x"}],
)
def test_a_code_is_for_who_asked_for_it(sandbox: Sandbox, other: dict[str, str]) -> None:
    sent = {"code": code_of(sandbox)} | other
    assert exchange(sandbox, **sent).status_code in (400, 401)


def test_a_code_works_once(sandbox: Sandbox) -> None:
    code = code_of(sandbox)
    assert exchange(sandbox, code).status_code == 200
    assert exchange(sandbox, code).json()["error"] == "invalid_grant"


@pytest.mark.parametrize(
    "other",
    [
        {"code_challenge_method": "plain"},
        {"code_challenge": ""},
        {"scope": "openid drive"},
        {"client_id": "x"},
        {"redirect_uri": "javascript:alert(1)"},
    ],
)
def test_what_a_real_provider_would_refuse_is_refused(sandbox: Sandbox, other: dict[str, str]) -> None:
    assert httpx.get(f"{sandbox.url}/google/auth", params=ASKED | other, trust_env=False).status_code == 400

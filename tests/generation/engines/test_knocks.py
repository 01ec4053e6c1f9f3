"""Providers that knock: only their own, fresh signature is let in, and it only makes us ask at once."""

import base64
import hashlib
import json
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from flask import Flask
from flask.testing import FlaskClient
from jinja2 import FileSystemBytecodeCache
from sqlalchemy.orm import Session
from standardwebhooks import Webhook

from imgpilot.accounts.models import Account
from imgpilot.app import create_app
from imgpilot.generation import handing
from imgpilot.generation import make as making
from imgpilot.generation.make import make
from imgpilot.generation.models import Generation
from imgpilot.parts import Parts
from tests.conftest import Clock
from tests.generation.conftest import MOUNTS, images_of, look
from tests.generation.engines.doubles import FalDouble, ReplicateDouble, answer

KEY = Ed25519PrivateKey.generate()
SECRET = "whsec_" + base64.b64encode(b"a secret of thirty-two bytes....").decode()


@pytest.fixture(autouse=True)
def woken(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The pictures for which somebody was woken at once."""
    found: list[str] = []
    send = lambda _name, args, countdown=None: countdown is None and found.append(args[0])  # noqa: E731
    monkeypatch.setattr(making.worker.celery, "send_task", send)
    return found


@pytest.fixture
def client(parts: Parts, templates: FileSystemBytecodeCache) -> FlaskClient:
    """Somebody who calls the site, without cookies."""
    app: Flask = create_app("site", [*MOUNTS, "imgpilot.generation.webhooks.views:mount"], parts)
    app.jinja_env.bytecode_cache = templates
    app.testing = True
    return app.test_client(use_cookies=False)


@pytest.fixture
def waiting(
    session: Session, parts: Parts, clock: Clock, ordered: Callable[..., Generation], ana: Account, woken: list[str]
) -> Callable[[str], UUID]:
    """A picture of this model that was handed in and waits for the next question."""

    def hand_in(model: str) -> UUID:
        (image,) = images_of(session, ordered(ana, model=model))
        make(parts, image.id, clock())
        woken.clear()
        return image.id

    return hand_in


def jwks(key: Ed25519PrivateKey = KEY) -> dict[str, Any]:
    coded = base64.urlsafe_b64encode(key.public_key().public_bytes_raw()).decode().rstrip("=")
    return {"keys": [{"kty": "OKP", "crv": "Ed25519", "x": coded}]}


def from_fal(now: datetime, body: bytes = b"{}", key: Ed25519PrivateKey = KEY, **changed: str) -> dict[str, str]:
    """The headers that fal signs this body with."""
    said = {"Request-Id": "fal-1", "User-Id": "u1", "Timestamp": str(int(now.timestamp()))}
    digest = hashlib.sha256(body).hexdigest()
    signature = key.sign("\n".join([*said.values(), digest]).encode()).hex()
    said |= {"Signature": signature} | {name.replace("_", "-"): value for name, value in changed.items()}
    return {f"X-Fal-Webhook-{name}": value for name, value in said.items()}


def test_fal_knocks_and_the_picture_is_asked_after_at_once(
    session: Session,
    parts: Parts,
    clock: Clock,
    fal: FalDouble,
    waiting: Callable[[str], UUID],
    client: FlaskClient,
    woken: list[str],
) -> None:
    picture = waiting("flux-1-dev")
    fal.say("keys", answer(200, jwks()))
    lie = b'{"status": "OK", "payload": {"images": [{"url": "https://evil.example/1.png"}]}}'
    for _ in range(3):  # repeats are harmless
        given = client.post("/webhooks/fal", data=lie, headers=from_fal(clock(), lie))
        assert (given.status_code, given.data) == (204, b"")
        assert "Set-Cookie" not in given.headers
    assert woken == [str(picture)] * 3
    assert len(fal.of("keys")) == 1, "its keys are kept"
    make(parts, picture, clock())
    assert look(session, picture).state == "finished"
    assert fal.kinds[-4:] == ["status", "result", "picture", "remove"], "fal itself was asked, not its message"
    assert client.post("/webhooks/fal", data=lie, headers=from_fal(clock(), lie)).status_code == 204


def test_whatever_is_not_signed_by_fal_just_now_is_refused(
    session: Session,
    clock: Clock,
    fal: FalDouble,
    waiting: Callable[[str], UUID],
    client: FlaskClient,
    woken: list[str],
) -> None:
    waiting("flux-1-dev")
    fal.say("keys", answer(200, jwks()), answer(200, jwks()))
    now = clock()
    wrong = [
        {},
        from_fal(now, b"another body"),
        from_fal(now, key=Ed25519PrivateKey.generate()),
        from_fal(now, Request_Id="fal-2"),
        from_fal(now, User_Id="u2"),
        from_fal(now, Timestamp=str(int(now.timestamp()) + 1)),
        from_fal(now, Timestamp="soon"),
        from_fal(now, Timestamp="9" * 30),
        from_fal(now, Signature="00" * 64),
        from_fal(now, Signature="zz"),
        from_fal(now - timedelta(seconds=301)),
        from_fal(now + timedelta(seconds=301)),
    ]
    for headers in wrong:
        assert client.post("/webhooks/fal", data=b"{}", headers=headers).status_code == 400
    assert woken == []
    assert len(fal.of("keys")) == 1, "whoever knocks in vain makes us fetch nothing"
    assert client.post("/webhooks/fal", data=b"{}", headers=from_fal(now - timedelta(seconds=300))).status_code == 204


def test_new_keys_of_fal_are_fetched_when_the_old_ones_do_not_fit_and_at_the_latest_after_a_day(
    clock: Clock, fal: FalDouble, client: FlaskClient
) -> None:
    new = Ed25519PrivateKey.generate()

    def knock(key: Ed25519PrivateKey) -> int:
        return client.post("/webhooks/fal", data=b"{}", headers=from_fal(clock(), key=key)).status_code

    fal.say("keys", answer(200, jwks()), answer(200, jwks(new)))
    assert (knock(KEY), knock(new)) == (204, 400)
    clock.tick(minutes=5)
    assert (knock(new), knock(KEY)) == (204, 400)
    assert len(fal.of("keys")) == 2
    fal.say("keys", answer(200, jwks(new)))
    clock.tick(hours=24)
    assert knock(new) == 204
    assert len(fal.of("keys")) == 3


@pytest.mark.parametrize("said", [answer(503), answer(200, b"<html>"), answer(200, {"keys": [{"x": "short"}]})])
def test_without_keys_nobody_is_let_in_and_they_are_not_fetched_at_every_knock(
    clock: Clock, fal: FalDouble, client: FlaskClient, said: Any
) -> None:
    fal.say("keys", said)
    for _ in range(3):
        assert client.post("/webhooks/fal", data=b"{}", headers=from_fal(clock())).status_code == 400
    assert len(fal.of("keys")) == 1


def from_replicate(body: bytes, at: datetime | None = None, secret: str = SECRET) -> dict[str, str]:
    """The headers that Replicate signs this body with; the library goes by the clock on the wall."""
    at = at or datetime.now(UTC)
    return {
        "webhook-id": "msg_1",
        "webhook-timestamp": str(int(at.timestamp())),
        "webhook-signature": "v1,AAAA " + Webhook(secret).sign("msg_1", at, body.decode()),
    }


def test_replicate_knocks_and_the_picture_is_asked_after_at_once(
    session: Session,
    parts: Parts,
    clock: Clock,
    replicate: ReplicateDouble,
    waiting: Callable[[str], UUID],
    client: FlaskClient,
    woken: list[str],
) -> None:
    picture = waiting("qwen-image-2512")
    replicate.say("keys", answer(200, {"key": SECRET}))
    body = json.dumps({"id": "rep1", "status": "failed", "error": "a lie"}).encode()
    assert client.post("/webhooks/replicate", data=body, headers=from_replicate(body)).status_code == 204
    assert woken == [str(picture)]
    assert replicate.of("keys")[0].path == "/v1/webhooks/default/secret"
    make(parts, picture, clock())
    assert look(session, picture).state == "finished"


def test_whatever_is_not_signed_by_replicate_just_now_is_refused(
    replicate: ReplicateDouble, client: FlaskClient, woken: list[str]
) -> None:
    replicate.say("keys", answer(200, {"key": SECRET}))
    body = b'{"id": "rep1"}'
    now = datetime.now(UTC)
    other = "whsec_" + base64.b64encode(b"x" * 32).decode()
    wrong = [
        {},
        from_replicate(b'{"id": "rep2"}'),
        from_replicate(body, secret=other),
        from_replicate(body, now - timedelta(seconds=310)),
        from_replicate(body, now + timedelta(seconds=900)),
        from_replicate(body) | {"webhook-signature": "v1"},
        from_replicate(body) | {"webhook-signature": "v1,x"},
        from_replicate(body) | {"webhook-timestamp": "nan"},
    ]
    for headers in wrong:
        assert client.post("/webhooks/replicate", data=body, headers=headers).status_code == 400
    for odd in (b"[]", b'{"id": 7}', b"\xff"):
        signed = from_replicate(odd) if odd != b"\xff" else from_replicate(body)
        assert client.post("/webhooks/replicate", data=odd, headers=signed).status_code == 400
    assert woken == []


def test_a_message_that_is_too_large_is_not_read_and_one_for_nobody_is_not_there(
    clock: Clock, fal: FalDouble, client: FlaskClient
) -> None:
    large = b" " * (256 * 2**10 + 1)
    assert client.post("/webhooks/fal", data=large, headers=from_fal(clock(), large)).status_code == 413
    body = b'{"id": "rep1"}'
    refused = client.post("/webhooks/replicate", data=body, headers=from_replicate(body))
    assert refused.status_code == 400, "there is no way to Replicate here"
    assert client.get("/webhooks/fal").status_code == 405
    assert fal.asked == []


@pytest.mark.parametrize(
    ("site", "way", "asked"),
    [
        ("https://imgpilot.app", "fal", "https://imgpilot.app/webhooks/fal"),
        ("https://imgpilot.app", "replicate", "https://imgpilot.app/webhooks/replicate"),
        ("https://imgpilot.app", "bfl", ""),
        ("http://imgpilot.app", "fal", ""),
        ("https://localhost", "fal", ""),
        ("https://studio.internal", "fal", ""),
        ("https://127.0.0.1", "fal", ""),
        ("https://10.0.0.7:8443", "fal", ""),
        ("https://[::1]", "fal", ""),
        ("https://8.8.8.8", "fal", "https://8.8.8.8/webhooks/fal"),
    ],
)
def test_a_knock_is_only_asked_for_where_it_can_be_heard(
    parts: Parts, monkeypatch: pytest.MonkeyPatch, site: str, way: str, asked: str
) -> None:
    monkeypatch.setattr(parts.settings, "site_url", site)
    assert handing.knock(parts.settings, way) == asked

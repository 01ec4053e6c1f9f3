"""The OpenAI-compatible provider: what goes out, what comes in, how every failure is told apart."""

import base64
import json
import resource
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from typing import Any
from uuid import uuid4

import psutil
import pytest
from pydantic import SecretStr
from pytest_httpserver import HTTPServer
from sqlalchemy import select
from sqlalchemy.orm import Session
from werkzeug import Request as Asked
from werkzeug import Response

from imgpilot.disclosures import Disclosure
from imgpilot.generation.engines import engine_for
from imgpilot.generation.engines.exchange import LARGEST_PICTURE, NoAnswer, Wire
from imgpilot.generation.engines.openai_errors import failure
from imgpilot.generation.engines.protocol import (
    AuthRefused,
    BlockedInput,
    BlockedOutput,
    Failure,
    InvalidInput,
    QuotaExhausted,
    RateLimited,
    Request,
    TimedOut,
    Transient,
    Unreachable,
    Unusable,
)
from imgpilot.generation.engines.statuses import wait_of
from imgpilot.parts import Parts
from imgpilot.processors import SANDBOX
from imgpilot.sandbox.server import Sandbox
from tests.generation import dripping
from tests.generation.conftest import photo

NOW = datetime(2026, 11, 23, 14, 40, tzinfo=UTC)
PNG = photo()


def asking(parts: Parts, reference: bytes | None = None, seconds: float = 20, **more: Any) -> bytes:
    """Ask for two pears."""
    usual = {"model": "sandbox-draft", "prompt": "two pears", "width": 768, "height": 768}
    request = Request(**(usual | more), subject=uuid4_of(parts), references=(reference,) if reference else ())
    return engine_for(parts, "openai", timedelta(seconds=seconds)).make(request).data


def uuid4_of(parts: Parts) -> Any:
    """The id of a new account."""
    from imgpilot.accounts.models import Account

    with parts.sessions.begin() as session:
        account = Account(email=f"{uuid4()}@example.com", created_at=parts.clock())
        session.add(account)
    return account.id


@pytest.fixture
def provider(parts: Parts, httpserver: HTTPServer, monkeypatch: pytest.MonkeyPatch) -> HTTPServer:
    """A provider that answers as a test says."""
    monkeypatch.setattr(parts.settings, "openai_base_url", httpserver.url_for("/v1"))
    return httpserver


@pytest.fixture
def at(parts: Parts, monkeypatch: pytest.MonkeyPatch) -> Callable[[str], None]:
    """Have the provider at this address."""
    return lambda url: monkeypatch.setattr(parts.settings, "openai_base_url", url)


# ── what goes out ────────────────────────────────────────────────────────────────────────────────────────────────


def test_p10_only_the_prompt_and_the_settings_go_out(parts: Parts, sandbox: Sandbox) -> None:
    assert asking(parts)[:4] == b"\x89PNG"
    (call,) = sandbox.calls.all()
    assert call.path.endswith("/images/generations")
    assert call.sent.json == {
        "model": "sandbox-draft",
        "prompt": "two pears",
        "size": "768x768",
        "output_format": "png",
        "n": 1,
    }
    headers = {name.title() for name in call.sent.headers}
    assert headers == {
        *("Host", "User-Agent", "Accept", "Accept-Encoding", "Authorization"),
        *("Connection", "Content-Length", "Content-Type"),
    }
    assert call.sent.headers["User-Agent"] == "ImgPilot"


def test_p10_with_a_reference_only_that_picture_goes_too(parts: Parts, sandbox: Sandbox) -> None:
    assert asking(parts, reference=PNG)[:4] == b"\x89PNG"
    (call,) = sandbox.calls.all()
    assert call.path.endswith("/images/edits")
    assert call.sent.fields == {
        "model": ["sandbox-draft"],
        "prompt": ["two pears"],
        "size": ["768x768"],
        "output_format": ["png"],
        "n": ["1"],
    }
    (file,) = call.sent.files
    assert (file.field, file.name, file.media_type, file.bytes) == (
        "image[]", "reference.png", "image/png", len(PNG)
    )  # fmt: skip


def test_the_key_goes_to_the_provider_and_nowhere_else(
    parts: Parts, provider: HTTPServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(parts.settings, "openai_api_key", SecretStr("sk-of-ours"))
    seen: list[str | None] = []

    def answer(asked: Asked) -> Response:
        seen.append(asked.headers.get("Authorization"))
        if asked.method == "GET":
            return Response(PNG, mimetype="image/png")
        return Response(json.dumps({"data": [{"url": provider.url_for("/files/1.png")}]}))

    provider.expect_request("/v1/images/generations").respond_with_handler(answer)
    provider.expect_request("/files/1.png").respond_with_handler(answer)
    assert asking(parts) == PNG
    assert seen == ["Bearer sk-of-ours", None]


# ── what comes in ────────────────────────────────────────────────────────────────────────────────────────────────


def test_a_picture_in_base64_and_one_at_an_address_are_both_taken(parts: Parts, provider: HTTPServer) -> None:
    data = [{"b64_json": base64.b64encode(PNG).decode()}]
    provider.expect_oneshot_request("/v1/images/generations").respond_with_json({"data": data})
    provider.expect_oneshot_request("/v1/images/generations").respond_with_json({"data": [{"url": "/f/1.png"}]})
    provider.expect_oneshot_request("/f/1.png").respond_with_data(PNG, content_type="image/png")
    assert asking(parts) == PNG
    assert asking(parts) == PNG


@pytest.mark.parametrize(
    "address",
    [
        "http://127.0.0.1:1/picture.png",
        "https://elsewhere.example/picture.png",
        "file:///etc/passwd",
        "http://[::1",
        "//localhost/x",
        "",
        7,
        None,
        {"a": 1},
    ],
)
def test_an_address_on_any_other_host_is_not_fetched(
    parts: Parts, provider: HTTPServer, session: Session, address: object
) -> None:
    provider.expect_request("/v1/images/generations").respond_with_json({"data": [{"url": address}]})
    with pytest.raises(Unusable):
        asking(parts)
    assert len(provider.log) == 1
    assert len(session.scalars(select(Disclosure)).all()) == 1


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"null",
        b"[]",
        b'"data"',
        b"{}",
        b'{"data":null}',
        b'{"data":[]}',
        b'{"data":{}}',
        b'{"data":[null]}',
        b'{"data":["x"]}',
        b'{"data":[{"b64_json":""}]}',
        b'{"data":[{"b64_json":null}]}',
        b'{"data":[{"b64_json":"!!!"}]}',
        b'{"data":[{"b64_json":"\xc3\xa9"}]}',
        b"\xff\xfe\x00",
        b"[" * 200_000,
        b"<!doctype html><h1>It works</h1>",
    ],
)
def test_an_answer_without_a_picture_is_unusable(parts: Parts, provider: HTTPServer, body: bytes) -> None:
    provider.expect_request("/v1/images/generations").respond_with_data(body, content_type="application/json")
    with pytest.raises(Unusable):
        asking(parts)


@pytest.mark.parametrize("status", [201, 204, 301, 302, 307])
def test_a_redirect_is_not_followed(parts: Parts, provider: HTTPServer, status: int) -> None:
    provider.expect_request("/v1/images/generations").respond_with_data(
        b"", status, headers={"Location": provider.url_for("/elsewhere")}
    )
    with pytest.raises(Unusable):
        asking(parts)
    assert len(provider.log) == 1


def memory() -> int:
    """The most memory this process ever had, in bytes."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024


def test_a_body_without_end_costs_no_memory(parts: Parts, sandbox: Sandbox) -> None:
    asking(parts)  # what is loaded once is loaded
    before = max(memory(), psutil.Process().memory_info().rss)
    sandbox.faults.add("huge", bytes=2_000_000_000)
    with pytest.raises(Unusable):
        asking(parts)
    # The limit of 48 MB, at most twice while it grows.
    assert memory() - before < 3 * LARGEST_PICTURE


def test_a_body_that_says_it_is_too_large_is_not_read(parts: Parts, at: Callable[[str], None]) -> None:
    def boast(wire: Any, closing: Any) -> None:
        wire.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 2000000000\r\n\r\n")
        closing.wait(600)

    with dripping.serving(boast) as url:
        at(url)
        began = time.monotonic()
        with pytest.raises(Unusable):
            asking(parts)
        assert time.monotonic() - began < 15, "before the deadline"


def test_a_compressed_bomb_is_not_unpacked(parts: Parts, at: Callable[[str], None]) -> None:
    with dripping.serving(dripping.compressed) as url:
        at(url)
        with pytest.raises(Unusable):
            asking(parts)


# ── time ─────────────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("manner", [dripping.silent, dripping.drip_head, dripping.drip_body])
def test_whoever_drips_or_is_silent_is_cut_at_the_deadline(
    parts: Parts, session: Session, at: Callable[[str], None], manner: Any
) -> None:
    with dripping.serving(manner) as url:
        at(url)
        began = time.monotonic()
        with pytest.raises(TimedOut):
            asking(parts, seconds=0.8)
        assert 0.7 < time.monotonic() - began < 60, "it would go on for minutes"
    (line,) = session.scalars(select(Disclosure))
    assert line.latency_ms is not None, "the line in the log is complete"


def test_a_connection_that_ends_before_the_answer_is_not_tried_again(parts: Parts, at: Callable[[str], None]) -> None:
    with dripping.serving(dripping.hang_up) as url:
        at(url)
        with pytest.raises(Unusable) as told:
            asking(parts)
    assert told.value.tries == 1


def test_no_connection_is_tried_again(parts: Parts, at: Callable[[str], None]) -> None:
    at("http://127.0.0.1:9/v1")
    with pytest.raises(Unreachable) as told:
        asking(parts)
    assert told.value.tries == 4


def test_a_picture_that_cannot_be_fetched_is_not_ordered_again(parts: Parts) -> None:
    wire = Wire(parts.gateway, SANDBOX, "http://127.0.0.1:9", 5)
    with pytest.raises(NoAnswer) as told, wire.talk() as talk:
        talk.picture("http://127.0.0.1:9/1.png")
    assert (type(told.value.failure), told.value.failure.tries) == (Unusable, 1), "it is made, and billed"


# ── errors ───────────────────────────────────────────────────────────────────────────────────────────────────────


def error(**given: Any) -> bytes:
    return json.dumps({"error": given}).encode()


@pytest.mark.parametrize(
    ("status", "body", "kind", "tries"),
    [
        (400, error(code="moderation_blocked"), BlockedInput, 1),
        (400, error(code="moderation_blocked", moderation_details={"moderation_stage": "input"}), BlockedInput, 1),
        (
            400,
            error(code="moderation_blocked", moderation_details={"moderation_stage": "output"}),
            BlockedOutput,
            1,
        ),
        (
            400,
            error(code="moderation_blocked", moderation_details={"moderation_stage": "unknown"}),
            BlockedInput,
            1,
        ),
        (400, error(code="moderation_blocked", moderation_details="odd"), BlockedInput, 1),
        (400, error(code="content_policy_violation"), BlockedInput, 1),
        (400, error(code="invalid_value", param="size"), InvalidInput, 1),
        (400, error(code="billing_hard_limit_reached"), QuotaExhausted, 1),
        (400, error(code={"odd": 1}, type=7), InvalidInput, 1),
        (400, b"<html>Bad Request</html>", InvalidInput, 1),
        (401, error(code="invalid_api_key"), AuthRefused, 1),
        (403, error(code="unsupported_country"), AuthRefused, 1),
        (402, b"", QuotaExhausted, 1),
        (404, error(code="model_not_found"), InvalidInput, 1),
        (413, b"", InvalidInput, 1),
        (408, b"", Unusable, 1),
        (409, b"", Transient, 3),
        (429, error(code="rate_limit_exceeded"), RateLimited, 4),
        (429, error(code="insufficient_quota", type="insufficient_quota"), QuotaExhausted, 1),
        (429, error(type="insufficient_quota"), QuotaExhausted, 1),
        (429, b"<html>Slow down</html>", RateLimited, 4),
        (429, b"[]", RateLimited, 4),
        (429, b'{"error": "slow"}', RateLimited, 4),
        (500, error(code="server_error"), Unusable, 1),
        (502, b"<html>Bad Gateway</html>", Unusable, 1),
        (503, error(type="service_unavailable_error", code="server_is_overloaded"), Transient, 3),
        (503, b"upstream connect error or disconnect/reset before headers", Unusable, 1),
        (504, b"", Unusable, 1),
    ],
)
def test_each_error_is_told_apart(status: int, body: bytes, kind: type[Failure], tries: int) -> None:
    told = failure(status, {}, body, NOW)
    assert type(told) is kind
    assert told.tries == tries
    assert str(told) == "", "the provider's words go nowhere"


def test_the_provider_decides_whether_to_try_again() -> None:
    assert failure(409, {"x-should-retry": "false"}, b"", NOW).tries == 1
    assert failure(429, {"x-should-retry": "false"}, b"", NOW).tries == 1
    assert type(failure(418, {"x-should-retry": "true"}, b"", NOW)) is Transient
    assert failure(500, {"x-should-retry": "true"}, b"", NOW).tries == 1, "but we decide what may be billed twice"


@pytest.mark.parametrize(
    ("headers", "seconds"),
    [
        ({"retry-after": "7"}, 7),
        ({"retry-after": "1.5"}, 1.5),
        ({"retry-after-ms": "250", "retry-after": "7"}, 0.25),
        ({"retry-after-ms": "soon", "retry-after": "7"}, 7),
        ({"retry-after": format_datetime(NOW + timedelta(seconds=90), usegmt=True)}, 90),
        ({"retry-after": format_datetime(NOW - timedelta(days=1), usegmt=True)}, 0),
        ({"retry-after": "-5"}, 0),
        ({"retry-after": "nan"}, None),
        ({"retry-after": "inf"}, None),
        ({"retry-after": "1e300"}, None),
        ({"retry-after": "in a while"}, None),
        ({"retry-after": ""}, None),
        ({}, None),
    ],
)
def test_the_wait_is_read_in_every_spelling(headers: dict[str, str], seconds: float | None) -> None:
    assert wait_of(headers, NOW) == (None if seconds is None else timedelta(seconds=seconds))

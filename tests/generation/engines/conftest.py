"""The providers' doubles, each with the settings that lead to it, and a request for them."""

from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from pydantic import SecretStr
from pytest_httpserver import HTTPServer
from sqlalchemy.orm import Session

from imgpilot.accounts.models import Account
from imgpilot.generation import catalogue
from imgpilot.generation.engines import engine_for, waiting_engine_for
from imgpilot.generation.engines.protocol import Engine, Request, WaitingEngine
from imgpilot.parts import Parts
from tests.generation.engines.doubles import BflDouble, FalDouble, GeminiDouble, ReplicateDouble

PATIENCE = timedelta(seconds=60)


@pytest.fixture
def gemini(parts: Parts, httpserver: HTTPServer, monkeypatch: pytest.MonkeyPatch) -> GeminiDouble:
    """Gemini."""
    monkeypatch.setattr(parts.settings, "gemini_api_key", SecretStr("key-of-ours"))
    monkeypatch.setattr(parts.settings, "gemini_base_url", httpserver.url_for("/v1beta"))
    return GeminiDouble(httpserver)


@pytest.fixture
def fal(parts: Parts, httpserver: HTTPServer, monkeypatch: pytest.MonkeyPatch) -> FalDouble:
    """fal."""
    monkeypatch.setattr(parts.settings, "fal_key", SecretStr("key-of-ours"))
    monkeypatch.setattr(parts.settings, "fal_queue_url", httpserver.url_for("").rstrip("/"))
    monkeypatch.setattr(parts.settings, "fal_api_url", httpserver.url_for("/v1"))
    monkeypatch.setattr(parts.settings, "fal_jwks_url", httpserver.url_for("/.well-known/jwks.json"))
    return FalDouble(httpserver)


@pytest.fixture
def bfl(parts: Parts, httpserver: HTTPServer, monkeypatch: pytest.MonkeyPatch) -> BflDouble:
    """Black Forest Labs."""
    monkeypatch.setattr(parts.settings, "bfl_api_key", SecretStr("key-of-ours"))
    monkeypatch.setattr(parts.settings, "bfl_base_url", httpserver.url_for("/v1"))
    return BflDouble(httpserver)


@pytest.fixture
def replicate(parts: Parts, httpserver: HTTPServer, monkeypatch: pytest.MonkeyPatch) -> ReplicateDouble:
    """Replicate."""
    monkeypatch.setattr(parts.settings, "replicate_api_token", SecretStr("key-of-ours"))
    monkeypatch.setattr(parts.settings, "replicate_base_url", httpserver.url_for("/v1"))
    return ReplicateDouble(httpserver)


@pytest.fixture
def somebody_id(session: Session, parts: Parts) -> UUID:
    """The id of an account."""
    account = Account(email="ana@example.com", created_at=parts.clock())
    session.add(account)
    session.commit()
    return account.id


def wanting(model: str, subject: UUID, **more: Any) -> Request:
    """Two pears from this model of the catalogue."""
    found = catalogue.known(model)
    assert found
    usual = {"prompt": "two pears", "width": 1024, "height": 1024, "subject": subject}
    return Request(model=found.name_there, **(usual | more))


def sync(parts: Parts, key: str) -> Engine:
    """The engine of that key."""
    return engine_for(parts, key, PATIENCE)


def waiting(parts: Parts, key: str) -> WaitingEngine:
    """The engine of that key."""
    return waiting_engine_for(parts, key, PATIENCE)

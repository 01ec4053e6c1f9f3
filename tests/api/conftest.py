"""The whole site, people on it, and their programs with tokens."""

from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from imgpilot import app
from imgpilot.accounts import tokens
from imgpilot.accounts.models import Account
from imgpilot.billing import ledger
from imgpilot.generation.models import Generation, State
from imgpilot.generation.order import order
from imgpilot.parts import Parts
from imgpilot.purposes import STORAGE
from imgpilot.storage import key_for
from tests.generation.conftest import images_of, photo, somebody, wish

FILE = photo()
BASE = "http://127.0.0.1:8000"
PROBLEM = "application/problem+json"


class Program:
    """A program of somebody's, with its token."""

    def __init__(self, site: Flask, token: str) -> None:
        self.client = site.test_client()
        self.token = token

    def call(self, method: str, path: str, body: Any = None, **more: Any) -> TestResponse:
        """Call an address of the interface."""
        headers = {"Authorization": f"Bearer {self.token}"} | more.pop("headers", {})
        if body is not None:
            more["json"] = body
        return self.client.open(f"/api/v1{path}", method=method, base_url=BASE, headers=headers, **more)

    def get(self, path: str, **more: Any) -> TestResponse:
        """Read something."""
        return self.call("GET", path, **more)

    def post(self, path: str, body: Any = None, **more: Any) -> TestResponse:
        """Make something."""
        return self.call("POST", path, body, **more)


Give = Callable[..., Program]
Finished = Callable[..., Generation]


def problem(answer: TestResponse, status: int, slug: str) -> dict[str, Any]:
    """The problem that this answer is, of this kind."""
    assert answer.status_code == status, answer.text
    assert answer.mimetype == PROBLEM
    said: dict[str, Any] = answer.get_json(force=True)
    assert said["type"] == f"{BASE}/api/problems/{slug}"
    assert said["status"] == status
    assert said["title"] and said["detail"]
    assert said["instance"].startswith("urn:uuid:")
    return said


@pytest.fixture
def site(parts: Parts) -> Flask:
    """The site as it is served."""
    made = app.site(parts)
    made.testing = True
    return made


@pytest.fixture
def ana(session: Session, parts: Parts) -> Account:
    """Ana, with 40 credits."""
    return somebody(session, parts, "ana")


@pytest.fixture
def program(site: Flask, session: Session, parts: Parts) -> Give:
    """Give a program a token of somebody's, with these scopes or all of them."""

    def give(account: Account, *scopes: str) -> Program:
        wanted = list(scopes or tokens.SCOPES)
        _row, token = tokens.create(session, parts.settings, account.id, "script", wanted, None, parts.clock())
        session.commit()
        return Program(site, token)

    return give


@pytest.fixture
def hers(ana: Account, program: Give) -> Program:
    """Ana's program, which may do everything."""
    return program(ana)


@pytest.fixture
def finished(session: Session, parts: Parts) -> Finished:
    """Orders whose pictures are there, as a worker leaves them; the file is the same small one."""

    def both(account: Account, **given: Any) -> Generation:
        made = order(session, parts.settings, account, wish(**given), parts.clock())
        for image in images_of(session, made):
            image.state, image.finished_at = State.FINISHED, parts.clock()
            image.object_key = key_for(account.id, "images", f"{image.id}.png")
            stored = parts.storage.put(image.object_key, [FILE], "image/png", subject=account.id, purpose=STORAGE)
            image.media_type, image.width, image.height = "image/png", 64, 48
            image.bytes, image.sha256 = stored.bytes, stored.sha256
            ledger.capture(session, image.id, at=parts.clock())
        session.commit()
        return made

    return both

"""Sign-in against an OpenID provider that somebody else wrote, as a process of its own."""

import os
import subprocess
import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from urllib.parse import urlsplit

import httpx
import pytest
from pydantic import SecretStr
from sqlalchemy import select
from sqlalchemy.orm import Session

import config
from imgpilot.accounts.models import Account, Identity
from tests import ports
from tests.accounts.browser import Browser
from tests.accounts.google import asked
from tests.conftest import Clock
from tests.journey.running import until
from tests.signing_up import ANSWER


@pytest.fixture(scope="module")
def provider() -> Iterator[str]:
    """The address of a running provider."""
    port = ports.block()
    command = [sys.executable, "-W", "ignore", "-m", "oidc_provider_mock", "--host", "127.0.0.1", "--port", str(port)]
    quiet = os.environ | {"PYTHONWARNINGS": "ignore"}
    process = subprocess.Popen(command, env=quiet, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    address = f"http://127.0.0.1:{port}"
    try:
        until(lambda: _answers(address) or process.poll() is not None, 120, "the start of the provider")
        assert process.poll() is None, "the provider did not start"
        yield address
    finally:
        process.terminate()
        process.wait(60)


def _answers(address: str) -> bool:
    try:
        return httpx.get(f"{address}/.well-known/openid-configuration", trust_env=False).is_success
    except httpx.HTTPError:
        return False


@pytest.fixture
def settings(settings: config.Settings, provider: str) -> config.Settings:
    """Settings that name it."""
    return settings.model_copy(
        update={
            "google_client_id": "imgpilot",
            "google_client_secret": SecretStr("a secret of the test"),
            "oidc_discovery_url": f"{provider}/.well-known/openid-configuration",
        }
    )


class Wall(Clock):
    """The clock on the wall: the provider's."""

    def __call__(self) -> datetime:
        return datetime.now(UTC)


@pytest.fixture
def clock() -> Clock:
    """The same as the provider's."""
    return Wall()


def back_from(provider: str, browser: Browser, subject: str, **claims: object) -> str:
    """Say yes on its page as this person; the path with which the browser comes back."""
    httpx.put(f"{provider}/users/{subject}", json=claims, trust_env=False).raise_for_status()
    there = asked(browser)
    assert there.startswith(f"{provider}/")
    answer = httpx.post(there, data={"sub": subject}, trust_env=False)
    assert answer.status_code == 302, answer.text
    parts = urlsplit(answer.headers["Location"])
    return f"{parts.path}?{parts.query}"


def test_p01_a_whole_round_trip_with_a_provider_that_is_not_ours(
    provider: str, browser: Browser, session: Session
) -> None:
    claims = {"email": "ana@gmail.com", "email_verified": True, "name": "Ana Sample"}
    assert browser.get(back_from(provider, browser, "ana-7", **claims)).location == "/sign-up"
    assert browser.post("/sign-up", ANSWER).location == "/studio"
    ana = session.scalars(select(Account)).one()
    assert (ana.email, ana.name) == ("ana@gmail.com", "Ana Sample")
    assert session.scalars(select(Identity.subject)).one() == "ana-7"


def test_p01_an_address_that_it_did_not_verify_opens_and_makes_no_account(
    provider: str, browser: Browser, session: Session, clock: Clock
) -> None:
    bob = Account(email="bob@gmail.com", created_at=clock())
    session.add(bob)
    session.commit()
    path = back_from(provider, browser, "mallory", email="bob@gmail.com", email_verified=False)
    answer = browser.get(path)
    assert answer.status_code == 403
    assert browser.token is None
    assert session.scalars(select(Identity)).all() == []

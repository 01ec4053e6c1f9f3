"""A round trip through the sandbox's OpenID provider, over real HTTP, as a browser makes it."""

from urllib.parse import parse_qs, urlsplit

import httpx
from sqlalchemy import text
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from tests.accounts.browser import Browser


def asked(browser: Browser, path: str = "/sign-in/google") -> str:
    """Where the site sends the browser."""
    answer = browser.get(path)
    assert answer.status_code == 303, answer.text
    return str(answer.location)


def chosen(there: str, email: str = "ana@example.com", **typed: str) -> str:
    """Choose this person on the provider's page; the path with which the browser comes back."""
    fields = {"email": email} | ({"typed": "1"} | typed if typed else {})
    answer = httpx.post(there, data=fields, trust_env=False)
    assert answer.status_code == 303, answer.text
    parts = urlsplit(answer.headers["Location"])
    return f"{parts.path}?{parts.query}"


def through_google(
    browser: Browser, email: str = "ana@example.com", path: str = "/sign-in/google", **typed: str
) -> TestResponse:
    """There and back."""
    return browser.get(chosen(asked(browser, path), email, **typed))


def said_in(url: str) -> dict[str, str]:
    """What an address says after its question mark."""
    return {name: values[0] for name, values in parse_qs(urlsplit(url).query).items()}


def everything(session: Session) -> str:
    """All that is in the database."""
    tables = session.scalars(text("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")).all()
    return " ".join(str(session.execute(text(f'SELECT * FROM "{table}"')).all()) for table in tables)

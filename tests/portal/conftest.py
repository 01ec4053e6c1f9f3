"""The whole site, Ana and Bob on it, and browsers in which they are signed in."""

from collections.abc import Callable

import pytest
from flask import Flask
from sqlalchemy.orm import Session

from imgpilot import app
from imgpilot.accounts import sign_ins
from imgpilot.accounts.browsers import COOKIE
from imgpilot.parts import Parts
from tests.accounts.browser import Browser
from tests.world import Somebody, person

Enter = Callable[[Somebody], Browser]


@pytest.fixture
def site(parts: Parts) -> Flask:
    """The site as it is served."""
    made = app.site(parts)
    made.testing = True
    return made


@pytest.fixture
def ana(session: Session, parts: Parts) -> Somebody:
    """Whose data it is."""
    return person(session, parts, "ana")


@pytest.fixture
def bob(session: Session, parts: Parts) -> Somebody:
    """Who must see nothing of it."""
    return person(session, parts, "bob")


@pytest.fixture
def signed_in(site: Flask, session: Session, parts: Parts) -> Enter:
    """A browser in which somebody is signed in."""

    def enter(somebody: Somebody) -> Browser:
        token = sign_ins.start(session, parts.settings, somebody.account, "Firefox · Linux", parts.clock())
        session.commit()
        browser = Browser(site)
        browser.client.set_cookie(COOKIE, token, domain="127.0.0.1")
        return browser

    return enter

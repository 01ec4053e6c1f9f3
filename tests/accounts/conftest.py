"""The site with accounts and nothing else on it."""

from collections.abc import Callable

import pytest
from flask import Flask

from imgpilot.app import create_app
from imgpilot.parts import Parts
from tests.accounts.browser import Browser


@pytest.fixture
def site(parts: Parts) -> Flask:
    """The site on the parts of this test."""
    made = create_app("site", ["imgpilot.accounts.views:mount", "tests.accounts.elsewhere:mount"], parts)
    made.testing = True
    return made


@pytest.fixture
def browser(site: Flask) -> Browser:
    """A browser that has not been here before."""
    return Browser(site)


@pytest.fixture
def another_browser(site: Flask) -> Callable[[], Browser]:
    """Further browsers."""
    return lambda: Browser(site)

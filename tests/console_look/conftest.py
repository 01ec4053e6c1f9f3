"""One console for all tests of its look; they only read, or put back what they change."""

from collections.abc import Iterator

import pytest
from flask import Flask
from flask.testing import FlaskClient

from imgpilot.postgres import Embedded
from tests.console_look import world


@pytest.fixture(scope="session")
def console(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Flask]:
    """The console, on a PostgreSQL of its own; its forms take posts without a token."""
    with Embedded(tmp_path_factory.mktemp("look") / "postgres") as server:
        app, session = world.make(server.url, WTF_CSRF_ENABLED=False)
        yield app
        session.remove()
        session.get_bind().dispose()


@pytest.fixture
def ana(console: Flask) -> Iterator[FlaskClient]:
    """The browser of an administrator."""
    with world.signed_in(console) as browser:
        yield browser


@pytest.fixture
def bob(console: Flask) -> Iterator[FlaskClient]:
    """The browser of an auditor, who may look and change nothing."""
    with world.signed_in(console, "bob") as browser:
        yield browser

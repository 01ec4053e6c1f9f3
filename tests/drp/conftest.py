"""The site with two agents that are set up; Ana and Bob have accounts."""

import pytest
from flask import Flask
from sqlalchemy.orm import Session

from imgpilot.parts import Parts
from imgpilot.sandbox.server import Sandbox
from tests.drp.agent import Agent, registered
from tests.drp.signing import AGENT, KEY, OTHER_KEY
from tests.portal.conftest import site  # noqa: F401  (a fixture)
from tests.requests.conftest import ana, bob, plain_documents  # noqa: F401  (fixtures)


@pytest.fixture
def agent(session: Session, parts: Parts, sandbox: Sandbox, site: Flask) -> Agent:  # noqa: F811
    """An agent that is set up."""
    registered(session, parts, AGENT, KEY)
    return Agent(site, parts, AGENT, KEY).set_up()


@pytest.fixture
def other(session: Session, parts: Parts, site: Flask) -> Agent:  # noqa: F811
    """Another agent that is set up."""
    registered(session, parts, "OTHER_AGENT", OTHER_KEY)
    return Agent(site, parts, "OTHER_AGENT", OTHER_KEY).set_up()

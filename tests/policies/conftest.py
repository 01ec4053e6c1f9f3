"""The whole site with Ana and Bob, who joined before the newest version of the policy."""

from datetime import timedelta

import pytest
from flask import Flask
from jinja2 import FileSystemBytecodeCache
from sqlalchemy.orm import Session

from imgpilot import app
from imgpilot.accounts.models import Account
from imgpilot.parts import Parts
from imgpilot.policies import versions
from tests.generation.conftest import templates
from tests.portal.conftest import ana, bob, signed_in
from tests.world import Somebody

__all__ = ["ana", "bob", "signed_in", "templates"]


@pytest.fixture
def site(parts: Parts, templates: FileSystemBytecodeCache) -> Flask:
    """The whole site; its templates are compiled once for all tests."""
    made = app.site(parts)
    made.jinja_env.bytecode_cache = templates
    made.testing = True
    return made


@pytest.fixture
def long_here(session: Session, ana: Somebody, bob: Somebody) -> Somebody:
    """Ana; she and Bob have their accounts since before the newest version came into force."""
    for somebody in (ana, bob):
        account = session.get_one(Account, somebody.account.id)
        account.created_at = versions.newest().begins - timedelta(days=1)
    session.commit()
    return ana

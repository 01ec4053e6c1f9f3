"""The whole site with a few pages more, and Ana and Bob on it."""

from collections.abc import Callable

import pytest
from flask import Flask, Response
from jinja2 import FileSystemBytecodeCache
from sqlalchemy import select
from sqlalchemy.orm import Session

from imgpilot import app
from imgpilot.parts import Parts
from imgpilot.usage.models import Usage
from tests.generation.conftest import templates
from tests.portal.conftest import ana, bob, signed_in

__all__ = ["ana", "bob", "signed_in", "templates"]

Lines = Callable[[], list[Usage]]


@pytest.fixture
def site(parts: Parts, templates: FileSystemBytecodeCache) -> Flask:
    """The site, and pages that answer as some of it does."""
    made = app.site(parts)
    made.jinja_env.bytecode_cache = templates
    made.add_url_rule("/test/picture", "test.picture", lambda: Response(b"x", mimetype="image/webp"))
    made.add_url_rule("/test/stream", "test.stream", lambda: Response(b"x", mimetype="text/event-stream"))
    made.add_url_rule("/test/broken", "test.broken", _broken)
    saved = {"Content-Disposition": "attachment; filename=a.png"}
    made.add_url_rule("/test/save", "test.save", lambda: Response(b"x", mimetype="image/png", headers=saved))
    return made


def _broken() -> str:
    raise LookupError("ana@example.com")


@pytest.fixture
def lines(session: Session) -> Lines:
    """The lines that were written since Ana and Bob were made, oldest first."""

    def written() -> list[Usage]:
        session.rollback()
        there = select(Usage).where(Usage.feature.not_like("%.order")).order_by(Usage.took_ms, Usage.id)
        return list(session.scalars(there))

    return written

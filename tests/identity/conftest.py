"""Ana, Bob, an officer, and requests of strangers that wait for proof."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from compliance.identity import asking, evidence, links, notices
from compliance.identity.asking import Form, Upload
from compliance.portal.places import Place
from compliance.requests import work
from compliance.requests.kinds import Kind
from compliance.requests.models import Happening, PrivacyRequest
from compliance.requests.moves import Actor, Who
from imgpilot.parts import Parts
from tests.requests.conftest import plain_documents
from tests.world import Somebody, person

__all__ = ["plain_documents"]

OFFICER, CLERK = Actor(Who.OFFICER, 1), Actor(Who.CLERK, 2)
GERMANY, CALIFORNIA = Place("DE"), Place("US", "CA")
STRANGER = "mallory@example.org"
Sent = Callable[..., PrivacyRequest]


@pytest.fixture
def ana(session: Session, parts: Parts) -> Somebody:
    """Whose data it is."""
    return person(session, parts, "ana")


@pytest.fixture
def bob(session: Session, parts: Parts) -> Somebody:
    """Who has an account of his own."""
    return person(session, parts, "bob")


@pytest.fixture(autouse=True)
def _steps_are_known(monkeypatch: pytest.MonkeyPatch) -> None:
    for name, do in (
        (evidence.STEP, evidence.destroy),
        (notices.CONFIRM_NEW, notices.confirm_new_address),
        (notices.WARN, notices.warn_owner),
    ):
        monkeypatch.setitem(work.WORK, name, work.WORK.get(name, do))


@pytest.fixture
def sent(session: Session, parts: Parts) -> Sent:
    """Send the public form: sent("ana@example.com", Kind.ACCESS, …fields of Form, permission=bytes)."""

    def send(address: str, kind: Kind = Kind.ACCESS, permission: bytes | None = None, **more: Any) -> PrivacyRequest:
        form = Form(kind, address, **{"place": GERMANY} | more)
        file = None if permission is None else Upload("signed.pdf", [permission])
        made = asking.ask(session, parts, form, file, "en", parts.clock())
        session.commit()
        return made

    return send


def link(parts: Parts, request: PrivacyRequest, method: str = links.ADDRESS) -> str:
    """The token of a link for this request, as its mail holds it."""
    return links.make(parts, request.id, method, parts.clock()).rpartition("/")[2]


def look(session: Session, request: PrivacyRequest | UUID) -> PrivacyRequest:
    """The request as the database has it now."""
    session.rollback()
    id_ = request if isinstance(request, UUID) else request.id
    return session.get_one(PrivacyRequest, id_, populate_existing=True)


def happened(session: Session, request: PrivacyRequest, what: str) -> list[dict[str, Any]]:
    """The facts of what happened under this name, oldest first."""
    return list(
        session.scalars(
            select(Happening.facts)
            .where(Happening.request_id == request.id, Happening.what == what)
            .order_by(Happening.id)
        )
    )

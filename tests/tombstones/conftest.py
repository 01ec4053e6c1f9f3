"""Ana and Bob, and her deletion carried out whole."""

from collections.abc import Callable
from uuid import UUID

import pytest
from sqlalchemy.orm import Session

from compliance.requests.kinds import Kind
from imgpilot.parts import Parts
from tests.requests import ending
from tests.requests.conftest import Asked, ana, approved, asked, bob, plain_documents, work_off  # noqa: F401  (fixtures)
from tests.world import Somebody

Erase = Callable[[], UUID]


@pytest.fixture
def erase(session: Session, parts: Parts, ana: Somebody, approved: Asked) -> Erase:  # noqa: F811
    """Erase Ana through the whole procedure; the request's id."""

    def do() -> UUID:
        request_id = approved(Kind.DELETION)
        work_off(parts)
        ending.is_answered(session, parts, request_id)
        ending.is_erased(session, parts, request_id, ana)
        return request_id

    return do

"""Ana, of whom a model provider and the mail server received something, and her requests."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from sqlalchemy.orm import Session

from imgpilot.disclosures import Disclosure
from imgpilot.parts import Parts
from tests.requests.conftest import ana, approved, asked, bob, plain_documents  # noqa: F401  (fixtures)
from tests.world import Somebody

Sent = Callable[..., None]


@pytest.fixture
def sent(session: Session, parts: Parts, ana: Somebody) -> Sent:  # noqa: F811
    """Write down that something of Ana's went to this processor, so often."""

    def write(processor: str, times: int = 1, category: str = "user.content.private") -> None:
        for number in range(times):
            session.add(
                Disclosure(
                    account_id=ana.account.id,
                    processor=processor,
                    purpose="generation",
                    categories=[category],
                    at=parts.clock() - timedelta(minutes=number),
                    digest=f"{number:064x}",
                )
            )
        session.commit()

    return write

"""Accounts with pictures to pay for."""

from collections.abc import Callable
from uuid import UUID

import pytest
from sqlalchemy.orm import Session

from imgpilot.accounts.models import Account
from imgpilot.generation.models import Generation, Image
from imgpilot.parts import Parts


@pytest.fixture
def account(session: Session, parts: Parts) -> Account:
    """Ana, without a credit."""
    made = Account(email="ana@example.com", created_at=parts.clock())
    session.add(made)
    session.commit()
    return made


@pytest.fixture
def pictures(session: Session, parts: Parts) -> Callable[[Account, int], list[UUID]]:
    """Make so many pictures that are to be paid for; their ids."""

    def make(account: Account, count: int) -> list[UUID]:
        order = Generation(
            account_id=account.id,
            prompt="two pears",
            model="sandbox-draft",
            ratio="1:1",
            width=768,
            height=768,
            credits_each=1,
            created_at=parts.clock(),
        )
        session.add(order)
        session.flush()
        images = [Image(generation_id=order.id, position=n, state="queued") for n in range(count)]
        session.add_all(images)
        session.commit()
        return [image.id for image in images]

    return make

"""Sign-ins at the level of the domain."""

from datetime import timedelta
from uuid import uuid4

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from imgpilot.accounts import sign_ins
from imgpilot.accounts.models import Account, SignIn
from imgpilot.digests import keyed
from imgpilot.errors import NotYours
from imgpilot.parts import Parts
from tests.conftest import Clock


@pytest.fixture
def ana(session: Session, parts: Parts) -> Account:
    made = Account(email="ana@example.com", created_at=parts.clock())
    session.add(made)
    session.commit()
    return made


def started(session: Session, parts: Parts, account: Account, browser: str = "Firefox · Linux") -> str:
    token = sign_ins.start(session, parts.settings, account, browser, parts.clock())
    session.commit()
    return token


def found(session: Session, parts: Parts, token: str) -> sign_ins.Found | None:
    answer = sign_ins.find(session, parts.settings, token, parts.clock())
    session.commit()
    return answer


def test_a_token_finds_its_account_and_only_its_digest_is_kept(session: Session, parts: Parts, ana: Account) -> None:
    token = started(session, parts, ana)
    answer = found(session, parts, token)
    assert answer
    assert answer.account.id == ana.id
    assert session.scalars(select(SignIn.digest)).all() == [keyed(parts.settings, "sign-in", token)]
    assert found(session, parts, token + "x") is None
    assert found(session, parts, "") is None


def test_a_sign_in_lasts_thirty_days_from_its_last_use(
    session: Session, parts: Parts, ana: Account, clock: Clock
) -> None:
    token = started(session, parts, ana)
    for _ in range(3):
        clock.tick(days=29)
        assert found(session, parts, token)
    clock.tick(days=30)
    assert found(session, parts, token) is None


def test_the_last_use_is_noted_at_most_every_ten_minutes(
    session: Session, parts: Parts, ana: Account, clock: Clock
) -> None:
    token, began = started(session, parts, ana), clock()
    seen = select(SignIn.seen_at)
    clock.tick(minutes=9)
    answer = found(session, parts, token)
    assert answer
    assert not answer.noted
    assert session.scalar(seen) == began
    clock.tick(minutes=1)
    answer = found(session, parts, token)
    assert answer
    assert answer.noted
    assert session.scalar(seen) == began + timedelta(minutes=10)


def test_a_frozen_account_is_signed_in_nowhere(session: Session, parts: Parts, ana: Account) -> None:
    token = started(session, parts, ana)
    ana.frozen_at = parts.clock()
    session.commit()
    assert found(session, parts, token) is None


def test_ending_a_sign_in_ends_that_one_and_again_changes_nothing(
    session: Session, parts: Parts, ana: Account, clock: Clock
) -> None:
    one, two = started(session, parts, ana, "Firefox · Linux"), started(session, parts, ana, "Safari · iPhone")
    answer = found(session, parts, one)
    assert answer
    for _ in range(2):
        sign_ins.end(session, ana.id, answer.sign_in_id, clock())
        session.commit()
        clock.tick(minutes=1)
    assert found(session, parts, one) is None
    assert found(session, parts, two)
    assert [s.browser for s in sign_ins.of(session, ana.id, clock())] == ["Safari · iPhone"]


def test_nobody_ends_another_persons_sign_in(session: Session, parts: Parts, ana: Account) -> None:
    bob = Account(email="bob@example.com", created_at=parts.clock())
    session.add(bob)
    session.commit()
    token = started(session, parts, ana)
    answer = found(session, parts, token)
    assert answer
    for sign_in_id in (answer.sign_in_id, uuid4()):
        with pytest.raises(NotYours):
            sign_ins.end(session, bob.id, sign_in_id, parts.clock())
    assert found(session, parts, token)
    assert sign_ins.of(session, bob.id, parts.clock()) == []


def test_a_token_of_no_one_ends_nothing(session: Session, parts: Parts, ana: Account) -> None:
    token = started(session, parts, ana)
    sign_ins.end_here(session, parts.settings, "made up", parts.clock())
    sign_ins.end_here(session, parts.settings, "", parts.clock())
    session.commit()
    assert found(session, parts, token)

"""However long a list is, it is read with the same few queries."""

import pytest
from flask import Flask
from flask_appbuilder.security.sqla.models import Role, User
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from compliance import agents, deadlines
from compliance.letters import TEXTS
from compliance.managed import AuthorisedAgent, LetterTemplate, RegimeChange
from compliance.requests.models import PrivacyRequest
from compliance.requests.regimes import REGIMES
from imgpilot.parts import Parts
from tests.conftest import Clock
from tests.console.conftest import Enter, statements
from tests.world import Somebody, person

#: More than any of these pages needs, and less than a query for each row would be.
FEW, MANY = 30, 18
PAGES = ("/setup/agents/", "/setup/laws/", "/setup/letters/", "/setup/team/")


def grow(session: Session, parts: Parts, whose: Somebody, name: str, count: int) -> None:
    """So many more of everything that these pages list."""
    now, role = parts.clock(), session.scalars(select(Role).where(Role.name == "Privacy Agent")).one()
    session.add_all(LetterTemplate(kind=k, language="en", subject="s", body="b", at=now, by=1) for k in TEXTS)
    session.add_all(RegimeChange(regime=k, changes={}, reason="r", at=now, by=1, approved_at=now) for k in REGIMES)
    for number in range(count):
        called = f"{name}{number}"
        agent = agents.add(session, called, called, None, 1, now)
        colleague = User(first_name=called, last_name="T", username=called, email=called, active=False, password="x")
        colleague.roles = [role]
        asked = PrivacyRequest(account_id=whose.account.id, subject="0" * 64, language="en", kind="access")
        asked.regime, asked.state, asked.proof, asked.received_at = "gdpr", "answered", "signed-in", now
        asked.due_on, asked.closed_at, asked.agent_id = now.date(), now, agent.id
        session.add_all([colleague, asked])
    session.commit()


def test_what_is_set_up_is_listed_with_few_queries(
    session: Session, parts: Parts, console: Flask, signed_in: Enter, ana: Somebody
) -> None:
    admin = signed_in("Admin")

    def sent() -> dict[str, int]:
        found = {}
        for page in PAGES:
            assert admin.get(page).status_code == 200
            with statements(parts.engine) as those:
                admin.get(page)
            found[page] = len(those)
        return found

    grow(session, parts, ana, "a", 2)
    few = sent()
    assert max(few.values()) <= FEW
    grow(session, parts, ana, "b", MANY)
    assert sent() == few
    assert set(agents.newest_cases(session, 1)) == set(session.scalars(select(AuthorisedAgent.id)))


@pytest.mark.parametrize("urgent", [False, True])
def test_who_hears_of_a_deadline_is_looked_up_once(
    session: Session, parts: Parts, staff: dict[str, int], clock: Clock, urgent: bool
) -> None:
    def looked() -> int:
        session.execute(update(PrivacyRequest).values(closed_at=None, due_on=clock().date()))
        session.commit()
        clock.tick(days=2 if urgent else -5)
        with statements(parts.engine) as sent:
            assert deadlines.watch(parts)
        return sum("FROM ab_user" in each for each in sent)

    person(session, parts, "ana")
    assert looked() == 2
    person(session, parts, "bob")
    person(session, parts, "eve")
    assert looked() == 2

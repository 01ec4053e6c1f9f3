"""The console as it is served, with a member of staff for every role, and requests in its queue.

Making the console takes seconds, as Flask-AppBuilder writes every permission there is. So it is made once; what it
wrote is kept here and put back, in one statement a table, after a test's tables were emptied.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from flask import Flask
from flask_appbuilder import Model
from flask_appbuilder.security.sqla.models import User
from sqlalchemy import Engine, event, insert, select, text
from sqlalchemy.orm import Session

import config
from compliance.console.roles import ALL_ROLES
from compliance.requests.kinds import Kind
from compliance.requests.models import PrivacyRequest
from compliance.requests.opening import open_request
from imgpilot import app, worker
from imgpilot.accounts.models import Account
from imgpilot.parts import Parts
from tests.accounts.browser import Browser
from tests.conftest import Clock, empty
from tests.requests.conftest import work_off
from tests.world import Somebody, person

PASSWORD = "correct horse battery"
#: A page with a form that all staff can see, for its token.
FORM = "/resetmypassword/form"
Enter = Callable[[str], Browser]
Rows = list[tuple[Any, list[dict[str, Any]]]]


def address(role: str) -> str:
    """Who has this role, and no other."""
    return f"{role.lower().replace(' ', '.')}@imgpilot.example"


@pytest.fixture(scope="session")
def made_once(database_url: str, engine: Engine, tmp_path_factory: pytest.TempPathFactory) -> tuple[Flask, Rows]:
    """The console with its staff, and every row that is behind them."""
    settings = config.read_settings(
        imgpilot_env="test", imgpilot_home=tmp_path_factory.mktemp("console"), database_url=database_url
    )
    empty(engine)
    made = app.console(Parts(settings, engine, Clock()))
    made.testing = True
    with made.app_context():
        manager = made.extensions["appbuilder"].sm
        for role in ALL_ROLES:
            who = address(role)
            assert manager.add_user(who, *role.partition(" ")[::2], who, manager.find_role(role), password=PASSWORD)
    with engine.connect() as connection:
        rows = [
            (table, [dict(row) for row in connection.execute(select(table)).mappings()])
            for table in Model.metadata.sorted_tables
        ]
    return made, [(table, there) for table, there in rows if there]


@pytest.fixture
def console(made_once: tuple[Flask, Rows], parts: Parts) -> Flask:
    """The console on the parts of this test."""
    made, rows = made_once
    with parts.engine.begin() as connection:
        for table, there in rows:
            connection.execute(insert(table), there)
        for numbered in ("ab_user", "ab_user_role", "ab_role"):
            connection.execute(text(f"SELECT setval('{numbered}_id_seq', (SELECT max(id) FROM {numbered}))"))
    made.extensions["parts"] = parts
    made.extensions["appbuilder"].sm.limiter.reset()
    worker.configure(parts.settings)
    return made


@pytest.fixture
def browser(console: Flask) -> Browser:
    """A browser in which nobody is signed in."""
    return Browser(console, base="http://127.0.0.1:8001")


@pytest.fixture
def signed_in(console: Flask) -> Enter:
    """A browser in which somebody of this role is signed in."""

    def enter(role: str) -> Browser:
        browser = Browser(console, base="http://127.0.0.1:8001")
        answer = browser.post("/login/", {"username": address(role), "password": PASSWORD})
        assert (answer.status_code, answer.location) == (302, "/")
        return browser

    return enter


@pytest.fixture
def officer(signed_in: Enter) -> Browser:
    """The browser of a privacy officer."""
    return signed_in("Privacy Officer")


@pytest.fixture
def ana(session: Session, parts: Parts) -> Somebody:
    """Who asks."""
    made = person(session, parts, "ana")
    session.expunge_all()
    return made


@pytest.fixture
def asked(session: Session, parts: Parts) -> Callable[..., UUID]:
    """Ask for something as this account; the request's id."""

    def ask(account_id: UUID, kind: Kind = Kind.DELETION) -> UUID:
        account = session.get_one(Account, account_id)
        made = open_request(session, parts.settings, account, kind, "gdpr", parts.clock())
        session.commit()
        return made.id

    return ask


@pytest.fixture
def many(session: Session, parts: Parts, asked: Callable[..., UUID]) -> Callable[[int], list[UUID]]:
    """So many requests, each a day later than the one before."""

    def make(count: int) -> list[UUID]:
        accounts = [Account(email=f"p{n}.{count}@example.com", created_at=parts.clock()) for n in range(count)]
        session.add_all(accounts)
        session.flush()
        made = [asked(account.id) for account in accounts]
        for days, id_ in enumerate(made):
            request = session.get_one(PrivacyRequest, id_)
            request.due_on += timedelta(days=days)
        session.commit()
        return made

    return make


@pytest.fixture
def staff(session: Session, console: Flask) -> dict[str, int]:
    """The number of the member of staff who has each role."""
    return {role: session.scalars(select(User.id).where(User.email == address(role))).one() for role in ALL_ROLES}


@pytest.fixture
def case(session: Session, parts: Parts, ana: Somebody, asked: Callable[..., UUID]) -> UUID:
    """A deletion of Ana's whose plan waits for approval."""
    request_id = asked(ana.account.id)
    work_off(parts)
    return request_id


@contextmanager
def statements(engine: Engine) -> Iterator[list[str]]:
    """Every statement that is sent meanwhile."""
    sent: list[str] = []

    def note(*given: Any) -> None:
        sent.append(given[2])

    event.listen(engine, "before_cursor_execute", note)
    yield sent
    event.remove(engine, "before_cursor_execute", note)

"""Agents' systems are told of changes: real calls to a real server on this machine."""

import json
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from pytest_httpserver import HTTPServer
from sqlalchemy import select
from sqlalchemy.orm import Session
from werkzeug import Request, Response

from compliance.drp.calling import WAITS
from compliance.requests import clock_moves, decisions, steps
from compliance.requests.kinds import Kind, State
from compliance.requests.models import PrivacyRequest, Step
from compliance.requests.moves import Actor, Who
from compliance.requests.opening import open_request
from imgpilot.accounts.models import Account
from imgpilot.disclosures import Disclosure
from imgpilot.parts import Parts
from imgpilot.sandbox.server import Sandbox
from tests.conftest import Clock
from tests.drp.agent import Agent
from tests.drp.test_requests import confirm, newest
from tests.requests.conftest import OFFICER, approve, look, work_off
from tests.world import Somebody

pytestmark = pytest.mark.usefixtures("plain_documents")


class Heard:
    """What the agent's system was told."""

    def __init__(self, server: HTTPServer) -> None:
        self.server = server
        self.said: list[dict[str, str]] = []
        self.answers = [200] * 50
        self.calls: list[Request] = []
        server.expect_request("/status", method="POST").respond_with_handler(self._take)
        self.url = server.url_for("/status?case=17")

    def _take(self, request: Request) -> Response:
        self.calls.append(request)
        answer = self.answers[len(self.calls) - 1]
        if answer == 200:
            self.said.append(json.loads(request.get_data()))
        return Response(status=answer, headers={"Location": self.server.url_for("/elsewhere")})

    @property
    def statuses(self) -> list[str]:
        return [f"{each['status']} {each.get('reason', '')}".strip() for each in self.said]


@pytest.fixture
def heard(httpserver: HTTPServer) -> Heard:
    """The agent's system listens."""
    return Heard(httpserver)


def asked(session: Session, agent: Agent, heard: Heard, **changed: Any) -> dict[str, str]:
    """A request with this callback; the protocol takes public names only, so the row is given the address."""
    said = agent.asked(**changed)
    request = newest(session)
    request.callback = heard.url
    session.commit()
    return said


def calls(session: Session, request: PrivacyRequest) -> list[Step]:
    session.rollback()
    return list(
        session.scalars(
            select(Step)
            .where(Step.request_id == request.id, Step.name.startswith("call agent"))
            .order_by(Step.position),
            execution_options={"populate_existing": True},
        )
    )


def test_every_change_that_the_protocol_knows_is_told_once(
    session: Session, parts: Parts, site: Flask, sandbox: Sandbox, agent: Agent, ana: Somebody, heard: Heard
) -> None:
    said = asked(session, agent, heard, exercise="access")
    confirm(site, parts, sandbox)
    assert heard.statuses == ["in_progress"], "proved and counted: no word about proof any more"
    approve(session, parts, newest(session).id)
    work_off(parts)
    assert heard.statuses == ["in_progress", "fulfilled"]
    assert heard.said[-1] == agent.look(said["request_id"])
    assert heard.calls[0].content_type == "application/json" and "Authorization" not in heard.calls[0].headers
    assert all(step.state == "done" for step in calls(session, newest(session)))


def test_taking_it_back_and_refusing_are_told(
    session: Session, parts: Parts, site: Flask, sandbox: Sandbox, agent: Agent, ana: Somebody, heard: Heard
) -> None:
    said = asked(session, agent, heard, exercise="deletion")
    agent.revoke(said["request_id"])
    work_off(parts)
    assert heard.statuses == ["revoked"]
    asked(session, agent, heard, exercise="access")
    confirm(site, parts, sandbox)
    reason = "This is the ninth one this month."
    decisions.refuse(session, newest(session).id, reason, OFFICER, parts.clock(), "excessive")
    session.commit()
    work_off(parts)
    assert heard.statuses[1:] == ["in_progress", "denied too_many_requests"]


def test_an_opt_out_is_told_when_it_stands(
    session: Session, parts: Parts, agent: Agent, ana: Somebody, heard: Heard
) -> None:
    asked(session, agent, heard, exercise="sale:opt-out")
    work_off(parts)
    assert heard.statuses == ["fulfilled"]


def test_an_extension_is_told_with_the_later_day(
    session: Session, parts: Parts, site: Flask, sandbox: Sandbox, agent: Agent, ana: Somebody, heard: Heard
) -> None:
    asked(session, agent, heard, exercise="access")
    confirm(site, parts, sandbox)
    clock_moves.extend(session, newest(session).id, "There is very much to look through.", OFFICER, parts.clock())
    session.commit()
    work_off(parts)
    assert [each["status"] for each in heard.said] == ["in_progress"] * 2
    assert heard.said[0]["expected_by"] < heard.said[1]["expected_by"]


def test_what_goes_on_in_the_other_request_is_told(
    session: Session, parts: Parts, site: Flask, sandbox: Sandbox, agent: Agent, ana: Somebody, heard: Heard
) -> None:
    account = session.get_one(Account, ana.account.id)
    hers = open_request(session, parts.settings, account, Kind.ACCESS, "gdpr", parts.clock())
    session.commit()
    said = asked(session, agent, heard, exercise="access")
    confirm(site, parts, sandbox)
    approve(session, parts, hers.id)
    work_off(parts)
    assert heard.said[-1]["status"] == "fulfilled" and heard.said[-1]["request_id"] == said["request_id"]


def test_a_system_that_is_away_is_called_again_and_holds_nothing_up(
    session: Session,
    parts: Parts,
    site: Flask,
    sandbox: Sandbox,
    agent: Agent,
    ana: Somebody,
    heard: Heard,
    clock: Clock,
) -> None:
    heard.answers = [503, 429, 200, *([500] * 20)]
    asked(session, agent, heard, exercise="sale:opt-out")
    work_off(parts)
    request = newest(session)
    assert request.state == State.ANSWERED, "it waits for nobody"
    assert heard.said == []
    for wait in WAITS[:2]:
        clock.now += wait
        work_off(parts)
    assert heard.statuses == ["fulfilled"]
    asked(session, agent, heard, exercise="access")
    agent.revoke(str(newest(session).id))
    for wait in (timedelta(), *WAITS):
        clock.now += wait
        work_off(parts)
    step = calls(session, newest(session))[-1]
    assert step.state == "done" and step.evidence["sent"] is False and step.evidence["because"] == "not taken"
    assert len(heard.calls) == 3 + 1 + len(WAITS)


@pytest.mark.parametrize("answer", [302, 307, 400, 404, 410])
def test_an_answer_that_is_no_yes_is_not_repeated_and_no_redirect_is_followed(
    session: Session, parts: Parts, agent: Agent, ana: Somebody, heard: Heard, answer: int
) -> None:
    heard.answers = [answer] * 9
    asked(session, agent, heard, exercise="sale:opt-out")
    work_off(parts)
    done = calls(session, newest(session))
    assert {step.state for step in done} == {"done"} and not any(step.evidence["sent"] for step in done)
    assert steps.recover(parts) == []
    assert {call.path for call in heard.calls} == {"/status"}


@pytest.mark.parametrize(
    "url", ["http://10.0.0.1/", "https://169.254.169.254/latest", "http://[::ffff:10.0.0.1]/", "x"]
)
def test_nothing_goes_into_a_network_that_is_not_public(
    session: Session, parts: Parts, agent: Agent, ana: Somebody, url: str
) -> None:
    agent.asked(exercise="sale:opt-out")
    newest(session).callback = url
    session.commit()
    work_off(parts)
    done = calls(session, newest(session))
    assert done and {step.evidence["because"] for step in done} == {"not a public address"}
    assert session.scalars(select(Disclosure).where(Disclosure.processor == "agent")).all() == []


def test_each_call_stands_in_the_disclosure_log(
    session: Session, parts: Parts, agent: Agent, ana: Somebody, heard: Heard
) -> None:
    asked(session, agent, heard, exercise="sale:opt-out")
    work_off(parts)
    line = session.scalars(select(Disclosure).where(Disclosure.processor == "agent")).one()
    assert (line.purpose, line.categories, line.status) == ("rights", ["user.privacy_preferences"], 200)
    assert line.account_id is None and line.failure is None


def test_nothing_personal_is_sent(
    session: Session, parts: Parts, site: Flask, sandbox: Sandbox, agent: Agent, ana: Somebody, heard: Heard
) -> None:
    asked(session, agent, heard, exercise="access")
    confirm(site, parts, sandbox)
    said = json.dumps(heard.said)
    for hers in ("ana", str(ana.account.id), look(session, newest(session).id).case):
        assert hers not in said.lower().replace("an agent", "")


def test_the_end_of_a_deletion_is_told_although_nothing_leads_to_the_person_any_more(
    session: Session,
    parts: Parts,
    site: Flask,
    sandbox: Sandbox,
    agent: Agent,
    ana: Somebody,
    heard: Heard,
    clock: Clock,
) -> None:
    said = asked(session, agent, heard, exercise="deletion")
    confirm(site, parts, sandbox)
    request_id = newest(session).id
    approve(session, parts, request_id)
    plan = decisions.newest_plan(session, request_id)
    assert plan
    decisions.approve(session, request_id, plan.digest, Actor(Who.APPROVER, 2), parts.clock())
    session.commit()
    work_off(parts)
    clock.tick(days=31)
    work_off(parts)
    request = look(session, request_id)
    assert (request.state, request.contact, request.account_id) == (State.ANSWERED, None, None)
    assert heard.statuses[-1] == "fulfilled" and heard.said[-1] == agent.look(said["request_id"])
    assert heard.said[-1]["agent_request_id"] == said["agent_request_id"]


def test_it_was_not_me_is_told(
    session: Session, parts: Parts, site: Flask, sandbox: Sandbox, agent: Agent, ana: Somebody, heard: Heard
) -> None:
    asked(session, agent, heard, exercise="access")
    confirm(site, parts, sandbox, "no")
    assert heard.statuses == ["denied insuf_verification"]

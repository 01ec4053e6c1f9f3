"""An agent gets its token, and nobody else does."""

from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from compliance import agents
from compliance.drp.errors import BadKey
from compliance.managed import AgentMessage, AuthorisedAgent
from imgpilot.parts import Parts
from tests.conftest import Clock
from tests.drp.agent import Agent, registered, written
from tests.drp.signing import AGENT, KEY, OTHER_KEY, body

PATH = f"/v1/agent/{AGENT}"


def row(session: Session) -> AuthorisedAgent:
    session.rollback()
    return session.scalars(select(AuthorisedAgent).where(AuthorisedAgent.agent_key == AGENT)).one()


def test_the_token_is_shown_once_and_only_its_digest_is_kept(session: Session, agent: Agent) -> None:
    answer = agent.send("GET", PATH)
    assert (answer.status_code, answer.json) == (200, {})
    kept = row(session).token_digest
    assert kept and len(kept) == 64 and agent.token not in kept and len(agent.token) >= 40
    assert answer.headers["Cache-Control"] == "no-store" and "Set-Cookie" not in answer.headers


def test_a_new_token_replaces_the_old_one(agent: Agent) -> None:
    old = agent.token
    agent.set_up()
    assert agent.token != old
    assert agent.send("GET", PATH, token=old).status_code == 403
    assert agent.send("GET", PATH).status_code == 200


def test_what_is_wrong_with_a_set_up_is_told_to_nobody(
    session: Session, parts: Parts, site: Flask, agent: Agent
) -> None:
    agents.add(session, "Letters only", "NO_KEY", None, None, parts.clock())
    agents.add(session, "Gone", "DISABLED", written(KEY), None, parts.clock())
    agents.disable(session, "DISABLED", None, parts.clock())
    session.commit()
    stale = agent.signed(issued_at=(parts.clock() - timedelta(hours=1)).isoformat())
    calls = [
        ("NOBODY", Agent(site, parts, "NOBODY", KEY).introduction()),
        ("NO_KEY", Agent(site, parts, "NO_KEY", KEY).introduction()),
        ("DISABLED", Agent(site, parts, "DISABLED", KEY).introduction()),
        ("%00", agent.introduction()),
        (AGENT, b""),
        (AGENT, b"no base64!"),
        (AGENT, b"A" * 40_000),
        (AGENT, stale),
        (AGENT, body(agent.said(), OTHER_KEY)),
        (AGENT, agent.signed(business_id="ANOTHER")),
        (AGENT, agent.signed(agent_id="OTHER")),
        (AGENT, agent.signed(drp_version="9")),
    ]
    for number, (agent_key, sent) in enumerate(calls):
        answer = agent.send("POST", f"/v1/agent/{agent_key}", sent, token="")
        assert (answer.status_code, answer.data) == (403, b""), number
        assert answer.headers["Cache-Control"] == "no-store"
    assert agent.send("GET", PATH).status_code == 200, "the token that it had is still good"


def test_a_set_up_that_somebody_saw_gives_them_no_token(agent: Agent) -> None:
    seen = agent.introduction()
    assert agent.send("POST", PATH, seen, token="").status_code == 200
    again = agent.send("POST", PATH, seen, token="")
    assert (again.status_code, again.data) == (403, b"")


@pytest.mark.parametrize("token", ["", "x", "x" * 5000])
def test_without_its_token_nobody_is_let_in(agent: Agent, other: Agent, token: str) -> None:
    for call in (("GET", PATH), ("POST", "/v1/data-rights-request"), ("GET", "/v1/data-rights-request/x")):
        answer = agent.send(*call, token=token)
        assert answer.status_code == 403 and answer.json and set(answer.json) == {"code", "message"}
    assert other.send("GET", PATH).status_code == 403, "a token is good for its own agent only"


def test_a_disabled_agent_is_out_at_once_and_comes_back_only_by_setting_up(
    session: Session, parts: Parts, agent: Agent
) -> None:
    agents.disable(session, AGENT, None, parts.clock())
    session.commit()
    assert agent.send("GET", PATH).status_code == 403
    assert agent.ask().status_code == 403
    agents.enable(session, AGENT, None, parts.clock())
    session.commit()
    assert agent.send("GET", PATH).status_code == 403
    agent.set_up()
    assert agent.send("GET", PATH).status_code == 200


def test_a_rotated_key_ends_the_token_and_the_old_key(session: Session, parts: Parts, agent: Agent) -> None:
    agents.rotate(session, AGENT, written(OTHER_KEY), None, parts.clock())
    session.commit()
    assert agent.send("GET", PATH).status_code == 403
    assert agent.send("POST", PATH, agent.introduction(), token="").status_code == 403
    agent.key = OTHER_KEY
    agent.set_up()


def test_keys_with_which_anybody_can_sign_are_not_taken(session: Session, parts: Parts) -> None:
    with pytest.raises(BadKey):
        agents.add(session, "Zero", "ZERO", "A" * 43 + "=", None, parts.clock())


@pytest.mark.parametrize("name, agent_key", [("", "A"), ("x" * 101, "A"), ("A", ""), ("A", "a b"), ("A", "../x")])
def test_a_name_and_an_id_are_needed(session: Session, parts: Parts, name: str, agent_key: str) -> None:
    with pytest.raises(agents.AgentRefused):
        agents.add(session, name, agent_key, None, None, parts.clock())


def test_an_id_is_given_once(session: Session, parts: Parts) -> None:
    agents.add(session, "A", "A", None, None, parts.clock())
    with pytest.raises(agents.AgentRefused, match="already"):
        agents.add(session, "B", "A", None, None, parts.clock())


def test_the_eleventh_set_up_within_an_hour_waits(agent: Agent, clock: Clock) -> None:
    for _time in range(9):
        agent.set_up()
    answer = agent.send("POST", PATH, agent.introduction(), token="")
    assert answer.status_code == 429 and answer.json and answer.json["code"] == "429"
    assert 0 < int(answer.headers["Retry-After"]) <= 3601
    clock.tick(seconds=int(answer.headers["Retry-After"]))
    agent.set_up()


def test_set_ups_are_counted_over_all_processes(parts: Parts, agent: Agent) -> None:
    from imgpilot import app

    for _time in range(9):
        agent.set_up()
    elsewhere = app.site(parts)
    elsewhere.testing = True
    second = Agent(elsewhere, parts, AGENT, KEY)
    assert second.send("POST", PATH, second.introduction(), token="").status_code == 429


def test_one_host_may_not_try_every_agent(parts: Parts, agent: Agent) -> None:
    for number in range(29):
        assert agent.send("POST", f"/v1/agent/A{number}", b"x", token="").status_code == 403
    assert agent.send("POST", "/v1/agent/A99", b"x", token="").status_code == 429
    agent.host = "10.1.2.4"
    assert agent.send("POST", "/v1/agent/A99", b"x", token="").status_code == 403


def test_what_was_seen_of_a_message_is_a_keyed_digest(session: Session, agent: Agent) -> None:
    kept = session.scalars(select(AgentMessage)).all()
    assert [len(each.fingerprint) for each in kept] == [64] and kept[0].answer == {"for": "set-up"}


def test_a_refused_set_up_leaves_nothing(session: Session, parts: Parts, site: Flask) -> None:
    registered(session, parts, AGENT, KEY)
    Agent(site, parts, AGENT, KEY).send("POST", PATH, b"x", token="")
    assert session.scalar(select(func.count()).select_from(AgentMessage)) == 0

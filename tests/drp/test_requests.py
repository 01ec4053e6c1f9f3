"""Requests of agents' systems, from the first message to the answer; and everything that can be wrong with one."""

from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest
from flask import Flask
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from compliance.errors import MoveRefused
from compliance.managed import AgentMessage
from compliance.requests import clock_moves, decisions, moves
from compliance.requests.copying import PACKAGE_LIVES
from compliance.requests.kinds import Channel, Kind, Outcome, Proof, State
from compliance.requests.models import PrivacyRequest
from compliance.requests.moves import Actor, Who
from compliance.requests.opening import open_request
from imgpilot.accounts.browsers import COOKIE
from imgpilot.accounts.models import Account
from imgpilot.parts import Parts
from imgpilot.sandbox.server import Sandbox
from tests.accounts.browser import Browser
from tests.conftest import Clock
from tests.drp.agent import Agent
from tests.drp.signing import OTHER_KEY, body
from tests.requests.conftest import OFFICER, approve, look, work_off
from tests.world import Somebody

REQUESTS = "/v1/data-rights-request"
SECOND = Actor(Who.APPROVER, 2)

pytestmark = pytest.mark.usefixtures("plain_documents")


def newest(session: Session) -> PrivacyRequest:
    session.rollback()
    return session.scalars(select(PrivacyRequest).order_by(PrivacyRequest.number.desc()).limit(1)).one()


def count(session: Session) -> int:
    session.rollback()
    return session.scalar(select(func.count()).select_from(PrivacyRequest)) or 0


def confirm_path(sandbox: Sandbox, address: str) -> str:
    """The path of the newest link in the mails to this address; other letters may have come after it."""
    links = [link for mail in sandbox.mail.to(address) for link in mail.links]
    return next("/privacy/confirm/" + each.partition("/privacy/confirm/")[2] for each in links if "/confirm/" in each)


def confirm(site: Flask, parts: Parts, sandbox: Sandbox, answer: str = "yes", address: str = "ana@example.com") -> None:
    """The person opens the mailed link and presses a button."""
    work_off(parts)
    assert Browser(site).post(confirm_path(sandbox, address), {"answer": answer}).status_code == 302
    work_off(parts)


def test_p16_a_request_by_an_agent_from_the_message_to_the_answer(
    session: Session, parts: Parts, site: Flask, sandbox: Sandbox, agent: Agent, ana: Somebody
) -> None:
    said = agent.asked(exercise="access", agent_request_id="ana-1")
    assert (said["status"], said["reason"]) == ("in_progress", "need_user_verification")
    assert said["agent_request_id"] == "ana-1" and said["user_verification_url"].endswith("/privacy/agents/mailed")
    request = newest(session)
    assert said["request_id"] == str(request.id)
    assert (request.state, request.channel, request.regime, request.account_id) == (
        State.PROVING,
        Channel.DRP,
        "ccpa",
        None,
    )
    work_off(parts)
    assert "TRUSTED_AGENT Inc." in Browser(site).get(confirm_path(sandbox, "ana@example.com")).text
    assert "expires_at" in agent.look(said["request_id"])
    confirm(site, parts, sandbox)
    request = look(session, request.id)
    assert (request.account_id, request.proof, request.state) == (ana.account.id, Proof.PERMISSION, State.REVIEW)
    said = agent.look(said["request_id"])
    assert said["status"] == "in_progress" and "reason" not in said and "user_verification_url" not in said
    assert said["expected_by"].startswith(str(request.due_on + timedelta(days=1))), "the day's end, told in UTC"
    approve(session, parts, request.id)
    work_off(parts)
    said = agent.look(said["request_id"])
    assert said["status"] == "fulfilled" and "results_url" not in said
    assert "never sent by this protocol" in said["processing_details"]


def test_after_the_package_is_gone_the_request_is_expired(
    session: Session, parts: Parts, site: Flask, sandbox: Sandbox, agent: Agent, ana: Somebody, clock: Clock
) -> None:
    said = agent.asked(exercise="access:specific")
    confirm(site, parts, sandbox)
    approve(session, parts, newest(session).id)
    work_off(parts)
    clock.now += PACKAGE_LIVES + timedelta(seconds=1)
    assert agent.look(said["request_id"])["status"] == "expired"


def test_a_deletion_needs_two_officers_and_then_can_still_be_taken_back(
    session: Session, parts: Parts, site: Flask, sandbox: Sandbox, agent: Agent, ana: Somebody
) -> None:
    said = agent.asked(exercise="deletion")
    confirm(site, parts, sandbox)
    id_ = newest(session).id
    approve(session, parts, id_)
    assert look(session, id_).state == State.SECOND
    plan = decisions.newest_plan(session, id_)
    assert plan
    decisions.approve(session, id_, plan.digest, SECOND, parts.clock())
    session.commit()
    assert look(session, id_).state == State.COOLING
    assert "take the request back" in agent.look(said["request_id"])["processing_details"]
    answer = agent.revoke(said["request_id"])
    assert answer.status_code == 200 and answer.json and answer.json["status"] == "revoked"
    assert session.get_one(Account, ana.account.id, populate_existing=True).closing_at is None


def test_an_opt_out_needs_no_proof_and_stands_at_once(
    session: Session, parts: Parts, sandbox: Sandbox, agent: Agent, ana: Somebody
) -> None:
    said = agent.asked(exercise="sale:opt-out")
    assert said["status"] == "in_progress" and "reason" not in said
    work_off(parts)
    assert agent.look(said["request_id"])["status"] == "fulfilled"
    request = newest(session)
    assert (request.kind, request.about, request.proof) == (Kind.OPT_OUT, "sale-sharing", Proof.NONE)


def test_an_agent_cannot_opt_in_for_somebody_and_finds_that_answer_again(
    session: Session, agent: Agent, other: Agent
) -> None:
    said = agent.asked(exercise="sale:opt-in", agent_request_id="in-1")
    assert (said["status"], said["reason"]) == ("denied", "claim_not_covered")
    assert agent.look(said["request_id"]) == said == agent.asked(exercise="sale:opt-in", agent_request_id="in-1")
    assert count(session) == 0
    assert other.send("GET", f"{REQUESTS}/{said['request_id']}").status_code == 403
    assert agent.revoke(said["request_id"]).status_code == 409


def test_without_an_address_nobody_is_known(session: Session, agent: Agent) -> None:
    said = agent.asked(email=..., email_verified=...)
    assert (said["status"], said["reason"]) == ("denied", "no_match") and count(session) == 0
    assert agent.look(said["request_id"])["reason"] == "no_match"


def test_of_the_claims_the_address_alone_is_kept(session: Session, agent: Agent) -> None:
    agent.asked(exercise="access:categories")
    request = newest(session)
    kept = " ".join(str(getattr(request, column.key)) for column in PrivacyRequest.__table__.columns)
    kept += " ".join(str(each.answer) for each in session.scalars(select(AgentMessage)))
    for said in ("Lovelace", "4155550123", "Pear", "documents/17"):
        assert said not in kept
    assert (request.contact, request.details) == ("ana@example.com", "Data Rights Protocol: access:categories")


def test_that_the_agent_verified_the_address_does_not_replace_our_own_question(session: Session, agent: Agent) -> None:
    said = agent.asked(exercise="access", email_verified=True)
    assert said["reason"] == "need_user_verification" and newest(session).proof == Proof.NONE


@pytest.mark.parametrize("regime", ["ccpa", ..., "voluntary"])
def test_whatever_law_is_named_it_is_the_ccpa(session: Session, agent: Agent, regime: Any) -> None:
    agent.asked(exercise="access", regime=regime)
    request = newest(session)
    assert (request.regime, request.country, request.subdivision) == ("ccpa", "US", "CA")
    assert request.zone == "America/Los_Angeles"


def test_it_was_not_me_is_told_as_denied(
    parts: Parts, site: Flask, sandbox: Sandbox, agent: Agent, ana: Somebody
) -> None:
    said = agent.asked(exercise="access")
    confirm(site, parts, sandbox, "no")
    said = agent.look(said["request_id"])
    assert (said["status"], said["reason"]) == ("denied", "insuf_verification")
    assert said["processing_details"] == "The person did not confirm the request."


def test_a_refusal_is_told_by_its_ground(
    session: Session, parts: Parts, site: Flask, sandbox: Sandbox, agent: Agent, ana: Somebody
) -> None:
    said = agent.asked(exercise="access")
    confirm(site, parts, sandbox)
    decisions.refuse(
        session, newest(session).id, "This is the ninth one this month.", OFFICER, parts.clock(), "excessive"
    )
    session.commit()
    said = agent.look(said["request_id"])
    assert (said["status"], said["reason"]) == ("denied", "too_many_requests")


def test_what_was_merged_is_told_by_the_request_that_goes_on(
    session: Session, parts: Parts, site: Flask, sandbox: Sandbox, agent: Agent, ana: Somebody
) -> None:
    account = session.get_one(Account, ana.account.id)
    hers = open_request(session, parts.settings, account, Kind.ACCESS, "gdpr", parts.clock())
    session.commit()
    said = agent.asked(exercise="access")
    confirm(site, parts, sandbox)
    assert newest(session).state == State.MERGED
    assert agent.look(said["request_id"])["status"] == "in_progress"
    approve(session, parts, hers.id)
    work_off(parts)
    assert agent.look(said["request_id"])["status"] == "fulfilled"


def test_an_extension_and_a_partial_answer_are_said(
    session: Session, parts: Parts, site: Flask, sandbox: Sandbox, agent: Agent, ana: Somebody
) -> None:
    said = agent.asked(exercise="access")
    confirm(site, parts, sandbox)
    id_ = newest(session).id
    before = agent.look(said["request_id"])["expected_by"]
    clock_moves.extend(session, id_, "There is very much to look through.", OFFICER, parts.clock())
    session.commit()
    told = agent.look(said["request_id"])
    assert told["expected_by"] > before and "longer time" in told["processing_details"]
    approve(session, parts, id_)
    work_off(parts)
    request = look(session, id_)
    request.outcome = Outcome.PARTIAL
    session.commit()
    details = agent.look(said["request_id"])["processing_details"]
    assert "not granted" in details and "signed in" in details


def test_the_same_message_twice_is_one_request(session: Session, agent: Agent) -> None:
    for reference in ("ana-2", ...):
        before, message = count(session), agent.signed(agent_request_id=reference, exercise="access")
        first, again = agent.send("POST", REQUESTS, message), agent.send("POST", REQUESTS + "/", message)
        assert first.json == again.json and first.status_code == again.status_code == 200
        assert count(session) == before + 1


def test_the_same_number_twice_is_one_request_of_this_agent(session: Session, agent: Agent, other: Agent) -> None:
    first = agent.asked(agent_request_id="n-1", exercise="access")
    assert agent.asked(agent_request_id="n-1", exercise="deletion") == first and count(session) == 1
    theirs = other.asked(agent_request_id="n-1", exercise="access")
    assert theirs["request_id"] != first["request_id"] and count(session) == 2


def test_the_same_message_twice_at_once_is_one_request(session: Session, parts: Parts, agent: Agent) -> None:
    message = agent.signed(agent_request_id=..., exercise="access")

    def send(_number: int) -> tuple[int, str]:
        mine = Agent(agent.client.application, parts, agent.agent_key, agent.key)
        mine.token = agent.token
        answer = mine.send("POST", REQUESTS, message)
        return answer.status_code, answer.text

    with ThreadPoolExecutor(4) as pool:
        answers = set(pool.map(send, range(4)))
    assert len(answers) == 1 and next(iter(answers))[0] == 200 and count(session) == 1


def test_another_agents_request_and_none_at_all_are_the_same(agent: Agent, other: Agent) -> None:
    said = agent.asked(exercise="access")
    answers = []
    for id_ in (said["request_id"], str(uuid4()), "x", "%00", "1' or '1"):
        for answer in (other.send("GET", f"{REQUESTS}/{id_}"), other.revoke(id_)):
            answers.append((answer.status_code, answer.data))
    assert len(set(answers)) == 1 and answers[0][0] == 403
    assert agent.look(said["request_id"])["status"] == "in_progress"


def test_the_signature_has_to_be_that_of_the_bearer(session: Session, agent: Agent, other: Agent) -> None:
    theirs = other.signed(exercise="access")
    assert agent.send("POST", REQUESTS, theirs).status_code == 403, "their message with my token"
    as_me = body(agent.said(exercise="access"), OTHER_KEY)
    assert agent.send("POST", REQUESTS, as_me).status_code == 403, "my name, their key"
    as_them = body(other.said(exercise="access"), agent.key)
    assert agent.send("POST", REQUESTS, as_them).status_code == 403, "their name, my key"
    assert count(session) == 0
    said = agent.asked(exercise="access")
    wrong = agent.send("DELETE", f"{REQUESTS}/{said['request_id']}", body({"reason": "x"}, OTHER_KEY))
    assert wrong.status_code == 403 and agent.look(said["request_id"])["status"] == "in_progress"


def test_everything_that_can_be_wrong_is_said_in_the_order_of_the_standard(
    session: Session, parts: Parts, agent: Agent
) -> None:
    past, future = ((parts.clock() + timedelta(hours=hours)).isoformat() for hours in (-1, 1))
    wrong: list[tuple[dict[str, Any], int, str]] = [
        ({"exercise": "everything"}, 400, "Unsupported rights action"),
        ({"drp_version": "0.1"}, 400, "drp.version"),
        ({"issued_at": past}, 403, "too long ago"),
        ({"expires_at": past}, 403, "expires-at is over"),
        ({"issued_at": future}, 403, "in the future"),
        ({"business_id": "ANOTHER"}, 403, "business-id"),
        ({"agent_id": "ANOTHER"}, 403, "agent-id"),
    ]
    changed: dict[str, Any] = {}
    for each, status, words in wrong:
        changed |= each
        answer = agent.ask(**changed)
        assert answer.status_code == status and answer.json and answer.json["code"] == str(status)
        assert words in answer.json["message"], answer.json
    unsigned = body(agent.said(**changed), OTHER_KEY)
    for sent, status, words in (
        (unsigned, 403, "signature"),
        (b"?", 400, "base64"),
        (b"A" * 40_000, 413, "large"),
        (agent.signed(status_callback="http://10.0.0.1/"), 400, "status_callback"),
        (agent.signed(email=17), 400, "email"),
    ):
        answer = agent.send("POST", REQUESTS, sent)
        assert answer.status_code == status and answer.json and words in answer.json["message"]
    assert answer.headers["Cache-Control"] == "no-store" and answer.content_type == "application/json"
    assert agent.ask(expires_at=past).json == {"code": "403", "message": "expires-at is over.", "fatal": True}
    assert count(session) == 0


def test_a_request_is_taken_back_and_again(session: Session, parts: Parts, agent: Agent) -> None:
    said = agent.asked(exercise="deletion")
    for _time in range(2):
        answer = agent.revoke(said["request_id"])
        assert answer.status_code == 200 and answer.json and answer.json["status"] == "revoked"
    assert newest(session).state == State.WITHDRAWN
    second = agent.asked(exercise="deletion")
    assert agent.revoke(second["request_id"]).status_code == 200, "with the same words as the first"


def test_the_reason_stands_nowhere(
    session: Session, parts: Parts, agent: Agent, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level("DEBUG"):
        said = agent.asked(exercise="deletion")
        agent.revoke(said["request_id"], "My wife Zoraida reads my mail.")
        work_off(parts)
    request = newest(session)
    assert "Zoraida" not in " ".join(str(getattr(request, c.key)) for c in PrivacyRequest.__table__.columns)
    ours = [each.getMessage() for each in caplog.records if not each.name.startswith(("sqlalchemy", "mail."))]
    assert not [line for line in ours if "Zoraida" in line or "ana@" in line or agent.token in line]


def test_too_late_is_409_with_the_reason(session: Session, parts: Parts, agent: Agent, ana: Somebody) -> None:
    said = agent.asked(exercise="sale:opt-out")
    work_off(parts)
    answer = agent.revoke(said["request_id"])
    assert answer.status_code == 409 and answer.json and answer.json["code"] == "409"
    assert "too late" in answer.json["message"]


def test_nobodys_mailbox_is_filled(session: Session, agent: Agent, clock: Clock) -> None:
    for _time in range(5):
        assert agent.asked(exercise="access")["status"] == "in_progress"
    said = agent.asked(exercise="access")
    assert (said["status"], said["reason"]) == ("denied", "too_many_requests") and count(session) == 5
    assert agent.asked(exercise="access", email="bob@example.com")["status"] == "in_progress"
    clock.tick(hours=1)
    assert agent.asked(exercise="access")["status"] == "in_progress"


def test_the_sixty_first_request_within_a_minute_waits(agent: Agent, clock: Clock) -> None:
    for _time in range(60):
        assert agent.send("POST", REQUESTS, b"x").status_code == 400
    answer = agent.send("POST", REQUESTS, b"x")
    assert answer.status_code == 429 and 0 < int(answer.headers["Retry-After"]) <= 61
    clock.tick(seconds=61)
    assert agent.send("POST", REQUESTS, b"x").status_code == 400


def test_looking_is_paced_too(agent: Agent) -> None:
    for _time in range(300):
        assert agent.send("GET", f"/v1/agent/{agent.agent_key}").status_code == 200
    assert agent.send("GET", f"/v1/agent/{agent.agent_key}").status_code == 429


def test_a_browsers_cookies_are_no_key_and_none_are_set(agent: Agent) -> None:
    agent.client.set_cookie(COOKIE, "x" * 43, domain="127.0.0.1")
    assert agent.send("POST", REQUESTS, b"x", token="").status_code == 403
    answer = agent.ask(exercise="access")
    assert answer.status_code == 200
    assert not [c for c in answer.headers.getlist("Set-Cookie") if "imgpilot_site" in c]


def test_the_page_for_the_person_knows_nobody(site: Flask) -> None:
    page = Browser(site).get("/privacy/agents/mailed")
    assert (
        page.status_code == 200
        and "mailed a link" in page.text
        and "@" not in page.text.split("<main")[1].split("</main")[0]
    )


def test_times_are_told_with_their_zone(agent: Agent) -> None:
    said = agent.asked(exercise="access")
    for name in ("received_at", "expected_by"):
        assert datetime.fromisoformat(said[name]).utcoffset() == timedelta()


def test_only_the_person_and_staff_take_back(session: Session, agent: Agent) -> None:
    agent.asked(exercise="access")
    with pytest.raises(MoveRefused):
        decisions.withdraw(session, newest(session).id, agent.parts.clock(), moves.SYSTEM)

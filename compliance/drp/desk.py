"""What agents' systems want of us: a token, a request, where it is, taking it back. No web; the caller commits.

The agent's row is locked while a message of its is taken in, so the same message twice at once is one request.
"""

from datetime import datetime, timedelta
from uuid import UUID, uuid4

from sqlalchemy import func, select
from sqlalchemy.orm import Session

import config
from compliance import agents
from compliance.drp import claims, exercise, keys, message, status, whereabouts
from compliance.drp.claims import Asked as Claims
from compliance.drp.errors import TooLate, TooMany, UnknownRequest, UnknownToken
from compliance.drp.status import Reason
from compliance.errors import MoveRefused
from compliance.managed import AgentMessage, AuthorisedAgent
from compliance.portal import places
from compliance.requests import decisions, moves
from compliance.requests.kinds import Channel, Kind, State
from compliance.requests.models import PrivacyRequest
from compliance.requests.opening import Asked, open_unproved
from imgpilot.digests import keyed

Status = dict[str, str]

#: The law of every request here: the only one that the protocol names, and the agents are of its place.
REGIME, COUNTRY, STATE = "ccpa", "US", "CA"
#: sale:opt-out is about this.
SALE = "sale-sharing"
#: An agent may do so much; what is counted in rows counts over all our processes.
SET_UPS, REQUESTS = (10, timedelta(hours=1)), (60, timedelta(minutes=1))
#: And so many requests an hour may name one address, from whomever: each writes a letter to it.
ONE_ADDRESS, AN_HOUR = 5, timedelta(hours=1)
_SET_UP = "set-up"


def bearer(session: Session, settings: config.Settings, token: str) -> AuthorisedAgent:
    """The agent whose token this is. Raises UnknownToken."""
    agent = agents.of_token(session, settings, token)
    if agent is None:
        raise UnknownToken
    return agent


def set_up(session: Session, settings: config.Settings, agent_key: str, body: bytes, now: datetime) -> str:
    """A token for the agent that the address names, if it signed for it (2.05). Raises DrpError."""
    agent = _locked(session, agent_key)
    said = message.read(body, keys.read(agent.verify_key or ""))
    claims.check_set_up(said, agent_id=agent.agent_key, business_id=settings.drp_business_id, now=now)
    _pace(session, agent, now, *SET_UPS, set_up=True)
    fingerprint = _fingerprint(settings, body)
    if _heard(session, agent, fingerprint):
        raise UnknownToken  # whoever sends it again may have seen it only
    session.add(AgentMessage(agent_id=agent.id, fingerprint=fingerprint, at=now, answer={"for": _SET_UP}))
    return agents.give_token(settings, agent)


def ask(session: Session, settings: config.Settings, bearer: AuthorisedAgent, body: bytes, now: datetime) -> Status:
    """Take a request in (2.01); where it is. The same message, or the same agent-request-id, finds the first one.

    Raises DrpError.
    """
    agent = _locked(session, bearer.agent_key)
    said = message.read(body, keys.read(agent.verify_key or ""))
    asked = claims.check(said, agent_id=agent.agent_key, business_id=settings.drp_business_id, now=now)
    fingerprint = _fingerprint(settings, body)
    known = _known(session, settings, agent, fingerprint, asked.agent_request_id, now)
    if known is not None:
        return known
    _pace(session, agent, now, *REQUESTS, set_up=False)
    heard = AgentMessage(
        id=uuid4(), agent_id=agent.id, fingerprint=fingerprint, at=now, reference=asked.agent_request_id
    )
    answer = _turned_away(session, heard.id, asked, now)
    if answer is None:
        request = _opened(session, settings, agent, asked, now)
        answer = whereabouts.of(session, settings, request, now)
        heard.answer = {"request_id": str(request.id)}
    else:
        heard.answer = dict(answer)
    session.add(heard)
    return answer


def look(
    session: Session, settings: config.Settings, bearer: AuthorisedAgent, request_id: str, now: datetime
) -> Status:
    """Where a request of this agent is (2.02). Raises UnknownRequest."""
    id_ = _uuid(request_id)
    request = _of_agent(session, bearer, id_)
    if request is not None:
        return whereabouts.of(session, settings, request, now)
    heard = session.scalar(select(AgentMessage).where(AgentMessage.id == id_, AgentMessage.agent_id == bearer.id))
    if heard is None or "status" not in (heard.answer or {}):
        raise UnknownRequest
    return dict(heard.answer or {})


def revoke(
    session: Session,
    settings: config.Settings,
    bearer: AuthorisedAgent,
    request_id: str,
    body: bytes,
    now: datetime,
) -> Status:
    """Take a request back (2.04). The reason is checked and not kept. Once revoked, it says so again.

    The signed message may be the same for two requests (it need not have a time), so it is not remembered: the token
    and the id are what keeps others from sending it. Raises DrpError, of that TooLate.
    """
    said = message.read(body, keys.read(bearer.verify_key or ""))
    claims.check_revocation(said, agent_id=bearer.agent_key, business_id=settings.drp_business_id, now=now)
    request = _of_agent(session, bearer, _uuid(request_id))
    if request is None:
        if look(session, settings, bearer, request_id, now):
            raise TooLate
        raise UnknownRequest
    if request.state != State.WITHDRAWN:
        try:
            request = decisions.withdraw(session, request.id, now, moves.PERSON)
        except MoveRefused:
            raise TooLate from None
    return whereabouts.of(session, settings, request, now)


def _locked(session: Session, agent_key: str) -> AuthorisedAgent:
    agent = agents.let_in(session, agent_key)
    if agent is None:
        raise UnknownToken
    return agent


def _fingerprint(settings: config.Settings, body: bytes) -> str:
    return keyed(settings, "agent-message", message.fingerprint(body))


def _heard(session: Session, agent: AuthorisedAgent, fingerprint: str) -> AgentMessage | None:
    return session.scalar(
        select(AgentMessage).where(AgentMessage.agent_id == agent.id, AgentMessage.fingerprint == fingerprint)
    )


def _pace(
    session: Session, agent: AuthorisedAgent, now: datetime, most: int, within: timedelta, *, set_up: bool
) -> None:
    """Raises TooMany if the agent was heard so often of late, whichever of our processes heard it."""
    is_set_up = func.coalesce(AgentMessage.answer["for"].astext, "") == _SET_UP
    lately = list(
        session.scalars(
            select(AgentMessage.at)
            .where(
                AgentMessage.agent_id == agent.id,
                AgentMessage.at > now - within,
                is_set_up if set_up else ~is_set_up,
            )
            .order_by(AgentMessage.at)
        )
    )
    if len(lately) >= most:
        raise TooMany(lately[-most] + within - now)


def _known(
    session: Session,
    settings: config.Settings,
    agent: AuthorisedAgent,
    fingerprint: str,
    reference: str | None,
    now: datetime,
) -> Status | None:
    """Where the request is that this message, or one with the same number, was before; None if it is new."""
    heard = _heard(session, agent, fingerprint)
    if heard is None and reference:
        found = session.scalar(
            select(PrivacyRequest).where(
                PrivacyRequest.agent_id == agent.id, PrivacyRequest.agent_reference == reference
            )
        )
        if found is not None:
            return whereabouts.of(session, settings, found, now)
        heard = session.scalar(
            select(AgentMessage)
            .where(AgentMessage.agent_id == agent.id, AgentMessage.reference == reference)
            .order_by(AgentMessage.at, AgentMessage.id)
            .limit(1)
        )
    if heard is None:
        return None
    return look(session, settings, agent, str((heard.answer or {}).get("request_id", "")), now)


def _turned_away(session: Session, id_: UUID, asked: Claims, now: datetime) -> Status | None:
    """The answer to what opens no request; None for what does."""
    said = {"request_id": id_, "received_at": now, "now": now, "agent_request_id": asked.agent_request_id}
    if exercise.kind(asked.exercise) is None:
        return status.no_opt_in(**said)  # type: ignore[arg-type]
    email = asked.identity.email
    if email is None:
        reason = Reason.NO_MATCH  # we know people by their address, and by nothing else
    elif _written_to(session, email, now) >= ONE_ADDRESS:
        reason = Reason.TOO_MANY_REQUESTS
    else:
        return None
    return status.of(state=State.REFUSED, expected_by=None, refused_for=reason, details=_WHY[reason], **said)  # type: ignore[arg-type]


_WHY = {
    Reason.NO_MATCH: "We know people by their e-mail address. Send the request again with the claim email.",
    Reason.TOO_MANY_REQUESTS: "Several requests named this person within the hour. Send it again later.",
}


def _written_to(session: Session, email: str, now: datetime) -> int:
    lately = select(func.count()).where(
        PrivacyRequest.contact == email,
        PrivacyRequest.channel == Channel.DRP,
        PrivacyRequest.received_at > now - AN_HOUR,
    )
    return session.scalar(lately) or 0


def _opened(
    session: Session, settings: config.Settings, agent: AuthorisedAgent, asked: Claims, now: datetime
) -> PrivacyRequest:
    """The request. Of the claims the address alone is kept; that it is verified we do not take the agent's word for."""
    kind = exercise.kind(asked.exercise)
    assert kind is not None and asked.identity.email is not None
    return open_unproved(
        session,
        settings,
        asked.identity.email,
        kind,
        REGIME,
        now,
        moves.PERSON,
        Asked(
            about=SALE if kind is Kind.OPT_OUT else "",
            details=f"Data Rights Protocol: {asked.exercise}",
            country=COUNTRY,
            subdivision=STATE,
            zone=places.read(COUNTRY, STATE).zone,
            channel=Channel.DRP,
            cooling=kind is Kind.DELETION,
            agent_id=agent.id,
            agent_reference=asked.agent_request_id,
            callback=asked.status_callback,
        ),
    )


def _of_agent(session: Session, agent: AuthorisedAgent, id_: UUID) -> PrivacyRequest | None:
    return session.scalar(select(PrivacyRequest).where(PrivacyRequest.id == id_, PrivacyRequest.agent_id == agent.id))


def _uuid(written: str) -> UUID:
    """Raises UnknownRequest for what is no id of ours."""
    try:
        return UUID(written)
    except ValueError:
        raise UnknownRequest from None

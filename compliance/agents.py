"""The registry of authorised agents: who may ask for people, with which key they sign, whose token came in."""

import re
import secrets
from collections import defaultdict
from collections.abc import Mapping
from datetime import datetime
from uuid import UUID

from sqlalchemy import select, true
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session, aliased

import config
from compliance.audit.actions import Action
from compliance.audit.append import record
from compliance.drp import keys
from compliance.errors import ComplianceError
from compliance.managed import AuthorisedAgent
from compliance.requests.models import PrivacyRequest
from imgpilot.digests import keyed
from imgpilot.errors import PersonalError
from imgpilot.language import marked as _

#: What agents call themselves in the protocol: it stands in an address.
_AGENT_KEY = re.compile(r"[A-Za-z0-9][A-Za-z0-9._~-]{0,99}")
LONGEST_NAME = 100
LONGEST_TOKEN = 200
TAKEN = _("There is an agent with this id already. Change that one.")


class AgentRefused(ComplianceError, PersonalError):
    """The registry does not take this. The message says what is wrong."""

    status = 422


def add(
    session: Session,
    name: str,
    agent_key: str,
    verify_key: str | None,
    staff: int | None,
    now: datetime,
) -> AuthorisedAgent:
    """Write an agent down; the caller commits. `verify_key`: Ed25519 in base64, None for one that writes letters.

    `staff` is the number in ab_user, None by command. Raises AgentRefused, BadKey.
    """
    said = " ".join(name.split())
    if not said or len(said) > LONGEST_NAME:
        raise AgentRefused(_("Give the agent's name, in at most 100 characters."))
    if not _AGENT_KEY.fullmatch(agent_key):
        raise AgentRefused(_("An agent's id has letters, digits, dots, underscores and dashes, at most 100."))
    if session.scalar(select(AuthorisedAgent.id).where(AuthorisedAgent.agent_key == agent_key)):
        raise AgentRefused(TAKEN)
    made = AuthorisedAgent(
        name=said, agent_key=agent_key, verify_key=_checked(verify_key), active=True, added_at=now, added_by=staff
    )
    try:
        with session.begin_nested():
            session.add(made)
    except IntegrityError:  # somebody else added it just now
        raise AgentRefused(TAKEN) from None
    _log(session, made, Action.AGENT_ADDED, "added", staff, now)
    return made


def newest_cases(session: Session, each: int) -> Mapping[UUID, list[PrivacyRequest]]:
    """The newest cases of every agent by its id, at most `each` of them; none for who has none. In one query."""
    theirs = select(PrivacyRequest).where(PrivacyRequest.agent_id == AuthorisedAgent.id)
    newest = theirs.order_by(PrivacyRequest.received_at.desc(), PrivacyRequest.number.desc()).limit(each).lateral()
    case = aliased(PrivacyRequest, newest)
    asked = select(case).select_from(AuthorisedAgent).join(newest, true())
    found: dict[UUID, list[PrivacyRequest]] = defaultdict(list)
    for one in session.scalars(asked.order_by(case.received_at.desc(), case.number.desc())):
        if one.agent_id is not None:
            found[one.agent_id].append(one)
    return found


def rotate(session: Session, agent_key: str, verify_key: str, staff: int | None, now: datetime) -> AuthorisedAgent:
    """Take a new public key. The old token ends with the old key: the agent sets itself up again. Raises as `add`."""
    agent = _locked(session, agent_key)
    agent.verify_key, agent.token_digest = _checked(verify_key), None
    _log(session, agent, Action.AGENT_CHANGED, "key", staff, now)
    return agent


def disable(session: Session, agent_key: str, staff: int | None, now: datetime) -> AuthorisedAgent:
    """Let the agent in no more; its token is forgotten. What it asked for goes on. Raises AgentRefused."""
    agent = _locked(session, agent_key)
    agent.active, agent.token_digest = False, None
    _log(session, agent, Action.AGENT_CHANGED, "disabled", staff, now)
    return agent


def enable(session: Session, agent_key: str, staff: int | None, now: datetime) -> AuthorisedAgent:
    """Let the agent in again, once it has set itself up anew. Raises AgentRefused."""
    agent = _locked(session, agent_key)
    agent.active = True
    _log(session, agent, Action.AGENT_CHANGED, "enabled", staff, now)
    return agent


def every(session: Session) -> list[AuthorisedAgent]:
    """All of them, by name."""
    return list(session.scalars(select(AuthorisedAgent).order_by(AuthorisedAgent.name, AuthorisedAgent.agent_key)))


def let_in(session: Session, agent_key: str) -> AuthorisedAgent | None:
    """The active agent with a key that has this id, locked so that its messages are taken one after the other."""
    if not _AGENT_KEY.fullmatch(agent_key):
        return None
    return session.scalar(
        select(AuthorisedAgent)
        .where(
            AuthorisedAgent.agent_key == agent_key,
            AuthorisedAgent.active.is_(True),
            AuthorisedAgent.verify_key.is_not(None),
        )
        .with_for_update()
        .execution_options(populate_existing=True)
    )


def of_token(session: Session, settings: config.Settings, token: str) -> AuthorisedAgent | None:
    """The active agent whose bearer token this is."""
    if not token or len(token) > LONGEST_TOKEN:
        return None
    return session.scalar(
        select(AuthorisedAgent).where(
            AuthorisedAgent.token_digest == _digest(settings, token), AuthorisedAgent.active.is_(True)
        )
    )


def give_token(settings: config.Settings, agent: AuthorisedAgent) -> str:
    """A new bearer token, which replaces the old one. Only its keyed digest is kept."""
    token = secrets.token_urlsafe(32)
    agent.token_digest = _digest(settings, token)
    return token


def _digest(settings: config.Settings, token: str) -> str:
    return keyed(settings, "agent-token", token)


def _checked(verify_key: str | None) -> str | None:
    if verify_key is None:
        return None
    written = verify_key.strip()
    keys.read(written)
    return written


def _locked(session: Session, agent_key: str) -> AuthorisedAgent:
    agent = session.scalar(select(AuthorisedAgent).where(AuthorisedAgent.agent_key == agent_key).with_for_update())
    if agent is None:
        raise AgentRefused(_("There is no agent with this id."))
    return agent


def _log(session: Session, agent: AuthorisedAgent, action: Action, what: str, staff: int | None, now: datetime) -> None:
    actor = f"staff:{staff}" if staff else "system"
    record(session, at=now, actor=actor, action=action, facts={"agent": str(agent.id), "what": what})

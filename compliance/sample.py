"""Sample staff and requests: an officer who can sign in, and cases in every state with clocks that differ."""

import secrets
from datetime import timedelta
from typing import TextIO

from sqlalchemy import select

from compliance.console.roles import add_staff
from compliance.requests import decisions, laws, steps
from compliance.requests.kinds import Kind
from compliance.requests.models import PrivacyRequest, Step
from compliance.requests.moves import Actor, Who
from compliance.requests.opening import open_request
from imgpilot.accounts.models import Account
from imgpilot.parts import Parts

OFFICER = "officer@imgpilot.example"
#: (kind, regime, days ago it was asked, what happened to it)
CASES = (
    (Kind.ACCESS, "gdpr", 34, "waits"),
    (Kind.DELETION, "ccpa", 42, "waits"),
    (Kind.ACCESS, "gdpr", 20, "answered"),
    (Kind.DELETION, "gdpr", 9, "waits"),
    (Kind.ACCESS, "ccpa", 3, "waits"),
)


def staff_and_requests(parts: Parts, _people: int, _images: int, _show: TextIO) -> str:
    """An officer, and a few cases."""
    _staff(parts)
    with parts.sessions() as session:
        accounts = list(session.scalars(select(Account).order_by(Account.email).limit(len(CASES))))
    for account, (kind, regime, ago, outcome) in zip(accounts, CASES, strict=False):
        _case(parts, account, kind, regime, ago, outcome)
    return f"Opened {min(len(accounts), len(CASES))} requests. Staff: {OFFICER}."


def _staff(parts: Parts) -> None:
    """An officer with a password made here; it is kept beside the keys so that `imgpilot up` can show it."""
    kept = parts.settings.home / "keys" / "staff"
    if kept.exists():
        return
    password = secrets.token_urlsafe(9)
    add_staff(parts, OFFICER, "Privacy Officer", "Mei Tan", password)
    kept.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    kept.touch(mode=0o600)
    kept.write_text(f"{OFFICER}   {password}")


def _case(parts: Parts, account: Account, kind: Kind, regime: str, ago: int, outcome: str) -> None:
    with parts.sessions.begin() as session:
        request = open_request(
            session, parts.settings, session.get_one(Account, account.id), kind, regime, parts.clock()
        )
        # Asked some days ago, so that the queue has clocks to show.
        request.received_at -= timedelta(days=ago)
        request.due_on = laws.deadlines(session, request).answer
    _run(parts, request)
    if outcome == "answered":
        with parts.sessions.begin() as session:
            plan = decisions.newest_plan(session, request.id)
            if plan:
                decisions.approve(session, request.id, plan.digest, Actor(Who.OFFICER, 1), parts.clock())
        _run(parts, request)


def _run(parts: Parts, request: PrivacyRequest) -> None:
    """Run the steps here; the worker may be at them too, and each step is done once."""
    while True:
        with parts.sessions() as session:
            ready = session.scalar(select(Step.id).where(Step.request_id == request.id, Step.state == "ready"))
        if ready is None:
            return
        before = parts.clock()
        steps.run(parts, ready)
        with parts.sessions() as session:
            step = session.get_one(Step, ready)
            if step.state == "ready" and (step.lease or (step.not_before and step.not_before > before)):
                return  # another worker has it, or it waits for its next try

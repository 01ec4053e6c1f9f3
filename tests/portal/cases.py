"""Requests of one person in any state, as rows: what the pages show does not depend on how they came there."""

from datetime import timedelta
from typing import Any

from sqlalchemy.orm import Session

from compliance.requests.casework import Attachment, RequestLetter
from compliance.requests.kinds import CLOSED, Kind, State
from compliance.requests.models import Happening, Plan, PrivacyRequest, Step
from imgpilot import digests
from imgpilot.parts import Parts
from tests.world import Somebody


def case(session: Session, parts: Parts, of: Somebody, kind: Kind, state: State, **given: Any) -> PrivacyRequest:
    """A request that was received ten days ago and stands there now."""
    now = parts.clock()
    usual: dict[str, Any] = {
        "account_id": of.account.id,
        "contact": of.account.email,
        "subject": digests.of_subject(parts.settings, of.account.id),
        "language": "en",
        "regime": "gdpr",
        "country": "DE",
        "zone": "Europe/Berlin",
        "proof": "signed-in again",
        "received_at": now - timedelta(days=10),
        "due_on": (now + timedelta(days=20)).date(),
        "closed_at": now if state in CLOSED else None,
        "set_aside": {},
    }
    made = PrivacyRequest(kind=kind, state=state, **usual | given)
    session.add(made)
    session.flush()
    session.add(Happening(request_id=made.id, at=made.received_at, actor="person", what="opened", facts={}))
    session.commit()
    return made


def happened(session: Session, request: PrivacyRequest, what: str, parts: Parts, **facts: Any) -> None:
    """One more line of its timeline."""
    session.add(Happening(request_id=request.id, at=parts.clock(), actor="staff:1", what=what, facts=facts))
    session.commit()


def letter(session: Session, request: PrivacyRequest, kind: str, parts: Parts, body: str = "We have it.") -> None:
    """A letter that was sent."""
    now = parts.clock()
    session.add(
        RequestLetter(
            request_id=request.id,
            step=f"tell {kind}",
            kind=kind,
            language="en",
            subject=f"About your request {request.case}",
            body=body,
            written_at=now,
            sent_at=now,
            delivered=True,
        )
    )
    session.commit()


def plan(session: Session, request: PrivacyRequest, parts: Parts, *lines: dict[str, Any]) -> None:
    """The plan it stands on; each line at least with noun, rows and becomes."""
    usual = {"table": "image", "objects": 0, "ground": "", "until": "", "law": ""}
    body = {"kind": request.kind, "tables": [usual | line for line in lines]}
    session.add(Plan(request_id=request.id, made_at=parts.clock(), body=body, digest="0" * 64))
    session.commit()


def steps(session: Session, request: PrivacyRequest, parts: Parts, **states: str) -> None:
    """Steps of carrying it out, by name (underscores are spaces)."""
    for position, (name, state) in enumerate(states.items()):
        session.add(
            Step(
                request_id=request.id,
                position=position,
                phase="carry out",
                name=name.replace("_", " "),
                state=state,
                evidence={},
                done_at=parts.clock() if state == "done" else None,
            )
        )
    session.commit()


def file(session: Session, request: PrivacyRequest, parts: Parts, name: str) -> None:
    """A file that the person added."""
    session.add(
        Attachment(
            request_id=request.id,
            role="other",
            name=name,
            object_key=f"requests/{request.id}/files/{name}",
            wrapped_key="key",
            bytes=48_000,
            sha256="2" * 64,
            at=parts.clock(),
            by="person",
        )
    )
    session.commit()

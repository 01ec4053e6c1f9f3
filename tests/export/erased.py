"""A person erased for real, and the certificate of it."""

from datetime import date
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from compliance import erasure, plans, rescan
from compliance.export import certificate
from compliance.reach import Person
from compliance.requests.deleting import kept_objects
from compliance.requests.kinds import Kind
from compliance.requests.models import Plan, PrivacyRequest, Removal
from imgpilot import digests
from imgpilot.parts import Parts
from imgpilot.processors import PROCESSORS
from tests.world import Somebody


def erased(session: Session, parts: Parts, somebody: Somebody, language: str = "en") -> bytes:
    """Erase them as the steps do, and make the certificate from what that leaves."""
    request, plan, evidence = carried_out(session, parts, somebody, language)
    return certificate.erasure_certificate(
        request=request, plan=plan, evidence=evidence, settings=parts.settings, now=parts.clock()
    )


def carried_out(
    session: Session, parts: Parts, somebody: Somebody, language: str = "en", aside: plans.Aside = plans.NOTHING
) -> tuple[PrivacyRequest, Plan, dict[str, Any]]:
    """A deletion request whose steps were all done, its plan, and their evidence."""
    now = parts.clock()
    account, email = somebody.account.id, somebody.account.email
    request = PrivacyRequest(
        account_id=account,
        contact=email,
        subject=digests.of_subject(parts.settings, account),
        language=language,
        kind=Kind.DELETION,
        regime="gdpr",
        state="running",
        proof="signed-in",
        received_at=now,
        due_on=date(2026, 12, 23),
    )
    session.add(request)
    session.flush()
    person = Person(account, except_request=request.id)
    body = plans.draw(session, Kind.DELETION, person, aside)
    plan = Plan(
        request_id=request.id, made_at=now, body=body, digest=plans.digest(body), approved_at=now, approved_by=1
    )
    session.add(plan)
    session.commit()
    done = erasure.erase(session, person, plan.body, aside)
    session.commit()
    keys = [key for key in session.scalars(select(Removal.object_key)) if not key.endswith("/")]
    parts.storage.remove(keys)
    found = rescan.scan(session, parts.storage, account, "")
    stays = kept_objects(session, account, done.kept)
    return (
        request,
        plan,
        {
            "tell acknowledgement": {"at": now, "disclosure": str(request.id)},
            "count": {"at": now, "plan": plan.digest},
            "erase rows": {
                "at": now,
                "deleted": done.deleted,
                "scrubbed": done.scrubbed,
                "files": done.files,
                "objects": done.objects,
                "kept": done.kept,
                "recipients": done.recipients,
            },
            "remove objects": {"at": now, "removed": done.objects, "stray": 0},
            "note recipients": {
                "at": now,
                "recipients": [
                    {"processor": key, "times": got["times"], "keeps": PROCESSORS[key].keeps, "notice": "due"}
                    for key, got in done.recipients.items()
                ],
            },
            "look again": {
                "at": now,
                "tables": found.tables,
                "columns": found.columns,
                "found": 0,
                "objects": found.objects - len(stays),
                "elsewhere": found.elsewhere,
            },
        },
    )

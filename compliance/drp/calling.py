"""The step that tells an agent's system that its request moved (2.03): the status object, unsigned, by POST."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from compliance.drp import status, whereabouts
from compliance.drp.calls import CALL
from compliance.errors import StepFailed
from compliance.requests.models import PrivacyRequest, Step
from compliance.requests.steps import Evidence, Finish, Job
from imgpilot.digests import keyed
from imgpilot.errors import Refused
from imgpilot.processors import AGENT
from imgpilot.purposes import RIGHTS

#: What the status object says: that somebody made a request, and what became of it.
CATEGORIES = ("user.privacy_preferences",)
#: How long to wait before each further try. After the last one the agent has to ask us.
WAITS = (timedelta(minutes=1), timedelta(minutes=5), timedelta(minutes=30), timedelta(hours=2), timedelta(hours=6))
#: Answers after which the same call can succeed later.
_LATER = (408, 425, 429)


def call_agent(job: Job, name: str) -> Finish:
    """Tell the agent where the request is now, unless that is what it was told last. `name` is the step's.

    An agent that cannot be reached holds nothing up and needs no officer: that it was not is the evidence.
    """
    with job.parts.sessions() as session:
        request = session.get_one(PrivacyRequest, job.request.id)
        steps = list(session.scalars(select(Step).where(Step.request_id == request.id, Step.name.startswith(CALL))))
        tried = next(step.attempts for step in steps if step.name == name)
        said = whereabouts.of(session, job.parts.settings, request, job.now)
    body = status.as_json(said)
    evidence: Evidence = {"status": said["status"], "digest": keyed(job.parts.settings, "agent-status", body)}
    if not job.request.callback:
        return _finish(evidence | {"sent": False, "because": "no address"})
    if _told_last(steps) == evidence["digest"]:
        return _finish(evidence | {"sent": False, "because": "told already"})
    try:
        answer = job.parts.gateway.call(
            job.request.callback, AGENT, RIGHTS, subject=None, categories=CATEGORIES, sent=body
        )
    except Refused:
        return _finish(evidence | {"sent": False, "because": "not a public address"})
    except ConnectionError:
        answer = 0
    if 200 <= answer < 300:
        return _finish(evidence | {"sent": True, "answer": answer})
    if (answer == 0 or answer >= 500 or answer in _LATER) and tried <= len(WAITS):
        raise StepFailed("The agent's system did not take the call.", until=job.now + WAITS[max(tried, 1) - 1])
    return _finish(evidence | {"sent": False, "because": "not taken", "answer": answer})


def _told_last(steps: list[Step]) -> str | None:
    """The digest of what the agent took last."""
    taken: list[Mapping[str, Any]] = [
        step.evidence for step in sorted(steps, key=lambda step: step.position) if step.evidence.get("sent")
    ]
    return taken[-1]["digest"] if taken else None


def _finish(evidence: Evidence) -> Finish:
    def finish(_session: Session) -> Evidence:
        return evidence

    return finish

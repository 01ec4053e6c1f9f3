"""What each step of a request does. A function does the outside work and returns what the transaction is to do."""

from sqlalchemy.orm import Session

from compliance.requests import copying, decisions, deleting, searching, telling
from compliance.requests.models import PrivacyRequest
from compliance.requests.steps import Evidence, Finish, Job


def count(job: Job) -> Finish:
    """Count what answering would touch."""

    def finish(session: Session) -> Evidence:
        plan = decisions.count(session, session.get_one(PrivacyRequest, job.request.id), job.now)
        return {"plan": plan.digest}

    return finish


WORK = {
    "acknowledge": telling.acknowledge,
    "count": count,
    "build package": copying.build_package,
    "tell ready": telling.tell_ready,
    "erase rows": deleting.erase_rows,
    "remove objects": deleting.remove_objects,
    "note recipients": deleting.note_recipients,
    "look again": searching.look_again,
    "certify": deleting.certify,
    "tell erased": telling.tell_erased,
    "close": searching.close,
    "tell refusal": telling.tell_refusal,
}
